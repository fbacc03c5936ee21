package intake

import (
	"wuyepay/billing/calc"
	"wuyepay/billing/sheet"
	"wuyepay/models/fees"
)

// terms reads the columns that most files do not have: the month in which a year of
// cycles begins, 1 if blank; the days from issue to the due day, 0 for the due day of
// the month; the shares of the price that vacant and unsold rooms pay; and the discount
// for a year paid early, with the last day for it as MM-DD. A blank share is not 0: it
// stands for the usual one. A discount of 0 is none, and needs no last day.
func (t *tariffTable) terms(r *tariffRow) {
	f := &r.tariff
	f.CycleStart = t.whole(r.row, colCycleStart, 1, calc.CycleStarts)
	f.DueAfterDays = t.whole(r.row, colDueAfter, 0, calc.DueAfterDays)
	for _, s := range []struct {
		key  string
		to   *string
		most calc.Bounds
	}{
		{colVacantShare, &f.VacantShare, calc.ShareBounds},
		{colUnsoldShare, &f.UnsoldShare, calc.UnsoldBounds},
		{colDiscountShare, &f.DiscountShare, calc.DiscountBounds},
	} {
		if d, ok := t.figure(r.row, s.key, s.most); ok {
			*s.to = d.String()
		}
	}
	if r.row.IsDay(colDiscountUntil) { // 03-31 as a spreadsheet keeps it
		if day := t.date(r.row, colDiscountUntil); day != 0 {
			f.DiscountUntil = day.String()[len("2006-"):]
		}
	} else if text := t.text(r.row, colDiscountUntil, 20); text != "" {
		// 29 February is refused, because most years do not have it.
		until, ok := calc.MonthDay(text)
		if f.DiscountUntil = until; !ok {
			t.addMistake(r.row.Mistake(colDiscountUntil, "应为月和日，如 03-31"))
		}
	}
	// A share without a last day, or a last day without a share, is no rule that a
	// payment could be checked against.
	if has := f.DiscountShare != "" && f.DiscountShare != "0"; has != (f.DiscountUntil != "") {
		t.addMistake(r.row.Mistake(colDiscountUntil, "优惠比例和优惠截止要同时填写"))
	}
}

// keepMissingColumns keeps the stored value of each column that the file does not have and
// need not have. A blank cell of a column that is there resets the value. A row that gives a
// price and does not have the column of tiers replaces tiers by the price.
func keepMissingColumns(row *sheet.Row, f *fees.Tariff, have fees.Tariff) {
	for key, keep := range map[string]func(){
		colCycleStart:    func() { f.CycleStart = have.CycleStart },
		colDueAfter:      func() { f.DueAfterDays = have.DueAfterDays },
		colVacantShare:   func() { f.VacantShare = have.VacantShare },
		colUnsoldShare:   func() { f.UnsoldShare = have.UnsoldShare },
		colDiscountShare: func() { f.DiscountShare = have.DiscountShare },
		colDiscountUntil: func() { f.DiscountUntil = have.DiscountUntil },
		colDue:           func() { f.DueDay = have.DueDay },
		colGrace:         func() { f.GraceDays = have.GraceDays },
		colCap:           func() { f.LateCap = have.LateCap },
		colTo:            func() { f.ToOn = have.ToOn },
	} {
		if !hasColumn(row, key) {
			keep()
		}
	}
}

// resolveRooms finds the rooms that rows name. A room that is not found is recorded as
// a mistake and leaves RoomID empty; store then passes over the row, which would
// otherwise be taken for a tariff of all rooms.
func (t *tariffTable) resolveRooms() error {
	var refs []roomRef
	var at []int
	for i, r := range t.rows {
		if r.room != "" {
			refs, at = append(refs, roomRef{row: r.row, community: r.community, key: r.room}), append(at, i)
		}
	}
	if len(refs) == 0 {
		return nil
	}
	// The rooms are in the order of refs, and at has the row of each.
	rooms, err := t.findRooms(refs)
	if err != nil {
		return err
	}
	for i, room := range rooms {
		t.rows[at[i]].tariff.RoomID = room.ID
	}
	return nil
}
