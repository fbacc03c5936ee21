package billing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// fourRooms is a community with the rooms of the worked example of shares.
func fourRooms(t testing.TB) (*store.DB, estate.Community) {
	t.Helper()
	db := modelstest.Open(t)
	mustTake(t, db, billing.ImportRooms, roomHead+"海棠花园,1-1-101,1栋,1单元,101,,甲,,95.37,,,,,\n海棠花园,1-1-102,1栋,1单元,102,,乙,,137.52,,,,,\n"+
		"海棠花园,1-2-101,1栋,2单元,101,,丙,,88.00,,,,空置,\n海棠花园,2-1-101,2栋,1单元,101,,丁,,61.25,,,,,\n")
	c, err := estate.CommunityByName(db.View(context.Background()), "海棠花园")
	try(t, err)
	return db, c
}

func lift(c estate.Community, with ...func(*billing.Levy)) billing.Levy {
	q := billing.Levy{Kind: fees.ChargeShared, CommunityID: c.ID, Item: "公摊电费", Reason: "2026年2月电梯用电", From: day("2026-02-01"), To: day("2026-02-28"),
		AmountFen: 100000, ShareBy: fees.ShareByArea, Scope: billing.ScopeAll}
	for _, f := range with {
		f(&q)
	}
	return q
}

// charge plans and does a levy.
func charge(t testing.TB, db *store.DB, q billing.Levy) fees.Charge {
	t.Helper()
	p, err := billing.PlanLevy(context.Background(), db, q)
	try(t, err)
	c, err := billing.MakeCharge(context.Background(), db, clerk, q, p.Seen())
	try(t, err)
	try(t, billing.WorkCharge(context.Background(), db, c.ID))
	proveBooks(t, db)
	return c
}

func amounts(p billing.LevyPlan) map[string]string {
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
		q    billing.Levy
		want map[string]string
	}{
		"all by area": {lift(c), map[string]string{"1-1-101": "249.57", "1-1-102": "359.87", "1-2-101": "230.28", "2-1-101": "160.28"}},
		"all by household": {lift(c, func(q *billing.Levy) { q.ShareBy, q.AmountFen = fees.ShareByHousehold, 100001 }),
			map[string]string{"1-1-101": "250.01", "1-1-102": "250.00", "1-2-101": "250.00", "2-1-101": "250.00"}},
		"occupied ones": {lift(c, func(q *billing.Levy) { q.OccupiedOnly, q.ShareBy, q.AmountFen = true, fees.ShareByHousehold, 300 }), map[string]string{"1-1-101": "1.00", "1-1-102": "1.00", "2-1-101": "1.00"}},
		"a building":    {lift(c, func(q *billing.Levy) { q.Scope, q.Building = billing.ScopeBuilding, "2栋" }), map[string]string{"2-1-101": "1000.00"}},
		"a unit":        {lift(c, func(q *billing.Levy) { q.Scope, q.Building, q.Unit = billing.ScopeUnit, "1栋", "2单元" }), map[string]string{"1-2-101": "1000.00"}},
		"a list": {lift(c, func(q *billing.Levy) {
			q.Scope, q.RoomCodes, q.AmountFen = billing.ScopeList, []string{"1栋1单元101", "2-1-101"}, 15662
		}), map[string]string{"1-1-101": "95.37", "2-1-101": "61.25"}},
		"one-off for a list": {billing.Levy{Kind: fees.ChargeOneOff, CommunityID: c.ID, Item: "维修服务费", Reason: "换锁", From: day("2026-03-15"), AmountFen: 5000, RoomCodes: []string{"1-1-101", "2-1-101"}},
			map[string]string{"1-1-101": "50.00", "2-1-101": "50.00"}},
	} {
		p, err := billing.PlanLevy(context.Background(), db, tt.q)
		try(t, err)
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
	p, err := billing.PlanLevy(ctx, db, q)
	try(t, err)
	if _, err := billing.MakeCharge(ctx, db, clerk, q, "another"); !errors.Is(err, billing.ErrChargeChanged) {
		t.Errorf("without having seen it: %v", err)
	}
	first := charge(t, db, q)
	for range 2 { // whatever is asked again
		if _, err := billing.MakeCharge(ctx, db, clerk, q, p.Seen()); err == nil {
			t.Error("charged twice")
		}
		try(t, billing.WorkCharge(ctx, db, first.ID))
	}
	bill := func() map[string]string {
		out := map[string]string{}
		for _, line := range about(snapshot(t, db), "bill") {
			if f := strings.Fields(line); f[7] != "void" {
				out[f[0]] = strings.TrimSuffix(f[8], "-0.00") + " " + line[strings.Index(line, "{"):]
			}
		}
		return out
	}
	want := map[string]string{}
	for code, area := range map[string]string{"1-1-101": "249.57 95.37", "1-1-102": "359.87 137.52", "1-2-101": "230.28 88.00", "2-1-101": "160.28 61.25"} {
		amount, area, _ := strings.Cut(area, " ")
		want[code] = amount + ` {"kind":"shared_area","area":"` + area + `","total":"1000.00","rooms":4,"reason":"2026年2月电梯用电"}`
	}
	if diff := cmp.Diff(want, bill()); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
	other := lift(c, func(q *billing.Levy) { q.Scope, q.Building = billing.ScopeBuilding, "2栋" })
	op, err := billing.PlanLevy(ctx, db, other)
	try(t, err)
	if _, err := billing.MakeCharge(ctx, db, clerk, other, op.Seen()); !errors.Is(err, billing.ErrChargeBilled) || len(op.Billed) != 1 {
		t.Errorf("a room that is billed for these days: %v", err)
	}
	if r := generate(t, db, "2026-02"); r.Bills != 0 {
		t.Errorf("a billing run charges it again: %+v", r)
	}
	if err := billing.DecideVoidCharge(ctx, db, chief, first.ID, true); !errors.Is(err, billing.ErrChargeState) {
		t.Errorf("void without being asked for: %v", err)
	}
	try(t, billing.AskVoidCharge(ctx, db, clerk, first.ID, "总额录错"))
	if err := billing.DecideVoidCharge(ctx, db, clerk, first.ID, true); !errors.Is(err, billing.ErrSamePerson) {
		t.Errorf("who asked approves: %v", err)
	}
	try(t, billing.DecideVoidCharge(ctx, db, chief, first.ID, true))
	if _, err := billing.WorkCharges(ctx, db); err != nil {
		t.Fatal(err)
	}
	proveBooks(t, db)
	if len(bill()) != 0 {
		t.Errorf("not void: %v", bill())
	}
	charge(t, db, lift(c, func(q *billing.Levy) { q.AmountFen = 400; q.ShareBy = fees.ShareByHousehold }))
	if have := bill()["1-1-101"]; !strings.HasPrefix(have, `1.00 {"kind":"shared_household","total":"4.00","rooms":4,"weight":"1"`) {
		t.Errorf("charged anew: %s", have)
	}
}

func TestLevyRefusals(t *testing.T) {
	t.Parallel()
	db, c := fourRooms(t)
	bare := roomOf(t, db, "2-1-101")
	modelstest.Write(t, db, func(tx *store.Tx) error {
		bare.ID, bare.Code, bare.CodeKey, bare.Area, bare.Building = models.NewID(), "3-1-101", "3-1-101", "", "3栋"
		return estate.InsertRooms(tx, []estate.Room{bare})
	})
	before := snapshot(t, db)
	for name, tt := range map[string]struct {
		change func(q *billing.Levy)
		want   error
	}{
		"nothing to share":      {func(q *billing.Levy) { q.AmountFen = 0 }, billing.ErrChargeAmount},
		"less than nothing":     {func(q *billing.Levy) { q.AmountFen = -5 }, billing.ErrChargeAmount},
		"without a reason":      {func(q *billing.Levy) { q.Reason = "" }, billing.ErrChargeItem},
		"backwards":             {func(q *billing.Levy) { q.To = q.From - 1 }, billing.ErrChargeDates},
		"due yesterday":         {func(q *billing.Levy) { q.DueOn = day("2026-03-14") }, billing.ErrChargeDates},
		"no way to share":       {func(q *billing.Levy) { q.ShareBy = "" }, billing.ErrChargeScope},
		"a unit of no building": {func(q *billing.Levy) { q.Scope, q.Unit = billing.ScopeUnit, "1单元" }, billing.ErrChargeScope},
		"a room twice": {func(q *billing.Levy) {
			q.Scope, q.RoomCodes = billing.ScopeList, []string{"1-1-101", "1栋1单元101室"}
		}, billing.ErrChargeRooms},
		"a room that is not":  {func(q *billing.Levy) { q.Scope, q.RoomCodes = billing.ScopeList, []string{"9-9-999"} }, billing.ErrChargeRooms},
		"nobody takes part":   {func(q *billing.Levy) { q.Scope, q.Building = billing.ScopeBuilding, "9栋" }, billing.ErrChargeNoRoom},
		"a room without area": {func(q *billing.Levy) {}, billing.ErrChargeNoArea},
	} {
		q := lift(c, tt.change)
		p, err := billing.PlanLevy(context.Background(), db, q)
		if err == nil {
			_, err = billing.MakeCharge(context.Background(), db, clerk, q, p.Seen())
		}
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if diff := cmp.Diff(before, snapshot(t, db)); diff != "" {
		t.Errorf("something was changed:\n%s", diff)
	}
}
