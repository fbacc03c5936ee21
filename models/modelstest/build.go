package modelstest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

var serial atomic.Int64

// Actor is the actor of what tests do.
var Actor = models.SystemActor("test")

// Write runs fn in a transaction and fails the test if that fails.
func Write(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// Community returns the community of a name, and makes it if there is none.
func Community(t testing.TB, db *store.DB, name string) estate.Community {
	t.Helper()
	var c estate.Community
	Write(t, db, func(tx *store.Tx) (err error) {
		c, _, err = estate.EnsureCommunity(tx, Actor, name)
		return err
	})
	return c
}

// Room makes a room of the community 测试小区 with an owner 王小明 whose phone is
// unique; with changes the room before it is kept.
func Room(t testing.TB, db *store.DB, with ...func(*estate.Room)) estate.Room {
	t.Helper()
	c := Community(t, db, "测试小区")
	n := serial.Add(1)
	r := estate.Room{
		ID: models.NewID(), CommunityID: c.ID, Code: fmt.Sprintf("1-1-%d", 1000+n), Building: "1栋", Unit: "1单元",
		Number: fmt.Sprint(1000 + n), Kind: "高层住宅", Area: "137.52", Occupancy: estate.Occupied, CreatedAt: db.Now(), UpdatedAt: db.Now(),
	}
	for _, f := range with {
		f(&r)
	}
	r.CodeKey, r.LooseKey = models.RoomKey(r.Code), models.LooseRoomKey(r.Code)
	Write(t, db, func(tx *store.Tx) error { return estate.InsertRooms(tx, []estate.Room{r}) })
	Owner(t, db, r, "王小明", Phone(n))
	return r
}

// Phone returns a phone number made of a small number: 13900000007.
func Phone(n int64) string { return fmt.Sprintf("139%08d", n) }

// Owner makes an owner who holds the room from the beginning, with a phone in digits.
func Owner(t testing.TB, db *store.DB, r estate.Room, name, phone string) estate.Owner {
	t.Helper()
	var o estate.Owner
	Write(t, db, func(tx *store.Tx) error {
		o = estate.NewOwner(tx, r.CommunityID, name, phone)
		if err := estate.InsertOwners(tx, []estate.Owner{o}); err != nil {
			return err
		}
		t := estate.Tenure{ID: models.NewID(), RoomID: r.ID, OwnerID: o.ID, Role: estate.TenureOwner, CreatedAt: tx.Now}
		return estate.InsertTenures(tx, []estate.Tenure{t})
	})
	return o
}

// User makes a user bound to the rooms as owner.
func User(t testing.TB, db *store.DB, rooms ...estate.Room) estate.User {
	t.Helper()
	var u estate.User
	Write(t, db, func(tx *store.Tx) (err error) {
		u, err = estate.EnsureUser(tx, "wxtest", fmt.Sprintf("openid-%d", serial.Add(1)), "")
		if err != nil {
			return err
		}
		for _, r := range rooms {
			if err := estate.Bind(tx, Actor, u.ID, r.ID, estate.RoleOwner, "test"); err != nil {
				return err
			}
		}
		return nil
	})
	return u
}

// Bill makes an unpaid bill of 110.02 yuan for the room, due on 2026-01-15, with
// its line in the journal; with changes the bill before it is kept. Its period
// moves on from bill to bill, so that no two are for the same one.
func Bill(t testing.TB, db *store.DB, r estate.Room, with ...func(*fees.Bill)) fees.Bill {
	t.Helper()
	start := models.NewDate(2000, 1, int(serial.Add(1)))
	b := fees.Bill{
		ID: models.NewID(), CommunityID: r.CommunityID, RoomID: r.ID, Item: "物业服务费", PeriodStart: start, PeriodEnd: start,
		IssuedOn: models.MustDate("2026-01-01"), DueOn: models.MustDate("2026-01-15"), Status: fees.BillUnpaid, PrincipalFen: 11002,
		Basis: `{"kind":"area","area":"137.52","price":"0.80","months":"1"}`, Source: fees.SourceRun,
		CreatedAt: db.Now(), UpdatedAt: db.Now(),
	}
	b.SetLateRule(estate.DefaultLateRule())
	for _, f := range with {
		f(&b)
	}
	Write(t, db, func(tx *store.Tx) error {
		if _, err := fees.InsertBills(tx, []fees.Bill{b}, false); err != nil {
			return err
		}
		return money.Journal(tx, []money.JournalLine{{
			Kind: money.JournalIssue, Debit: money.AccountReceivable, Credit: money.AccountRevenue,
			AmountFen: b.OutstandingFen(), CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID,
		}})
	})
	return b
}
