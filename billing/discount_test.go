package billing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
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
			p := money.Payment{
				ID: id, Channel: money.ChannelCash, CommunityID: room.CommunityID, RoomID: room.ID, AmountFen: b.OutstandingFen(),
				Source: money.LearnedByDesk, PaidAt: tx.Now, PaidOn: billingtest.Day(on), BookedAt: tx.Now,
			}
			if err := money.InsertPayment(tx, &p); err != nil {
				return err
			}
			e := desk.DeskEntry{
				PaymentID: id, CommunityID: room.CommunityID, RoomID: room.ID, Channel: p.Channel, StaffID: "cashier", DayOn: p.PaidOn,
				FormKey: id, CreatedAt: tx.Now,
			}
			if err := desk.InsertDeskEntry(tx, &e); err != nil {
				return err
			}
			if _, err := desk.LockDeskDay(tx, desk.DeskDay{
				CommunityID: e.CommunityID, StaffID: e.StaffID, Channel: e.Channel, DayOn: e.DayOn,
			}); err != nil {
				return err
			}
			m := billing.Money{
				PaymentID: id, RoomID: room.ID, CommunityID: room.CommunityID, Debit: money.AccountCash, Settlement: estate.PrincipalFirst,
				EffectiveOn: billingtest.Day(on),
			}
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
		{name: "paid in time", cycle: yearly, handover: "", paid: "2026-03-31", periods: []string{"2026-01"}, unpaid: 0, want: 7408},
		{name: "paid a day late", cycle: yearly, handover: "", paid: "2026-04-01", periods: []string{"2026-01"}, unpaid: 0, want: 0},
		{name: "not paid", cycle: yearly, handover: "", paid: "2026-03-31", periods: []string{"2026-01"}, unpaid: 1, want: 0},
		{
			name: "four quarters paid in time", cycle: quarterly, handover: "", paid: "2026-03-20",
			periods: []string{"2026-01", "2026-04", "2026-07", "2026-10"}, unpaid: 0, want: 4 * 1852,
		},
		{
			name: "three quarters of four", cycle: quarterly, handover: "", paid: "2026-03-20",
			periods: []string{"2026-01", "2026-04", "2026-07", "2026-10"}, unpaid: 1, want: 0,
		},
		{
			name: "three quarters are no year", cycle: quarterly, handover: "", paid: "2026-03-20",
			periods: []string{"2026-01", "2026-04", "2026-07"}, unpaid: 0, want: 0,
		},
		{
			name: "handed over inside the year", cycle: yearly, handover: "2026-02-01", paid: "2026-03-20", periods: []string{"2026-02"},
			unpaid: 0, want: 0,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			clock := modelstest.NewClock(time.Date(2026, 3, 15, 10, 0, 0, 0, models.Shanghai))
			db := modelstest.OpenAt(t, clock.Now)
			handover := "2020-05-02"
			if c.handover != "" {
				handover = c.handover
			}
			billingtest.MustImport(t, db, intake.Rooms, strings.Replace(billingtest.OneRoom, "2020-05-02", handover, 1))
			billingtest.MustImport(t, db, intake.Tariffs,
				strings.TrimSuffix(billingtest.TariffHead, "\n")+",年付优惠,优惠截止\n海棠花园,物业服务费,,按面积,1,,"+c.cycle+",5%,3月31日\n")
			for _, p := range c.periods {
				billingtest.Generate(t, db, p)
			}
			room := billingtest.RoomOf(t, db, "1-1-101")
			bills, err := fees.OpenBills(db.View(context.Background()), room.ID)
			billingtest.NoError(t, err)
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
			billingtest.NoError(t, err)
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
