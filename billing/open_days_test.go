package billing

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"wuyepay/models"
)

// Whatever is billed already and however long the cycles: month after month, each
// day that is to be paid for is billed exactly once.
func TestEachDayIsBilledOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := models.MustDate("2026-01-01")
		drawDay := func(name string) models.Date { return first + models.Date(rapid.IntRange(-40, 400).Draw(t, name)) }
		f := fit{Tariff: models.Tariff{Item: "a", FromOn: drawDay("tariff from"), Cycle: rapid.SampledFrom([]string{models.CycleMonth,
			models.CycleQuarter, models.CycleHalfYear, models.CycleYear}).Draw(t, "cycle")}}
		if rapid.Bool().Draw(t, "tariff ends") {
			f.ToOn = f.FromOn + models.Date(rapid.IntRange(0, 300).Draw(t, "tariff days"))
		}
		room := models.Room{HandedOverOn: drawDay("handover")}
		billed := map[models.Date]int{}
		var bills []models.BillBrief
		cover := func(d days) {
			bills = append(bills, models.BillBrief{Item: "a", PeriodStart: d.from, PeriodEnd: d.to})
			for on := d.from; on <= d.to; on++ {
				billed[on]++
			}
		}
		for range rapid.IntRange(0, 4).Draw(t, "bills there") {
			d := days{from: drawDay("bill from")}
			d.to = d.from + models.Date(rapid.IntRange(0, 120).Draw(t, "bill days"))
			clash := false
			for _, b := range bills {
				clash = clash || d.overlaps(days{b.PeriodStart, b.PeriodEnd})
			}
			if !clash {
				cover(d)
			}
		}
		bills = append(bills, models.BillBrief{Item: "a", PeriodStart: first, PeriodEnd: first + 400, Void: true},
			models.BillBrief{Item: "b", PeriodStart: first, PeriodEnd: first + 400})
		for month := time.January; month <= time.December; month++ {
			r := &run{period: Period{2026, month}}
			open, _ := r.openDays(room, f, bills)
			for _, d := range open {
				cover(d)
			}
			if again, _ := r.openDays(room, f, bills); len(again) > 0 {
				t.Fatalf("%s once more: %v", r.period, again)
			}
		}
		for on := first; on < first+365; on++ {
			due := on >= room.HandedOverOn && on >= f.FromOn && (f.ToOn == 0 || on <= f.ToOn)
			if n := billed[on]; n > 1 || due && n == 0 {
				t.Fatalf("%s is billed %d times", on, n)
			}
		}
	})
}
