package refund

import (
	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// Preview is what a refund would do, before it is asked for. Amounts are in fen, and
// PrepaidFen is the part of AmountFen that comes out of the room's prepayment.
type Preview struct {
	Refundable Refundable
	Lines      []money.RefundLine
	AmountFen  models.Fen
	PrepaidFen models.Fen
	Bills      []billing.UnappliedBill // as if the money went back today; when credited they stay as they are
}

// PreviewRequest returns what a refund would do if the money went back today in
// Asia/Shanghai. It takes no locks and holds nothing, so [Request] may still refuse what
// was shown. Its refusals are those of Request, without those about permission and a form
// that was sent before.
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

// PreviewUndo returns what a refund's success would do to its bills today. On a later day
// the late fee of a bill that is owed again may be higher, as it accrues without a gap.
// Lines of prepayment touch no bill and are left out.
func PreviewUndo(tx *store.Tx, r money.Refund, lines []money.RefundLine) ([]billing.UnappliedBill, error) {
	var shares []billing.PaidShare
	for _, l := range lines {
		if l.BillID != "" {
			shares = append(shares, payment.PaidShareOf(l))
		}
	}
	return billing.PreviewUnapply(tx, payment.UnapplyOf(&r, money.AccountWechat), shares)
}
