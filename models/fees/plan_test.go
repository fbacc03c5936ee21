package fees_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// newPlan puts bills of 100 yuan into a plan of two parts.
func newPlan(t *testing.T, db *store.DB, r estate.Room, bills ...fees.Bill) fees.Plan {
	t.Helper()
	p := fees.Plan{
		CommunityID: r.CommunityID, RoomID: r.ID, RequestID: models.NewID(), TotalFen: models.Fen(10000 * len(bills)),
		Frozen: true, BreakDays: 7,
	}
	var covered []fees.PlanBill
	for i := range bills {
		covered = append(covered, fees.PlanBill{BillID: bills[i].ID, PrincipalFen: 10000, SettledFen: bills[i].SettledFen()})
	}
	parts := []fees.PlanPart{{DueOn: day("2026-04-15"), AmountFen: 1}, {DueOn: day("2026-05-15"), AmountFen: p.TotalFen - 1}}
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.InsertPlan(tx, &p, covered, parts) })
	return p
}

func planID(p fees.Plan) string { return p.ID }

func TestPlan(t *testing.T) {
	t.Parallel()
	db, clock := clocked(t, "2026-03-15 10:00:00")
	r, next := modelstest.Room(t, db), modelstest.Room(t, db)
	a, b := bill(t, db, r, "2026-01-01", "2026-01-31"), bill(t, db, r, "2026-02-01", "2026-02-28")
	first := newPlan(t, db, r, a, b)
	other := newPlan(t, db, next, bill(t, db, next, "2026-01-01", "2026-01-31"))
	equal(t, "plan", change(t, db, func(tx *store.Tx) (fees.Plan, error) { return fees.LockPlan(tx, first.ID) }), first)
	if first.Status != fees.PlanActive || first.MadeOn != db.Today() || !first.EndedOn.IsZero() {
		t.Errorf("a new plan: %+v", first)
	}
	covered := read(t, db, func(tx *store.Tx) ([]fees.PlanBill, error) { return fees.PlanBills(tx, first.ID) })
	equal(t, "covered", covered, []fees.PlanBill{
		{PlanID: first.ID, BillID: a.ID, PrincipalFen: 10000, SettledFen: -10000},
		{PlanID: first.ID, BillID: b.ID, PrincipalFen: 10000, SettledFen: -10000},
	})
	parts := read(t, db, func(tx *store.Tx) ([]fees.PlanPart, error) { return fees.PlanParts(tx, first.ID) })
	equal(t, "parts", each(parts, func(p fees.PlanPart) string {
		return numbered("", p.Number) + " " + p.DueOn.String() + " " + p.AmountFen.String()
	}),
		[]string{"001 2026-04-15 0.01", "002 2026-05-15 199.99"})
	equal(t, "of a part", read(t, db, func(tx *store.Tx) (fees.Plan, error) { return fees.PlanOfPart(tx, parts[1].ID) }), first)
	for id, want := range map[string]string{a.ID: first.ID, b.ID: first.ID} {
		if got := read(t, db, func(tx *store.Tx) (fees.Bill, error) { return fees.BillByID(tx, id) }); got.PlanID != want {
			t.Errorf("the bill is in the plan %q", got.PlanID)
		}
	}

	clock.Advance(24 * 3600 * 1e9)
	stale := first
	end := func(p *fees.Plan, status string) bool {
		return change(t, db, func(tx *store.Tx) (bool, error) { return fees.EndPlan(tx, p, status) })
	}
	if !end(&first, fees.PlanBroken) || end(&stale, fees.PlanKept) {
		t.Error("a plan ends once")
	}
	if stale.Status != fees.PlanActive {
		t.Error("a plan in hand changed although nothing was written")
	}
	if first.Status != fees.PlanBroken || first.EndedOn != day("2026-03-16") {
		t.Errorf("ended: %+v", first)
	}
	equal(t, "ended", change(t, db, func(tx *store.Tx) (fees.Plan, error) { return fees.LockPlan(tx, first.ID) }), first)
	second := newPlan(t, db, r, b)
	byBill := read(t, db, func(tx *store.Tx) (map[string][]fees.Plan, error) {
		return fees.PlansOfBills(tx, []string{a.ID, b.ID, "none"})
	})
	equal(t, "of bills", byBill, map[string][]fees.Plan{a.ID: {first}, b.ID: {first, second}})
	ofRoom := read(t, db, func(tx *store.Tx) ([]fees.Plan, error) { return fees.PlansOfRoom(tx, r.ID) })
	equal(t, "of the room", ofRoom, []fees.Plan{second, first})
	active := pages(t, func(after string) ([]fees.Plan, error) { return fees.ActivePlans(db.View(bg), after, 1) }, planID)
	equal(t, "active", each(active, planID), []string{other.ID, second.ID})
	for _, tt := range []struct{ rooms, want []string }{
		{[]string{r.ID, next.ID}, []string{other.ID, second.ID}}, {[]string{next.ID}, []string{other.ID}}, {nil, nil},
	} {
		list := read(t, db, func(tx *store.Tx) ([]fees.Plan, error) { return fees.ActivePlansOfRooms(tx, tt.rooms) })
		equal(t, "active of rooms", each(list, planID), tt.want)
	}
}

// One request has one plan, and a part is worth something.
func TestPlanIsRefused(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	b := bill(t, db, r, "2026-01-01", "2026-01-31")
	made := newPlan(t, db, r, b)
	for name, spoil := range map[string]func(*fees.Plan, *fees.PlanPart){
		"a request twice":  func(p *fees.Plan, _ *fees.PlanPart) { p.RequestID = made.RequestID },
		"an empty part":    func(_ *fees.Plan, part *fees.PlanPart) { part.AmountFen = 0 },
		"91 days of grace": func(p *fees.Plan, _ *fees.PlanPart) { p.BreakDays = 91 },
	} {
		p := fees.Plan{CommunityID: r.CommunityID, RoomID: r.ID, RequestID: models.NewID(), TotalFen: 1}
		part := fees.PlanPart{DueOn: db.Today(), AmountFen: 1}
		spoil(&p, &part)
		fails(t, name, db, nil, func(tx *store.Tx) error {
			return fees.InsertPlan(tx, &p, []fees.PlanBill{{BillID: b.ID, PrincipalFen: 1}}, []fees.PlanPart{part})
		})
	}
	list := read(t, db, func(tx *store.Tx) ([]fees.Plan, error) { return fees.PlansOfRoom(tx, r.ID) })
	equal(t, "plans", each(list, planID), []string{made.ID})
}
