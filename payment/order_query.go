package payment

import (
	"context"
	"errors"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
)

// queryActor is the author of what a query books.
var queryActor = models.SystemActor("wechat-query")

// QueryOrder asks WeChat about an order that is not final and books the answer:
// a payment whose callback is late is settled, and an expired order is closed.
// A final order is returned as it is, without a call. If WeChat does not
// answer, QueryOrder returns [ErrUnavailable] and changes nothing.
func (s *Service) QueryOrder(ctx context.Context, no string) (money.Order, error) {
	o, err := money.OrderByNo(s.DB.View(ctx), no)
	if err != nil || !needsQuery(o) {
		return o, err
	}
	m, err := s.Merchant(o.Merchant)
	if err != nil {
		return o, err
	}
	var said wechatpay.Reply
	t, err := m.Client.Query(wechatpay.Capture(ctx, &said), no)
	if err := s.applyAnswer(ctx, m, o, t, &said, err); err != nil {
		return o, err
	}
	ctx, cancel := BookingContext(ctx)
	defer cancel()
	return money.OrderByNo(s.DB.View(ctx), no)
}

// applyAnswer does what WeChat's answer about an order requires.
func (s *Service) applyAnswer(ctx context.Context, m *Merchant, o money.Order, t wechatpay.Transaction,
	said *wechatpay.Reply, err error) error {
	switch {
	case errors.Is(err, wechatpay.ErrOrderNotExist):
		return s.unknownAtWechat(ctx, o, said)
	case err != nil:
		return s.noAnswer(ctx, o, err)
	case t.Paid():
		return s.settleAsked(ctx, m, o, t, said)
	case t.State == wechatpay.StateClosed:
		return s.closeConfirmed(ctx, queryActor, o, ReplyEvidence(proof.EvidenceQuery, o.Merchant, o.No, *said, proof.VerdictClosed))
	case o.Status == money.OrderClosed || s.expired(o) || s.paidOtherwise(ctx, o):
		return s.closeAtWechat(ctx, queryActor, o)
	}
	return s.postpone(ctx, o)
}

// expired reports whether the order can no longer be paid at WeChat.
func (s *Service) expired(o money.Order) bool { return s.DB.Now().After(o.ExpiresAt.Time) }

// needsQuery reports whether WeChat may know more about the order than the
// books.
func needsQuery(o money.Order) bool {
	return o.Status == money.OrderPending || (o.Status == money.OrderClosed && !o.ClosedAtWechat)
}

// settleAsked books a payment that a query found. Money that does not match the
// order makes a pending order an exception.
func (s *Service) settleAsked(ctx context.Context, m *Merchant, o money.Order, t wechatpay.Transaction, said *wechatpay.Reply) error {
	ctx, cancel := BookingContext(ctx)
	defer cancel()
	payProof := ProofOf(m, t, money.LearnedByQuery)
	payProof.Evidence = ReplyEvidence(proof.EvidenceQuery, m.Name, o.No, *said, "")
	_, err := s.Settle(ctx, queryActor, payProof)
	var mismatch *ErrMismatch
	if !errors.As(err, &mismatch) {
		return err
	}
	err = s.StoreUnmatched(ctx, proof.CallbackEvent{Merchant: m.Name, NotificationID: "query:" + o.No, OrderNo: o.No,
		TransactionID: t.TransactionID,
		AmountFen:     models.Fen(t.TotalFen), Reason: mismatch.Reason, Detail: mismatch.Detail}, payProof.Evidence)
	if !errors.Is(err, ErrNotBooked) {
		return err
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		changed, err := money.MarkException(tx, o.No)
		if err == nil && changed {
			err = office.Audit(tx, queryActor, "order.exception", "order", o.No, map[string]string{"reason": mismatch.Reason})
		}
		if err == nil && !changed {
			err = money.PostponeCheck(tx, o.No, models.At(models.RealNow().Add(time.Hour)))
		}
		return err
	})
}

// unknownAtWechat handles an order that WeChat does not know. Nobody can pay
// it, unless WeChat issued a prepay id for it; with one, WeChat's answer is
// trusted only after the order has expired. An order whose checkout may still
// be running is left alone.
func (s *Service) unknownAtWechat(ctx context.Context, o money.Order, said *wechatpay.Reply) error {
	sure := o.PrepayID == "" || s.expired(o)
	underWay := s.DB.Now().Sub(o.CreatedAt.Time) < checkoutBudget*2
	if o.Status == money.OrderPending && (underWay || !sure) {
		return s.postpone(ctx, o)
	}
	if !sure {
		return s.closeLocally(ctx, queryActor, o, false)
	}
	return s.closeConfirmed(ctx, queryActor, o, ReplyEvidence(proof.EvidenceQuery, o.Merchant, o.No, *said, proof.VerdictClosed))
}

// paidOtherwise reports whether a bill of the order was settled some other way,
// in full or in part, so that paying the order could only overpay. It returns
// false if that is not known.
func (s *Service) paidOtherwise(ctx context.Context, o money.Order) bool {
	gone, err := money.OrderOvertaken(s.DB.View(ctx), o.No)
	return err == nil && gone
}

// closeAtWechat closes an order at WeChat and then here. An order that turns
// out to be paid is settled instead. If WeChat does not answer, it returns
// [ErrUnavailable].
func (s *Service) closeAtWechat(ctx context.Context, by models.Actor, o money.Order) error {
	m, err := s.Merchant(o.Merchant)
	if err != nil {
		return err
	}
	var said wechatpay.Reply
	err = m.Client.CloseOrder(wechatpay.Capture(ctx, &said), o.No)
	switch {
	case err == nil, errors.Is(err, wechatpay.ErrOrderClosed):
		return s.closeConfirmed(ctx, by, o, ReplyEvidence(proof.EvidenceClose, o.Merchant, o.No, said, proof.VerdictClosed))
	case errors.Is(err, wechatpay.ErrOrderNotExist):
		return s.closeUnplaced(ctx, by, o)
	case errors.Is(err, wechatpay.ErrOrderPaid):
		t, err := m.Client.Query(wechatpay.Capture(ctx, &said), o.No)
		if err == nil && !t.Paid() {
			err = errors.New("paid by its closing, not by its query")
		}
		if err != nil {
			return s.noAnswer(ctx, o, err)
		}
		return s.settleAsked(ctx, m, o, t, &said)
	}
	return s.noAnswer(ctx, o, err)
}

// closeUnplaced closes an order that WeChat does not know yet. The call of the
// checkout may still be on its way, so a later query confirms the closing. If
// the call has just arrived, the payer may have a prepay id, and the order is
// closed at WeChat after all.
func (s *Service) closeUnplaced(ctx context.Context, by models.Actor, o money.Order) error {
	var now money.Order
	booking, cancel := BookingContext(ctx)
	defer cancel()
	err := s.DB.Write(booking, func(tx *store.Tx) (err error) {
		if now, err = money.LockOrder(tx, o.No); err != nil || now.PrepayID != o.PrepayID {
			return err
		}
		return closeOrder(tx, by, o, false)
	})
	if err == nil && now.PrepayID != o.PrepayID {
		return s.closeAtWechat(ctx, by, now) // the prepay id is set once, so this ends
	}
	return err
}

// closeLocally closes an order here and frees its bills. confirmed reports that
// it can no longer be paid at WeChat; otherwise WeChat is queried until that is
// so.
func (s *Service) closeLocally(ctx context.Context, by models.Actor, o money.Order, confirmed bool) error {
	ctx, cancel := BookingContext(ctx)
	defer cancel()
	return s.DB.Write(ctx, func(tx *store.Tx) error { return closeOrder(tx, by, o, confirmed) })
}

// closeConfirmed is closeLocally with WeChat's reply that the order can no
// longer be paid. The reply is stored as evidence in the same transaction.
func (s *Service) closeConfirmed(ctx context.Context, by models.Actor, o money.Order, word *proof.Evidence) error {
	ctx, cancel := BookingContext(ctx)
	defer cancel()
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		if err := closeOrder(tx, by, o, true); err != nil {
			return err
		}
		return proof.KeepEvidence(tx, word)
	})
}

// closeOrder closes an order in a transaction. If it is closed already, it only
// stores that WeChat has confirmed it, or when to query again.
func closeOrder(tx *store.Tx, by models.Actor, o money.Order, confirmed bool) error {
	changed, err := money.CloseOrder(tx, o.No, confirmed, models.At(models.RealNow().Add(closedRecheck)))
	if err != nil {
		return err
	}
	if !changed {
		if confirmed {
			return money.ConfirmClosed(tx, o.No)
		}
		return money.PostponeCheck(tx, o.No, nextCheck(o, tx.Now))
	}
	if err := money.ReleaseClaims(tx, o.No); err != nil {
		return err
	}
	return office.Audit(tx, by, "order.closed", "order", o.No, map[string]bool{"confirmed": confirmed})
}

// noAnswer schedules the next query after WeChat did not answer, and returns
// [ErrUnavailable].
func (s *Service) noAnswer(ctx context.Context, o money.Order, cause error) error {
	s.NoteTrouble(ctx, o.Merchant, troubleQuery, cause)
	if err := s.postpone(ctx, o); err != nil {
		return err
	}
	return ErrUnavailable.Because(cause)
}

// postpone schedules the next query.
func (s *Service) postpone(ctx context.Context, o money.Order) error {
	ctx, cancel := BookingContext(ctx)
	defer cancel()
	return s.DB.Write(ctx, func(tx *store.Tx) error { return money.PostponeCheck(tx, o.No, nextCheck(o, tx.Now)) })
}

// closedRecheck is when an order that was closed without WeChat's confirmation
// is queried again.
const closedRecheck = 30 * time.Second

// nextCheck returns when to query an order again, in real time: soon at first,
// then at growing intervals, and right after it expires. For example, an order
// that expires in 30 minutes is queried after 15 s, 30 s, 1 min, 2 min, 4 min,
// 8 min, 10 min and then at its expiry.
func nextCheck(o money.Order, now models.Time) models.Time {
	wait := min(15*time.Second<<min(o.Checks, 6), 10*time.Minute)
	if left := o.ExpiresAt.Sub(now.Time) + time.Second; o.Status == money.OrderPending && left > 0 {
		wait = min(wait, left)
	}
	return models.At(models.RealNow().Add(wait))
}
