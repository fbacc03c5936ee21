package payment

import (
	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// What becomes of money for bills that were settled already.
const (
	surplusPrepaid = "prepaid"
	surplusRefund  = "refund"
)

var surplusActor = models.SystemActor("surplus")

// returnSurplus sends the surplus of a payment that was booked in this transaction
// back, where the policy says so. It lies in the room's prepayment, held: there it
// stays if the refund is closed. No person decides; the policy does.
func (s *Service) returnSurplus(tx *store.Tx, o *money.Order, p *money.Payment) error {
	if s.cfg.Surplus != surplusRefund || p.SurplusFen == 0 {
		return nil
	}
	lines := []money.RefundLine{{PrepaidFen: p.SurplusFen}}
	r := newRefund(*o, *p, lines)
	r.Origin, r.Reason = money.RefundOfSurplus, "账单已缴清，多付款项退回"
	if err := insertAsked(tx, surplusActor, &r, *p, lines); err != nil {
		return err
	}
	return s.begin(tx, surplusActor, o, &r, lines, "")
}

// RefundPreview is what a refund would do, before it is asked for.
type RefundPreview struct {
	Refundable Refundable
	Lines      []money.RefundLine
	AmountFen  models.Fen
	PrepaidFen models.Fen
	Bills      []billing.UnappliedBill // as if the money went back today; when credited they stay as they are
}

// PreviewRefund shows what a refund would do if the money went back today: the
// refusals are those of [Service.RequestRefund].
func PreviewRefund(tx *store.Tx, by office.Staff, ask RefundAsk) (RefundPreview, error) {
	var v RefundPreview
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
	r := newRefund(o.Order, v.Refundable.Payment, v.Lines)
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
			shares = append(shares, shareOf(l))
		}
	}
	return billing.PreviewUnapply(tx, undoing(&r, money.AccountWechat), shares)
}
