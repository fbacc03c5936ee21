package payment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"wuyepay/models"
	"wuyepay/payment/wechatpay"
)

// place asks WeChat for the payment and is transaction 2. Whatever fails, the
// order does not stay open.
func (s *Service) place(ctx context.Context, c *Checkout) (*Checkout, error) {
	m, err := s.merchant(c.Order.Merchant)
	if err != nil {
		return nil, err
	}
	prepayID, err := s.askPrepay(ctx, m, c.Order)
	if err != nil {
		s.log.WarnContext(ctx, "order not placed at WeChat", "order", c.Order.No, "err", err)
		s.suffered(ctx, m.Name, troubleOrder, err)
		return nil, s.giveUp(ctx, c.Order, err)
	}
	if c.PayParams, err = m.Client.PayParams(prepayID); err != nil {
		return nil, s.giveUp(ctx, c.Order, err)
	}
	now, err := s.placed(ctx, c.Order, prepayID)
	if err != nil {
		return nil, s.giveUp(ctx, c.Order, err)
	}
	if now.Status == models.OrderClosed { // replaced by another phone while WeChat was being asked
		return nil, ErrOrderReplaced
	}
	c.Order.Status, c.Order.TransactionID, c.Order.PaidAt = now.Status, now.TransactionID, now.PaidAt
	return c, nil
}

// placed is transaction 2. It gives the order as it stands: what happened to it
// while WeChat was being asked decides whether the payer gets it.
func (s *Service) placed(ctx context.Context, o models.Order, prepayID string) (now models.Order, err error) {
	ctx, cancel := toBook(ctx)
	defer cancel()
	pending := false // as it nearly always is: then one guarded statement says all
	err = s.db.WriteOne(ctx, func(tx *models.Tx) (err error) {
		pending, err = tx.KeepPrepayID(o.No, prepayID)
		return err
	})
	if err != nil || pending {
		return o, err
	}
	err = s.db.Write(ctx, func(tx *models.Tx) (err error) {
		if now, err = tx.LockOrder(o.No); err != nil {
			return err
		}
		return tx.SetPrepayID(o.No, prepayID)
	})
	return now, err
}

// askPrepay sends the stored order; after an outcome that is not known it sends
// the very same once more.
func (s *Service) askPrepay(ctx context.Context, m *Merchant, o models.Order) (string, error) {
	var sent wechatpay.Order
	if err := json.Unmarshal([]byte(o.Request), &sent); err != nil {
		return "", err
	}
	sent.ExpiresAt = sent.ExpiresAt.In(models.Shanghai)
	first, cancel := context.WithTimeout(ctx, firstTry)
	defer cancel()
	prepayID, err := m.Client.Prepay(first, sent)
	if errors.Is(err, wechatpay.ErrUnknown) && ctx.Err() == nil {
		prepayID, err = m.Client.Prepay(ctx, sent)
	}
	return prepayID, err
}

// giveUp closes an order that never reached the payer. WeChat may know it all the
// same: the sweep asks until WeChat has confirmed that it is closed.
func (s *Service) giveUp(ctx context.Context, o models.Order, cause error) error {
	if err := s.closeLocally(ctx, models.SystemActor("checkout"), o, false); err != nil {
		return fmt.Errorf("give up order: %w", errors.Join(err, cause))
	}
	if wechatpay.KindOf(cause) == "" {
		return cause // a fault of ours
	}
	return ErrUnavailable.Because(cause)
}
