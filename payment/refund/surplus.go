package refund

import (
	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// Preview is what a refund would do, before it is asked for.
type Preview struct {
	Refundable Refundable
	Lines      []money.RefundLine
	AmountFen  models.Fen
	PrepaidFen models.Fen
	Bills      []billing.UnappliedBill // as if the money went back today; when credited they stay as they are
}

// PreviewRequest shows what a refund would do if the money went back today: the
// refusals are those of [Request].
func PreviewRequest(tx *store.Tx, by office.Staff, ask Ask) (Preview, error) {
	var v Preview
	if err := ask.check(); err != nil {
		return v, err
	}
	o, err := money.ScopedOrder(tx, by.Scope(), ask.OrderNo)
	if err != nil {
		return v, err
	}
	if v.Refundable, err = refundable(tx, o.Order, ""); err != nil {
		return v, err
	}
	if v.Lines, err = v.Refundable.choose(tx, ask); err != nil {
		return v, err
	}
	r := payment.NewRefund(o.Order, v.Refundable.Payment, v.Lines)
	r.BillAfter = ask.BillAfter
	v.AmountFen, v.PrepaidFen = r.AmountFen, r.PrepaidFen
	v.Bills, err = PreviewUndo(tx, r, v.Lines)
	return v, err
}

// PreviewUndo shows what a refund's success would do to its bills today.
func PreviewUndo(tx *store.Tx, r money.Refund, lines []money.RefundLine) ([]billing.UnappliedBill, error) {
	var shares []billing.PaidShare
	for _, l := range lines {
		if l.BillID != "" {
			shares = append(shares, payment.PaidShareOf(l))
		}
	}
	return billing.PreviewUnapply(tx, payment.UnapplyOf(&r, money.AccountWechat), shares)
}
