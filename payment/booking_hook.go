package payment

import (
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment/receipt"
)

// AfterBooking runs everything that follows from money received, within the
// transaction that books it. Payments of WeChat Pay have an order; o is nil for
// those of the desk and of bank collection. See [Service.Booked].
func (s *Service) AfterBooking(tx *store.Tx, o *money.Order, p *money.Payment) error {
	if err := receipt.OnBooking(tx, o, p); err != nil {
		return err
	}
	if s.Booked == nil {
		return nil
	}
	return s.Booked(tx, o, p)
}
