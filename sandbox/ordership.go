package sandbox

import "errors"

// maxShipped is the first upload and the one chance to do it over.
const maxShipped = 2

// Why an order takes no shipping information.
var (
	errRefundedWhole = errors.New("sandbox: nothing is left of the order to ship")
	errOtherPayer    = errors.New("sandbox: somebody else paid the order")
	errShippedTwice  = errors.New("sandbox: the order was shipped and changed once")
)

// shipmentKey names the order that was shipped: by TransactionID, or if that is
// empty by the number that a merchant or a tenant gave it.
type shipmentKey struct{ transactionID, mchID, outTradeNo string }

// ship takes the shipping information of a paid order and counts it. An order
// that is not paid is ErrNotFound, like one that does not exist.
func (s *payService) ship(key shipmentKey, openID string) error {
	o := s.shippedOrder(key)
	if o == nil {
		return ErrNotFound
	}
	o.mu.Lock()
	ticket, err := s.shipLocked(o, openID)
	o.mu.Unlock()
	if err != nil {
		return err
	}
	return s.core.store.wait(ticket)
}

// shippedOrder finds the order by either kind of key.
func (s *payService) shippedOrder(key shipmentKey) *order {
	if key.transactionID == "" {
		if m := s.merchants.byMchID[key.mchID]; m != nil {
			return s.find(m, key.outTradeNo)
		}
		// A tenant names itself, not the provider it pays through.
		for _, m := range s.merchants.list {
			if m.SubMchID != "" && m.SubMchID == key.mchID {
				return s.find(m, key.outTradeNo)
			}
		}
		return nil
	}
	for _, m := range s.merchants.list {
		if o := s.findPaid(m, key.transactionID); o != nil {
			return o
		}
	}
	return nil
}

// shipLocked counts an upload if the order may be shipped. mu held.
func (s *payService) shipLocked(o *order, openID string) (uint64, error) {
	switch {
	case !o.paid():
		return 0, ErrNotFound
	case o.rec.State == Refunded && o.rec.RefundedFen == o.rec.TotalFen:
		return 0, errRefundedWhole
	case o.rec.OpenID != openID && o.rec.SubOpenID != openID:
		return 0, errOtherPayer
	case o.rec.Shipped >= maxShipped:
		return 0, errShippedTwice
	}
	o.rec.Shipped++
	return s.core.store.queue(recordOrder, o.rec), nil
}
