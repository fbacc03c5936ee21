package intake

import (
	"fmt"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/office"
)

// store adds or changes the tariff of a row. It is a mistake if a stored tariff for the
// same rooms that the file does not mention is in force on one of its days. For
// example, with a price from 1 January 2024 without an end, a row from 1 July 2024 is a
// mistake unless another row of the file ends the older price by 30 June. Two rows of
// the file that overlap are reported by end.
//
// A change is audited with old and new values, because it alters what later bills cost. A
// tariff that is added has no audit entry of its own: [Import] records the file.
func (t *tariffTable) store(s *communityTariffs, r tariffRow) error {
	f := r.tariff
	f.CommunityID = s.community.ID
	if r.room != "" && f.RoomID == "" {
		return nil // no such room, which is a mistake already
	}
	var have *fees.Tariff
	for i := range s.stored {
		o := &s.stored[i]
		switch {
		case o.Item != f.Item || !o.SameRooms(f):
		case o.FromOn == f.FromOn:
			have = o
		case !s.inFile[tariffKey(*o)] && calc.TariffDays(*o).Overlaps(calc.TariffDays(f)):
			// A file may end the older tariff in a row of its own; then it is in inFile.
			t.addMistake(r.row.Mistake(colFrom, fmt.Sprintf("与系统中 %s 起的收费标准日期重叠，请先给它填上截止日期", o.FromOn)))
			return nil
		}
	}
	if have == nil {
		t.decide(r.row, added)
		if !t.write {
			return nil
		}
		f.ID, f.CreatedAt, f.UpdatedAt = models.NewID(), t.tx.Now, t.tx.Now
		t.addsRows("tariffs", f.ID)
		return fees.InsertTariff(t.tx, &f)
	}
	fields := changedTariff(*have, f)
	if len(fields) == 0 {
		t.decide(r.row, unchanged)
		return nil
	}
	t.decide(r.row, changed)
	t.stage.changes(r.row, fields)
	if !t.write {
		return nil
	}
	// Bills already issued keep the price and the late-fee rule they were issued with.
	f.ID = have.ID
	if err := t.changesRows("tariffs", f.ID); err != nil {
		return err
	}
	if err := fees.UpdateTariff(t.tx, f); err != nil {
		return err
	}
	return office.Audit(t.tx, t.by, "tariff.changed", "tariff", f.ID, fields)
}

// changedTariff returns the fields that differ, by their names in the database, with
// old and new value. It leaves out what identifies a tariff, which is the same in both.
// Figures are compared as texts, so that another form of the same number counts as a
// change.
func changedTariff(have, want fees.Tariff) map[string]any {
	out := map[string]any{}
	for name, v := range map[string][2]string{
		"method": {have.Method, want.Method}, "price": {have.Price, want.Price}, "tiers": {have.Tiers, want.Tiers},
		"cycle": {have.Cycle, want.Cycle}, "late_rate": {have.LateRate, want.LateRate}, "late_cap": {have.LateCap, want.LateCap},
		"to_on": {have.ToOn.String(), want.ToOn.String()}, "vacant_share": {have.VacantShare, want.VacantShare},
		"unsold_share": {have.UnsoldShare, want.UnsoldShare}, "discount_share": {have.DiscountShare, want.DiscountShare},
		"discount_until": {have.DiscountUntil, want.DiscountUntil},
	} {
		if v[0] != v[1] {
			out[name] = v
		}
	}
	for name, v := range map[string][2]int{"due_day": {have.DueDay, want.DueDay}, "grace_days": {have.GraceDays, want.GraceDays},
		"cycle_start": {have.CycleStart, want.CycleStart}, "due_after_days": {have.DueAfterDays, want.DueAfterDays}} {
		if v[0] != v[1] {
			out[name] = v
		}
	}
	return out
}
