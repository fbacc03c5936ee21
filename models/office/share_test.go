package office_test

import (
	"strings"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func TestCache(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	set := func(name, value string, ttl time.Duration) {
		modelstest.Write(t, db, func(tx *store.Tx) error { return office.CacheSet(tx, name, value, ttl) })
	}
	check := func(name, want string) {
		t.Helper()
		value, ok, err := office.CacheGet(view(db), name)
		if err != nil || value != want || ok != (want != "") {
			t.Errorf("%s is %q, %t, %v; want %q", name, value, ok, err, want)
		}
	}
	check("token", "")
	set("token", "first", time.Hour)
	set("token", "second", time.Hour)
	set("token", "second", time.Hour)
	set("other", "old", -time.Second)
	check("token", "second")
	check("other", "")
	set("other", "new", time.Hour)
	check("other", "new")
	for range 2 {
		modelstest.Write(t, db, func(tx *store.Tx) error { return office.CacheDelete(tx, "token") })
	}
	check("token", "")
	check("other", "new")
}

func TestLease(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	acquire := func(name, holder string, valid time.Duration) (ok bool) {
		modelstest.Write(t, db, func(tx *store.Tx) (err error) {
			ok, err = office.AcquireLease(tx, name, holder, valid)
			return err
		})
		return ok
	}
	release := func(name, holder string) {
		modelstest.Write(t, db, func(tx *store.Tx) error { return office.ReleaseLease(tx, name, holder) })
	}
	for i, step := range []struct {
		name, holder string
		valid        time.Duration
		want         bool
	}{
		{"sweep", "a", time.Hour, true},
		{"sweep", "b", time.Hour, false},
		{"sweep", "a", time.Hour, true}, // renewed
		{"other", "b", time.Hour, true},
		{"sweep", "a", -time.Hour, true}, // ended
		{"sweep", "b", time.Hour, true},
		{"sweep", "a", time.Hour, false},
	} {
		if have := acquire(step.name, step.holder, step.valid); have != step.want {
			t.Errorf("step %d: %s acquires %s: %t, want %t", i, step.holder, step.name, have, step.want)
		}
	}
	release("sweep", "a") // not the holder's
	if acquire("sweep", "a", time.Hour) {
		t.Error("a lease was released by somebody else")
	}
	release("sweep", "b")
	if !acquire("sweep", "a", time.Hour) {
		t.Error("a lease was not released")
	}
}

func TestJobRuns(t *testing.T) {
	t.Parallel()
	clock := modelstest.NewClock(modelstest.Start)
	db := modelstest.OpenAt(t, clock.Now)
	start := func(job, slot string) {
		modelstest.Write(t, db, func(tx *store.Tx) error { return office.StartJobRun(tx, job, slot) })
	}
	finish := func(job, slot, outcome string) {
		modelstest.Write(t, db, func(tx *store.Tx) error { return office.FinishJobRun(tx, job, slot, outcome) })
	}
	check := func(want office.JobRun) {
		t.Helper()
		have, err := office.LastJobRun(view(db), "bills")
		if err != nil || have != want {
			t.Errorf("the last run is %+v, %v; want %+v", have, err, want)
		}
	}
	check(office.JobRun{})
	start("bills", "2026-03-14")
	check(office.JobRun{}) // started is not finished
	first := db.Now()
	clock.Advance(time.Minute)
	start("bills", "2026-03-14") // again, after a crash
	again := db.Now()
	clock.Advance(time.Minute)
	finish("bills", "2026-03-14", "ok")
	done := office.JobRun{Job: "bills", Slot: "2026-03-14", StartedAt: again, FinishedAt: db.Now(), Outcome: "ok"}
	check(done)
	start("bills", "2026-03-15")
	start("other", "2026-03-16")
	finish("other", "2026-03-16", "ok")
	check(done)
	finish("bills", "2026-03-15", strings.Repeat("错", 501))
	check(office.JobRun{
		Job: "bills", Slot: "2026-03-15", StartedAt: db.Now(), FinishedAt: db.Now(), Outcome: strings.Repeat("错", 500),
	})
	start("bills", "2026-03-13")
	finish("bills", "2026-03-13", "late")
	if have, err := office.LastJobRun(view(db), "bills"); err != nil || have.Slot != "2026-03-15" || first == again {
		t.Errorf("the last slot is %s, %v", have.Slot, err)
	}
}

func TestImports(t *testing.T) {
	t.Parallel()
	clock := modelstest.NewClock(modelstest.Start)
	db := modelstest.OpenAt(t, clock.Now)
	var kept []office.Import
	for _, kind := range []string{"rooms", "arrears", "meters"} {
		i := office.Import{Kind: kind, FileName: kind + ".xlsx", SHA256: "00", RowsRead: 3, RowsAdded: 2, RowsChanged: 1, Warnings: 1}
		modelstest.Write(t, db, func(tx *store.Tx) error { return office.KeepImport(tx, modelstest.Actor, &i) })
		kept = append(kept, i)
		clock.Advance(time.Second)
	}
	list, err := office.Imports(view(db), 2)
	if err != nil || len(list) != 2 || list[0] != kept[2] || list[1] != kept[1] {
		t.Errorf("the newest two are %+v, %v", list, err)
	}
	wantActions(t, db, "import", kept[0].ID, "import.rooms")
	if !models.IsID(kept[0].ID) || kept[0].CreatedAt != models.At(modelstest.Start) {
		t.Errorf("the first is %+v", kept[0])
	}
}
