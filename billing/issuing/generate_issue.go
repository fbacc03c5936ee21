package issuing

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// bill adds the bill of a room for an item and days. An amount of 0 makes no
// bill. The bill freezes the late-fee rule of the tariff, so that a later
// change of the tariff does not change what is owed already. It returns
// errBasis if the explanation does not fit its column.
func (r *roomBatch) bill(room estate.Room, f roomTariff, period calc.Days, principal models.Fen, basis calc.Basis) error {
	if principal == 0 {
		return nil
	}
	text, err := json.Marshal(basis)
	if err != nil {
		return err
	}
	if len(text) > 1000 { // width of the column
		return fmt.Errorf("%w: room %s, item %s", errBasis, room.ID, f.Item)
	}
	today := r.tx.Today()
	r.bills = append(r.bills, fees.Bill{
		CommunityID: room.CommunityID, RoomID: room.ID, Item: f.Item, PeriodStart: period.From, PeriodEnd: period.To, IssuedOn: today,
		DueOn: dueOf(f.Tariff, period.From, today), Status: fees.BillUnpaid, PrincipalFen: principal, LateRate: f.late.LateRate,
		GraceDays: f.late.GraceDays, LateCap: f.late.LateCap, Basis: string(text), TariffID: f.ID, Source: fees.SourceRun,
		BatchID: r.batchID, CreatedAt: r.tx.Now, UpdatedAt: r.tx.Now,
	})
	return nil
}

// dueOf returns the due day of a bill by its tariff: a number of days after its
// issue or, if the tariff has none, the next due day of a month. For example,
// issued on 20 March with DueAfterDays 30, a bill is due on 19 April.
func dueOf(f fees.Tariff, from, issued models.Date) models.Date {
	if f.DueAfterDays > 0 {
		return issued.Plus(f.DueAfterDays)
	}
	return calc.DueDate(f.DueDay, from, issued)
}

// issue writes the bills of the batch and their journal, then lets prepayment
// pay what it can, earliest due first.
func (r *roomBatch) issue(by models.Actor) error {
	if len(r.bills) == 0 {
		return r.storeUsages()
	}
	offset, err := issueBills(r.tx, r.rooms, r.bills)
	if err != nil {
		return fmt.Errorf("issue bills of %s: %w", r.period, err)
	}
	r.result.OffsetFen = offset
	if err := r.storeUsages(); err != nil {
		return err
	}
	return office.Audit(r.tx, by, "bills.issued", "community", r.community, map[string]any{"period": r.period.String(),
		"bills": r.result.Bills, "principal_fen": r.result.PrincipalFen, "offset_fen": offset})
}

// issueBills inserts new bills, sets their ids, writes their journal, and lets
// prepayment pay what it can. It returns how much prepayment paid. It sorts
// bills when a room has prepayment. A bill of the same room, item and days that
// exists already is an error, and the transaction must be rolled back.
func issueBills(tx *store.Tx, rooms []estate.Room, bills []fees.Bill) (offset models.Fen, err error) {
	lines := make([]money.JournalLine, len(bills))
	for i := range bills {
		b := &bills[i]
		if b.ID == "" { // the bills of a charge have their ids already
			b.ID = models.NewID()
		}
		lines[i] = money.JournalLine{Kind: money.JournalIssue, Debit: money.AccountReceivable, Credit: money.AccountRevenue,
			AmountFen: b.PrincipalFen, CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID}
	}
	if _, err := fees.InsertBills(tx, bills, false); err != nil {
		return 0, err
	}
	if err := money.Journal(tx, lines); err != nil {
		return 0, err
	}
	return offsetBills(tx, rooms, bills)
}

// offsetBills lets the rooms' prepayment pay their new bills, earliest due
// first. Prepayment that comes in after the rooms were read pays later bills.
// The balance that was read only selects the rooms: [billing.OffsetPrepaid]
// reads it again under the lock of the room. Rooms are locked in the order of
// their ids.
func offsetBills(tx *store.Tx, rooms []estate.Room, bills []fees.Bill) (offset models.Fen, err error) {
	saved := map[string]bool{}
	for _, room := range rooms {
		if room.PrepaidFen > 0 {
			saved[room.ID] = true
		}
	}
	if len(saved) == 0 {
		return 0, nil
	}
	slices.SortStableFunc(bills, func(a, b fees.Bill) int {
		return cmp.Or(cmp.Compare(a.RoomID, b.RoomID), cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.PeriodStart, b.PeriodStart))
	})
	for i := range bills {
		b := &bills[i]
		if !saved[b.RoomID] {
			continue
		}
		if err := billing.OffsetPrepaid(tx, b); err != nil {
			return 0, err
		}
		offset = offset.Plus(b.PaidPrincipalFen)
	}
	return offset, nil
}
