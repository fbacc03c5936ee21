package billing_test

import (
	"context"
	"errors"
	"testing"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

func apply(t *testing.T, db *store.DB, b fees.Bill, settlement string, amount models.Fen, on string) models.Fen {
	t.Helper()
	var left models.Fen
	modelstest.Write(t, db, func(tx *store.Tx) (err error) {
		left, err = billing.Apply(tx, billing.Money{PaymentID: models.NewID(), RoomID: b.RoomID, CommunityID: b.CommunityID,
			Debit: money.AccountWechat, Settlement: settlement, EffectiveOn: billingtest.Day(on)},
			[]billing.Portion{{BillID: b.ID, Amount: amount}})
		return err
	})
	return left
}

func stateOn(t *testing.T, db *store.DB, id, on string) billing.BillState {
	t.Helper()
	tx := db.View(context.Background())
	b, err := fees.BillByID(tx, id)
	if err != nil {
		t.Fatal(err)
	}
	states, err := billing.States(tx, []fees.Bill{b}, billingtest.Day(on))
	if err != nil {
		t.Fatal(err)
	}
	return states[0]
}

// 1320.19 due 2026-01-31; 500.00 paid on 2026-03-02; as of 2026-04-15.
func TestPartPaymentByPolicy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		settlement                         string
		outstanding, accrued, lateDue, due models.Fen
	}{
		{estate.LateFeeFirst, 93901, 24277, 12395, 106296},
		{estate.PrincipalFirst, 82019, 22708, 22708, 104727},
	} {
		t.Run(tt.settlement, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			b := modelstest.Bill(t, db, modelstest.Room(t, db),
				func(b *fees.Bill) { b.PrincipalFen, b.DueOn = 132019, billingtest.Day("2026-01-31") })
			if left := apply(t, db, b, tt.settlement, 50000, "2026-03-02"); left != 0 {
				t.Errorf("left over %d", left)
			}
			s := stateOn(t, db, b.ID, "2026-04-15")
			if s.OutstandingFen() != tt.outstanding || s.Late.Accrued != tt.accrued || s.LateDueFen != tt.lateDue ||
				s.DueFen != tt.due || s.Status != fees.BillPartial {
				t.Errorf("outstanding %d accrued %d late due %d due %d status %s", s.OutstandingFen(), s.Late.Accrued,
					s.LateDueFen, s.DueFen, s.Status)
			}
		})
	}
}

func TestApplyNeverOverpays(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	b := modelstest.Bill(t, db, modelstest.Room(t, db))
	owed := stateOn(t, db, b.ID, "2026-03-15").DueFen // 110.02 + 19.47
	if owed != 12949 {
		t.Fatalf("owed %d", owed)
	}
	if left := apply(t, db, b, estate.LateFeeFirst, owed+700, "2026-03-15"); left != 700 {
		t.Errorf("left over %d, want 700", left)
	}
	if s := stateOn(t, db, b.ID, "2026-06-15"); s.DueFen != 0 || s.Status != fees.BillPaid || s.OverdueDays != 0 {
		t.Errorf("after full payment: %+v", s)
	}
	if left := apply(t, db, b, estate.LateFeeFirst, 500, "2026-03-16"); left != 500 {
		t.Errorf("a paid bill took money: left over %d, want 500", left)
	}
}

// A quote of the 15th that is paid after midnight settles the bill whole: the
// late fee quoted holds.
func TestQuotedLateFeeHoldsPastMidnight(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	b := modelstest.Bill(t, db, modelstest.Room(t, db))
	quoted := stateOn(t, db, b.ID, "2026-03-15").DueFen
	apply(t, db, b, estate.LateFeeFirst, quoted, "2026-03-15")
	if s := stateOn(t, db, b.ID, "2026-03-16"); s.DueFen != 0 || s.Status != fees.BillPaid {
		t.Errorf("owes %d, %s", s.DueFen, s.Status)
	}
}

// Money of an earlier day that is learned of later never makes late fee that was
// taken turn out too much.
func TestEarlierMoneyLearnedLater(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	b := modelstest.Bill(t, db, modelstest.Room(t, db))
	apply(t, db, b, estate.LateFeeFirst, 5000, "2026-03-10")
	apply(t, db, b, estate.LateFeeFirst, 2000, "2026-02-01")
	s := stateOn(t, db, b.ID, "2026-03-15")
	if s.PaidLateFeeFen+s.WaivedLateFeeFen > s.Late.Accrued {
		t.Errorf("late fee paid %d, accrued %d", s.PaidLateFeeFen, s.Late.Accrued)
	}
}

func TestLockPayableRefuses(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room, other := modelstest.Room(t, db), modelstest.Room(t, db)
	mine, theirs := modelstest.Bill(t, db, room), modelstest.Bill(t, db, other)
	void := modelstest.Bill(t, db, room, func(b *fees.Bill) { b.Status, b.VoidSeq = fees.BillVoid, 1 })
	paid := modelstest.Bill(t, db, room)
	apply(t, db, paid, estate.LateFeeFirst, stateOn(t, db, paid.ID, "2026-03-15").DueFen, "2026-03-15")
	for _, tt := range []struct {
		name string
		ids  []string
		want error
	}{
		{"somebody else's", []string{mine.ID, theirs.ID}, models.ErrNotFound},
		{"unknown", []string{models.NewID()}, models.ErrNotFound},
		{"void", []string{void.ID}, billing.ErrBillVoid},
		{"paid", []string{paid.ID, mine.ID}, billing.ErrBillPaid},
		{"payable", []string{mine.ID}, nil},
	} {
		err := db.Write(context.Background(), func(tx *store.Tx) error {
			_, err := billing.LockPayable(tx, room.ID, tt.ids)
			return err
		})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: want %v, have %v", tt.name, tt.want, err)
		}
	}
}

func TestPrepaymentOffsetsNewBill(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	b := modelstest.Bill(t, db, room, func(b *fees.Bill) {
		b.IssuedOn, b.DueOn = billingtest.Day("2026-03-15"), billingtest.Day("2026-03-31")
	})
	modelstest.Write(t, db, func(tx *store.Tx) error {
		if err := money.MovePrepaid(tx, room.ID, money.PrepaidTopup, 5000, "", ""); err != nil {
			return err
		}
		return billing.OffsetPrepaid(tx, &b)
	})
	if b.Status != fees.BillPartial || b.OutstandingFen() != 6002 {
		t.Errorf("bill %s, outstanding %d", b.Status, b.OutstandingFen())
	}
	if s := stateOn(t, db, b.ID, "2026-03-15"); s.DueFen != 6002 || s.PaidPrincipalFen != 5000 {
		t.Errorf("stored: due %d paid %d", s.DueFen, s.PaidPrincipalFen)
	}
	r, err := estate.RoomByID(db.View(context.Background()), room.ID)
	if err != nil || r.PrepaidFen != 0 {
		t.Errorf("balance %d, %v", r.PrepaidFen, err)
	}
}
