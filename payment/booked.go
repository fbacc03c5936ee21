package payment

import "wuyepay/models"

// booked passes on every payment that is put into the books, inside the
// transaction that does it: of WeChat Pay with its order, of the desk and of bank
// collection without one (o is nil). Whatever follows from money received hangs
// here: see [Service.Booked].
func (s *Service) booked(tx *models.Tx, o *models.Order, p *models.Payment) error {
	if s.Booked == nil {
		return nil
	}
	return s.Booked(tx, o, p)
}

// undone passes on every payment that was undone, inside the transaction that does
// it: see [Service.Undone].
func (s *Service) undone(tx *models.Tx, p *models.Payment, r *models.PaymentReversal) error {
	if s.Undone == nil {
		return nil
	}
	return s.Undone(tx, p, r)
}
