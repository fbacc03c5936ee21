package issuing_test

import (
	"context"
	"fmt"
	"sync/atomic"

	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// fare is a price of the parking space from a month on, by pencil.
type fare struct {
	tariff fees.Tariff
	fen    int64
	rate   int64 // late fee per ten thousand and day
}

func (l *life) month() calc.Period {
	now := l.db.Now().In(models.Shanghai)
	return calc.Period{Year: now.Year(), Month: now.Month()}
}

// price puts up the first price of the room's parking space, or another one from
// next month on. What is billed stays as it is.
func (l *life) price() {
	next := fare{fen: rapid.Int64Range(1, 30000).Draw(l.T, "price"), rate: rapid.SampledFrom([]int64{5, 30}).Draw(l.T, "rate")}
	month := l.month()
	limit := ""
	if rapid.Bool().Draw(l.T, "capped") {
		limit = "0.3"
	}
	next.tariff = fees.Tariff{
		CommunityID: l.room.CommunityID, RoomID: l.room.ID, Item: "车位费", Method: "fixed", Price: models.Fen(next.fen).String(),
		Cycle: "month", CycleStart: 1, DueDay: 15, DueAfterDays: rapid.IntRange(1, 40).Draw(l.T, "due after"),
		LateRate: fmt.Sprintf("0.%04d", next.rate), GraceDays: rapid.IntRange(0, 10).Draw(l.T, "grace"), LateCap: limit,
		FromOn: month.First(),
	}
	var err error
	if len(l.fares) == 0 {
		next.tariff, err = issuing.AddTariff(context.Background(), l.db, billingtest.Requester, next.tariff)
	} else {
		old := l.fares[len(l.fares)-1].tariff
		next.tariff.FromOn = month.Last() + 1
		if old.FromOn >= next.tariff.FromOn {
			return // it has not begun yet
		}
		effect, wrong := issuing.PreviewTariff(context.Background(), l.db, old.ID, next.tariff)
		if wrong != nil {
			l.Fatal(wrong)
		}
		next.tariff, err = issuing.ChangeTariff(context.Background(), l.db, billingtest.Requester, old.ID, next.tariff,
			effect.Fingerprint())
	}
	if err != nil {
		l.Fatal(err)
	}
	l.fares = append(l.fares, next)
}

// run bills the month, once: at the price of its first day.
func (l *life) run() {
	month := l.month()
	var at *fare
	for i := range l.fares {
		if l.fares[i].tariff.FromOn <= month.First() {
			at = &l.fares[i]
		}
	}
	if _, err := issuing.GenerateBills(context.Background(), l.db, billingtest.Requester, month, issuing.GenerateOptions{}); err != nil {
		l.Fatal(err)
	}
	bills, err := fees.BillsOfRoom(l.db.View(context.Background()), l.room.ID, fees.BillFilter{Limit: 1000})
	if err != nil {
		l.Fatal(err)
	}
	fresh := 0
	for _, b := range bills {
		if l.bills[b.ID] != nil {
			continue
		}
		fresh++
		l.ids, l.bills[b.ID] = append(l.ids, b.ID), l.billed(at, b)
	}
	want := 1
	if at == nil || l.months[month.First()] {
		want = 0
	}
	if fresh != want {
		l.Fatalf("%s: %d bills made, want %d", month, fresh, want)
	}
	l.months[month.First()] = l.months[month.First()] || fresh > 0
}

// billed is by pencil what a run makes at a price. Prepayment is of the person who owns the
// room: it pays no bill of the owner before.
func (l *life) billed(at *fare, b fees.Bill) *pencil {
	if b.Item != "车位费" || at == nil || int64(b.PrincipalFen) != at.fen {
		l.Fatalf("%+v was billed, the price is %+v", b, at)
	}
	p := &pencil{
		due: l.today().Plus(at.tariff.DueAfterDays), grace: at.tariff.GraceDays, rate: at.rate, capped: at.tariff.LateCap != "",
		principal: at.fen, paid: map[models.Date]int64{},
	}
	if use := min(l.prepaid, at.fen); use > 0 && b.PeriodStart >= l.since {
		l.prepaid -= use
		p.paid[l.today()], p.last = use, l.today()
	}
	return p
}

var buyers atomic.Int64

// handOver lets the room change hands today. Every bill stays what it is, and
// prepayment goes with the room or out of it.
func (l *life) handOver() {
	if l.since == l.today() {
		return // once a day
	}
	n := buyers.Add(1)
	to := rapid.SampledFrom([]string{estate.PrepaidStays, estate.PrepaidFormer}).Draw(l.T, "prepayment")
	_, err := billing.Transfer(context.Background(), l.db, billingtest.Requester, billing.TransferRequest{
		RoomID: l.room.ID, On: l.today(), Name: fmt.Sprintf("新业主%d", n), Phone: modelstest.Phone(50_000_000 + n), PrepaidTo: to,
	})
	if err != nil {
		if _, refused := models.AsError(err); !refused {
			l.Fatal(err)
		}
		return // money of the one has settled a bill of the days of the other: shown by the transfer's own tests
	}
	l.since = l.today()
	if to == estate.PrepaidFormer {
		l.prepaid = 0
	}
}

// moveOut ends the price, so that lives that follow on the same server are not
// billed for this room.
func (l *life) moveOut() {
	if len(l.fares) == 0 {
		return
	}
	last := l.fares[len(l.fares)-1].tariff
	// Not by issuing.EndTariff, which refuses while bills stand for later days.
	end := func(tx *store.Tx) error {
		_, err := fees.EndTariff(tx, last, max(l.today(), last.FromOn))
		return err
	}
	if err := l.db.Write(context.Background(), end); err != nil {
		l.Fatal(err)
	}
}
