package modelstest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"wuyepay/models"
)

var serial atomic.Int64

// Actor is who does things in tests.
var Actor = models.SystemActor("test")

// Write runs fn in a transaction and fails the test if that fails.
func Write(t testing.TB, db *models.DB, fn func(tx *models.Tx) error) {
	t.Helper()
	if err := db.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// Community makes a community, or finds it by name.
func Community(t testing.TB, db *models.DB, name string) models.Community {
	t.Helper()
	var c models.Community
	Write(t, db, func(tx *models.Tx) (err error) {
		c, _, err = tx.EnsureCommunity(Actor, name)
		return err
	})
	return c
}

// Room makes a room of the community 测试小区 with an owner 王小明 whose phone is
// unique; with changes the room before it is kept.
func Room(t testing.TB, db *models.DB, with ...func(*models.Room)) models.Room {
	t.Helper()
	c := Community(t, db, "测试小区")
	n := serial.Add(1)
	r := models.Room{ID: models.NewID(), CommunityID: c.ID, Code: fmt.Sprintf("1-1-%d", 1000+n), Building: "1栋", Unit: "1单元",
		Number: fmt.Sprint(1000 + n), Kind: "高层住宅", Area: "137.52", Occupancy: models.Occupied, CreatedAt: db.Now(), UpdatedAt: db.Now()}
	for _, f := range with {
		f(&r)
	}
	r.CodeKey = models.RoomKey(r.Code)
	Write(t, db, func(tx *models.Tx) error { return tx.InsertRooms([]models.Room{r}) })
	Owner(t, db, r, "王小明", Phone(n))
	return r
}

// Phone is a phone number made of a small number.
func Phone(n int64) string { return fmt.Sprintf("139%08d", n) }

// Owner makes an owner who holds the room since ever.
func Owner(t testing.TB, db *models.DB, r models.Room, name, phone string) models.Owner {
	t.Helper()
	var o models.Owner
	Write(t, db, func(tx *models.Tx) error {
		o = tx.NewOwner(r.CommunityID, name, phone)
		if err := tx.InsertOwners([]models.Owner{o}); err != nil {
			return err
		}
		return tx.InsertTenures([]models.Tenure{{ID: models.NewID(), RoomID: r.ID, OwnerID: o.ID, Role: models.TenureOwner, CreatedAt: tx.Now}})
	})
	return o
}

// User makes a user bound to the rooms as owner.
func User(t testing.TB, db *models.DB, rooms ...models.Room) models.User {
	t.Helper()
	var u models.User
	Write(t, db, func(tx *models.Tx) (err error) {
		u, err = tx.EnsureUser("wxtest", fmt.Sprintf("openid-%d", serial.Add(1)), "")
		if err != nil {
			return err
		}
		for _, r := range rooms {
			if err := tx.Bind(Actor, u.ID, r.ID, models.RoleOwner, "test"); err != nil {
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
func Bill(t testing.TB, db *models.DB, r models.Room, with ...func(*models.Bill)) models.Bill {
	t.Helper()
	start := models.NewDate(2000, 1, int(serial.Add(1)))
	b := models.Bill{ID: models.NewID(), CommunityID: r.CommunityID, RoomID: r.ID, Item: "物业服务费", PeriodStart: start, PeriodEnd: start,
		IssuedOn: models.MustDate("2026-01-01"), DueOn: models.MustDate("2026-01-15"), Status: models.BillUnpaid, PrincipalFen: 11002,
		Basis: `{"kind":"area","area":"137.52","price":"0.80","months":"1"}`, Source: models.SourceRun, CreatedAt: db.Now(), UpdatedAt: db.Now()}
	b.SetLateRule(models.DefaultLateRule())
	for _, f := range with {
		f(&b)
	}
	Write(t, db, func(tx *models.Tx) error {
		if _, err := tx.InsertBills([]models.Bill{b}, false); err != nil {
			return err
		}
		return tx.Journal([]models.JournalLine{{Kind: models.JournalIssue, Debit: models.AccountReceivable, Credit: models.AccountRevenue,
			AmountFen: b.OutstandingFen(), CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID}})
	})
	return b
}
