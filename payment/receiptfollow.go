package payment

import (
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// receiptBooked issues the receipt of a payment that came without an order: of the
// desk, of bank collection. One of WeChat Pay was frozen with its booking.
func receiptBooked(tx *store.Tx, o *money.Order, p *money.Payment) error {
	if o != nil {
		return nil
	}
	return issueReceipt(tx, p)
}

// receiptRefunded makes the receipt of a payment void after a refund of it, and issues
// another for what is left.
func receiptRefunded(tx *store.Tx, r *money.Refund) error {
	if r.PaymentID == "" { // prepayment that staff pay out by hand is of no payment
		return nil
	}
	sum, err := money.RefundSumOf(tx, money.Payment{ID: r.PaymentID})
	if err != nil {
		return err
	}
	return VoidReceipt(tx, r.Decided(), r.PaymentID, "退款 "+r.AmountFen.String()+" 元："+r.Reason, sum.RefundedFen)
}

// receiptUndone makes the receipt of a payment void that was undone 冲正.
func receiptUndone(tx *store.Tx, p *money.Payment, r *money.PaymentReversal) error {
	return VoidReceipt(tx, models.Actor{Kind: models.ActorStaff, ID: r.ByID, Name: r.ByName}, p.ID, "冲正："+r.Reason, p.AmountFen)
}

// refundMoments are the refunds of an order.
func refundMoments(tx *store.Tx, o *money.Order, _ *money.Payment) ([]Moment, error) {
	list, err := money.RefundsOfOrder(tx, o.No)
	var out []Moment
	for i := range list {
		if r := &list[i]; r.Status == money.RefundSuccess {
			out = append(out, Moment{MomentRefund, r.DoneAt, "退款到账 " + r.AmountFen.String() + " 元", r.No})
		}
	}
	return out, err
}
