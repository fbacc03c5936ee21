package payment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wuyepay/models"
	"wuyepay/payment/wechatpay"
)

var queryActor = models.SystemActor("wechat-query")

// Ask asks WeChat about an order that is not final and books what it says: a
// payment whose callback is late is settled, an expired order is closed. An order
// that is final comes back as it is, without a call. WeChat out of reach gives
// [ErrUnavailable] and changes nothing.
func (s *Service) Ask(ctx context.Context, no string) (models.Order, error) {
	o, err := s.db.View(ctx).OrderByNo(no)
	if err != nil || !unsure(o) {
		return o, err
	}
	m, err := s.merchant(o.Merchant)
	if err != nil {
		return o, err
	}
	t, err := m.Client.Query(ctx, no)
	switch {
	case errors.Is(err, wechatpay.ErrOrderNotExist):
		err = s.neverTaken(ctx, o)
	case err != nil:
		return o, s.postpone(ctx, o, err)
	case t.Paid():
		err = s.settleAsked(ctx, m, o, t)
	case t.State == wechatpay.StateClosed:
		err = s.closeLocally(ctx, queryActor, o, true)
	case o.Status == models.OrderClosed || s.db.Now().After(o.ExpiresAt.Time) || s.overtaken(ctx, o):
		err = s.closeAtWechat(ctx, queryActor, o)
	default:
		err = s.db.Write(ctx, func(tx *models.Tx) error { return tx.PostponeCheck(no, nextCheck(o, tx.Now)) })
	}
	if err != nil {
		return o, err
	}
	return s.db.View(ctx).OrderByNo(no)
}

// unsure tells whether WeChat may know more about the order than we do.
func unsure(o models.Order) bool {
	return o.Status == models.OrderPending || (o.Status == models.OrderClosed && !o.ClosedAtWechat)
}

// settleAsked books what a query found. Money that does not fit the order turns
// a pending order into an exception.
func (s *Service) settleAsked(ctx context.Context, m *Merchant, o models.Order, t wechatpay.Transaction) error {
	_, err := s.settle(ctx, queryActor, proofOf(m, t, models.LearnedByQuery))
	var mismatch *errMismatch
	if !errors.As(err, &mismatch) {
		return err
	}
	err = s.keep(ctx, models.CallbackEvent{Merchant: m.Name, NotificationID: "query:" + o.No, OrderNo: o.No, TransactionID: t.TransactionID,
		AmountFen: models.Fen(t.TotalFen), Reason: mismatch.reason, Detail: mismatch.detail})
	if !errors.Is(err, ErrNotBooked) {
		return err
	}
	return s.db.Write(ctx, func(tx *models.Tx) error {
		changed, err := tx.MarkException(o.No)
		if err == nil && changed {
			err = tx.Audit(queryActor, "order.exception", "order", o.No, map[string]string{"reason": mismatch.reason})
		}
		if err == nil && !changed {
			err = tx.PostponeCheck(o.No, models.At(models.RealNow().Add(time.Hour)))
		}
		return err
	})
}

// neverTaken deals with an order that WeChat does not know. Nobody can pay it:
// only a prepay id opens it to the payer, and WeChat gave none. While the
// checkout may still be under way it is left alone.
func (s *Service) neverTaken(ctx context.Context, o models.Order) error {
	if o.Status == models.OrderPending && s.db.Now().Sub(o.CreatedAt.Time) < checkoutBudget*2 {
		return s.db.Write(ctx, func(tx *models.Tx) error { return tx.PostponeCheck(o.No, nextCheck(o, tx.Now)) })
	}
	return s.closeLocally(ctx, queryActor, o, true)
}

// overtaken tells whether a bill of the order has been settled some other way, so
// that paying it now could only pay twice. When in doubt it has not.
func (s *Service) overtaken(ctx context.Context, o models.Order) bool {
	gone, err := s.db.View(ctx).OrderOvertaken(o.No)
	return err == nil && gone
}

// closeAtWechat closes an order at WeChat and then here. An order that turns out
// to be paid is settled instead. WeChat out of reach gives [ErrUnavailable].
func (s *Service) closeAtWechat(ctx context.Context, by models.Actor, o models.Order) error {
	m, err := s.merchant(o.Merchant)
	if err != nil {
		return err
	}
	err = m.Client.CloseOrder(ctx, o.No)
	switch {
	case err == nil, errors.Is(err, wechatpay.ErrOrderClosed):
		return s.closeLocally(ctx, by, o, true)
	case errors.Is(err, wechatpay.ErrOrderNotExist):
		// The checkout's call may still be on its way: confirmed later, by asking again.
		return s.closeLocally(ctx, by, o, false)
	case errors.Is(err, wechatpay.ErrOrderPaid):
		t, err := m.Client.Query(ctx, o.No)
		if err != nil || !t.Paid() {
			return s.postpone(ctx, o, fmt.Errorf("paid by its closing, not by its query: %w", err))
		}
		return s.settleAsked(ctx, m, o, t)
	}
	return s.postpone(ctx, o, err)
}

// closeLocally ends an order here and frees its bills.
func (s *Service) closeLocally(ctx context.Context, by models.Actor, o models.Order, confirmed bool) error {
	return s.db.Write(ctx, func(tx *models.Tx) error {
		changed, err := tx.CloseOrder(o.No, confirmed, models.At(models.RealNow().Add(closedRecheck)))
		if err != nil {
			return err
		}
		if !changed {
			if confirmed {
				return tx.ConfirmClosed(o.No)
			}
			return tx.PostponeCheck(o.No, models.At(models.RealNow().Add(closedRecheck)))
		}
		if err := tx.ReleaseClaims(o.No); err != nil {
			return err
		}
		return tx.Audit(by, "order.closed", "order", o.No, map[string]bool{"confirmed": confirmed})
	})
}

// postpone notes when to ask again after WeChat did not answer, and gives
// ErrUnavailable.
func (s *Service) postpone(ctx context.Context, o models.Order, cause error) error {
	err := s.db.Write(ctx, func(tx *models.Tx) error { return tx.PostponeCheck(o.No, nextCheck(o, tx.Now)) })
	if err != nil {
		return err
	}
	return ErrUnavailable.Because(cause)
}

// closedRecheck is when an order that we closed without WeChat's word is asked
// about again.
const closedRecheck = 30 * time.Second

// nextCheck is when to ask about an order again, in real time: soon at first,
// then at growing intervals, and right after its expiry.
func nextCheck(o models.Order, now models.Time) models.Time {
	wait := min(15*time.Second<<min(o.Checks, 6), 10*time.Minute)
	if left := o.ExpiresAt.Sub(now.Time) + time.Second; o.Status == models.OrderPending && left > 0 {
		wait = min(wait, left)
	}
	return models.At(models.RealNow().Add(wait))
}
