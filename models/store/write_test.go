package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// Many writers that read and then pay: each sees what the one before has done, and
// none fails with a locked database.
func TestWritersTakeTurns(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 5 {
				err := db.Write(context.Background(), func(tx *store.Tx) error {
					balance, err := money.LockPrepaid(tx, room.ID)
					if err != nil {
						return err
					}
					if balance >= 3000 { // decides on what it read
						return money.MovePrepaid(tx, room.ID, money.PrepaidOffset, -balance, "", "")
					}
					return money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 1000, "", "")
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	r, err := estate.RoomByID(db.View(context.Background()), room.ID)
	if err != nil {
		t.Fatal(err)
	}
	if r.PrepaidFen < 0 || r.PrepaidFen > 3000 {
		t.Errorf("balance %d: somebody decided on what was no longer true", r.PrepaidFen)
	}
	entries, err := money.PrepaidEntries(db.View(context.Background()), room.ID, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var sum models.Fen
	for _, e := range entries {
		sum += e.AmountFen
	}
	if len(entries) != 80 || sum != r.PrepaidFen {
		t.Errorf("%d entries sum to %d, balance %d", len(entries), sum, r.PrepaidFen)
	}
}

func TestPrepaymentNeverGoesBelowZero(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	err := db.Write(context.Background(), func(tx *store.Tx) error {
		return money.MovePrepaid(tx, room.ID, money.PrepaidOffset, -1, "", "")
	})
	if !errors.Is(err, money.ErrPrepaidShort) {
		t.Errorf("want ErrPrepaidShort, have %v", err)
	}
}

// An error, and a panic, roll everything back and leave the database usable.
func TestNothingIsHalfWritten(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	stop := errors.New("stop")
	err := db.Write(ctx, func(tx *store.Tx) error {
		if err := money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 500, "", ""); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = db.Write(ctx, func(tx *store.Tx) error {
			if err := money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 500, "", ""); err != nil {
				return err
			}
			panic("fault")
		})
	}()
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 7, "", "") })
	if r, err := estate.RoomByID(db.View(ctx), room.ID); err != nil || r.PrepaidFen != 7 {
		t.Errorf("balance %d, %v", r.PrepaidFen, err)
	}
}

func TestABillIsInOneOpenOrder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	bill := modelstest.Bill(t, db, room)
	order := func(no string) *money.Order {
		return &money.Order{No: no, UserID: "u", RoomID: room.ID, CommunityID: room.CommunityID, Merchant: "main", MchID: "1",
			AppID: "wx", OpenID: "o",
			AmountFen: 11002, Status: money.OrderPending, QuotedOn: db.Today(), CreatedAt: db.Now(), UpdatedAt: db.Now()}
	}
	results := make(chan error, 8)
	for i := range 8 {
		go func() {
			results <- db.Write(ctx, func(tx *store.Tx) error {
				return money.InsertOrder(tx, order(fmt.Sprintf("order-%d", i)), []money.OrderLine{{BillID: bill.ID, PrincipalFen: 11002}})
			})
		}()
	}
	won := 0
	for range 8 {
		switch err := <-results; {
		case err == nil:
			won++
		case !errors.Is(err, money.ErrBillClaimed):
			t.Errorf("want ErrBillClaimed, have %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d open orders hold the bill", won)
	}
}

func TestRoundFen(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]models.Fen{"110.016": 11002, "1320.192": 132019, "0.005": 1, "0.0049": 0, "-0.005": -1,
		"144.5932": 14459} {
		if have, err := models.RoundFen(decimal.RequireFromString(in)); have != want || err != nil {
			t.Errorf("RoundFen(%s) = %d, %v; want %d", in, have, err, want)
		}
	}
	if _, err := models.RoundFen(decimal.RequireFromString("1000000000.01")); err == nil {
		t.Error("an amount beyond all bounds was accepted")
	}
	if s := models.Fen(11002).String(); s != "110.02" {
		t.Errorf("110.02 yuan is written %s", s)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2026-03-15", "2024-02-29", "1999-12-31", "2000-01-01", "1900-01-01", "2192-02-29", "9999-12-31"} {
		if have := models.MustDate(s).String(); have != s {
			t.Errorf("%s reads back as %s", s, have)
		}
	}
	for _, s := range []string{"2026-02-30", "2023-02-29", "2026-3-1", "20260315", "", "1899-12-31", "2026-03-15T00:00:00Z"} {
		if d, err := models.ParseDate(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
	if n := models.MustDate("2026-03-15") - models.MustDate("2026-01-15"); n != 59 {
		t.Errorf("59 days are counted as %d", n)
	}
	// One second before midnight in Shanghai is the day before.
	start := models.MustDate("2026-03-15").Start()
	if models.DateOf(start.Add(-1)) != models.MustDate("2026-03-14") || models.DateOf(start) != models.MustDate("2026-03-15") {
		t.Error("the day does not begin at midnight in Shanghai")
	}
}
