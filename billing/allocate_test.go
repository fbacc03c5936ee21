package billing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// splits are the parts of an allocation: late fee, principal, what is left owed.
func splits(a billing.AllocationPreview) (out [][3]models.Fen) {
	for _, s := range a.Lines {
		out = append(out, [3]models.Fen{s.LateFeeFen, s.PrincipalFen, s.LeftFen()})
	}
	return out
}

func setPolicy(t testing.TB, db *store.DB, room estate.Room, settlement string) {
	t.Helper()
	modelstest.Write(t, db, func(tx *store.Tx) error {
		return estate.SetSettlement(tx, modelstest.Actor, room.CommunityID, settlement)
	})
}

func planOf(t testing.TB, db *store.DB, roomID string, amount models.Fen) billing.AllocationPreview {
	t.Helper()
	tx := db.View(context.Background())
	room, err := estate.RoomByID(tx, roomID)
	billingtest.NoError(t, err)
	a, err := billing.PreviewAllocation(tx, room, "", amount)
	billingtest.NoError(t, err)
	return a
}

// Two bills on 15 March 2026: 1320.19 due 31 January (43 days, late fee 170.30) and
// 110.02 due 28 February (15 days, 4.95).
func TestPlanByPolicy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		settlement string
		amount     models.Fen
		want       [][3]models.Fen
		prepaid    models.Fen
		due        models.Fen
	}{
		{
			name: "less than the late fee", settlement: estate.LateFeeFirst, amount: 10000, want: [][3]models.Fen{{10000, 0, 139049}},
			prepaid: 0, due: 150546,
		},
		{
			name: "into the principal", settlement: estate.LateFeeFirst, amount: 50000, want: [][3]models.Fen{{17030, 32970, 99049}},
			prepaid: 0, due: 110546,
		},
		{
			name: "principal first", settlement: estate.PrincipalFirst, amount: 50000, want: [][3]models.Fen{{0, 50000, 99049}}, prepaid: 0,
			due: 110546,
		},
		{
			name: "principal first, into the late fee", settlement: estate.PrincipalFirst, amount: 132119,
			want: [][3]models.Fen{{100, 132019, 16930}}, prepaid: 0, due: 28427,
		},
		{
			name: "the first bill exactly", settlement: estate.LateFeeFirst, amount: 149049, want: [][3]models.Fen{{17030, 132019, 0}},
			prepaid: 0, due: 11497,
		},
		{
			name: "a fen into the second", settlement: estate.LateFeeFirst, amount: 149050,
			want: [][3]models.Fen{{17030, 132019, 0}, {1, 0, 11496}}, prepaid: 0, due: 11496,
		},
		{
			name: "both", settlement: estate.LateFeeFirst, amount: 160546, want: [][3]models.Fen{{17030, 132019, 0}, {495, 11002, 0}},
			prepaid: 0, due: 0,
		},
		{
			name: "more than both", settlement: estate.PrincipalFirst, amount: 200000,
			want: [][3]models.Fen{{17030, 132019, 0}, {495, 11002, 0}}, prepaid: 39454, due: 0,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			room := modelstest.Room(t, db)
			modelstest.Bill(t, db, room, func(b *fees.Bill) { b.DueOn = billingtest.Day("2026-02-28") })
			modelstest.Bill(t, db, room, func(b *fees.Bill) { b.PrincipalFen, b.DueOn = 132019, billingtest.Day("2026-01-31") })
			setPolicy(t, db, room, tt.settlement)
			a := planOf(t, db, room.ID, tt.amount)
			if diff := cmp.Diff(tt.want, splits(a)); diff != "" || a.PrepaidFen != tt.prepaid || a.StillDueFen != tt.due {
				t.Errorf("to prepayment %d, want %d; owed afterwards %d, want %d; wanted (-), had (+):\n%s", a.PrepaidFen,
					tt.prepaid, a.StillDueFen, tt.due, diff)
			}
		})
	}
}

func TestPlanRefusesSumsThatAreNone(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	for _, amount := range []models.Fen{0, -1, models.MaxFen + 1} {
		if _, err := billing.PreviewAllocation(db.View(context.Background()), room, "", amount); !errors.Is(err, billing.ErrNoAmount) {
			t.Errorf("plan %d: %v", amount, err)
		}
		err := db.Write(context.Background(), func(tx *store.Tx) error {
			_, err := billing.SettleRoom(tx, billing.Money{RoomID: room.ID}, amount)
			return err
		})
		if !errors.Is(err, billing.ErrNoAmount) {
			t.Errorf("settle %d: %v", amount, err)
		}
	}
}

// paidByDay is the slow reference of a bill's late fee: it walks from day to day and
// adds what that day costs, however the money came.
func paidByDay(b fees.Bill, paid []money.Allocation, asOf models.Date) models.Fen {
	d := billingtest.Debt{Original: b.PrincipalFen, Base: b.PrincipalFen, Due: b.DueOn}
	d.Rule, _ = b.LateRule()
	for _, a := range paid {
		d.Reductions = append(d.Reductions, calc.Reduction{On: a.EffectiveOn, Principal: a.PrincipalFen})
	}
	return d.ByDay(asOf)
}

// What is shown is what happens, and after any sequence of partial payments each
// bill's late fee is the sum over its days.
func TestShownIsApplied(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	rapid.Check(t, func(rt *rapid.T) {
		room := modelstest.Room(t, db)
		policy := rapid.SampledFrom([]string{estate.LateFeeFirst, estate.PrincipalFirst}).Draw(rt, "policy")
		setPolicy(t, db, room, policy)
		drawBills(t, rt, db, room)
		today := db.Today()
		for on := today; on < today+400; on += models.Date(rapid.IntRange(20, 200).Draw(rt, "gap")) {
			amount := models.Fen(rapid.Int64Range(1, 60000).Draw(rt, "amount"))
			modelstest.Write(t, db, func(tx *store.Tx) error {
				tx.Now = models.At(on.Start())
				shown, err := billing.PreviewAllocation(tx, room, "", amount)
				if err != nil {
					return err
				}
				money := billing.Money{
					PaymentID: models.NewID(), RoomID: room.ID, CommunityID: room.CommunityID, Debit: money.AccountWechat,
					Settlement: policy, EffectiveOn: on,
				}
				done, err := billing.SettleRoom(tx, money, amount)
				if err != nil {
					return err
				}
				if diff := cmp.Diff(shown, done, cmp.Comparer(func(a, b models.Time) bool { return a.Equal(b.Time) })); diff != "" {
					rt.Fatalf("shown (-), done (+):\n%s", diff)
				}
				holdAgainstReference(rt, tx, room.ID, shown, on)
				return nil
			})
		}
	})
}

func drawBills(t *testing.T, rt *rapid.T, db *store.DB, room estate.Room) {
	for range rapid.IntRange(0, 4).Draw(rt, "bills") {
		modelstest.Bill(t, db, room, func(b *fees.Bill) {
			b.PrincipalFen = models.Fen(rapid.Int64Range(1, 50000).Draw(rt, "principal"))
			b.DueOn = db.Today() + models.Date(rapid.IntRange(-200, 60).Draw(rt, "due"))
			b.GraceDays = rapid.IntRange(0, 10).Draw(rt, "grace")
			b.LateCap = rapid.SampledFrom([]string{"", "0.1", "1"}).Draw(rt, "cap")
		})
	}
}

// holdAgainstReference compares the room's bills as stored with what was shown and
// with the late fee summed day by day.
func holdAgainstReference(rt *rapid.T, tx *store.Tx, roomID string, shown billing.AllocationPreview, on models.Date) {
	bills, err := fees.BillsOfRoom(tx, roomID, fees.BillFilter{Limit: 100})
	if err != nil {
		rt.Fatal(err)
	}
	ids := make([]string, len(bills))
	for i, b := range bills {
		ids[i] = b.ID
	}
	paid, err := money.AllocationsOf(tx, ids)
	if err != nil {
		rt.Fatal(err)
	}
	states, err := billing.States(tx, bills, on)
	if err != nil {
		rt.Fatal(err)
	}
	var due, spent models.Fen
	for _, s := range states {
		due += s.DueFen
		if want := paidByDay(s.Bill, paid[s.ID], on); s.Late.Accrued != want {
			rt.Fatalf("bill %s: late fee %d, day by day %d", s.ID, s.Late.Accrued, want)
		}
	}
	for _, s := range shown.Lines {
		spent += s.AmountFen()
	}
	if due != shown.StillDueFen {
		rt.Fatalf("%d is owed afterwards, %d was shown", due, shown.StillDueFen)
	}
	if spent+shown.PrepaidFen != shown.AmountFen {
		rt.Fatalf("%d spent and %d left of %d", spent, shown.PrepaidFen, shown.AmountFen)
	}
}
