package reminder

import (
	"context"
	"time"

	"wuyepay/models"
	"wuyepay/models/messages"
)

// SetRealClock moves real time, for claims and retries.
func (s *Service) SetRealClock(now func() time.Time) {
	s.realNow = func() models.Time { return models.At(now()) }
}

// Workers sets how many messages are under way at once.
func Workers(n int) Option { return func(s *Service) { s.workers = max(1, n) } }

// QueueOnly is a pass that stops before it sends.
func (s *Service) QueueOnly(ctx context.Context) (PassResult, error) {
	var r PassResult
	return r, s.queueAll(ctx, &r)
}

// ClaimOnly claims the oldest waiting message of a template and then does nothing,
// as a process would that dies.
func (s *Service) ClaimOnly(ctx context.Context, template string) (bool, error) {
	list, err := messages.DueNotices(s.db.View(ctx), template, s.realNow(), 1)
	if err != nil || len(list) == 0 {
		return false, err
	}
	j, _, err := s.claim(ctx, list[0], nil)
	return j != nil, err
}

// Open is the rule of the hours.
var Open = open
