package issuing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// draft makes a draft of a period for the community and works on it to the end.
func draft(t testing.TB, db *store.DB, community, period string, batch int) fees.BillingRun {
	t.Helper()
	p, err := calc.ParsePeriod(period)
	billingtest.NoError(t, err)
	c, err := estate.CommunityByName(db.View(context.Background()), community)
	billingtest.NoError(t, err)
	r, err := issuing.StartRun(context.Background(), db, billingtest.Clerk, issuing.RunRequest{CommunityID: c.ID, Period: p})
	billingtest.NoError(t, err)
	return work(t, db, r.ID, batch)
}

// work takes a run on and returns it as it stands.
func work(t testing.TB, db *store.DB, id string, batch int) fees.BillingRun {
	t.Helper()
	billingtest.NoError(t, issuing.WorkRun(context.Background(), db, id, issuing.WorkOptions{BatchRooms: batch}))
	r, err := fees.RunByID(db.View(context.Background()), id)
	billingtest.NoError(t, err)
	billingtest.CheckBooks(t, db)
	return r
}

func TestDraftIsNoBill(t *testing.T) {
	t.Parallel()
	whole, db := many(t, 30), many(t, 30)
	want := billingtest.Generate(t, whole, "2026-01")
	before := billingtest.Snapshot(t, db)
	bills, sum := 0, models.Fen(0)
	for _, c := range []string{"小区0", "小区1"} {
		r := draft(t, db, c, "2026-01", 4)
		if r.Status != fees.RunDraft || r.RoomsDone != 15 || r.RoomsTotal != 15 || r.IssuedBills != 0 || r.Batches != 4 {
			t.Errorf("%+v", r)
		}
		bills, sum = bills+r.Bills, sum+r.PrincipalFen
	}
	if bills != want.Bills || sum != want.PrincipalFen {
		t.Errorf("previewed %d bills of %s, want %d of %s", bills, sum, want.Bills, want.PrincipalFen)
	}
	if diff := cmp.Diff(before, billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("a draft changed the books:\n%s", diff)
	}
	runs, err := fees.BillingRuns(db.View(context.Background()), fees.RunFilter{Limit: 10})
	billingtest.NoError(t, err)
	for _, r := range runs {
		if _, err := issuing.StartRun(context.Background(), db, billingtest.Clerk, issuing.RunRequest{
			CommunityID: r.CommunityID, Period: want.Period,
		}); !errors.Is(err, issuing.ErrRunOpen) {
			t.Errorf("a second run beside the draft: %v", err)
		}
		billingtest.NoError(t, issuing.PublishRun(context.Background(), db, billingtest.Chief, r.ID))
		if err := issuing.PublishRun(context.Background(), db, billingtest.Chief, r.ID); !errors.Is(err, issuing.ErrRunState) {
			t.Errorf("published twice: %v", err)
		}
		p := work(t, db, r.ID, 3)
		if p.Status != fees.RunPublished || p.IssuedBills != r.Bills || p.IssuedFen != r.PrincipalFen ||
			p.IssuedBy.Name != billingtest.Chief.Name || p.MadeBy.Name != billingtest.Clerk.Name {
			t.Errorf("%+v", p)
		}
		items, err := issuing.RunItems(p)
		billingtest.NoError(t, err)
		for name, i := range items {
			if i.Bills != i.IssuedBills || i.PrincipalFen != i.IssuedFen || i.Bills == 0 {
				t.Errorf("%s: %+v", name, i)
			}
		}
	}
	if diff := cmp.Diff(billingtest.Snapshot(t, whole), billingtest.Snapshot(t, db)); diff != "" {
		t.Errorf("at once (-), draft and then published (+):\n%s", diff)
	}
}

// What is published is what was looked at: where a room has changed since, its batch
// and those after it wait until they have been looked at again.
func TestChangedSinceTheDraft(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, change := range map[string]func(tx *store.Tx, room estate.Room) error{
		"another area": func(tx *store.Tx, room estate.Room) error { room.Area = "999"; return estate.UpdateRoom(tx, room) },
		"another owner": func(tx *store.Tx, room estate.Room) error {
			o := estate.NewOwner(tx, room.CommunityID, "新业主", "")
			if err := estate.InsertOwners(tx, []estate.Owner{o}); err != nil {
				return err
			}
			return estate.InsertTenures(tx, []estate.Tenure{
				{
					ID: models.NewID(), RoomID: room.ID, OwnerID: o.ID, Role: estate.TenureOwner, FromOn: billingtest.Day("2025-01-01"),
					CreatedAt: tx.Now,
				},
			})
		},
		"one room more": func(tx *store.Tx, room estate.Room) error {
			room.ID, room.Code, room.CodeKey = models.NewID(), room.Code+"-A", room.CodeKey+"-A"
			return estate.InsertRooms(tx, []estate.Room{room})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := many(t, 20)
			r := draft(t, db, "小区0", "2026-01", 4)
			rooms, err := estate.RoomsPage(db.View(ctx), r.CommunityID, "", 100)
			billingtest.NoError(t, err)
			modelstest.Write(t, db, func(tx *store.Tx) error { return change(tx, rooms[5]) }) // in the second batch of four
			billingtest.NoError(t, issuing.PublishRun(ctx, db, billingtest.Chief, r.ID))
			stopped := work(t, db, r.ID, 4)
			if stopped.Status != fees.RunChanged || stopped.BatchesIssued != 1 || stopped.IssuedBills == 0 ||
				stopped.IssuedBills >= r.Bills || !strings.Contains(stopped.Note, "第 2 批") {
				t.Fatalf("%+v", stopped)
			}
			billingtest.NoError(t, issuing.RedraftRun(ctx, db, billingtest.Clerk, r.ID))
			again := work(t, db, r.ID, 4)
			if again.Status != fees.RunDraft || again.IssuedBills != stopped.IssuedBills || again.RoomsDone < 10 {
				t.Fatalf("%+v", again)
			}
			billingtest.NoError(t, issuing.PublishRun(ctx, db, billingtest.Chief, r.ID))
			done := work(t, db, r.ID, 4)
			if done.Status != fees.RunPublished || done.IssuedBills != done.Bills ||
				done.IssuedFen != done.PrincipalFen || done.Note != "" {
				t.Errorf("%+v", done)
			}
			if r := billingtest.Generate(t, db, "2026-01"); r.Bills != many20(t, db) {
				t.Errorf("a run afterwards adds %d bills", r.Bills)
			}
		})
	}
}

// many20 is how many bills the other community of many(20) has by now.
func many20(t testing.TB, db *store.DB) (n int) {
	t.Helper()
	c, err := estate.CommunityByName(db.View(context.Background()), "小区1")
	billingtest.NoError(t, err)
	rooms, err := estate.RoomsPage(db.View(context.Background()), c.ID, "", 100)
	billingtest.NoError(t, err)
	for _, r := range rooms {
		bills, err := fees.BillsOfRoom(db.View(context.Background()), r.ID, fees.BillFilter{Limit: 100})
		billingtest.NoError(t, err)
		n += len(bills)
	}
	return n
}

func TestRunGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	whole := many(t, 20)
	billingtest.Generate(t, whole, "2026-01")
	for stopAfter := 1; stopAfter <= 4; stopAfter++ {
		db := many(t, 20)
		for _, c := range []string{"小区0", "小区1"} {
			r := draft(t, db, c, "2026-01", 3)
			billingtest.NoError(t, issuing.PublishRun(context.Background(), db, billingtest.Chief, r.ID))
			ctx, cancel := context.WithCancel(context.Background())
			batches := 0
			err := issuing.WorkRun(ctx, db, r.ID, issuing.WorkOptions{Progress: func(issuing.GenerateResult) {
				if batches++; batches == stopAfter {
					cancel()
				}
			}})
			cancel()
			if r, _ := fees.RunByID(db.View(context.Background()),
				r.ID); stopAfter < r.Batches && (!errors.Is(err, context.Canceled) || r.Status != fees.RunPublishing) {
				t.Fatalf("stopped after %d: %+v, %v", stopAfter, r, err)
			}
		}
		if _, err := issuing.WorkRuns(context.Background(), db); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(billingtest.Snapshot(t, whole), billingtest.Snapshot(t, db)); diff != "" {
			t.Errorf("in one go (-), stopped after %d (+):\n%s", stopAfter, diff)
		}
		if left, err := fees.UnfinishedRuns(db.View(context.Background())); err != nil || len(left) > 0 {
			t.Errorf("%d runs left, %v", len(left), err)
		}
	}
}

func TestOdditiesOfADraft(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t, billingtest.Monthly, water)
	billingtest.MustImport(t, db, intake.Rooms,
		billingtest.RoomHead+"海棠花园,2-1-101,,,,高层住宅,,,80,,,,未售,\n海棠花园,2-1-102,,,,高层住宅,丙,,80,0,,,空置,\n")
	billingtest.MustImport(t, db, intake.Meters,
		billingtest.MeterHead+"1-1-101,W1,水费,0,10,1,2026-01-31\n1-1-101,W1,水费,10,20,1,2026-02-28\n2-1-101,W2,水费,0,10,1,2026-02-28\n")
	billingtest.Generate(t, db, "2026-01")
	billingtest.Generate(t, db, "2026-02")
	billingtest.MustImport(t, db, intake.Meters, billingtest.MeterHead+"1-1-101,W1,水费,20,50,1,2026-03-14\n")
	r := draft(t, db, "海棠花园", "2026-03", 2)
	have, err := issuing.RunOddities(r)
	billingtest.NoError(t, err)
	if diff := cmp.Diff(map[string]int{fees.OddHigh: 1, fees.OddNoOwner: 1, fees.OddNoReading: 1,
		fees.OddGapBefore: 2}, have); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
	lines, err := fees.OdditiesOfRun(db.View(context.Background()), r.ID, fees.OddHigh, 10)
	billingtest.NoError(t, err)
	if len(lines) != 1 || lines[0].AmountFen != 10350 || lines[0].UsualFen < 3400 || lines[0].UsualFen > 3700 ||
		lines[0].Room.Code != "1-1-101" {
		t.Errorf("%+v", lines)
	}
	billingtest.NoError(t, issuing.DiscardRun(context.Background(), db, billingtest.Clerk, r.ID))
	if r := billingtest.Generate(t, db, "2026-03"); r.Bills == 0 {
		t.Errorf("after a draft was given up: %+v", r)
	}
}

func TestStartRunRefuses(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t, billingtest.Monthly)
	c, err := estate.CommunityByName(db.View(context.Background()), "海棠花园")
	billingtest.NoError(t, err)
	for _, c := range []struct {
		q    issuing.RunRequest
		want error
	}{
		{issuing.RunRequest{CommunityID: c.ID, Period: calc.Period{Year: 2026, Month: 13}}, calc.ErrPeriod},
		{issuing.RunRequest{CommunityID: c.ID, Period: calc.Period{Year: 1999, Month: 1}}, calc.ErrPeriod},
		{issuing.RunRequest{CommunityID: c.ID, Period: calc.Period{Year: 2027, Month: 4}}, issuing.ErrRunTooSoon},
	} {
		if _, err := issuing.StartRun(context.Background(), db, billingtest.Clerk, c.q); !errors.Is(err, c.want) {
			t.Errorf("%s: have %v, want %v", c.q.Period, err, c.want)
		}
	}
}

// A bill that was made void is issued anew by running its period once more.
func TestVoidAndReissue(t *testing.T) {
	t.Parallel()
	db := billingtest.WithTariffs(t, billingtest.Monthly)
	first := draft(t, db, "海棠花园", "2026-03", 10)
	billingtest.NoError(t, issuing.PublishRun(context.Background(), db, billingtest.Chief, first.ID))
	work(t, db, first.ID, 10)
	bills, err := fees.OpenBills(db.View(context.Background()), billingtest.RoomOf(t, db, "1-1-101").ID)
	billingtest.NoError(t, err)
	modelstest.Write(t, db, func(tx *store.Tx) error {
		_, err := billing.Adjust(tx, billing.Approval{
			Asked: billingtest.Clerk, Approved: billingtest.Chief, Reason: "面积录错",
		}, billing.Adjustment{Kind: fees.EntryVoid, BillID: bills[0].ID})
		return err
	})
	billingtest.MustImport(t, db, intake.Rooms, strings.Replace(billingtest.OneRoom, "123.47", "100", 1))
	again := draft(t, db, "海棠花园", "2026-03", 10)
	if again.Bills != 1 || again.PrincipalFen != 23500 {
		t.Fatalf("%+v", again)
	}
	billingtest.NoError(t, issuing.PublishRun(context.Background(), db, billingtest.Chief, again.ID))
	work(t, db, again.ID, 10)
	open, err := fees.OpenBills(db.View(context.Background()), bills[0].RoomID)
	billingtest.NoError(t, err)
	if len(open) != 1 || open[0].PrincipalFen != 23500 || open[0].BatchID != again.ID {
		t.Errorf("%+v", open)
	}
}

// The progress of a run that was drafted anew ends at all of its rooms: those that were
// issued before it stopped stay counted, and rooms that came since are among them.
func TestProgressAfterARedraft(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := many(t, 24) // 12 in each community
	r := draft(t, db, "小区1", "2026-01", 4)
	billingtest.NoError(t, issuing.PublishRun(ctx, db, billingtest.Chief, r.ID))
	rooms, err := estate.RoomsPage(db.View(ctx), r.CommunityID, "", 100)
	billingtest.NoError(t, err)
	modelstest.Write(t, db, func(tx *store.Tx) error {
		last := rooms[len(rooms)-1]
		last.Area = "999"
		return estate.UpdateRoom(tx, last)
	})
	if r = work(t, db, r.ID, 4); r.Status != fees.RunChanged || r.RoomsDone == 0 || r.RoomsDone == 12 {
		t.Fatalf("%+v", r)
	}
	billingtest.MustImport(t, db, intake.Rooms, billingtest.RoomHead+"小区1,99-1,,,,,新来,,50,,,,,\n")
	billingtest.NoError(t, issuing.RedraftRun(ctx, db, billingtest.Clerk, r.ID))
	if r = work(t, db, r.ID, 4); r.Status != fees.RunDraft || r.RoomsDone != 13 || r.RoomsTotal != 13 {
		t.Errorf("drafted anew: %d of %d rooms", r.RoomsDone, r.RoomsTotal)
	}
	addsUp(t, r)
	billingtest.NoError(t, issuing.PublishRun(ctx, db, billingtest.Chief, r.ID))
	if r = work(t, db, r.ID, 4); r.Status != fees.RunPublished || r.RoomsDone != 13 || r.RoomsTotal != 13 {
		t.Errorf("published: %d of %d rooms", r.RoomsDone, r.RoomsTotal)
	}
	addsUp(t, r)
}
