package billing_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// agreeButRefunds is booksAgree without the rules that need the rows of refunds:
// package payment, which makes those, proves them.
func agreeButRefunds(t testing.TB, db *store.DB) {
	t.Helper()
	tx := db.View(context.Background())
	found, err := proof.Check(tx)
	billingtest.NoError(t, err)
	late, err := billing.CheckLateFees(tx)
	billingtest.NoError(t, err)
	for _, v := range append(found, late...) {
		if !strings.HasPrefix(v.Rule, "a payment is its allocations") {
			t.Errorf("the books: %s", v)
		}
	}
}

func paymentOn(t testing.TB, db *store.DB, billID string) string {
	t.Helper()
	list, err := money.AllocationsOf(db.View(context.Background()), []string{billID})
	billingtest.NoError(t, err)
	return list[billID][0].PaymentID
}

func undo(db *store.DB, room estate.Room, paymentID string, credited bool, shares ...billing.PaidShare) error {
	return db.Write(context.Background(), func(tx *store.Tx) error {
		return billing.Unapply(tx, billing.UnapplyRequest{
			RefundNo: models.NewID(), PaymentID: paymentID, CommunityID: room.CommunityID, RoomID: room.ID, Credit: money.AccountWechat,
			Credited: credited,
			Approval: billing.Approval{
				Asked: models.Actor{Kind: models.ActorStaff, ID: "a"}, Approved: models.Actor{Kind: models.ActorStaff, ID: "b"},
				Reason: "退款",
			},
		}, shares)
	})
}

// A year of four quarters was paid early and earned its discount, credited to
// prepayment. A part of one quarter goes back: all four lose the discount; what of
// it is still in prepayment settles them again, the rest is owed.
func TestUndoLosesDiscount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		spent      models.Fen // of the prepayment, before
		wantOwed   models.Fen // of principal, over the four bills
		wantCredit models.Fen
	}{
		{"still in prepayment", 0, 10000, 0},
		{"partly spent", 5000, 15000, 0},
		{"all spent", 7408, 17408, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			clock := modelstest.NewClock(time.Date(2026, 3, 15, 10, 0, 0, 0, models.Shanghai))
			db := modelstest.OpenAt(t, clock.Now)
			billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
			billingtest.MustImport(t, db, intake.Tariffs,
				strings.TrimSuffix(billingtest.TariffHead, "\n")+",年付优惠,优惠截止\n海棠花园,物业服务费,,按面积,1,,季,15,0,0,,2023-01-01,,5%,3月31日\n")
			for _, p := range []string{"2026-01", "2026-04", "2026-07", "2026-10"} {
				billingtest.Generate(t, db, p)
			}
			room := billingtest.RoomOf(t, db, "1-1-101")
			bills, err := fees.OpenBills(db.View(context.Background()), room.ID)
			billingtest.NoError(t, err)
			payWhole(t, db, room, "2026-03-20", bills...)
			clock.Set(time.Date(2026, 4, 2, 2, 0, 0, 0, models.Shanghai))
			if _, err := billing.GrantDiscounts(context.Background(), db, models.SystemActor("discounts")); err != nil {
				t.Fatal(err)
			}
			if c.spent > 0 {
				extra := modelstest.Bill(t, db, room, func(b *fees.Bill) { b.Item, b.PrincipalFen = "水费", c.spent })
				modelstest.Write(t, db, func(tx *store.Tx) error { return billing.OffsetPrepaid(tx, &extra) })
			}
			payment := paymentOn(t, db, bills[1].ID)
			share := billing.PaidShare{BillID: bills[1].ID, PrincipalFen: 10000}
			preview, err := billing.PreviewUnapply(db.View(context.Background()),
				billing.UnapplyRequest{PaymentID: payment, RoomID: room.ID, Credit: money.AccountWechat}, []billing.PaidShare{share})
			if err != nil || len(preview) != 4 {
				t.Fatalf("%d bills change, %v", len(preview), err)
			}
			billingtest.NoError(t, undo(db, room, payment, false, share))
			agreeButRefunds(t, db)
			owed, discount := models.Fen(0), models.Fen(0)
			for i, want := range preview {
				b, err := fees.BillByID(db.View(context.Background()), want.Before.ID)
				billingtest.NoError(t, err)
				if b.OutstandingFen() != want.After.OutstandingFen() || b.Status != want.After.Status {
					t.Errorf("bill %d owes %s and is %s, the preview says %s and %s", i, b.OutstandingFen(), b.Status,
						want.After.OutstandingFen(), want.After.Status)
				}
				owed, discount = owed+b.OutstandingFen(), discount+b.DiscountFen
			}
			if owed != c.wantOwed || discount != 0 || prepaidOf(t, db, room.ID) != c.wantCredit {
				t.Errorf("owed %s, discount %s, prepaid %s", owed, discount, prepaidOf(t, db, room.ID))
			}
		})
	}
}

func TestUndoRefuses(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	a, b := modelstest.Bill(t, db, room), modelstest.Bill(t, db, room)
	payWhole(t, db, room, "2026-01-10", a, b)
	payment := paymentOn(t, db, a.ID)
	for name, s := range map[string]billing.PaidShare{
		"more principal": {BillID: a.ID, PrincipalFen: a.PrincipalFen + 1},
		"more late fee":  {BillID: a.ID, LateFeeFen: 1},
		"another's":      {BillID: b.ID, PrincipalFen: 1},
		"negative":       {BillID: a.ID, PrincipalFen: -1},
	} {
		if err := undo(db, room, payment, false, s); !errors.Is(err, billing.ErrShareGone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	billingtest.NoError(t, undo(db, room, payment, false, billing.PaidShare{BillID: a.ID, PrincipalFen: a.PrincipalFen}))
	if err := undo(db, room, payment, false, billing.PaidShare{BillID: a.ID, PrincipalFen: 1}); !errors.Is(err, billing.ErrShareGone) {
		t.Errorf("twice: %v", err)
	}
	agreeButRefunds(t, db)
}

// Whatever was paid when, and whatever of it goes back: a bill looks as if that part
// had never been paid, or, credited, as if nothing had gone back.
func TestUndoIsAsIfNeverPaid(t *testing.T) {
	t.Parallel()
	clock := modelstest.NewClock(time.Date(2026, 3, 15, 10, 0, 0, 0, models.Shanghai))
	db := modelstest.OpenAt(t, clock.Now)
	room := modelstest.Room(t, db)
	rapid.Check(t, func(rt *rapid.T) {
		due := billingtest.Day("2026-01-15")
		bill := modelstest.Bill(t, db, room, func(b *fees.Bill) { b.Item = models.NewID()[:20] })
		today := due + models.Date(rapid.IntRange(1, 20).Draw(rt, "first day"))
		paid := map[models.Date]models.Fen{} // principal that counts from a day
		latePaid := models.Fen(0)
		var payments []string
		for range rapid.IntRange(1, 3).Draw(rt, "payments") {
			today += models.Date(rapid.IntRange(0, 9).Draw(rt, "days"))
			clock.Set(today.Start().Add(10 * time.Hour))
			amount := models.Fen(rapid.IntRange(1, 6000).Draw(rt, "amount"))
			id := models.NewID()
			modelstest.Write(t, db, func(tx *store.Tx) error {
				left, err := billing.Apply(tx, billing.Money{
					PaymentID: id, RoomID: room.ID, CommunityID: room.CommunityID, Debit: money.AccountWechat,
					Settlement: estate.LateFeeFirst, EffectiveOn: today,
				}, []billing.Portion{{BillID: bill.ID, Amount: amount}})
				amount -= left
				return err
			})
			shares, err := billing.SharesOf(db.View(context.Background()), id)
			billingtest.NoError(t, err)
			if len(shares) == 0 {
				continue // it was settled
			}
			payments = append(payments, id)
			paid[today] += shares[0].PrincipalFen
			latePaid += shares[0].LateFeeFen
		}
		today += models.Date(rapid.IntRange(0, 40).Draw(rt, "until"))
		clock.Set(today.Start().Add(10 * time.Hour))
		id := rapid.SampledFrom(payments).Draw(rt, "payment")
		shares, err := billing.SharesOf(db.View(context.Background()), id)
		billingtest.NoError(t, err)
		s := billing.PaidShare{
			BillID: bill.ID, PrincipalFen: models.Fen(rapid.Int64Range(0, int64(shares[0].PrincipalFen)).Draw(rt, "principal")),
			LateFeeFen: models.Fen(rapid.Int64Range(0, int64(shares[0].LateFeeFen)).Draw(rt, "late fee")),
		}
		credited := rapid.Bool().Draw(rt, "credited")
		if s.TotalFen() == 0 {
			return
		}
		list, err := money.AllocationsOfPayment(db.View(context.Background()), id)
		billingtest.NoError(t, err)
		billingtest.NoError(t, undo(db, room, id, credited, s))
		if !credited {
			paid[list[0].EffectiveOn] -= s.PrincipalFen
			latePaid -= s.LateFeeFen
		}
		owed, sum := bill.PrincipalFen, decimal.Zero
		for d := due + 1; d <= today; d++ {
			sum = sum.Add(owed.Yuan().Mul(decimal.RequireFromString(bill.LateRate)))
			owed -= paid[d] // the day itself counts on the old principal
		}
		accrued, err := models.RoundFen(sum)
		billingtest.NoError(t, err)
		b, err := fees.BillByID(db.View(context.Background()), bill.ID)
		billingtest.NoError(t, err)
		states, err := billing.States(db.View(context.Background()), []fees.Bill{b}, today)
		billingtest.NoError(t, err)
		if st := states[0]; st.OutstandingFen() != owed || st.Late.Accrued != accrued || st.PaidLateFeeFen != latePaid ||
			st.LateDueFen != max(0, accrued-latePaid) {
			rt.Fatalf("owes %s + %s (accrued %s, paid %s), want %s + %s (accrued %s, paid %s)", st.OutstandingFen(), st.LateDueFen,
				st.Late.Accrued, st.PaidLateFeeFen, owed, accrued-latePaid, accrued, latePaid)
		}
	})
	found, err := proof.Check(db.View(context.Background()))
	billingtest.NoError(t, err)
	for _, v := range found {
		if strings.HasPrefix(v.Rule, "a bill") {
			t.Errorf("the books: %s", v)
		}
	}
}
