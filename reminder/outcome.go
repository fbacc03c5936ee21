package reminder

import (
	"context"
	"errors"
	"time"

	"wuyepay/models/messages"
	"wuyepay/models/store"
	"wuyepay/wechat"
)

// maxTries bounds how often one message is sent to WeChat.
const maxTries = 6

// backoff is the pause before the next try: one minute, doubled each time, at most
// half an hour.
func backoff(tries int) time.Duration {
	return min(time.Minute<<max(0, min(tries, 10)-1), 30*time.Minute)
}

// verdict is what an answer of WeChat's means for a message.
type verdict struct {
	status   string
	reason   string
	giveBack bool // certainly not sent: the agreement is not spent
	empty    bool // the person has no agreement left
	again    bool // a later pass may queue the same step anew
}

// judge reads the answer of one try. Only an answer that proves that WeChat did not
// take the message lets it be tried again: an errcode, or a token that could not be
// had. A timeout, a broken connection or an unreadable answer proves nothing.
func judge(err error) verdict {
	var e *wechat.Error
	switch {
	case err == nil:
		return verdict{status: messages.NoticeSent}
	case errors.Is(err, wechat.ErrNotSubscribed):
		return verdict{status: messages.NoticeSkipped, reason: reasonNotSubscribed, empty: true, again: true}
	case errors.Is(err, wechat.ErrTemplate):
		return verdict{status: messages.NoticeFailed, reason: reasonTemplate, giveBack: true, again: true}
	case errors.Is(err, wechat.ErrOpenID):
		return verdict{status: messages.NoticeFailed, reason: reasonOpenID, giveBack: true}
	case errors.Is(err, wechat.ErrCredential):
		return verdict{status: messages.NoticeQueued, reason: reasonCredential, giveBack: true, again: true}
	case errors.Is(err, wechat.ErrUnavailable):
		if errors.As(err, &e) && (e.Code != 0 || e.Op == "token") {
			return verdict{status: messages.NoticeQueued, reason: reasonUnavailable, giveBack: true, again: true}
		}
	case errors.Is(err, wechat.ErrRefused):
		return verdict{status: messages.NoticeFailed, reason: reasonRefused, giveBack: true, again: true}
	}
	return verdict{status: messages.NoticeFailed, reason: messages.NoticeUnknown}
}

// settle writes how a message ended, in one transaction with what becomes of the
// agreement it spent. If that fails the message stays claimed and ends as unknown.
func (s *Service) settle(ctx context.Context, n *messages.Notice, sent error) (outcome, error) {
	v := judge(sent)
	if v.status == messages.NoticeQueued && n.Tries >= maxTries {
		v.status = messages.NoticeFailed
	}
	s.observe(ctx, n, v, sent)
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		var held bool
		var err error
		if v.status == messages.NoticeQueued {
			held, err = messages.RequeueNotice(tx, n, s.after(backoff(n.Tries)), v.reason)
		} else {
			held, err = messages.FinishNotice(tx, n, v.status, v.reason, v.again)
		}
		if err != nil || !held {
			return err
		}
		switch {
		case v.giveBack:
			return messages.AddSubscription(tx, n.UserID, n.Template, 1, messages.QuotaReturned, n.ID)
		case v.empty:
			return messages.EmptySubscription(tx, n.UserID, n.Template, n.ID)
		}
		return nil
	})
	return outcome{v.status, v.reason}, err
}

// observe tells the breaker and the log.
func (s *Service) observe(ctx context.Context, n *messages.Notice, v verdict, sent error) {
	if sent == nil {
		s.breaker.worked()
		s.log.DebugContext(ctx, "reminder sent", "notice", n.ID, "template", n.Template, "step", n.Step)
		return
	}
	var e *wechat.Error
	code := int64(0)
	if errors.As(sent, &e) {
		code = e.Code
	}
	switch {
	case v.reason == reasonCredential || code == 43107: // 43107: all messages of the mini program are banned
		s.breaker.rest(s.realNow())
	case code == 43108: // two at once to one person: not WeChat's fault
	case v.reason == reasonUnavailable || v.reason == messages.NoticeUnknown:
		s.breaker.faulted(s.realNow())
	case code == 40037 || code == 41030: // the template or the page is wrong for everybody
		s.breaker.block(n.Template, s.realNow())
	default:
		s.breaker.worked()
	}
	s.log.WarnContext(ctx, "reminder not sent", "notice", n.ID, "template", n.Template, "step", n.Step, "outcome", v.status, "reason",
		v.reason, "errcode", code, "tries", n.Tries, "error", sent)
}
