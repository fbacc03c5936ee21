package billing

import (
	"regexp"
	"time"

	"github.com/shopspring/decimal"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/fees"
)

var (
	shareBounds    = bounds{most: decimal.NewFromInt(1), places: 4, tooBig: "比例不能超过 1，七成应写成 0.7 或 70%"}
	discountBounds = bounds{most: decimal.New(5, -1), places: 4, tooBig: "优惠比例过大：优惠 5% 应写成 0.05 或 5%，不是 0.95"}
	unsoldBounds   = bounds{most: decimal.NewFromInt(2), places: 4}
)

// terms reads the columns that most files do not have.
func (t *tariffTable) terms(r *tariffRow) {
	f := &r.tariff
	f.CycleStart = t.whole(r.row, colCycleStart, 1, 1, 12)
	f.DueAfterDays = t.whole(r.row, colDueAfter, 0, 0, 366)
	for _, s := range []struct {
		key  string
		to   *string
		most bounds
	}{{colVacantShare, &f.VacantShare, shareBounds}, {colUnsoldShare, &f.UnsoldShare, unsoldBounds}, {colDiscountShare, &f.DiscountShare, discountBounds}} {
		if d, ok := t.figure(r.row, s.key, s.most); ok {
			*s.to = d.String()
		}
	}
	if text := t.text(r.row, colDiscountUntil, 20); text != "" {
		until, ok := monthDay(text)
		if f.DiscountUntil = until; !ok {
			t.note(r.row.Mistake(colDiscountUntil, "应为月和日，如 03-31"))
		}
	}
	if has := f.DiscountShare != "" && f.DiscountShare != "0"; has != (f.DiscountUntil != "") {
		t.note(r.row.Mistake(colDiscountUntil, "优惠比例和优惠截止要同时填写"))
	}
}

var monthDayForm = regexp.MustCompile(`^(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?$`)

// monthDay reads a day of the year, 3月31日 or 3-31, as 03-31. The 29th of February
// is none: most years do not have it.
func monthDay(text string) (string, bool) {
	m := monthDayForm.FindStringSubmatch(models.HalfWidth(text))
	if m == nil {
		return "", false
	}
	day, err := time.Parse("2006-1-2", "2026-"+m[1]+"-"+m[2])
	if err != nil {
		return "", false
	}
	return day.Format("01-02"), true
}

// keepTerms lets a known tariff keep what the file has no column for.
func keepTerms(row *sheet.Row, f *fees.Tariff, have fees.Tariff) {
	for key, keep := range map[string]func(){
		colCycleStart:    func() { f.CycleStart = have.CycleStart },
		colDueAfter:      func() { f.DueAfterDays = have.DueAfterDays },
		colVacantShare:   func() { f.VacantShare = have.VacantShare },
		colUnsoldShare:   func() { f.UnsoldShare = have.UnsoldShare },
		colDiscountShare: func() { f.DiscountShare = have.DiscountShare },
		colDiscountUntil: func() { f.DiscountUntil = have.DiscountUntil },
	} {
		if !has(row, key) {
			keep()
		}
	}
}

// singleRooms finds the rooms that rows name.
func (t *tariffTable) singleRooms() error {
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
	rooms, err := t.findRooms(refs)
	if err != nil {
		return err
	}
	for i, room := range rooms {
		t.rows[at[i]].tariff.RoomID = room.ID
	}
	return nil
}
