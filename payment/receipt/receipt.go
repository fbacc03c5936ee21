package receipt

import (
	"errors"
	"slices"
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// Freeze issues the receipt of a payment that is being booked, with what the
// booking did to the bills. It is a single insert and touches no row that another
// booking wants: the number comes afterwards ([Service.NumberReceipts]).
func Freeze(tx *store.Tx, p *money.Payment, told []billing.AppliedBill, topUpFen models.Fen, topUpItem string) error {
	lines := billLines(told)
	if topUpFen != 0 {
		lines = append(lines, receipts.ReceiptLine{Kind: receipts.ReceiptPrepaid, Item: topUpItem, PrincipalFen: topUpFen})
	}
	if p.SurplusFen != 0 {
		lines = append(lines, receipts.ReceiptLine{Kind: receipts.ReceiptSurplus, PrincipalFen: p.SurplusFen})
	}
	r := receiptOf(p, told)
	return receipts.InsertFirstReceipt(tx, &r, lines)
}

// Issue issues the receipt of a payment that is in the books, allocations and
// prepayment included, in the transaction that booked it or later. What it shows is
// worked out from the books. A payment that has a receipt keeps it.
func Issue(tx *store.Tx, p *money.Payment) error {
	r, lines, err := fromBooks(tx, p)
	if err != nil {
		return err
	}
	if err := receipts.InsertReceipt(tx, &r, lines); err != nil && !errors.Is(err, receipts.ErrReceiptExists) {
		return err
	}
	return nil
}

// fromBooks is what the books say that a payment still pays.
func fromBooks(tx *store.Tx, p *money.Payment) (receipts.Receipt, []receipts.ReceiptLine, error) {
	told, err := billing.SettledBy(tx, p.ID)
	if err != nil {
		return receipts.Receipt{}, nil, err
	}
	lines := billLines(told)
	entries, err := money.PrepaidOfPayment(tx, p.ID)
	if err != nil {
		return receipts.Receipt{}, nil, err
	}
	for _, e := range entries {
		kind := receipts.ReceiptPrepaid
		if e.Kind == money.PrepaidSurplus {
			kind = receipts.ReceiptSurplus
		}
		i := slices.IndexFunc(lines, func(l receipts.ReceiptLine) bool { return l.Kind == kind && l.Item == e.Item })
		if i < 0 {
			lines = append(lines, receipts.ReceiptLine{Kind: kind, Item: e.Item})
			i = len(lines) - 1
		}
		lines[i].PrincipalFen += e.AmountFen
	}
	lines = slices.DeleteFunc(lines, func(l receipts.ReceiptLine) bool { return l.TotalFen() == 0 && l.LateFeeFen == 0 })
	return receiptOf(p, told), lines, nil
}

// receiptOf is the first version of a payment's receipt, without its lines.
func receiptOf(p *money.Payment, told []billing.AppliedBill) receipts.Receipt {
	r := receipts.Receipt{
		PaymentID: p.ID, CommunityID: p.CommunityID, RoomID: p.RoomID, UserID: p.UserID, Channel: p.Channel, Version: 1,
		AmountFen: p.AmountFen, PaidAt: p.PaidAt,
	}
	if p.OrderNo != nil {
		r.OrderNo = *p.OrderNo
	}
	if p.TransactionID != nil {
		r.TransactionID = *p.TransactionID
	}
	for _, s := range told {
		if r.OwnerID == "" {
			r.OwnerID = s.Before.OwnerID
		}
	}
	return r
}

// billLines are the lines for bills, earliest due first.
func billLines(told []billing.AppliedBill) []receipts.ReceiptLine {
	lines := make([]receipts.ReceiptLine, 0, len(told)+1)
	for i := range told {
		s := &told[i]
		b := &s.Before.Bill
		lines = append(lines, receipts.ReceiptLine{
			Kind: receipts.ReceiptBill, BillID: b.ID, Item: b.Item, PeriodStart: b.PeriodStart, PeriodEnd: b.PeriodEnd, DueOn: b.DueOn,
			PrincipalFen: s.PrincipalFen, LateFeeFen: s.LateFeeFen, Late: lateOf(s),
		})
	}
	slices.SortStableFunc(lines, func(a, b receipts.ReceiptLine) int {
		if a.DueOn != b.DueOn {
			return int(a.DueOn - b.DueOn)
		}
		return strings.Compare(a.Item, b.Item)
	})
	return lines
}

// lateOf is how the late fee that money took came about. Where the books no longer
// tell (figures were put right since) it is left out: a receipt shows no computation
// that does not come out.
func lateOf(s *billing.AppliedBill) *receipts.ReceiptLateFee {
	if s.LateFeeFen <= 0 || s.LateFeeFen > s.Before.LateDueFen {
		return nil
	}
	b, late := &s.Before.Bill, &s.Before.Late
	out := &receipts.ReceiptLateFee{
		Rate: b.LateRate, GraceDays: b.GraceDays, CapShare: b.LateCap, CapFen: late.Cap, AsOf: s.EffectiveOn,
		Segments: make([]receipts.ReceiptSegment, len(late.Segments)), AccruedFen: late.Accrued, WaivedFen: b.WaivedLateFeeFen,
		PaidFen: b.PaidLateFeeFen,
	}
	for i, g := range late.Segments {
		out.Segments[i] = receipts.ReceiptSegment{From: g.From, To: g.To, Days: g.Days, PrincipalFen: g.Principal}
	}
	return out
}
