package receipt

import (
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// OnBooking issues the receipt of a payment that came without an order: at the desk or by
// bank collection. For a payment with an order it does nothing, because [Freeze] has
// issued the receipt with the booking.
func OnBooking(tx *store.Tx, o *money.Order, p *money.Payment) error {
	if o != nil {
		return nil
	}
	return Issue(tx, p)
}

// OnRefund makes the receipt of a payment void after a refund of it has succeeded, and
// issues another for what is left, in the transaction that books the refund. The void
// receipt names the person who decided about the refund.
func OnRefund(tx *store.Tx, r *money.Refund) error {
	if r.PaymentID == "" { // prepayment that staff pay out by hand belongs to no payment
		return nil
	}
	sum, err := money.RefundSumOf(tx, money.Payment{ID: r.PaymentID})
	if err != nil {
		return err
	}
	return Void(tx, r.Decided, r.PaymentID, "退款 "+r.AmountFen.String()+" 元："+r.Reason, sum.RefundedFen)
}

// OnReversal makes the receipt of a payment void that was reversed 冲正. A reversal is
// always of the whole payment, so that no other receipt is issued.
func OnReversal(tx *store.Tx, p *money.Payment, r *money.PaymentReversal) error {
	return Void(tx, models.Actor{Kind: models.ActorStaff, ID: r.ByID, Name: r.ByName}, p.ID, "冲正："+r.Reason, p.AmountFen)
}
