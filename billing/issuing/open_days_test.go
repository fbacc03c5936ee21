package issuing

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// Whatever is billed already and however long the cycles: month after month, each
// day that is to be paid for is billed exactly once.
func TestEachDayIsBilledOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := models.MustDate("2026-01-01")
		drawDay := func(name string) models.Date { return first + models.Date(rapid.IntRange(-40, 400).Draw(t, name)) }
		version := fees.Tariff{
			Item: "a", FromOn: drawDay("tariff from"), LateRate: "0", CycleStart: rapid.IntRange(1, 12).Draw(t, "first month"),
			Cycle: rapid.SampledFrom([]string{fees.CycleMonth, fees.CycleQuarter, fees.CycleHalfYear, fees.CycleYear}).Draw(t, "cycle"),
		}
		if rapid.Bool().Draw(t, "tariff ends") {
			version.ToOn = version.FromOn + models.Date(rapid.IntRange(0, 300).Draw(t, "tariff days"))
		}
		opened, err := parseTariff(version)
		if err != nil {
			t.Fatal(err)
		}
		f := roomTariff{tariff: opened, cycle: version.Cycle}
		room := estate.Room{HandedOverOn: drawDay("handover")}
		billed := map[models.Date]int{}
		var bills []fees.BillSpan
		cover := func(d calc.Days) {
			bills = append(bills, fees.BillSpan{Item: "a", From: d.From, To: d.To})
			for on := d.From; on <= d.To; on++ {
				billed[on]++
			}
		}
		for range rapid.IntRange(0, 4).Draw(t, "bills there") {
			d := calc.Days{From: drawDay("bill from")}
			d.To = d.From + models.Date(rapid.IntRange(0, 120).Draw(t, "bill days"))
			clash := false
			for _, b := range bills {
				clash = clash || d.Overlaps(calc.Days{From: b.From, To: b.To})
			}
			if !clash {
				cover(d)
			}
		}
		bills = append(bills, fees.BillSpan{Item: "b", From: first, To: first + 400})
		// The year before too: a cycle that began in it may reach into this one.
		for month := time.Month(-11); month <= time.December; month++ {
			r := &roomBatch{period: calc.Period{Year: 2026, Month: 1}.Plus(int(month) - 1)}
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
