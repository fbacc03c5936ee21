package payment

import (
	"errors"
	"slices"
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
)

// freezeReceipt issues the receipt of a payment that is being booked, with what the
// booking did to the bills. It is a single insert and touches no row that another
// booking wants: the number comes afterwards ([Service.NumberReceipts]).
func freezeReceipt(tx *models.Tx, p *models.Payment, told []billing.Settled, topUpFen models.Fen, topUpItem string) error {
	lines := billLines(told)
	if topUpFen != 0 {
		lines = append(lines, models.ReceiptLine{Kind: models.ReceiptPrepaid, Item: topUpItem, PrincipalFen: topUpFen})
	}
	if p.SurplusFen != 0 {
		lines = append(lines, models.ReceiptLine{Kind: models.ReceiptSurplus, PrincipalFen: p.SurplusFen})
	}
	r := receiptOf(p, told)
	return tx.InsertFirstReceipt(&r, lines)
}

// issueReceipt issues the receipt of a payment that is in the books, allocations and
// prepayment included, in the transaction that booked it or later. What it shows is
// worked out from the books. A payment that has a receipt keeps it.
func issueReceipt(tx *models.Tx, p *models.Payment) error {
	r, lines, err := fromBooks(tx, p)
	if err != nil {
		return err
	}
	if err := tx.InsertReceipt(&r, lines); err != nil && !errors.Is(err, models.ErrReceiptExists) {
		return err
	}
	return nil
}

// fromBooks is what the books say that a payment still pays.
func fromBooks(tx *models.Tx, p *models.Payment) (models.Receipt, []models.ReceiptLine, error) {
	told, err := billing.SettledBy(tx, p.ID)
	if err != nil {
		return models.Receipt{}, nil, err
	}
	lines := billLines(told)
	entries, err := tx.PrepaidOfPayment(p.ID)
	if err != nil {
		return models.Receipt{}, nil, err
	}
	for _, e := range entries {
		kind := models.ReceiptPrepaid
		if e.Kind == models.PrepaidSurplus {
			kind = models.ReceiptSurplus
		}
		i := slices.IndexFunc(lines, func(l models.ReceiptLine) bool { return l.Kind == kind && l.Item == e.Item })
		if i < 0 {
			lines = append(lines, models.ReceiptLine{Kind: kind, Item: e.Item})
			i = len(lines) - 1
		}
		lines[i].PrincipalFen += e.AmountFen
	}
	lines = slices.DeleteFunc(lines, func(l models.ReceiptLine) bool { return l.TotalFen() == 0 && l.LateFeeFen == 0 })
	return receiptOf(p, told), lines, nil
}

// receiptOf is the first version of a payment's receipt, without its lines.
func receiptOf(p *models.Payment, told []billing.Settled) models.Receipt {
	r := models.Receipt{PaymentID: p.ID, CommunityID: p.CommunityID, RoomID: p.RoomID, UserID: p.UserID, Channel: p.Channel, Version: 1, AmountFen: p.AmountFen, PaidAt: p.PaidAt}
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
func billLines(told []billing.Settled) []models.ReceiptLine {
	lines := make([]models.ReceiptLine, 0, len(told)+1)
	for i := range told {
		s := &told[i]
		b := &s.Before.Bill
		lines = append(lines, models.ReceiptLine{Kind: models.ReceiptBill, BillID: b.ID, Item: b.Item, PeriodStart: b.PeriodStart, PeriodEnd: b.PeriodEnd, DueOn: b.DueOn,
			PrincipalFen: s.PrincipalFen, LateFeeFen: s.LateFeeFen, Late: lateOf(s)})
	}
	slices.SortStableFunc(lines, func(a, b models.ReceiptLine) int {
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
func lateOf(s *billing.Settled) *models.ReceiptLateFee {
	if s.LateFeeFen <= 0 || s.LateFeeFen > s.Before.LateDueFen {
		return nil
	}
	b, late := &s.Before.Bill, &s.Before.Late
	out := &models.ReceiptLateFee{Rate: b.LateRate, GraceDays: b.GraceDays, CapShare: b.LateCap, CapFen: late.Cap, AsOf: s.EffectiveOn,
		Segments: make([]models.ReceiptSegment, len(late.Segments)), AccruedFen: late.Accrued, WaivedFen: b.WaivedLateFeeFen, PaidFen: b.PaidLateFeeFen}
	for i, g := range late.Segments {
		out.Segments[i] = models.ReceiptSegment{From: g.From, To: g.To, Days: g.Days, PrincipalFen: g.Principal}
	}
	return out
}
