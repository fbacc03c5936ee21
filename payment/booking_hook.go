package payment

import (
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment/receipt"
)

// AfterBooking passes on every payment that is put into the books, inside the
// transaction that does it: of WeChat Pay with its order, of the desk and of bank
// collection without one (o is nil). Whatever follows from money received hangs
// here: see [Service.Booked].
func (s *Service) AfterBooking(tx *store.Tx, o *money.Order, p *money.Payment) error {
	if err := receipt.OnBooking(tx, o, p); err != nil {
		return err
	}
	if s.Booked == nil {
		return nil
	}
	return s.Booked(tx, o, p)
}
