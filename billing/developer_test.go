package billing_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"wuyepay/billing"
	"wuyepay/billing/statement"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

const developerName = "福州某某置业有限公司"

// unsold makes an unsold room that nobody owns.
func unsold(t *testing.T, db *store.DB, code string) estate.Room {
	t.Helper()
	c := modelstest.Community(t, db, "测试小区")
	r := estate.Room{ID: models.NewID(), CommunityID: c.ID, Code: code, CodeKey: models.RoomKey(code), Kind: "高层住宅", Area: "88.00",
		Occupancy: estate.Unsold, CreatedAt: db.Now(), UpdatedAt: db.Now()}
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.InsertRooms(tx, []estate.Room{r}) })
	return r
}

func registered(t *testing.T, db *store.DB, with ...func(*billing.DeveloperForm)) (estate.Developer, int) {
	t.Helper()
	f := billing.DeveloperForm{CommunityID: modelstest.Community(t, db, "测试小区").ID, Name: developerName, Contact: "林工",
		Phone: "059187654321"}
	for _, w := range with {
		w(&f)
	}
	d, n, err := billing.RegisterDeveloper(context.Background(), db, modelstest.Actor, f)
	if err != nil {
		t.Fatal(err)
	}
	return d, n
}

func holderOf(t *testing.T, db *store.DB, r estate.Room) string {
	t.Helper()
	list, err := estate.RoomOwners(db.View(context.Background()), r.ID, db.Today())
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		return ""
	}
	return list[0].ID
}

func TestDeveloperHoldsTheUnsoldRooms(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	ctx := context.Background()
	free, named, sold := unsold(t, db, "9-1-101"), unsold(t, db, "9-1-102"), unsold(t, db, "9-1-103")
	byName := modelstest.Owner(t, db, named, developerName, "") // a file has made a record for the room
	buyer := modelstest.Owner(t, db, sold, "王小明", "")
	occupied := modelstest.Room(t, db)
	nobody := modelstest.Bill(t, db, free)
	theirs := modelstest.Bill(t, db, named, func(b *fees.Bill) { b.OwnerID = byName.ID })
	d, n := registered(t, db)
	if n != 2 || holderOf(t, db, free) != d.OwnerID || holderOf(t, db, named) != d.OwnerID || holderOf(t, db, sold) != buyer.ID ||
		holderOf(t, db, occupied) == d.OwnerID {
		t.Errorf("%d rooms are the developer's", n)
	}
	for _, b := range []fees.Bill{nobody, theirs} {
		if now, err := fees.BillByID(db.View(ctx), b.ID); err != nil || now.OwnerID != d.OwnerID {
			t.Errorf("%v: a bill is owed by %q", err, now.OwnerID)
		}
	}
	if _, _, err := billing.RegisterDeveloper(ctx, db, modelstest.Actor, billing.DeveloperForm{CommunityID: d.CommunityID,
		Name: "另一家"}); !errors.Is(err, estate.ErrDeveloperExists) {
		t.Errorf("a second developer: %v", err)
	}
	later := unsold(t, db, "9-1-104")
	if n, err := billing.HoldUnsoldNow(ctx, db, modelstest.Actor, d.CommunityID); err != nil || n != 1 || holderOf(t, db,
		later) != d.OwnerID {
		t.Errorf("a room that came later: %d, %v", n, err)
	}
	if n, err := billing.HoldUnsoldNow(ctx, db, modelstest.Actor, d.CommunityID); err != nil || n != 0 {
		t.Errorf("again: %d, %v", n, err)
	}
	if err := billing.ChangeDeveloper(ctx, db, modelstest.Actor, d.OwnerID, billing.DeveloperForm{Name: "改名置业",
		Contact: "陈工"}); err != nil {
		t.Fatal(err)
	}
	o, err := estate.OwnerByID(db.View(ctx), d.OwnerID)
	now, err2 := estate.DeveloperOf(db.View(ctx), d.CommunityID)
	if err != nil || err2 != nil || o.Name != "改名置业" || now.Contact != "陈工" {
		t.Errorf("changed %+v %+v %v %v", o, now, err, err2)
	}
	if _, err := billing.HoldUnsoldNow(ctx, db, modelstest.Actor, modelstest.Community(t, db, "别的小区").ID); !errors.Is(err,
		billing.ErrDeveloperMissing) {
		t.Errorf("a community without one: %v", err)
	}
}

// Bills from before the developer's first day stay as they are.
func TestDeveloperFromADay(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := unsold(t, db, "9-1-101")
	early := modelstest.Bill(t, db, r, func(b *fees.Bill) {
		b.PeriodStart, b.PeriodEnd = models.MustDate("2025-12-01"), models.MustDate("2025-12-31")
	})
	late := modelstest.Bill(t, db, r, func(b *fees.Bill) {
		b.PeriodStart, b.PeriodEnd = models.MustDate("2026-02-01"), models.MustDate("2026-02-28")
	})
	d, _ := registered(t, db, func(f *billing.DeveloperForm) { f.FromOn = models.MustDate("2026-01-01") })
	for id, want := range map[string]string{early.ID: "", late.ID: d.OwnerID} {
		if b, err := fees.BillByID(db.View(context.Background()), id); err != nil || b.OwnerID != want {
			t.Errorf("%v: the bill of %s is owed by %q, want %q", err, b.PeriodStart, b.OwnerID, want)
		}
	}
}

func TestDevelopersThatCannotBeRight(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	c := modelstest.Community(t, db, "测试小区")
	for name, x := range map[string]struct {
		form billing.DeveloperForm
		want error
	}{
		"no name": {billing.DeveloperForm{CommunityID: c.ID, Name: " "}, billing.ErrDeveloperName},
		"phone":   {billing.DeveloperForm{CommunityID: c.ID, Name: "某置业", Phone: "123"}, billing.ErrOwnerPhone},
		"future":  {billing.DeveloperForm{CommunityID: c.ID, Name: "某置业", FromOn: models.MustDate("2062-01-01")}, billing.ErrDeveloperFrom},
		"nowhere": {billing.DeveloperForm{CommunityID: models.NewID(), Name: "某置业"}, models.ErrNotFound},
	} {
		if _, _, err := billing.RegisterDeveloper(context.Background(), db, modelstest.Actor, x.form); !errors.Is(err, x.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The statement of the party is the sum of those of its rooms, also of one that is sold.
func TestPartyStatementAddsUp(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	ctx := context.Background()
	var rooms []estate.Room
	for i := range 4 {
		rooms = append(rooms, unsold(t, db, fmt.Sprintf("9-1-%d", 101+i)))
		for range i {
			modelstest.Bill(t, db, rooms[i])
		}
	}
	d, _ := registered(t, db)
	if _, err := billing.Transfer(ctx, db, modelstest.Actor, billing.TransferRequest{RoomID: rooms[3].ID, On: db.Today(), Name: "李新",
		Phone: "13700000001", PrepaidTo: estate.PrepaidStays}); err != nil {
		t.Fatal(err)
	}
	view := db.View(ctx)
	from, to := statement.Year(2026, view.Today())
	p, err := statement.OfParty(view, d.OwnerID, from, to)
	if err != nil || len(p.Rooms) != 4 {
		t.Fatal(err, len(p.Rooms))
	}
	var opening, charge, paid, late, closing models.Fen
	for _, s := range p.Rooms {
		opening, charge, paid, late, closing = opening+s.OpeningFen, charge+s.ChargeFen, paid+s.PaidFen, late+s.LateDueFen,
			closing+s.ClosingFen
	}
	owed, err := billing.PartyArrears(view, d.OwnerID)
	if err != nil || p.OpeningFen != opening || p.ChargeFen != charge || p.PaidFen != paid || p.LateDueFen != late ||
		p.ClosingFen != closing ||
		p.ClosingFen != owed.TotalFen || p.ChargeFen != 6*11002 {
		t.Errorf("%v: the statement closes with %s, its rooms with %s, and %s are owed; charged %s", err, p.ClosingFen, closing,
			owed.TotalFen, p.ChargeFen)
	}
}
