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

// Freeze issues the receipt of a payment that is being booked, with what the booking did
// to the bills. topUpFen of the payment went to prepayment on purpose, for topUpItem
// (empty: any). It is a single insert and touches no row that another booking wants: the
// number comes afterwards ([Service.NumberReceipts]), because a counter taken here would
// make the bookings of a community wait for each other's commit.
//
// The payment must be new in this transaction, so that it cannot have a receipt.
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
// computed from the books. A payment that has a first version already keeps it, and Issue
// returns nil.
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

// fromBooks returns the receipt and the lines of what a payment still pays according to
// the books, after corrections and refunds. Prepayment is added up by kind and fee item;
// a line of which nothing is left is dropped.
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

// receiptOf returns the first version of a payment's receipt, without its lines. Its owner
// is the first that a bill names. Bills that name nobody leave it empty, and numbering
// looks up the holder of the room ([Service.NumberReceipts]).
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

// billLines returns the lines for bills, earliest due first, and by fee item for bills due
// on the same day. Amounts are what the money settled of each, not what the bill asks for.
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

// lateOf returns how the late fee that money settled was computed, or nil if it settled
// none. Where the books no longer show it, because figures were corrected since, it
// returns nil as well: a receipt shows no computation whose result is less than what was
// paid.
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
