package pay

import (
	"errors"

	"wuyepay/sandbox/core"
)

// maxShipped counts the first upload and the one change that WeChat allows.
const maxShipped = 2

// The reasons why an order takes no shipping information.
var (
	ErrRefundedWhole = errors.New("sandbox: nothing is left of the order to ship")
	ErrOtherPayer    = errors.New("sandbox: somebody else paid the order")
	ErrShippedTwice  = errors.New("sandbox: the order was shipped and changed once")
)

// ShipmentKey names the order that was shipped: by TransactionID, or if that is empty
// by the OutTradeNo that a merchant or a tenant gave it.
type ShipmentKey struct{ TransactionID, MchID, OutTradeNo string }

// Ship takes the shipping information of a paid order and counts it. It returns
// [core.ErrNotFound] if there is no such order or it is not paid.
func (s *Service) Ship(key ShipmentKey, openID string) error {
	o := s.shippedOrder(key)
	if o == nil {
		return core.ErrNotFound
	}
	o.mu.Lock()
	ticket, err := s.shipLocked(o, openID)
	o.mu.Unlock()
	if err != nil {
		return err
	}
	return s.core.Store.Wait(ticket)
}

// shippedOrder returns the order that a key names, or nil.
func (s *Service) shippedOrder(key ShipmentKey) *order {
	if key.TransactionID == "" {
		if m := s.merchants.ByMchID[key.MchID]; m != nil {
			return s.find(m, key.OutTradeNo)
		}
		// A tenant names itself, not the provider it pays through.
		for _, m := range s.merchants.List {
			if m.SubMchID != "" && m.SubMchID == key.MchID {
				return s.find(m, key.OutTradeNo)
			}
		}
		return nil
	}
	for _, m := range s.merchants.List {
		if o := s.findPaid(m, key.TransactionID); o != nil {
			return o
		}
	}
	return nil
}

// shipLocked counts an upload if the order may be shipped. The caller holds mu.
func (s *Service) shipLocked(o *order, openID string) (uint64, error) {
	switch {
	case !o.paid():
		return 0, core.ErrNotFound
	case o.rec.State == Refunded && o.rec.RefundedFen == o.rec.TotalFen:
		return 0, ErrRefundedWhole
	case o.rec.OpenID != openID && o.rec.SubOpenID != openID:
		return 0, ErrOtherPayer
	case o.rec.Shipped >= maxShipped:
		return 0, ErrShippedTwice
	}
	o.rec.Shipped++
	return s.core.Store.Queue(recordOrder, o.rec), nil
}
