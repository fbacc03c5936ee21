package payment

import (
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// booked passes on every payment that is put into the books, inside the
// transaction that does it: of WeChat Pay with its order, of the desk and of bank
// collection without one (o is nil). Whatever follows from money received hangs
// here: see [Service.Booked].
func (s *Service) booked(tx *store.Tx, o *money.Order, p *money.Payment) error {
	if err := receiptBooked(tx, o, p); err != nil {
		return err
	}
	if s.Booked == nil {
		return nil
	}
	return s.Booked(tx, o, p)
}

// undone passes on every payment that was undone, inside the transaction that does
// it: see [Service.Undone].
func (s *Service) undone(tx *store.Tx, p *money.Payment, r *money.PaymentReversal) error {
	if err := receiptUndone(tx, p, r); err != nil {
		return err
	}
	if s.Undone == nil {
		return nil
	}
	return s.Undone(tx, p, r)
}
