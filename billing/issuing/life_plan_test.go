package issuing_test

import (
	"context"

	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// plan has all bills that owe something and are in no plan paid in parts.
func (l *life) plan() {
	x := &paper{days: models.Date(rapid.IntRange(1, 20).Draw(l.T, "break days")), frozen: rapid.Bool().Draw(l.T, "frozen")}
	a := billing.NewRequest{Kind: fees.RequestInstalment, RoomID: l.room.ID, Frozen: x.frozen, BreakDays: int(x.days)}
	for _, id := range l.ids {
		p := l.bills[id]
		owes := p.owes(l.today())
		if p.plan != nil || owes[0]+owes[1] == 0 {
			continue
		}
		a.BillIDs, x.bills = append(a.BillIDs, id), append(x.bills, p)
		x.settled += p.settled(l.today())
		x.total += owes[0] + owes[1]
		p.atPlan = p.settled(l.today()) + owes[0] + owes[1]
	}
	if x.total < 2 {
		return
	}
	first := rapid.Int64Range(1, x.total-1).Draw(l.T, "first part")
	x.upTo = []int64{first, x.total}
	x.dates = []models.Date{l.today() + models.Date(rapid.IntRange(1, 60).Draw(l.T, "first date"))}
	x.dates = append(x.dates, x.dates[0]+models.Date(rapid.IntRange(1, 90).Draw(l.T, "second date")))
	a.Parts = []fees.RequestPart{
		{DueOn: x.dates[0], AmountFen: models.Fen(first)},
		{DueOn: x.dates[1], AmountFen: models.Fen(x.total - first)},
	}
	svc := &billing.Requests{DB: l.db}
	r, err := svc.SubmitAsStaff(context.Background(), billingtest.Manager, a)
	if err == nil {
		_, err = svc.Decide(context.Background(), billingtest.Deputy, billing.Decision{RequestID: r.ID, Approve: true, Note: "同意"})
	}
	if err != nil {
		l.Fatalf("%+v: %v", a, err)
	}
	for _, p := range x.bills {
		p.plan = x
		if x.frozen {
			p.frozen = append(p.frozen, &span{from: l.today() + 1})
		}
	}
	l.plans = append(l.plans, x)
}

// endPlans runs the job, and does the same by pencil.
func (l *life) endPlans() {
	if _, _, err := billing.EndPlans(context.Background(), l.db, models.SystemActor("test")); err != nil {
		l.Fatal(err)
	}
	for _, x := range l.plans {
		if x.finished {
			continue
		}
		have := x.progress(l.today())
		broken := false
		for i, day := range x.dates {
			broken = broken || have < x.upTo[i] && l.today() > day+x.days
		}
		if x.finished = broken || have >= x.total; !x.finished {
			continue
		}
		for _, p := range x.bills {
			p.plan = nil
			if !x.frozen {
				continue
			}
			if broken { // as if there had been no plan
				p.frozen = p.frozen[:len(p.frozen)-1]
			} else {
				p.frozen[len(p.frozen)-1].to = l.today()
			}
		}
	}
}
