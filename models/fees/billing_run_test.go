package fees_test

import (
	"errors"
	"testing"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

func newRun(t *testing.T, db *store.DB, community, period string) (fees.BillingRun, bool) {
	t.Helper()
	r := fees.BillingRun{CommunityID: community, Period: period, Status: fees.RunDrafting, Items: "{}", Oddities: "{}"}
	made := change(t, db, func(tx *store.Tx) (bool, error) { return fees.InsertRun(tx, clerk, &r) })
	return r, made
}

// A community has one run open for a period, until it is published or discarded.
func TestOneRunAtATime(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	c := modelstest.Room(t, db).CommunityID
	modelstest.Room(t, db)
	for _, end := range []string{fees.RunPublished, fees.RunDiscarded} {
		r, made := newRun(t, db, c, "2026-03")
		if !made || r.RoomsTotal != 2 || r.MadeBy != clerk || r.IssuedBy.Kind != "" {
			t.Errorf("the first run, %v: %+v", made, r)
		}
		if _, made := newRun(t, db, c, "2026-03"); made {
			t.Error("a second run of one period")
		}
		other, made := newRun(t, db, c, map[string]string{fees.RunPublished: "2026-04", fees.RunDiscarded: "2026-05"}[end])
		if !made {
			t.Error("no run of another period")
		}
		open := read(t, db, func(tx *store.Tx) (fees.BillingRun, error) { return fees.OpenRun(tx, c, "2026-03") })
		equal(t, "open", open, r)
		r.Status, r.IssuedBy, r.Note, r.PublishedAt = end, chief, "完", db.Now()
		r.AfterKey, r.RoomsDone, r.Batches, r.BatchesIssued, r.Bills, r.PrincipalFen = "k", 1, 2, 3, 4, 5
		r.IssuedBills, r.IssuedFen, r.OffsetFen, r.Billed, r.Items, r.Oddities, r.DraftedAt = 6, 7, 8, 9, `{"a":1}`, `{"b":2}`, db.Now()
		for range 2 { // the second time nothing changes, and that is no fault
			modelstest.Write(t, db, func(tx *store.Tx) error { return fees.UpdateRun(tx, &r) })
		}
		if r.OpenKey != nil {
			t.Error("a finished run holds its period")
		}
		equal(t, "written", read(t, db, func(tx *store.Tx) (fees.BillingRun, error) { return fees.RunByID(tx, r.ID) }), r)
		equal(t, "locked", change(t, db, func(tx *store.Tx) (fees.BillingRun, error) { return fees.LockRun(tx, other.ID) }), other)
	}
	actions, err := modelstest.Rows(bg, db,
		"SELECT action, actor_id, detail FROM audit WHERE action LIKE 'billing_run%' ORDER BY id LIMIT 1")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "audit", actions, []string{`billing_run.made clerk {"at_once":false,"catch_up":false,"period":"2026-03"}`})
}

func TestBillingRunLists(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	c, other := modelstest.Community(t, db, "测试小区").ID, modelstest.Community(t, db, "别的小区").ID
	var all []string
	for i, s := range []string{fees.RunDrafting, fees.RunDraft, fees.RunPublishing, fees.RunChanged, fees.RunPublished} {
		r, _ := newRun(t, db, c, numbered("2026", i))
		r.Status = s
		modelstest.Write(t, db, func(tx *store.Tx) error { return fees.UpdateRun(tx, &r) })
		all = append([]string{r.ID}, all...)
	}
	strange, _ := newRun(t, db, other, "2026-01")
	id := func(r fees.BillingRun) string { return r.ID }
	list := func(community string) []string {
		return each(pages(t, func(after string) ([]fees.BillingRun, error) {
			return fees.BillingRuns(db.View(bg), fees.RunFilter{CommunityID: community, After: after, Limit: 2})
		}, id), id)
	}
	equal(t, "of a community", list(c), all)
	equal(t, "of all", list(""), append([]string{strange.ID}, all...))
	unfinished := read(t, db, fees.UnfinishedRuns)
	equal(t, "unfinished", each(unfinished, id), []string{all[4], all[2], strange.ID})
}

// The parts of a draft are issued in order, each once; what is dropped is drafted anew.
func TestBillingBatches(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	run, _ := newRun(t, db, room.CommunityID, "2026-03")
	part := func(seq int, after, last string) fees.BillingBatch {
		return fees.BillingBatch{
			RunID: run.ID, Seq: seq, AfterKey: after, LastKey: last, Rooms: 10 + seq, Bills: 2, PrincipalFen: 300, Digest: "d",
		}
	}
	parts := []fees.BillingBatch{part(1, "", "1-1-101"), part(2, "1-1-101", "1-1-201"), part(3, "1-1-201", "")}
	odd := []fees.BillingOddity{
		{RunID: run.ID, Kind: fees.OddNoOwner, RoomID: room.ID},
		{RunID: run.ID, Kind: fees.OddHigh, RoomID: room.ID, Item: "水费", AmountFen: 900, UsualFen: 300, Detail: "三倍"},
	}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return errors.Join(fees.InsertBatch(tx, parts[1]), fees.InsertBatch(tx, parts[0]), fees.InsertBatch(tx, parts[2]),
			fees.InsertOddities(tx, odd))
	})
	next := func() fees.BillingBatch {
		return read(t, db, func(tx *store.Tx) (fees.BillingBatch, error) { return fees.NextBatch(tx, run.ID) })
	}
	upTo := func() string {
		return read(t, db, func(tx *store.Tx) (string, error) {
			key, rooms, err := fees.IssuedUpTo(tx, run.ID)
			return key + numbered(" ", rooms), err
		})
	}
	equal(t, "first", next(), parts[0])
	equal(t, "issued", upTo(), " 000")
	mark := func(tx *store.Tx) error { return fees.MarkBatchIssued(tx, parts[0]) }
	modelstest.Write(t, db, mark)
	fails(t, "issued twice", db, nil, mark)
	equal(t, "second", next(), parts[1])
	equal(t, "issued", upTo(), "1-1-101 011")
	lines := func(kind string, limit int) []string {
		list := read(t, db, func(tx *store.Tx) ([]fees.OddityLine, error) { return fees.OdditiesOfRun(tx, run.ID, kind, limit) })
		return each(list, func(l fees.OddityLine) string {
			return l.Kind + " " + l.Item + " " + l.AmountFen.String() + " " + l.Room.Code
		})
	}
	equal(t, "oddities", lines("", 9), []string{"high 水费 9.00 " + room.Code, "no_owner  0.00 " + room.Code})
	equal(t, "of a kind", lines(fees.OddNoOwner, 9), []string{"no_owner  0.00 " + room.Code})
	equal(t, "one of them", lines("", 1), []string{"high 水费 9.00 " + room.Code})
	modelstest.Write(t, db, func(tx *store.Tx) error { return fees.DropDraft(tx, run.ID) })
	if _, err := fees.NextBatch(db.View(bg), run.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("after the draft was dropped: %v", err)
	}
	equal(t, "issued stays", upTo(), "1-1-101 011")
	equal(t, "no oddities", lines("", 9), nil)
}
