package billing_test

import (
	"errors"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// planned puts both bills of the office into a plan: 129.49 and 110.02 of 15 March,
// in two parts of 100.00 and 139.51.
func (o *officeActor) planned(frozen bool) fees.Plan {
	o.t.Helper()
	a := o.asks(fees.RequestInstalment)
	a.BillIDs = []string{o.due.ID, o.fresh.ID}
	a.Parts = []fees.RequestPart{
		{DueOn: billingtest.Day("2026-04-15"), AmountFen: 10000},
		{DueOn: billingtest.Day("2026-05-15"), AmountFen: 13951},
	}
	r := o.must(o.svc.SubmitAsStaff(billingtest.Ctx, billingtest.Finance, a))
	o.must(o.svc.Decide(billingtest.Ctx, billingtest.Manager, billing.Decision{
		RequestID: r.ID, Approve: true, Note: "同意分期", Frozen: frozen,
	}))
	plans, err := fees.PlansOfRoom(o.db.View(billingtest.Ctx), o.room.ID)
	if err != nil || len(plans) != 1 {
		o.t.Fatalf("%v, %v", plans, err)
	}
	return plans[0]
}

func (o *officeActor) on(date string) { o.clock.Set(billingtest.Day(date).Start().Add(10 * time.Hour)) }

func (o *officeActor) progress(p fees.Plan) billing.PlanProgress {
	o.t.Helper()
	x, err := billing.ProgressOf(o.db.View(billingtest.Ctx), p)
	if err != nil {
		o.t.Fatal(err)
	}
	return x
}

func (o *officeActor) end() (kept, broken int) {
	o.t.Helper()
	kept, broken, err := billing.EndPlans(billingtest.Ctx, o.db, models.SystemActor("plans"))
	if err != nil {
		o.t.Fatal(err)
	}
	booksAgree(o.t, o.db)
	return kept, broken
}

// part pays a part as an order would.
func (o *officeActor) part(id string) models.Fen {
	o.t.Helper()
	total := models.Fen(0)
	modelstest.Write(o.t, o.db, func(tx *store.Tx) error {
		splits, err := billing.LockPart(tx, o.room.ID, id, estate.LateFeeFirst)
		if err != nil {
			return err
		}
		var portions []billing.Portion
		for _, s := range splits {
			total += s.AmountFen()
			portions = append(portions, billing.Portion{BillID: s.Bill.ID, Amount: s.AmountFen()})
		}
		left, err := billing.Apply(tx, billing.Money{
			PaymentID: models.NewID(), RoomID: o.room.ID, CommunityID: o.room.CommunityID, Debit: money.AccountWechat,
			Settlement: estate.LateFeeFirst, EffectiveOn: tx.Today(),
		}, portions)
		if left != 0 {
			o.t.Errorf("%d left", left)
		}
		return err
	})
	return total
}

// Kept, late fee frozen: the parts are all there is to pay.
func TestPlanKept(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.planned(true)
	o.on("2026-04-10")
	parts := o.progress(p).Parts
	if s := stateOn(t, o.db, o.due.ID, "2026-04-10"); s.LateDueFen != 1947 {
		t.Errorf("late fee went on: %d", s.LateDueFen)
	}
	if got := o.part(parts[0].ID); got != 10000 {
		t.Errorf("first part %d", got)
	}
	if err := o.db.Write(billingtest.Ctx, func(tx *store.Tx) error {
		_, err := billing.LockPart(tx, o.room.ID, parts[0].ID, estate.LateFeeFirst)
		return err
	}); !errors.Is(err, billing.ErrPartPaid) {
		t.Errorf("paid twice: %v", err)
	}
	o.on("2026-05-22") // the last day of the seven
	if kept, broken := o.end(); kept+broken != 0 || !o.progress(p).Parts[1].Overdue {
		t.Errorf("ended early: %d %d", kept, broken)
	}
	if got := o.part(parts[1].ID); got != 13951 {
		t.Errorf("second part %d", got)
	}
	o.on("2026-05-23")
	if kept, broken := o.end(); kept != 1 || broken != 0 {
		t.Errorf("%d kept, %d broken", kept, broken)
	}
	if o.bill(o.due.ID).Status != fees.BillPaid || o.bill(o.fresh.ID).Status != fees.BillPaid {
		t.Error("something is still owed")
	}
}

// Broken: as if there had been no plan, also for the bill that was paid meanwhile.
func TestPlanBroken(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.planned(true)
	o.on("2026-04-14")
	// The bill of January is paid whole; the other is not, and the second part neither.
	apply(t, o.db, o.due, estate.LateFeeFirst, 12949, "2026-04-14")
	if o.bill(o.due.ID).Status != fees.BillPaid {
		t.Fatal("not paid")
	}
	o.on("2026-05-23")
	before, err := billing.RoomArrears(o.db.View(billingtest.Ctx), o.room.ID)
	if err != nil || before.TotalFen != 11002 {
		t.Fatalf("%d, %v", before.TotalFen, err)
	}
	if kept, broken := o.end(); kept != 0 || broken != 1 {
		t.Fatalf("%d kept, %d broken", kept, broken)
	}
	// 110.02 x 0.003 x 89 days to 14 April = 29.38, of which 19.47 is paid; 53 days of
	// the other bill: 17.49.
	if s := stateOn(t, o.db, o.due.ID, "2026-05-23"); s.LateDueFen != 991 || s.Status != fees.BillPartial {
		t.Errorf("late fee %d, %s", s.LateDueFen, s.Status)
	}
	if s := stateOn(t, o.db, o.fresh.ID, "2026-05-23"); s.LateDueFen != 1749 {
		t.Errorf("late fee %d", s.LateDueFen)
	}
	plans, err := fees.PlansOfRoom(o.db.View(billingtest.Ctx), o.room.ID)
	if err != nil || plans[0].ID != p.ID {
		t.Fatal(err)
	}
	x := o.progress(plans[0])
	if _, err := x.Payable(x.Parts[1].ID); !errors.Is(err, billing.ErrPlanEnded) {
		t.Errorf("a part of a broken plan: %v", err)
	}
	// Of the evening before, the plan still held.
	if a, err := billing.RoomArrearsAsOf(o.db.View(billingtest.Ctx), o.room.ID,
		billingtest.Day("2026-05-22")); err != nil || a.TotalFen != 11002 {
		t.Errorf("as of the evening before: %d, %v", a.TotalFen, err)
	}
}

// Running: late fee goes on, and is owed as usual when the plan is kept.
func TestPlanWithRunningLateFee(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.planned(false)
	o.on("2026-04-15")
	for _, x := range o.progress(p).Parts {
		o.part(x.ID)
	}
	if kept, _ := o.end(); kept != 1 {
		t.Errorf("kept %d", kept)
	}
	// 90 days of 110.02 are 29.71, 19.47 was in the plan; the other bill bore 15 days: 4.95.
	if a, err := billing.RoomArrears(o.db.View(billingtest.Ctx), o.room.ID); err != nil || a.TotalFen != 1024+495 {
		t.Errorf("owed %d, %v", a.TotalFen, err)
	}
}

// A bill is in one plan at a time; a plan asked for grows with late fee until it is
// granted, and falls if something was paid meanwhile.
func TestPlanAsThingsStand(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.must(o.svc.SubmitAsOwner(billingtest.Ctx, o.user, o.asks(fees.RequestInstalment)))
	o.on("2026-03-17")
	o.must(o.svc.Decide(billingtest.Ctx, billingtest.Manager, billing.Decision{RequestID: r.ID, Approve: true, Note: "同意"}))
	plans, err := fees.PlansOfRoom(o.db.View(billingtest.Ctx), o.room.ID)
	if err != nil || plans[0].TotalFen != 13015 { // two more days: 0.66
		t.Fatalf("%+v, %v", plans, err)
	}
	again := o.asks(fees.RequestInstalment)
	if _, err := o.svc.SubmitAsOwner(billingtest.Ctx, o.user, again); !errors.Is(err, billing.ErrPlanTwice) {
		t.Errorf("a second plan: %v", err)
	}
	q := newOffice(t)
	r = q.must(q.svc.SubmitAsOwner(billingtest.Ctx, q.user, q.asks(fees.RequestInstalment)))
	apply(t, q.db, q.due, estate.LateFeeFirst, 100, "2026-03-15")
	if _, err := q.svc.Decide(billingtest.Ctx, billingtest.Manager, billing.Decision{
		RequestID: r.ID, Approve: true, Note: "同意",
	}); !errors.Is(err, billing.ErrPlanSum) {
		t.Errorf("paid meanwhile: %v", err)
	}
}

func TestEvenParts(t *testing.T) {
	t.Parallel()
	got := billing.EvenParts(10001, 3, billingtest.Day("2026-01-31"))
	want := []fees.RequestPart{
		{DueOn: billingtest.Day("2026-01-31"), AmountFen: 3334},
		{DueOn: billingtest.Day("2026-02-28"), AmountFen: 3334},
		{DueOn: billingtest.Day("2026-03-31"), AmountFen: 3333},
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("part %d: %v, want %v", i, got[i], want[i])
		}
	}
	if billing.EvenParts(2, 3, billingtest.Day("2026-01-31")) != nil {
		t.Error("parts of nothing")
	}
}
