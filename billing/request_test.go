package billing_test

import (
	"errors"
	"testing"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// officeActor is a room that owes a bill of 110.02 with 19.47 late fee and one that is
// not due, its owner's phone, and the people who ask and decide.
type officeActor struct {
	t       *testing.T
	db      *store.DB
	clock   *modelstest.Clock
	room    estate.Room
	user    estate.User
	due     fees.Bill
	fresh   fees.Bill
	svc     *billing.Requests
	decided []string // ids that the hook was told of
}

func newOffice(t *testing.T) *officeActor {
	t.Helper()
	o := &officeActor{t: t, clock: modelstest.NewClock(modelstest.Start)}
	o.db = modelstest.OpenAt(t, o.clock.Now)
	o.room = modelstest.Room(t, o.db)
	o.user = modelstest.User(t, o.db, o.room)
	o.due = modelstest.Bill(t, o.db, o.room)
	o.fresh = modelstest.Bill(t, o.db, o.room, func(b *fees.Bill) { b.DueOn = billingtest.Day("2026-03-31") })
	o.svc = &billing.Requests{
		DB: o.db, Decided: func(_ *store.Tx, r *fees.Request) error { o.decided = append(o.decided, r.ID); return nil },
	}
	return o
}

// asks is a request that fits the room.
func (o *officeActor) asks(kind string) billing.NewRequest {
	a := billing.NewRequest{Kind: kind, RoomID: o.room.ID, BillIDs: []string{o.due.ID}, Text: "原因"}
	switch kind {
	case fees.RequestDispute:
		a.Reason = "amount"
	case fees.RequestPromise:
		a.BillIDs, a.PayOn = nil, billingtest.Day("2026-03-20")
	case fees.RequestCorrection:
		a.AmountFen = 10000
	case fees.RequestInstalment:
		a.Parts = []fees.RequestPart{
			{DueOn: billingtest.Day("2026-04-15"), AmountFen: 6000},
			{DueOn: billingtest.Day("2026-05-15"), AmountFen: 6949},
		}
	}
	return a
}

func (o *officeActor) must(r fees.Request, err error) fees.Request {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

func (o *officeActor) bill(id string) fees.Bill {
	o.t.Helper()
	b, err := fees.BillByID(o.db.View(billingtest.Ctx), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

// Every kind is asked for, cannot be decided by who asked nor by another role, and
// does what it says when it is approved, nothing when it is rejected.
func TestRequestsOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, kind := range fees.RequestKinds {
		for _, approve := range []bool{true, false} {
			t.Run(kind+map[bool]string{true: " approved", false: " rejected"}[approve], func(t *testing.T) {
				t.Parallel()
				o := newOffice(t)
				r := o.must(o.svc.SubmitAsStaff(billingtest.Ctx, billingtest.Manager, o.asks(kind)))
				if _, err := o.svc.SubmitAsStaff(billingtest.Ctx, billingtest.Deputy, o.asks(kind)); !errors.Is(err, fees.ErrRequestOpen) {
					t.Errorf("asked twice: %v", err)
				}
				d := billing.Decision{RequestID: r.ID, Approve: approve, Note: "意见"}
				for who, want := range map[*office.Staff]error{
					&billingtest.Manager: billing.ErrSamePerson, &billingtest.Cashier: models.ErrForbidden,
				} {
					if _, err := o.svc.Decide(billingtest.Ctx, *who, d); !errors.Is(err, want) {
						t.Errorf("decided by %s: %v, want %v", who.Role, err, want)
					}
				}
				if _, err := o.svc.Decide(billingtest.Ctx, billingtest.Deputy, billing.Decision{
					RequestID: r.ID, Approve: approve, Note: "  ",
				}); !errors.Is(err, billing.ErrDecisionNote) {
					t.Errorf("without a note: %v", err)
				}
				before := o.bill(o.due.ID)
				got := o.must(o.svc.Decide(billingtest.Ctx, billingtest.Deputy, d))
				if got.Decided.Name != "副经理" || got.Note != "意见" || len(o.decided) != 1 {
					t.Errorf("%+v, told %v", got, o.decided)
				}
				if _, err := o.svc.Decide(billingtest.Ctx, billingtest.Deputy, d); !errors.Is(err, billing.ErrRequestDecided) {
					t.Errorf("decided twice: %v", err)
				}
				after := o.bill(o.due.ID)
				changed := after.WaivedLateFeeFen == 1947 || after.PrincipalFen == 10000 ||
					after.Status == fees.BillVoid || after.PlanID != ""
				if want := approve && kind != fees.RequestDispute && kind != fees.RequestPromise; changed != want ||
					before.EntryCount != 0 || after.Disputed {
					t.Errorf("changed %v, want %v: %+v", changed, want, after)
				}
				if _, err := o.svc.SubmitAsStaff(billingtest.Ctx, billingtest.Manager,
					o.asks(fees.RequestPromise)); kind == fees.RequestPromise && err != nil {
					t.Errorf("asked again after the decision: %v", err)
				}
				booksAgree(t, o.db)
			})
		}
	}
}

func TestWhoDecidesWhat(t *testing.T) {
	t.Parallel()
	for role, want := range map[string]string{
		office.RoleCashier: "", office.RoleSteward: "", office.RoleFinance: "waiver correction void promise ",
		office.RoleManager: "waiver correction void instalment dispute promise ",
		office.RoleAdmin:   "waiver correction void instalment dispute promise ",
	} {
		have := ""
		for _, kind := range fees.RequestKinds {
			if billing.MayDecide(office.Staff{Role: role}, kind) {
				have += kind + " "
			}
		}
		if have != want {
			t.Errorf("%s decides %q, want %q", role, have, want)
		}
	}
}

func TestOwnersAsk(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	other := modelstest.Room(t, o.db)
	theirs := modelstest.Bill(t, o.db, other)
	for name, tt := range map[string]struct {
		change func(*billing.NewRequest)
		kind   string
		want   error
	}{
		"another's room": {func(a *billing.NewRequest) { a.RoomID = other.ID }, fees.RequestPromise, models.ErrNotFound},
		"another's bill": {func(a *billing.NewRequest) { a.BillIDs = []string{theirs.ID} }, fees.RequestDispute, models.ErrNotFound},
		"no such bill":   {func(a *billing.NewRequest) { a.BillIDs = []string{models.NewID()} }, fees.RequestWaiver, models.ErrNotFound},
		"no bill":        {func(a *billing.NewRequest) { a.BillIDs = nil }, fees.RequestWaiver, billing.ErrRequestBills},
		"a correction":   {func(*billing.NewRequest) {}, fees.RequestCorrection, models.ErrForbidden},
		"a void":         {func(*billing.NewRequest) {}, fees.RequestVoid, models.ErrForbidden},
		"what about":     {func(a *billing.NewRequest) { a.Reason = "weather" }, fees.RequestDispute, billing.ErrDisputeReason},
		"no words":       {func(a *billing.NewRequest) { a.Text = " " }, fees.RequestDispute, billing.ErrRequestText},
		"today": {
			func(a *billing.NewRequest) { a.PayOn = billingtest.Day("2026-03-15") }, fees.RequestPromise, billing.ErrPromiseDay,
		},
		"some day": {
			func(a *billing.NewRequest) { a.PayOn = billingtest.Day("2026-05-15") }, fees.RequestPromise, billing.ErrPromiseDay,
		},
		"no late fee": {func(a *billing.NewRequest) { a.BillIDs = []string{o.fresh.ID} }, fees.RequestWaiver,
			billing.ErrNothingWaived},
		"above the late fee":  {func(a *billing.NewRequest) { a.AmountFen = 1948 }, fees.RequestWaiver, billing.ErrWaiverTooMuch},
		"parts do not add up": {func(a *billing.NewRequest) { a.Parts[1].AmountFen-- }, fees.RequestInstalment, billing.ErrPlanSum},
		"parts out of order": {
			func(a *billing.NewRequest) { a.Parts[1].DueOn = a.Parts[0].DueOn }, fees.RequestInstalment, billing.ErrPlanParts,
		},
		"one part":          {func(a *billing.NewRequest) { a.Parts = a.Parts[:1] }, fees.RequestInstalment, billing.ErrPlanParts},
		"a part of nothing": {func(a *billing.NewRequest) { a.Parts[0].AmountFen = 0 }, fees.RequestInstalment, billing.ErrPlanParts},
	} {
		a := o.asks(tt.kind)
		tt.change(&a)
		if _, err := o.svc.SubmitAsOwner(billingtest.Ctx, o.user, a); !errors.Is(err, tt.want) {
			t.Errorf("%s: want %v, have %v", name, tt.want, err)
		}
	}
	if list, err := fees.Requests(o.db.View(billingtest.Ctx), fees.RequestFilter{
		Scope: office.AllRooms(), Limit: 10,
	}); err != nil || len(list) != 0 {
		t.Errorf("a refusal left %v, %v", list, err)
	}
	r := o.must(o.svc.SubmitAsOwner(billingtest.Ctx, o.user, o.asks(fees.RequestDispute)))
	if !o.bill(o.due.ID).Disputed || o.bill(o.fresh.ID).Disputed {
		t.Error("the disputed bill is not marked, or another is")
	}
	o.must(o.svc.Decide(billingtest.Ctx, billingtest.Manager, billing.Decision{RequestID: r.ID, Note: "核对无误"}))
	if o.bill(o.due.ID).Disputed {
		t.Error("the mark stays after the decision")
	}
	// A plan that an owner asks for is on the company's terms.
	a := o.asks(fees.RequestInstalment)
	a.Frozen, a.BreakDays = true, 80
	if p := o.must(o.svc.SubmitAsOwner(billingtest.Ctx, o.user, a)); p.Frozen || p.BreakDays != billing.DefaultBreakDays {
		t.Errorf("the owner set the terms: %+v", p)
	}
	booksAgree(t, o.db)
}

// A steward asks for the rooms they answer for only.
func TestStewardAsksForOwnRooms(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if _, err := o.svc.SubmitAsStaff(billingtest.Ctx, billingtest.Steward, o.asks(fees.RequestWaiver)); !errors.Is(err,
		models.ErrNotFound) {
		t.Errorf("another's room: %v", err)
	}
	if _, err := o.svc.Decide(billingtest.Ctx, billingtest.Finance, billing.Decision{
		RequestID: models.NewID(), Note: "x",
	}); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("no such request: %v", err)
	}
}

// Less may be granted than was asked for, and what is due has the last word: what
// was paid meanwhile cannot be waived.
func TestWaiverAsThingsStand(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.asks(fees.RequestWaiver)
	a.AmountFen = 1500
	r := o.must(o.svc.SubmitAsOwner(billingtest.Ctx, o.user, a))
	if _, err := o.svc.Decide(billingtest.Ctx, billingtest.Finance, billing.Decision{
		RequestID: r.ID, Approve: true, Note: "同意", AmountFen: 1501,
	}); !errors.Is(err, billing.ErrWaiverTooMuch) {
		t.Errorf("more than asked: %v", err)
	}
	apply(t, o.db, o.due, estate.LateFeeFirst, 1000, "2026-03-15")
	if _, err := o.svc.Decide(billingtest.Ctx, billingtest.Finance, billing.Decision{
		RequestID: r.ID, Approve: true, Note: "同意",
	}); !errors.Is(err, billing.ErrWaiverTooMuch) {
		t.Errorf("paid meanwhile: %v", err)
	}
	o.must(o.svc.Decide(billingtest.Ctx, billingtest.Finance, billing.Decision{
		RequestID: r.ID, Approve: true, Note: "部分同意", AmountFen: 900,
	}))
	if b := o.bill(o.due.ID); b.WaivedLateFeeFen != 900 {
		t.Errorf("waived %d", b.WaivedLateFeeFen)
	}
	booksAgree(t, o.db)
}

// A hook that fails undoes the decision: no answer without its effect, no effect
// without its answer.
func TestDecisionAndAnswerAreOne(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.must(o.svc.SubmitAsOwner(billingtest.Ctx, o.user, o.asks(fees.RequestWaiver)))
	broken := errors.New("outbox full")
	o.svc.Decided = func(*store.Tx, *fees.Request) error { return broken }
	if _, err := o.svc.Decide(billingtest.Ctx, billingtest.Finance, billing.Decision{
		RequestID: r.ID, Approve: true, Note: "同意",
	}); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if now, err := fees.RequestByID(o.db.View(billingtest.Ctx),
		r.ID); err != nil || now.Status != fees.RequestOpen || o.bill(o.due.ID).WaivedLateFeeFen != 0 {
		t.Errorf("%+v, %v", now, err)
	}
}
