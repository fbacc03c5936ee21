package reminder

import (
	"context"
	"errors"
	"slices"
	"time"

	"wuyepay/models/estate"
	"wuyepay/models/messages"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/wechat"
)

const (
	// claimFor outlives every call to WeChat: a claim that is still there then
	// belongs to a process that died.
	claimFor = 2 * time.Minute
	// askFor bounds the question about a room's orders.
	askFor = 15 * time.Second
	// ordersWait is how long a room waits while the fate of an order is unclear.
	ordersWait = 2 * time.Minute
	// outcomeFor bounds the writing of an outcome, also while the process stops.
	outcomeFor = 10 * time.Second
)

// sendOne sends one message, or finds that it is not to be sent. An error is a
// failure of the database.
func (s *Service) sendOne(ctx context.Context, d messages.DueNotice) (outcome, error) {
	var asked []string
	if slices.Contains(reminders, d.Template) {
		open, clear, err := s.askOrders(ctx, d.RoomID)
		if err != nil {
			return outcome{}, err
		}
		if !clear {
			return s.defers(ctx, d, reasonOrdersUnknown)
		}
		asked = open
	}
	job, out, err := s.claim(ctx, d, asked)
	if err != nil || job == nil {
		return out, err
	}
	// From here on the message is as good as sent: a process that is told to stop
	// still waits for the answer, which is bounded by the client's timeout.
	ctx = context.WithoutCancel(ctx)
	sent := s.mini.Send(ctx, job.message)
	ctx, cancel := context.WithTimeout(ctx, outcomeFor)
	defer cancel()
	return s.settle(ctx, &job.notice, sent)
}

// askOrders has the room's open orders asked about at WeChat Pay, and returns those
// that WeChat Pay says are not paid yet. clear is false while an order of the room
// may have been paid: then nobody is reminded.
func (s *Service) askOrders(ctx context.Context, roomID string) (unpaid []string, clear bool, err error) {
	orders, err := money.UnsettledOrders(s.db.View(ctx), roomID)
	if err != nil || len(orders) == 0 {
		return nil, err == nil, err
	}
	if s.ask == nil {
		return nil, false, nil
	}
	asking, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	if err := s.ask(asking, roomID); err != nil {
		s.log.WarnContext(ctx, "reminder: a room waits, its open orders could not be asked about", "room", roomID, "error", err)
		return nil, false, nil
	}
	if orders, err = money.UnsettledOrders(s.db.View(ctx), roomID); err != nil {
		return nil, false, err
	}
	for _, o := range orders {
		if o.Status != money.OrderPending {
			return nil, false, nil
		}
		unpaid = append(unpaid, o.No)
	}
	return unpaid, true, nil
}

// defers puts a message off that was not claimed.
func (s *Service) defers(ctx context.Context, d messages.DueNotice, reason string) (outcome, error) {
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := messages.DeferNotices(tx, []string{d.ID}, s.after(ordersWait), reason)
		return err
	})
	return outcome{messages.NoticeQueued, reason}, err
}

// job is a claimed message, ready to go.
type job struct {
	notice  messages.Notice
	message wechat.Message
}

// errNotNow undoes a claim: the message waits as it did.
type errNotNow struct{ reason string }

func (e errNotNow) Error() string { return "reminder: not now: " + e.reason }

// claim takes a message in one transaction with all that decides whether it is
// sent: the day, the hours, the orders, the debt of this moment and the person's
// agreement, of which one is spent. No job means that it is not sent; an empty
// outcome, that somebody else has it.
func (s *Service) claim(ctx context.Context, d messages.DueNotice, asked []string) (*job, outcome, error) {
	var j *job
	var out outcome
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		j, out = nil, outcome{}
		n, ours, err := messages.ClaimNotice(tx, d.ID, s.holder, s.realNow(), s.after(claimFor))
		if err != nil || !ours {
			return err
		}
		message, refused, err := s.prepare(tx, &n, asked)
		if err != nil {
			return err
		}
		if refused != nil {
			out = outcome{refused.status, refused.reason}
			_, err := messages.FinishNotice(tx, &n, refused.status, refused.reason, true)
			return err
		}
		j = &job{n, message}
		return nil
	})
	var wait errNotNow
	switch {
	case errors.As(err, &wait) && wait.reason == reasonClosed:
		return nil, outcome{}, nil // it stays as it is; the next batch leaves it out
	case errors.As(err, &wait):
		out, err = s.defers(ctx, d, wait.reason)
		return nil, out, err
	case err != nil:
		return nil, outcome{}, err
	}
	return j, out, nil
}

// prepare decides about a claimed message and writes its text. refused says why it
// is not sent.
func (s *Service) prepare(tx *store.Tx, n *messages.Notice, asked []string) (m wechat.Message, refused *outcome, err error) {
	template, ok := s.templates[n.Template]
	if !ok {
		return m, &outcome{messages.NoticeFailed, reasonTemplate}, nil
	}
	var text map[string]value
	switch {
	case slices.Contains(reminders, n.Template):
		text, refused, err = s.remind(tx, n, asked)
	case n.Template == messages.TemplateRequestDecided:
		text, refused, err = s.answer(tx, n)
	default:
		text, refused, err = s.receipt(tx, n)
	}
	if err != nil || refused != nil {
		return m, refused, err
	}
	ok, err = messages.TakeSubscription(tx, n.UserID, n.Template, n.ID)
	if err != nil {
		return m, nil, err
	}
	if !ok {
		return m, &outcome{messages.NoticeSkipped, reasonNoQuota}, nil
	}
	user, err := estate.UserByID(tx, n.UserID)
	if err != nil {
		return m, nil, err
	}
	m = wechat.Message{OpenID: user.OpenID, TemplateID: template.ID, Page: Page + n.RoomID, Data: template.fill(text)}
	if n.Template == messages.TemplatePaymentReceived {
		bound, err := estate.IsBound(tx, n.UserID, n.RoomID)
		if err != nil {
			return m, nil, err
		}
		if !bound { // who paid by a share has no page of the room to go to
			m.Page = ""
		}
	}
	return m, nil, messages.SetNoticeDue(tx, n, n.DueFen)
}
