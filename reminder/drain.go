package reminder

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"wuyepay/models/messages"
	"wuyepay/models/store"
)

const (
	// messageBatch is how many messages are taken from the outbox at a time.
	messageBatch = 256
	// quotaWait is how long a message that is bound to no hours waits for the
	// person's agreement: the phone asks for it only after the payment.
	quotaWait = 2 * time.Minute
)

// immediate are the templates that go out at any hour.
var immediate = []string{messages.TemplatePaymentReceived, messages.TemplateRequestDecided, messages.TemplateBillReady}

// Drain sends what is queued in the outbox, as far as the hours allow, until nothing
// is left or WeChat fails repeatedly. It is cheap when there is nothing to send.
// While another Drain of this service runs it returns at once with nothing done:
// the other one sees the same outbox.
func (s *Service) Drain(ctx context.Context) (DrainResult, error) {
	if !s.sending.TryLock() {
		return DrainResult{}, nil
	}
	defer s.sending.Unlock()
	return s.drain(ctx)
}

func (s *Service) drain(ctx context.Context) (DrainResult, error) {
	t := &tally{}
	var lost int64
	err := s.db.Write(ctx, func(tx *store.Tx) (err error) {
		lost, err = messages.GiveUpClaims(tx, s.realNow())
		return err
	})
	if err != nil {
		return t.result(), err
	}
	if lost > 0 {
		t.add(outcome{messages.NoticeFailed, messages.NoticeUnknown}, int(lost))
		s.log.WarnContext(ctx, "reminder: messages whose outcome was never learned", "count", lost)
	}
	for ctx.Err() == nil && !s.breaker.resting(s.realNow()) {
		batch, err := s.nextBatch(ctx)
		if err != nil {
			return t.result(), err
		}
		before := t.count()
		if err := s.sendBatch(ctx, batch, t); err != nil {
			return t.result(), err
		}
		if t.count() == before { // nothing there, or others are at it
			break
		}
	}
	return t.result(), nil
}

// nextBatch returns what is to be sent now, what is bound to no hours first.
func (s *Service) nextBatch(ctx context.Context) ([]messages.DueNotice, error) {
	templates := immediate
	view, now := s.db.View(ctx), s.realNow()
	isOpen, err := open(view)
	if err != nil {
		return nil, err
	}
	if isOpen {
		templates = slices.Concat(immediate, reminders)
	}
	var batch []messages.DueNotice
	for _, template := range templates {
		if s.breaker.isBlocked(template, now) || len(batch) == messageBatch {
			continue
		}
		part, err := messages.DueNotices(view, template, now, messageBatch-len(batch))
		if err != nil {
			return nil, err
		}
		batch = append(batch, part...)
	}
	return batch, nil
}

// sendBatch sends messages to several people at once, but to each of them one
// after the other, as WeChat demands (43108).
func (s *Service) sendBatch(ctx context.Context, batch []messages.DueNotice, t *tally) error {
	batch, err := s.dropWithoutQuota(ctx, batch, t)
	if err != nil {
		return err
	}
	var order []string
	byUser := map[string][]messages.DueNotice{}
	for _, d := range batch {
		if byUser[d.UserID] == nil {
			order = append(order, d.UserID)
		}
		byUser[d.UserID] = append(byUser[d.UserID], d)
	}
	queue := make(chan []messages.DueNotice)
	var workers sync.WaitGroup
	for range min(s.workers, len(order)) {
		workers.Go(func() {
			for messages := range queue {
				s.sendAll(ctx, messages, t)
			}
		})
	}
	for _, user := range order {
		queue <- byUser[user]
	}
	close(queue)
	workers.Wait()
	return t.failure()
}

// sendAll sends one person's messages.
func (s *Service) sendAll(ctx context.Context, messages []messages.DueNotice, t *tally) {
	for _, d := range messages {
		if !s.sendInTurn(ctx, d, t) {
			return
		}
	}
}

// sendInTurn sends one message, unless the sending has been stopped meanwhile:
// false.
func (s *Service) sendInTurn(ctx context.Context, d messages.DueNotice, t *tally) bool {
	defer s.breaker.turn()()
	now := s.realNow()
	if ctx.Err() != nil || t.failure() != nil || s.breaker.resting(now) || s.breaker.isBlocked(d.Template, now) {
		return false
	}
	out, err := s.sendOne(ctx, d)
	if err != nil {
		t.fail(err)
		return false
	}
	t.add(out, 1)
	return true
}

// dropWithoutQuota ends, with two statements for all, the messages to people who
// have none of the template left; most payers never agreed to anything.
func (s *Service) dropWithoutQuota(ctx context.Context, batch []messages.DueNotice, t *tally) ([]messages.DueNotice, error) {
	var send []messages.DueNotice
	var skip, wait []string
	for _, d := range batch {
		switch {
		case d.Remaining > 0:
			send = append(send, d)
		case slices.Contains(immediate, d.Template) && d.Reason != reasonNoQuota:
			wait = append(wait, d.ID)
		default:
			skip = append(skip, d.ID)
		}
	}
	if len(skip)+len(wait) == 0 {
		return send, nil
	}
	var skipped, waiting int64
	err := s.db.Write(ctx, func(tx *store.Tx) (err error) {
		if skipped, err = messages.SkipNotices(tx, skip, reasonNoQuota); err != nil {
			return err
		}
		waiting, err = messages.DeferNotices(tx, wait, s.after(quotaWait), reasonNoQuota)
		return err
	})
	if err != nil {
		return nil, err
	}
	t.add(outcome{messages.NoticeSkipped, reasonNoQuota}, int(skipped))
	t.add(outcome{messages.NoticeQueued, reasonNoQuota}, int(waiting))
	return send, nil
}

// outcome is how one message ended: the state it is in now, and why.
type outcome struct{ status, reason string }

// tally counts outcomes of several workers.
type tally struct {
	mu  sync.Mutex
	n   map[outcome]int
	err error
}

func (t *tally) add(o outcome, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if o.status == "" || n == 0 { // somebody else took it
		return
	}
	if t.n == nil {
		t.n = map[outcome]int{}
	}
	t.n[o] += n
}

func (t *tally) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err = errors.Join(t.err, err)
}

func (t *tally) failure() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

func (t *tally) count() (sum int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, n := range t.n {
		sum += n
	}
	return sum
}

func (t *tally) result() DrainResult {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := DrainResult{Skipped: map[string]int{}, Failed: map[string]int{}, Deferred: map[string]int{}}
	for o, n := range t.n {
		switch o.status {
		case messages.NoticeSent:
			r.Sent += n
		case messages.NoticeSkipped:
			r.Skipped[o.reason] += n
		case messages.NoticeFailed:
			r.Failed[o.reason] += n
		default:
			r.Deferred[o.reason] += n
		}
	}
	return r
}
