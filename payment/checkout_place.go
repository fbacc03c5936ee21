package payment

import (
	"context"
	"errors"
	"fmt"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/wechatpay"
)

// place asks WeChat for the payment and is followed by transaction 2. If
// anything fails, the order is closed.
func (s *Service) place(ctx context.Context, req CheckoutRequest, c *Checkout) (*Checkout, error) {
	m, err := s.Merchant(c.Order.Merchant)
	if err != nil {
		return nil, err
	}
	var said wechatpay.Reply
	prepayID, err := s.prepay(wechatpay.Capture(ctx, &said), m, c.sent)
	if err != nil {
		s.Log.WarnContext(ctx, "order not placed at WeChat", "order", c.Order.No, "err", err)
		s.NoteTrouble(ctx, m.Name, troubleOrder, err)
		return nil, s.giveUp(ctx, c.Order, err)
	}
	if c.PayParams, err = m.Client.PayParams(prepayID); err != nil {
		return nil, s.giveUp(ctx, c.Order, err)
	}
	now, err := s.savePlaced(ctx, req, c, prepayID)
	if err != nil {
		return nil, s.giveUp(ctx, c.Order, err)
	}
	s.record(ReplyEvidence(proof.EvidencePrepay, m.Name, c.Order.No, said, proof.VerdictAccepted))
	if now.Status == money.OrderClosed { // another phone replaced it during the call
		return nil, ErrOrderReplaced
	}
	c.Order.Status, c.Order.TransactionID, c.Order.PaidAt = now.Status, now.TransactionID, now.PaidAt
	return c, nil
}

// savePlaced is transaction 2. It returns the order as it is now: what happened
// to it during the call decides whether the payer gets it.
func (s *Service) savePlaced(ctx context.Context, req CheckoutRequest, c *Checkout, prepayID string) (now money.Order, err error) {
	ctx, cancel := BookingContext(ctx)
	defer cancel()
	o := c.Order
	// Nearly always the order is still pending, and one guarded statement is enough.
	pending, err := s.savePrepayResult(ctx, req, c, prepayID)
	if err != nil || pending {
		return o, err
	}
	err = s.DB.Write(ctx, func(tx *store.Tx) (err error) {
		if now, err = money.LockOrder(tx, o.No); err != nil {
			return err
		}
		return money.SetPrepayID(tx, o.No, prepayID)
	})
	return now, err
}

// savePrepayResult stores the prepay id of an order that is still pending,
// together with the response to the phone. It returns false if the order has
// ended; then neither is stored.
func (s *Service) savePrepayResult(ctx context.Context, req CheckoutRequest, c *Checkout, prepayID string) (pending bool, err error) {
	if req.Response != nil {
		answer, err := req.Response(c)
		if err != nil {
			return false, err
		}
		c.ResponseStored, err = money.SavePrepayResult(ctx, s.DB, c.Order.No, prepayID, answer)
		return c.ResponseStored, err
	}
	err = s.DB.WriteOne(ctx, func(tx *store.Tx) (err error) {
		pending, err = money.KeepPrepayID(tx, c.Order.No, prepayID)
		return err
	})
	return pending, err
}

// prepay sends the order as it was stored. After an unknown outcome it sends
// the same order once more.
func (s *Service) prepay(ctx context.Context, m *Merchant, sent wechatpay.Order) (string, error) {
	sent.ExpiresAt = sent.ExpiresAt.In(models.Shanghai)
	first, cancel := s.timeouts.firstTry(ctx)
	defer cancel()
	prepayID, err := m.Client.Prepay(first, sent)
	if errors.Is(err, wechatpay.ErrUnknown) && ctx.Err() == nil {
		prepayID, err = m.Client.Prepay(ctx, sent)
	}
	return prepayID, err
}

// giveUp closes an order that never reached the payer. WeChat may know it
// nevertheless, so the sweep queries it until WeChat has confirmed that it is
// closed.
func (s *Service) giveUp(ctx context.Context, o money.Order, cause error) error {
	if err := s.closeLocally(ctx, models.SystemActor("checkout"), o, false); err != nil {
		return fmt.Errorf("give up order: %w", errors.Join(err, cause))
	}
	if wechatpay.KindOf(cause) == "" {
		return cause // not WeChat's fault
	}
	return ErrUnavailable.Because(cause)
}
