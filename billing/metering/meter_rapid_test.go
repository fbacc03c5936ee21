package metering_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/billing/metering"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
)

// counter is a meter as it truly is: what it has counted since it was new, which its
// display does not show.
type counter struct {
	truth int64 // total count, in units of the display
	read  int64 // total count by the newest reading, estimates included
	since int64 // true count of the last true reading
}

const turn = 1000 // three digits

func display(total int64) string { return strconv.FormatInt(total%turn, 10) }

// meterLife is a room over some months, and what its meters truly counted.
type meterLife struct {
	*billingtest.MeterWorld
	rt         *rapid.T
	c          counter
	multiplier int64
	used       int64 // what was truly used by the last true readings, after multipliers
	serials    int
	guesses    int // estimates since the last true reading
}

// reads says that the newest reading is a true one.
func (l *meterLife) reads() {
	l.used += (l.c.truth - l.c.since) * l.multiplier
	l.c.read, l.c.since, l.guesses = l.c.truth, l.c.truth, 0
}

// turned tells a typist whether the meter has passed its last digit since the
// newest reading.
func (l *meterLife) turned(total int64) []func(*metering.TypedReading) {
	if total/turn > l.c.read/turn {
		return []func(*metering.TypedReading){billingtest.Rolled}
	}
	return nil
}

func (l *meterLife) must(err error, step string) {
	if err != nil {
		l.rt.Fatalf("%s: %v (truth %d, read %d, since %d)", step, err, l.c.truth, l.c.read, l.c.since)
	}
}

// month does something to the meter in a month, on two days of it.
func (l *meterLife) month(period string) {
	use := func() { l.c.truth += rapid.Int64Range(0, 99).Draw(l.rt, "use") }
	early, late := period+"-10", period+"-27"
	use()
	step := rapid.SampledFrom([]string{"read", "read", "estimate", "replace", "multiplier", "misread", "twice", "nothing", "wrong",
		"closed up"}).Draw(l.rt, "step")
	if l.guesses >= 3 && (step == "estimate" || step == "misread" || step == "nothing") {
		step = "read" // more than a turn of guesses nobody could take back
	}
	switch step {
	case "read":
		l.must(l.Read(late, display(l.c.truth), l.turned(l.c.truth)...), step)
		l.reads()
	case "twice":
		l.must(l.Read(early, display(l.c.truth), l.turned(l.c.truth)...), step)
		l.reads()
		if rapid.Bool().Draw(l.rt, "bill between") { // what is read later comes too late for it
			l.run(period)
		}
		use()
		l.must(l.Read(late, display(l.c.truth), l.turned(l.c.truth)...), step)
		l.reads()
	case "wrong": // a figure out of the air, taken out again
		wrong := l.c.read + rapid.Int64Range(0, 150).Draw(l.rt, "wrong")
		l.must(l.Read(late, display(wrong), l.turned(wrong)...), step)
		l.must(l.Withdraw(late), step)
		l.must(l.Read(late, display(l.c.truth), l.turned(l.c.truth)...), step)
		l.reads()
	case "closed up": // of two readings the first is taken out: the second counts what both did
		l.must(l.Read(early, display(l.c.truth), l.turned(l.c.truth)...), step)
		l.reads()
		use()
		l.must(l.Read(late, display(l.c.truth), l.turned(l.c.truth)...), step)
		l.reads()
		l.must(l.Withdraw(early), step)
	case "estimate", "misread":
		guess := l.c.read + rapid.Int64Range(0, 150).Draw(l.rt, "guess")
		with := l.turned(guess)
		if step == "estimate" {
			with = append(with, billingtest.Estimated)
		}
		l.must(l.Read(late, display(guess), with...), step)
		if step == "misread" {
			l.must(l.MarkEstimated(), step)
		}
		l.c.read, l.guesses = guess, l.guesses+1
	case "replace", "multiplier":
		l.must(l.Read(early, display(l.c.truth), l.turned(l.c.truth)...), step)
		l.reads()
		use()
		if l.c.truth/turn > l.c.read/turn {
			l.c.truth = l.c.read // neither form is asked to turn as well
		}
		to := rapid.SampledFrom([]int64{1, 2, 40}).Draw(l.rt, "to")
		if step == "multiplier" && to != l.multiplier {
			l.must(l.MeterWorld.Multiplier(late, display(l.c.truth), fmt.Sprint(to)), step)
			l.reads()
			l.multiplier = to
		} else {
			l.serials++
			first := rapid.Int64Range(0, 999).Draw(l.rt, "first")
			l.must(l.Replace(late, display(l.c.truth), fmt.Sprintf("W-%d", l.serials), fmt.Sprint(first), fmt.Sprint(to)), step)
			l.reads()
			l.multiplier, l.c = to, counter{first, first, first}
		}
	}
	l.guesses += map[string]int{"nothing": 1}[step]
}

// billed is what all bills of the room charge, at one yuan a unit, and what is not billed yet.
func (l *meterLife) billed() (units, waiting int64) {
	tx := l.DB.View(context.Background())
	bills, err := fees.BillsOfRoom(tx, l.Room.ID, fees.BillFilter{Limit: 1000})
	billingtest.NoError(l.T, err)
	for _, b := range bills {
		units += int64(b.PrincipalFen) / 100
	}
	credits, err := fees.WaitingUsages(tx, []string{l.Room.ID})
	billingtest.NoError(l.T, err)
	for _, u := range credits[l.Room.ID] {
		waiting += decimal.RequireFromString(u.Quantity).IntPart()
	}
	return units, waiting
}

// run bills periods without proving the books each time.
func (l *meterLife) run(periods ...string) {
	for _, p := range periods {
		period, err := calc.ParsePeriod(p)
		billingtest.NoError(l.T, err)
		_, err = issuing.GenerateBills(context.Background(), l.DB, modelstest.Actor, period, issuing.GenerateOptions{})
		billingtest.NoError(l.T, err)
	}
}

// Over any sequence of readings, estimates, replacements and changes of multiplier,
// billed in time or late, what is billed and what is kept as a credit add up to what
// the meters truly counted.
func TestBilledUsageIsWhatTheMetersCounted(t *testing.T) {
	t.Parallel()
	w := billingtest.NewMeterWorld(t, "1", "1-1-101,W1,水费,,990,1,2025-12-31\n")
	rooms := 0
	rapid.Check(t, func(rt *rapid.T) {
		rooms++ // another room each time: a new database would take longer
		code := fmt.Sprintf("2-1-%d", 1000+rooms)
		billingtest.MustImport(t, w.DB, intake.Rooms,
			billingtest.RoomHead+fmt.Sprintf("海棠花园,%s,%d栋,1单元,101,高层住宅,吕敏,,100,,,2020-05-02,已入住,林晓梅\n", code, 1000+rooms))
		billingtest.MustImport(t, w.DB, intake.Meters, billingtest.MeterHead+code+",W1,水费,,990,1,2025-12-31\n")
		l := &meterLife{
			MeterWorld: &billingtest.MeterWorld{T: t, DB: w.DB, Room: billingtest.RoomOf(t, w.DB, code)}, rt: rt, multiplier: 1,
			c: counter{990, 990, 990},
		}
		l.must(l.Digits(3), "digits")
		periods := []string{"2026-01", "2026-02", "2026-03", "2026-04", "2026-05"}
		for _, p := range periods {
			l.month(p)
			if rapid.Bool().Draw(rt, "bill in time") {
				l.run(p)
			}
		}
		l.c.truth += 5
		l.must(l.Read("2026-09-27", display(l.c.truth), l.turned(l.c.truth)...), "end")
		l.reads()
		l.run(append(periods, "2026-09")...)
		units, waiting := l.billed()
		if units+waiting != l.used {
			rt.Fatalf("%d units billed and %d waiting, the meters counted %d", units, waiting, l.used)
		}
		if waiting > 0 {
			rt.Fatalf("%d units wait: only a credit may", waiting)
		}
	})
	w.CheckBooks()
}
