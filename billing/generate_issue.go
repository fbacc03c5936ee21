package billing

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"wuyepay/models"
)

// bill makes the bill of a room for an item and days. Nothing owed, no bill.
func (r *run) bill(room models.Room, f models.Tariff, period days, principal models.Fen, basis Basis, k known) error {
	if principal == 0 {
		return nil
	}
	text, err := json.Marshal(basis)
	if err != nil {
		return err
	}
	if len(text) > 1000 { // the column
		return fmt.Errorf("%w: room %s, item %s", errBasis, room.ID, f.Item)
	}
	rule, err := f.LateRule()
	if err != nil {
		return fmt.Errorf("late fee rule of tariff %s: %w", f.ID, err)
	}
	today := r.tx.Today()
	b := models.Bill{ID: models.NewID(), CommunityID: room.CommunityID, RoomID: room.ID, OwnerID: ownerOf(k.holdings[room.ID], period), Item: f.Item,
		PeriodStart: period.from, PeriodEnd: period.to, IssuedOn: today, DueOn: dueDate(f.DueDay, period.from, today), Status: models.BillUnpaid,
		PrincipalFen: principal, Basis: string(text), TariffID: f.ID, Source: models.SourceRun, CreatedAt: r.tx.Now, UpdatedAt: r.tx.Now}
	b.SetLateRule(rule)
	if b.OwnerID == "" {
		r.result.NoOwner++
	}
	r.bills = append(r.bills, b)
	return nil
}

// ownerOf is who owes for the days: who held the room on the first of them, for a
// change of hands later is settled between the two; else who held it on the last.
func ownerOf(holdings []models.Holding, period days) string {
	for _, on := range []models.Date{period.from, period.to} {
		for _, h := range holdings {
			if h.Holds(on) {
				return h.OwnerID
			}
		}
	}
	return ""
}

// issue writes the bills of the batch and books them, then lets prepayment settle
// what it can, oldest first.
func (r *run) issue(rooms []models.Room) error {
	if len(r.bills) == 0 {
		return nil
	}
	lines := make([]models.JournalLine, len(r.bills))
	for i, b := range r.bills {
		lines[i] = models.JournalLine{Kind: models.JournalIssue, Debit: models.AccountReceivable, Credit: models.AccountRevenue,
			AmountFen: b.PrincipalFen, CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID}
		r.result.PrincipalFen = r.result.PrincipalFen.Plus(b.PrincipalFen)
	}
	r.result.Bills = len(r.bills)
	if _, err := r.tx.InsertBills(r.bills, false); err != nil {
		return fmt.Errorf("issue bills of %s: %w", r.period, err)
	}
	if err := r.tx.Journal(lines); err != nil {
		return err
	}
	if err := r.offset(rooms); err != nil {
		return err
	}
	return r.tx.Audit(r.by, "bills.issued", "community", r.community.ID, map[string]any{"period": r.period.String(),
		"bills": r.result.Bills, "principal_fen": r.result.PrincipalFen, "offset_fen": r.result.OffsetFen})
}

// offset lets the rooms' prepayment settle their new bills, earliest due first. A
// balance that comes in while the batch runs is one that came after these bills.
func (r *run) offset(rooms []models.Room) error {
	saved := map[string]bool{}
	for _, room := range rooms {
		saved[room.ID] = room.PrepaidFen > 0
	}
	slices.SortStableFunc(r.bills, func(a, b models.Bill) int {
		return cmp.Or(cmp.Compare(a.RoomID, b.RoomID), cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.PeriodStart, b.PeriodStart))
	})
	for i := range r.bills {
		b := &r.bills[i]
		if !saved[b.RoomID] {
			continue
		}
		if err := OffsetPrepaid(r.tx, b); err != nil {
			return err
		}
		r.result.OffsetFen = r.result.OffsetFen.Plus(b.PaidPrincipalFen)
	}
	return nil
}
