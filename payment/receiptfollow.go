package payment

import (
	"wuyepay/models"
)

// receiptBooked issues the receipt of a payment that came without an order: of the
// desk, of bank collection. One of WeChat Pay was frozen with its booking.
func receiptBooked(tx *models.Tx, o *models.Order, p *models.Payment) error {
	if o != nil {
		return nil
	}
	return issueReceipt(tx, p)
}

// receiptRefunded makes the receipt of a payment void after a refund of it, and issues
// another for what is left.
func receiptRefunded(tx *models.Tx, r *models.Refund) error {
	if r.PaymentID == "" { // prepayment that staff pay out by hand is of no payment
		return nil
	}
	sum, err := tx.RefundSumOf(models.Payment{ID: r.PaymentID})
	if err != nil {
		return err
	}
	return VoidReceipt(tx, r.Decided(), r.PaymentID, "退款 "+r.AmountFen.String()+" 元："+r.Reason, sum.RefundedFen)
}

// receiptUndone makes the receipt of a payment void that was undone 冲正.
func receiptUndone(tx *models.Tx, p *models.Payment, r *models.PaymentReversal) error {
	return VoidReceipt(tx, models.Actor{Kind: models.ActorStaff, ID: r.ByID, Name: r.ByName}, p.ID, "冲正："+r.Reason, p.AmountFen)
}

// refundMoments are the refunds of an order.
func refundMoments(tx *models.Tx, o *models.Order, _ *models.Payment) ([]Moment, error) {
	list, err := tx.RefundsOfOrder(o.No)
	var out []Moment
	for i := range list {
		if r := &list[i]; r.Status == models.RefundSuccess {
			out = append(out, Moment{MomentRefund, r.DoneAt, "退款到账 " + r.AmountFen.String() + " 元", r.No})
		}
	}
	return out, err
}
