package fees_test

import (
	"errors"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func ask(t *testing.T, db *store.DB, r estate.Room, kind string, by models.Actor, with ...func(*fees.Request)) fees.Request {
	t.Helper()
	q := fees.Request{CommunityID: r.CommunityID, RoomID: r.ID, Kind: kind, Active: r.ID, Text: "请", Asked: by}
	for _, f := range with {
		f(&q)
	}
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.InsertRequest(tx, &q) })
	return q
}

func about(bills ...string) func(*fees.Request) {
	return func(r *fees.Request) { r.BillIDs = bills }
}

func decide(t *testing.T, db *store.DB, r *fees.Request, status string) bool {
	t.Helper()
	return change(t, db, func(tx *store.Tx) (bool, error) { return fees.DecideRequest(tx, r, status, "意见", chief) })
}

// A room has one open request of a kind; of two who decide it, one does.
func TestRequest(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	a, b := modelstest.Bill(t, db, r), modelstest.Bill(t, db, r)
	asked := ask(t, db, r, fees.RequestInstalment, models.UserActor("u"), about(a.ID, b.ID), func(r *fees.Request) {
		r.Reason, r.AmountFen, r.PayOn, r.Frozen, r.BreakDays = "amount", 5, day("2026-04-01"), true, 3
		r.Parts = `[{"due_on":"2026-04-15","amount_fen":7}]`
	})
	byID := func() fees.Request {
		return read(t, db, func(tx *store.Tx) (fees.Request, error) { return fees.RequestByID(tx, asked.ID) })
	}
	equal(t, "asked", byID(), asked)
	parts, err := asked.PartList()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "parts", parts, []fees.RequestPart{{DueOn: day("2026-04-15"), AmountFen: 7}})
	again := asked
	fails(t, "again", db, fees.ErrRequestOpen, func(tx *store.Tx) error { return fees.InsertRequest(tx, &again) })
	ask(t, db, r, fees.RequestWaiver, clerk) // of another kind
	ask(t, db, modelstest.Room(t, db), fees.RequestInstalment, clerk)

	stale := asked
	if !decide(t, db, &asked, fees.RequestRejected) || decide(t, db, &stale, fees.RequestApproved) {
		t.Error("a request is decided once")
	}
	if stale.Status != fees.RequestOpen || stale.Decided.Kind != "" {
		t.Errorf("the request of who was slower: %+v", stale)
	}
	if asked.Status != fees.RequestRejected || asked.Note != "意见" || asked.Decided != chief ||
		asked.DecidedAt.IsZero() || asked.Active != asked.ID {
		t.Errorf("decided: %+v", asked)
	}
	equal(t, "decided", byID(), asked)
	equal(t, "locked", change(t, db, func(tx *store.Tx) (fees.Request, error) { return fees.LockRequest(tx, asked.ID) }), asked)
	ask(t, db, r, fees.RequestInstalment, clerk) // the subject is free

	own := ask(t, db, r, fees.RequestVoid, chief)
	fails(t, "one's own", db, nil, func(tx *store.Tx) error {
		_, err := fees.DecideRequest(tx, &own, fees.RequestApproved, "", chief)
		return err
	})
}

func TestPartListOfGarbage(t *testing.T) {
	t.Parallel()
	if list, err := (&fees.Request{}).PartList(); list != nil || err != nil {
		t.Errorf("of none: %v, %v", list, err)
	}
	if _, err := (&fees.Request{Parts: "{"}).PartList(); err == nil {
		t.Error("garbage was read")
	}
}

func TestRequestLists(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	mine, other := room(t, db, "1栋", "甲"), room(t, db, "1栋", "乙")
	b := modelstest.Bill(t, db, mine)
	names := map[string]string{}
	named := func(name string, r fees.Request) fees.Request {
		names[r.ID] = name
		return r
	}
	a := named("a", ask(t, db, mine, fees.RequestWaiver, models.UserActor("u"), about(b.ID)))
	named("b", ask(t, db, mine, fees.RequestVoid, clerk, about(b.ID)))
	c := named("c", ask(t, db, other, fees.RequestWaiver, models.UserActor("u")))
	named("d", ask(t, db, other, fees.RequestDispute, models.UserActor("v")))
	decide(t, db, &a, fees.RequestApproved)
	list := func(f fees.RequestFilter) []fees.Request {
		return pages(t, func(after string) ([]fees.Request, error) {
			if after != "" {
				f.After = after
			}
			f.Limit = 2
			return fees.Requests(db.View(bg), f)
		}, func(r fees.Request) string { return r.ID })
	}
	all := office.AllRooms()
	for name, tt := range map[string]struct {
		filter fees.RequestFilter
		want   string
	}{
		"all":                {fees.RequestFilter{Scope: all}, "d c b a"},
		"steward":            {fees.RequestFilter{Scope: steward("甲")}, "b a"},
		"no scope":           {fees.RequestFilter{}, ""},
		"asked by":           {fees.RequestFilter{Scope: all, AskedBy: "u"}, "c a"},
		"room":               {fees.RequestFilter{Scope: all, RoomID: other.ID}, "d c"},
		"kind":               {fees.RequestFilter{Scope: all, Kind: fees.RequestWaiver}, "c a"},
		"status":             {fees.RequestFilter{Scope: all, Status: fees.RequestApproved}, "a"},
		"kind and status":    {fees.RequestFilter{Scope: all, Kind: fees.RequestWaiver, Status: fees.RequestOpen}, "c"},
		"after":              {fees.RequestFilter{Scope: all, After: c.ID}, "b a"},
		"another's room":     {fees.RequestFilter{Scope: steward("甲"), RoomID: other.ID}, ""},
		"nobody of the name": {fees.RequestFilter{Scope: all, AskedBy: "x"}, ""},
	} {
		equal(t, name, each(list(tt.filter), func(r fees.Request) string { return names[r.ID] }), fields(tt.want))
	}
	got := list(fees.RequestFilter{Scope: all, RoomID: mine.ID})
	if len(got[0].BillIDs) != 1 || got[0].BillIDs[0] != b.ID || got[1].BillIDs[0] != b.ID {
		t.Errorf("without their bills: %+v", got)
	}
	own := read(t, db, func(tx *store.Tx) (fees.Request, error) { return fees.ScopedRequest(tx, steward("甲"), a.ID) })
	equal(t, "scoped", own, a)
	for _, scope := range []office.Scope{steward("乙"), steward(""), {}} {
		if _, err := fees.ScopedRequest(db.View(bg), scope, a.ID); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("of another's room: %v", err)
		}
	}
}

// A bill stays disputed until the last dispute about it is decided.
func TestDisputed(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	a, b, c := modelstest.Bill(t, db, r), modelstest.Bill(t, db, r), modelstest.Bill(t, db, r)
	subject := func(s string) func(*fees.Request) { return func(r *fees.Request) { r.Active = s } }
	first := ask(t, db, r, fees.RequestDispute, clerk, about(a.ID, b.ID), subject("1"))
	second := ask(t, db, r, fees.RequestDispute, clerk, about(b.ID), subject("2"))
	ask(t, db, r, fees.RequestWaiver, clerk, about(a.ID))
	all := []string{a.ID, b.ID, c.ID}
	disputed := func() []string {
		var out []string
		for i, id := range all {
			if read(t, db, func(tx *store.Tx) (fees.Bill, error) { return fees.BillByID(tx, id) }).Disputed {
				out = append(out, "abc"[i:i+1])
			}
		}
		return out
	}
	clearAll := func() {
		modelstest.Write(t, db, func(tx *store.Tx) error { return fees.ClearDisputed(tx, all) })
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return errors.Join(fees.SetDisputed(tx, []string{a.ID, b.ID}), fees.SetDisputed(tx, nil))
	})
	equal(t, "marked", disputed(), fields("a b"))
	clearAll()
	equal(t, "both are open", disputed(), fields("a b"))
	decide(t, db, &first, fees.RequestRejected)
	clearAll()
	equal(t, "one is open", disputed(), fields("b"))
	decide(t, db, &second, fees.RequestApproved)
	clearAll()
	equal(t, "none is open", disputed(), nil)
	list := read(t, db, func(tx *store.Tx) ([]fees.Request, error) { return fees.Disputes(tx, r.ID) })
	equal(t, "disputes", list, []fees.Request{first, second})
}

func TestPromises(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	promise := func(r estate.Room, by models.Actor, on, status string) fees.Request {
		q := ask(t, db, r, fees.RequestPromise, by, func(q *fees.Request) { q.PayOn = day(on) })
		if status != fees.RequestOpen {
			decide(t, db, &q, status)
		}
		return q
	}
	kept, byStaff, turnedDown, passed := modelstest.Room(t, db), modelstest.Room(t, db), modelstest.Room(t, db), modelstest.Room(t, db)
	promise(kept, models.UserActor("u"), "2026-05-01", fees.RequestApproved)
	last := promise(kept, models.UserActor("v"), "2026-03-31", fees.RequestOpen)
	staffs := promise(byStaff, clerk, "2026-03-31", fees.RequestApproved)
	promise(turnedDown, clerk, "2026-04-30", fees.RequestRejected)
	promise(passed, clerk, "2026-03-30", fees.RequestApproved)
	ask(t, db, turnedDown, fees.RequestWaiver, clerk, func(q *fees.Request) { q.PayOn = day("2026-04-30") })
	rooms := []string{kept.ID, byStaff.ID, turnedDown.ID, passed.ID}
	got := read(t, db, func(tx *store.Tx) (map[string]fees.Promise, error) {
		return fees.Promises(tx, rooms, day("2026-03-31"))
	})
	equal(t, "promises", got, map[string]fees.Promise{
		kept.ID:    {RequestID: last.ID, RoomID: kept.ID, UserID: "v", PayOn: day("2026-03-31"), MadeAt: last.CreatedAt},
		byStaff.ID: {RequestID: staffs.ID, RoomID: byStaff.ID, PayOn: day("2026-03-31"), MadeAt: staffs.CreatedAt},
	})
}
