package billing

import (
	"fmt"
	"slices"

	"wuyepay/models"
)

// Reverse takes off bills all that a payment still settles there: the opposite of
// [Apply]. Afterwards the bills stand as if the payment had never been: each
// allocation has one of the opposite sign that counts from the same day, so that
// late fee accrues on the principal without a gap. m.PaymentID is the payment and
// m.Debit the account its money had entered, which the journal now credits. It
// gives what came off; the payment's prepayment is the caller's to take back.
//
// Bills are locked in ascending order of id, as everywhere.
func Reverse(tx *models.Tx, m Money) (models.Fen, error) {
	settled, err := tx.AllocationsByBill(m.PaymentID)
	if err != nil {
		return 0, err
	}
	ids := make([]string, 0, len(settled))
	for id := range settled {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	bills, err := tx.LockBills(ids)
	if err != nil {
		return 0, err
	}
	// Again, under the lock: a correction may have taken money off meanwhile.
	if settled, err = tx.AllocationsByBill(m.PaymentID); err != nil {
		return 0, err
	}
	histories, err := Histories(tx, bills)
	if err != nil {
		return 0, err
	}
	total := models.Fen(0)
	for i := range bills {
		off, err := undoOne(tx, m, &bills[i], histories[bills[i].ID], settled[bills[i].ID])
		if err != nil {
			return 0, fmt.Errorf("reverse payment on bill %s: %w", bills[i].ID, err)
		}
		total = total.Plus(off)
	}
	return total, nil
}

// undoOne takes a payment's allocations off a locked bill.
func undoOne(tx *models.Tx, m Money, was *models.Bill, h History, settled []models.Allocation) (models.Fen, error) {
	off := opposite(settled)
	sum := models.Allocation{}
	for i := range off {
		off[i].ID, off[i].CreatedAt = models.NewID(), tx.Now
		sum.PrincipalFen += off[i].PrincipalFen
		sum.LateFeeFen += off[i].LateFeeFen
	}
	if len(off) == 0 {
		return 0, nil
	}
	now := *was
	now.PaidPrincipalFen += sum.PrincipalFen
	now.PaidLateFeeFen += sum.LateFeeFen
	h.Allocations = append(slices.Clone(h.Allocations), off...)
	slices.SortStableFunc(h.Allocations, func(a, b models.Allocation) int { return int(a.EffectiveOn - b.EffectiveOn) })
	state, err := StateOf(now, h, tx.Today())
	if err != nil {
		return 0, err
	}
	now.Status = statusOf(&state)
	// What a correction has credited leaves figures that do not move; MySQL counts a
	// row that stays the same as not found.
	if now.Status != was.Status || sum.PrincipalFen != 0 || sum.LateFeeFen != 0 {
		if err := tx.AdjustBill(was, &now); err != nil {
			return 0, err
		}
	}
	if err := tx.InsertAllocations(off); err != nil {
		return 0, err
	}
	line := models.JournalLine{Credit: m.Debit, CommunityID: was.CommunityID, RoomID: was.RoomID, BillID: was.ID, PaymentID: m.PaymentID, Merchant: m.Merchant}
	principal, late := line, line
	principal.Kind, principal.Debit, principal.AmountFen = models.JournalReversal, models.AccountReceivable, -sum.PrincipalFen
	late.Kind, late.Debit, late.AmountFen = models.JournalReversalLateFee, models.AccountLateFee, -sum.LateFeeFen
	return -sum.PrincipalFen - sum.LateFeeFen, tx.Journal([]models.JournalLine{principal, late})
}

// opposite gives, for each day, what cancels the allocations of that day.
func opposite(settled []models.Allocation) []models.Allocation {
	var out []models.Allocation
	for _, a := range settled {
		i := slices.IndexFunc(out, func(o models.Allocation) bool { return o.EffectiveOn == a.EffectiveOn })
		if i < 0 {
			i = len(out)
			out = append(out, models.Allocation{PaymentID: a.PaymentID, BillID: a.BillID, RoomID: a.RoomID, EffectiveOn: a.EffectiveOn})
		}
		out[i].PrincipalFen -= a.PrincipalFen
		out[i].LateFeeFen -= a.LateFeeFen
	}
	return slices.DeleteFunc(out, func(o models.Allocation) bool { return o.PrincipalFen == 0 && o.LateFeeFen == 0 })
}
