package issuing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// fourRooms is a community with the rooms of the worked example of shares.
func fourRooms(t testing.TB) (*store.DB, estate.Community) {
	t.Helper()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms,
		billingtest.RoomHead+"海棠花园,1-1-101,1栋,1单元,101,,甲,,95.37,,,,,\n海棠花园,1-1-102,1栋,1单元,102,,乙,,137.52,,,,,\n"+
			"海棠花园,1-2-101,1栋,2单元,101,,丙,,88.00,,,,空置,\n海棠花园,2-1-101,2栋,1单元,101,,丁,,61.25,,,,,\n")
	c, err := estate.CommunityByName(db.View(context.Background()), "海棠花园")
	billingtest.NoError(t, err)
	return db, c
}

func lift(c estate.Community, with ...func(*issuing.ChargeRequest)) issuing.ChargeRequest {
	q := issuing.ChargeRequest{
		Kind: fees.ChargeShared, CommunityID: c.ID, Item: "公摊电费", Reason: "2026年2月电梯用电", From: billingtest.Day("2026-02-01"),
		To: billingtest.Day("2026-02-28"), AmountFen: 100000, ShareBy: fees.ShareByArea, Scope: issuing.ScopeAll,
	}
	for _, f := range with {
		f(&q)
	}
	return q
}

// charge plans and does a levy.
func charge(t testing.TB, db *store.DB, q issuing.ChargeRequest) fees.Charge {
	t.Helper()
	p, err := issuing.PreviewCharge(context.Background(), db, q)
	billingtest.NoError(t, err)
	c, err := issuing.MakeCharge(context.Background(), db, billingtest.Clerk, q, p.Fingerprint())
	billingtest.NoError(t, err)
	billingtest.NoError(t, issuing.WorkCharge(context.Background(), db, c.ID))
	billingtest.CheckBooks(t, db)
	return c
}

func amounts(p issuing.ChargePreview) map[string]string {
	out := map[string]string{}
	for _, x := range p.Parts {
		out[x.Room.Code] = x.AmountFen.String()
	}
	return out
}

func TestWhoTakesPart(t *testing.T) {
	t.Parallel()
	db, c := fourRooms(t)
	for name, tt := range map[string]struct {
		q    issuing.ChargeRequest
		want map[string]string
	}{
		"all by area": {lift(c), map[string]string{"1-1-101": "249.57", "1-1-102": "359.87", "1-2-101": "230.28", "2-1-101": "160.28"}},
		"all by household": {lift(c, func(q *issuing.ChargeRequest) { q.ShareBy, q.AmountFen = fees.ShareByHousehold, 100001 }),
			map[string]string{"1-1-101": "250.01", "1-1-102": "250.00", "1-2-101": "250.00", "2-1-101": "250.00"}},
		"occupied ones": {lift(c, func(q *issuing.ChargeRequest) {
			q.OccupiedOnly, q.ShareBy, q.AmountFen = true, fees.ShareByHousehold, 300
		}), map[string]string{"1-1-101": "1.00", "1-1-102": "1.00", "2-1-101": "1.00"}},
		"a building": {
			lift(c, func(q *issuing.ChargeRequest) { q.Scope, q.Building = issuing.ScopeBuilding, "2栋" }),
			map[string]string{"2-1-101": "1000.00"},
		},
		"a unit": {
			lift(c, func(q *issuing.ChargeRequest) { q.Scope, q.Building, q.Unit = issuing.ScopeUnit, "1栋", "2单元" }),
			map[string]string{"1-2-101": "1000.00"},
		},
		"a list": {lift(c, func(q *issuing.ChargeRequest) {
			q.Scope, q.RoomCodes, q.AmountFen = issuing.ScopeList, []string{"1栋1单元101", "2-1-101"}, 15662
		}), map[string]string{"1-1-101": "95.37", "2-1-101": "61.25"}},
		"one-off for a list": {
			issuing.ChargeRequest{
				Kind: fees.ChargeOneOff, CommunityID: c.ID, Item: "维修服务费", Reason: "换锁", From: billingtest.Day("2026-03-15"),
				AmountFen: 5000, RoomCodes: []string{"1-1-101", "2-1-101"},
			},
			map[string]string{"1-1-101": "50.00", "2-1-101": "50.00"},
		},
	} {
		p, err := issuing.PreviewCharge(context.Background(), db, tt.q)
		billingtest.NoError(t, err)
		if diff := cmp.Diff(tt.want, amounts(p)); diff != "" {
			t.Errorf("%s: wanted (-), had (+):\n%s", name, diff)
		}
	}
}

func TestSharedCostIsChargedOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, c := fourRooms(t)
	q := lift(c)
	p, err := issuing.PreviewCharge(ctx, db, q)
	billingtest.NoError(t, err)
	if _, err := issuing.MakeCharge(ctx, db, billingtest.Clerk, q, "another"); !errors.Is(err, issuing.ErrChargeChanged) {
		t.Errorf("without having seen it: %v", err)
	}
	first := charge(t, db, q)
	for range 2 { // whatever is asked again
		if _, err := issuing.MakeCharge(ctx, db, billingtest.Clerk, q, p.Fingerprint()); err == nil {
			t.Error("charged twice")
		}
		billingtest.NoError(t, issuing.WorkCharge(ctx, db, first.ID))
	}
	bill := func() map[string]string {
		out := map[string]string{}
		for _, line := range billingtest.LinesOf(billingtest.Snapshot(t, db), "bill") {
			if f := strings.Fields(line); f[7] != "void" {
				out[f[0]] = strings.TrimSuffix(f[8], "-0.00") + " " + line[strings.Index(line, "{"):]
			}
		}
		return out
	}
	want := map[string]string{}
	for code, area := range map[string]string{
		"1-1-101": "249.57 95.37", "1-1-102": "359.87 137.52", "1-2-101": "230.28 88.00", "2-1-101": "160.28 61.25",
	} {
		amount, area, _ := strings.Cut(area, " ")
		want[code] = amount + ` {"kind":"shared_area","area":"` + area + `","total":"1000.00","rooms":4,"reason":"2026年2月电梯用电"}`
	}
	if diff := cmp.Diff(want, bill()); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
	other := lift(c, func(q *issuing.ChargeRequest) { q.Scope, q.Building = issuing.ScopeBuilding, "2栋" })
	op, err := issuing.PreviewCharge(ctx, db, other)
	billingtest.NoError(t, err)
	if _, err := issuing.MakeCharge(ctx, db, billingtest.Clerk, other, op.Fingerprint()); !errors.Is(err,
		issuing.ErrChargeBilled) || len(op.Billed) != 1 {
		t.Errorf("a room that is billed for these days: %v", err)
	}
	if r := billingtest.Generate(t, db, "2026-02"); r.Bills != 0 {
		t.Errorf("a billing run charges it again: %+v", r)
	}
	if err := issuing.DecideVoidCharge(ctx, db, billingtest.As(billingtest.Chief, office.RoleManager), first.ID,
		true); !errors.Is(err, issuing.ErrChargeState) {
		t.Errorf("void without being asked for: %v", err)
	}
	billingtest.NoError(t, issuing.RequestVoidCharge(ctx, db, billingtest.Clerk, first.ID, "总额录错"))
	if err := issuing.DecideVoidCharge(ctx, db, billingtest.As(billingtest.Clerk, office.RoleManager), first.ID,
		true); !errors.Is(err, billing.ErrSamePerson) {
		t.Errorf("who asked approves: %v", err)
	}
	for _, role := range []string{office.RoleCashier, office.RoleSteward, office.RoleFinance} {
		if err := issuing.DecideVoidCharge(ctx, db, billingtest.As(billingtest.Chief, role), first.ID,
			true); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("a %s decides: %v", role, err)
		}
	}
	billingtest.NoError(t, issuing.DecideVoidCharge(ctx, db, billingtest.As(billingtest.Chief, office.RoleManager), first.ID, true))
	if _, err := issuing.WorkCharges(ctx, db); err != nil {
		t.Fatal(err)
	}
	billingtest.CheckBooks(t, db)
	if len(bill()) != 0 {
		t.Errorf("not void: %v", bill())
	}
	charge(t, db, lift(c, func(q *issuing.ChargeRequest) { q.AmountFen = 400; q.ShareBy = fees.ShareByHousehold }))
	if have := bill()["1-1-101"]; !strings.HasPrefix(have, `1.00 {"kind":"shared_household","total":"4.00","rooms":4,"weight":"1"`) {
		t.Errorf("charged anew: %s", have)
	}
}

func TestLevyRefusals(t *testing.T) {
	t.Parallel()
	db, c := fourRooms(t)
	bare := billingtest.RoomOf(t, db, "2-1-101")
	modelstest.Write(t, db, func(tx *store.Tx) error {
		bare.ID, bare.Code, bare.CodeKey, bare.Area, bare.Building = models.NewID(), "3-1-101", "3-1-101", "", "3栋"
		return estate.InsertRooms(tx, []estate.Room{bare})
	})
	before := billingtest.Snapshot(t, db)
	for name, tt := range map[string]struct {
		change func(q *issuing.ChargeRequest)
		want   error
	}{
		"nothing to share":      {func(q *issuing.ChargeRequest) { q.AmountFen = 0 }, issuing.ErrChargeAmount},
		"less than nothing":     {func(q *issuing.ChargeRequest) { q.AmountFen = -5 }, issuing.ErrChargeAmount},
		"without a reason":      {func(q *issuing.ChargeRequest) { q.Reason = "" }, issuing.ErrChargeItem},
		"backwards":             {func(q *issuing.ChargeRequest) { q.To = q.From - 1 }, issuing.ErrChargeDates},
		"due yesterday":         {func(q *issuing.ChargeRequest) { q.DueOn = billingtest.Day("2026-03-14") }, issuing.ErrChargeDates},
		"no way to share":       {func(q *issuing.ChargeRequest) { q.ShareBy = "" }, issuing.ErrChargeScope},
		"a unit of no building": {func(q *issuing.ChargeRequest) { q.Scope, q.Unit = issuing.ScopeUnit, "1单元" }, issuing.ErrChargeScope},
		"a room twice": {func(q *issuing.ChargeRequest) {
			q.Scope, q.RoomCodes = issuing.ScopeList, []string{"1-1-101", "1栋1单元101室"}
		}, issuing.ErrChargeRooms},
		"a room that is not": {
			func(q *issuing.ChargeRequest) { q.Scope, q.RoomCodes = issuing.ScopeList, []string{"9-9-999"} }, issuing.ErrChargeRooms,
		},
		"nobody takes part": {
			func(q *issuing.ChargeRequest) { q.Scope, q.Building = issuing.ScopeBuilding, "9栋" }, issuing.ErrChargeNoRoom,
		},
		"a room without area": {func(q *issuing.ChargeRequest) {}, issuing.ErrChargeNoArea},
	} {
		q := lift(c, tt.change)
		p, err := issuing.PreviewCharge(context.Background(), db, q)
		if err == nil {
			_, err = issuing.MakeCharge(context.Background(), db, billingtest.Clerk, q, p.Fingerprint())
		}
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if diff := cmp.Diff(before, billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("something was changed:\n%s", diff)
	}
}

// While the bills of a charge are being issued, its rooms count as billed: another charge
// for the same item and days, and a run, keep away from those that have no bill yet.
func TestChargeUnderWayCountsAsBilled(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, c := fourRooms(t)
	all := lift(c)
	p, err := issuing.PreviewCharge(ctx, db, all)
	billingtest.NoError(t, err)
	first, err := issuing.MakeCharge(ctx, db, billingtest.Clerk, all, p.Fingerprint()) // and the process dies
	billingtest.NoError(t, err)
	second := lift(c, func(q *issuing.ChargeRequest) { q.Scope, q.Building = issuing.ScopeBuilding, "2栋" })
	if p, err = issuing.PreviewCharge(ctx, db, second); err != nil || !errors.Is(p.Err(), issuing.ErrChargeBilled) || len(p.Billed) != 1 {
		t.Errorf("a second charge: %v, %v, %+v", err, p.Err(), p.Billed)
	}
	billingtest.NoError(t, issuing.WorkCharge(ctx, db, first.ID))
	billingtest.CheckBooks(t, db)
}
