package billing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// payWhole pays bills in full, by money that counts from a day.
func payWhole(t testing.TB, db *store.DB, room estate.Room, on string, bills ...fees.Bill) {
	t.Helper()
	modelstest.Write(t, db, func(tx *store.Tx) error {
		for _, b := range bills {
			id := models.NewID()
			p := money.Payment{ID: id, Channel: money.ChannelCash, CommunityID: room.CommunityID, RoomID: room.ID, AmountFen: b.OutstandingFen(),
				Source: money.LearnedByDesk, PaidAt: tx.Now, PaidOn: day(on), BookedAt: tx.Now}
			if err := money.InsertPayment(tx, &p); err != nil {
				return err
			}
			e := desk.DeskEntry{PaymentID: id, CommunityID: room.CommunityID, RoomID: room.ID, Channel: p.Channel, StaffID: "cashier", DayOn: p.PaidOn, FormKey: id, CreatedAt: tx.Now}
			if err := desk.InsertDeskEntry(tx, &e); err != nil {
				return err
			}
			if _, err := desk.LockDeskDay(tx, desk.DeskDay{CommunityID: e.CommunityID, StaffID: e.StaffID, Channel: e.Channel, DayOn: e.DayOn}); err != nil {
				return err
			}
			m := billing.Money{PaymentID: id, RoomID: room.ID, CommunityID: room.CommunityID, Debit: money.AccountCash, Settlement: estate.PrincipalFirst, EffectiveOn: day(on)}
			if _, err := billing.Apply(tx, m, []billing.Portion{{BillID: b.ID, Amount: b.OutstandingFen()}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// A year of 1481.64 with 5 % off until 31 March.
func TestEarlyPaymentDiscount(t *testing.T) {
	t.Parallel()
	yearly, quarterly := "年,15,0,0,,2023-01-01,", "季,15,0,0,,2023-01-01,"
	for _, c := range []struct {
		name, cycle, handover, paid string
		periods                     []string
		unpaid                      int // bills left unpaid
		want                        models.Fen
	}{
		{"paid in time", yearly, "", "2026-03-31", []string{"2026-01"}, 0, 7408},
		{"paid a day late", yearly, "", "2026-04-01", []string{"2026-01"}, 0, 0},
		{"not paid", yearly, "", "2026-03-31", []string{"2026-01"}, 1, 0},
		{"four quarters paid in time", quarterly, "", "2026-03-20", []string{"2026-01", "2026-04", "2026-07", "2026-10"}, 0, 4 * 1852},
		{"three quarters of four", quarterly, "", "2026-03-20", []string{"2026-01", "2026-04", "2026-07", "2026-10"}, 1, 0},
		{"three quarters are no year", quarterly, "", "2026-03-20", []string{"2026-01", "2026-04", "2026-07"}, 0, 0},
		{"handed over inside the year", yearly, "2026-02-01", "2026-03-20", []string{"2026-02"}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			clock := modelstest.NewClock(time.Date(2026, 3, 15, 10, 0, 0, 0, models.Shanghai))
			db := modelstest.OpenAt(t, clock.Now)
			handover := "2020-05-02"
			if c.handover != "" {
				handover = c.handover
			}
			mustTake(t, db, billing.ImportRooms, strings.Replace(oneRoom, "2020-05-02", handover, 1))
			mustTake(t, db, billing.ImportTariffs, strings.TrimSuffix(tariffHead, "\n")+",年付优惠,优惠截止\n海棠花园,物业服务费,,按面积,1,,"+c.cycle+",5%,3月31日\n")
			for _, p := range c.periods {
				generate(t, db, p)
			}
			room := roomOf(t, db, "1-1-101")
			bills, err := fees.OpenBills(db.View(context.Background()), room.ID)
			try(t, err)
			payWhole(t, db, room, c.paid, bills[c.unpaid:]...)
			clock.Set(time.Date(2026, 4, 2, 2, 0, 0, 0, models.Shanghai))
			for _, want := range []models.Fen{c.want, 0} { // granting again grants nothing
				r, err := billing.GrantDiscounts(context.Background(), db, models.SystemActor("discounts"))
				if err != nil || r.DiscountFen != want {
					t.Errorf("granted %+v, %v; want %s", r, err, want)
				}
			}
			booksAgree(t, db)
			if have := prepaidOf(t, db, room.ID); have != c.want {
				t.Errorf("%s of prepayment, want %s", have, c.want)
			}
			list, err := fees.BillsOfRoom(db.View(context.Background()), room.ID, fees.BillFilter{Limit: 10})
			try(t, err)
			sum := models.Fen(0)
			for _, b := range list {
				sum += b.DiscountFen
			}
			if sum != c.want {
				t.Errorf("discount of %s on the bills, want %s", sum, c.want)
			}
		})
	}
}
