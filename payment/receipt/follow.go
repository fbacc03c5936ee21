package receipt

import (
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// OnBooking issues the receipt of a payment that came without an order: of the
// desk, of bank collection. One of WeChat Pay was frozen with its booking.
func OnBooking(tx *store.Tx, o *money.Order, p *money.Payment) error {
	if o != nil {
		return nil
	}
	return Issue(tx, p)
}

// OnRefund makes the receipt of a payment void after a refund of it, and issues
// another for what is left.
func OnRefund(tx *store.Tx, r *money.Refund) error {
	if r.PaymentID == "" { // prepayment that staff pay out by hand is of no payment
		return nil
	}
	sum, err := money.RefundSumOf(tx, money.Payment{ID: r.PaymentID})
	if err != nil {
		return err
	}
	return Void(tx, r.Decided, r.PaymentID, "退款 "+r.AmountFen.String()+" 元："+r.Reason, sum.RefundedFen)
}

// OnReversal makes the receipt of a payment void that was undone 冲正.
func OnReversal(tx *store.Tx, p *money.Payment, r *money.PaymentReversal) error {
	return Void(tx, models.Actor{Kind: models.ActorStaff, ID: r.ByID, Name: r.ByName}, p.ID, "冲正："+r.Reason, p.AmountFen)
}
