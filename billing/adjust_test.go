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
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

func prepaidOf(t *testing.T, db *store.DB, roomID string) models.Fen {
	t.Helper()
	r, err := estate.RoomByID(db.View(context.Background()), roomID)
	if err != nil {
		t.Fatal(err)
	}
	return r.PrepaidFen
}

func booksAgree(t *testing.T, db *store.DB) {
	t.Helper()
	view := db.View(context.Background())
	found, err := proof.Check(view)
	if err != nil {
		t.Fatal(err)
	}
	more, err := billing.CheckLateFees(view)
	if err != nil || len(found)+len(more) > 0 {
		t.Fatalf("the books do not agree: %v %v %v", found, more, err)
	}
}

// A bill of 110.02 due on 15 January, looked at on 15 March: 59 days, 19.47 late
// fee. What was paid was paid on 15 March, too.
func TestAdjustmentsByTheFigures(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name                              string
		paid                              models.Fen // before, late fee first
		kind                              string
		amount                            models.Fen
		outstanding, late, waived, credit models.Fen
		status                            string
	}{
		{
			name: "waive a part", paid: 0, kind: fees.EntryWaiver, amount: 1000, outstanding: 11002, late: 947, waived: 1000, credit: 0,
			status: fees.BillUnpaid,
		},
		{
			name: "waive it all", paid: 0, kind: fees.EntryWaiver, amount: 1947, outstanding: 11002, late: 0, waived: 1947, credit: 0,
			status: fees.BillUnpaid,
		},
		{
			name: "correct down, nothing paid", paid: 0, kind: fees.EntryCorrection, amount: 10000, outstanding: 10000, late: 1770,
			waived: 0, credit: 0, status: fees.BillUnpaid,
		},
		{
			name: "correct up, nothing paid", paid: 0, kind: fees.EntryCorrection, amount: 12000, outstanding: 12000, late: 2124, waived: 0,
			credit: 0, status: fees.BillUnpaid,
		},
		{
			name: "correct to nothing", paid: 0, kind: fees.EntryCorrection, amount: 0, outstanding: 0, late: 0, waived: 0, credit: 0,
			status: fees.BillPaid,
		},
		// 100.00 x 0.003 x 59 = 17.70: of 19.47 paid, 1.77 and of 110.02, 10.02 go back.
		{
			name: "correct a paid bill down", paid: 12949, kind: fees.EntryCorrection, amount: 10000, outstanding: 0, late: 0, waived: 0,
			credit: 1179, status: fees.BillPaid,
		},
		// 120.00 x 0.003 x 59 = 21.24: owed again are 9.98 and 1.77.
		{
			name: "correct a paid bill up", paid: 12949, kind: fees.EntryCorrection, amount: 12000, outstanding: 998, late: 177, waived: 0,
			credit: 0, status: fees.BillPartial,
		},
		{
			name: "correct a part-paid bill down", paid: 5000, kind: fees.EntryCorrection, amount: 10000, outstanding: 6947, late: 0,
			waived: 0, credit: 177, status: fees.BillPartial,
		},
		{
			name: "discount", paid: 0, kind: fees.EntryDiscount, amount: 1002, outstanding: 10000, late: 1770, waived: 0, credit: 0,
			status: fees.BillUnpaid,
		},
		{
			name: "discount of a paid bill", paid: 12949, kind: fees.EntryDiscount, amount: 1002, outstanding: 0, late: 0, waived: 0,
			credit: 1179, status: fees.BillPaid,
		},
		{name: "void", paid: 0, kind: fees.EntryVoid, amount: 0, outstanding: 0, late: 0, waived: 0, credit: 0, status: fees.BillVoid},
		{
			name: "void a paid bill", paid: 12949, kind: fees.EntryVoid, amount: 0, outstanding: 0, late: 0, waived: 0, credit: 12949,
			status: fees.BillVoid,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			b := modelstest.Bill(t, db, modelstest.Room(t, db))
			if tt.paid > 0 {
				apply(t, db, b, estate.LateFeeFirst, tt.paid, "2026-03-15")
			}
			a := billing.Adjustment{Kind: tt.kind, BillID: b.ID, AmountFen: tt.amount}
			done, err := billingtest.Adjust(t, db, billingtest.Approval, a)
			if err != nil {
				t.Fatal(err)
			}
			s := stateOn(t, db, b.ID, "2026-03-15")
			if s.OutstandingFen() != tt.outstanding || s.LateDueFen != tt.late || s.WaivedLateFeeFen != tt.waived || s.Status != tt.status {
				t.Errorf("outstanding %d late %d waived %d %s", s.OutstandingFen(), s.LateDueFen, s.WaivedLateFeeFen, s.Status)
			}
			if done.After.DueFen != s.DueFen || done.After.Status != s.Status || done.CreditFen != tt.credit {
				t.Errorf("effect: due %d %s credit %d", done.After.DueFen, done.After.Status, done.CreditFen)
			}
			if got := prepaidOf(t, db, b.RoomID); got != tt.credit {
				t.Errorf("credited %d, want %d", got, tt.credit)
			}
			booksAgree(t, db)
		})
	}
}

// A waiver is kept by a correction as far as late fee still arises: paid late fee
// comes back first, then the waiver shrinks.
func TestCorrectionAfterAWaiver(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	b := modelstest.Bill(t, db, modelstest.Room(t, db))
	if _, err := billingtest.Adjust(t, db, billingtest.Approval, billing.Adjustment{
		Kind: fees.EntryWaiver, BillID: b.ID, AmountFen: 1000,
	}); err != nil {
		t.Fatal(err)
	}
	apply(t, db, b, estate.LateFeeFirst, 947, "2026-03-15")
	// 40.00 x 0.003 x 59 = 7.08: all 9.47 paid comes back, 2.92 of the waiver lapses.
	e, err := billingtest.Adjust(t, db, billingtest.Approval, billing.Adjustment{Kind: fees.EntryCorrection, BillID: b.ID, AmountFen: 4000})
	if err != nil || e.CreditFen != 947 || e.UnwaivedFen != 292 {
		t.Fatalf("credit %d, waiver taken back %d, %v", e.CreditFen, e.UnwaivedFen, err)
	}
	if s := stateOn(t, db, b.ID, "2026-03-15"); s.WaivedLateFeeFen != 708 || s.LateDueFen != 0 ||
		s.OutstandingFen() != 4000 || s.Status != fees.BillUnpaid {
		t.Errorf("%+v", s)
	}
	booksAgree(t, db)
}

// A voided period may be billed again, and voided again.
func TestVoidFreesThePeriod(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	for range 3 {
		b := modelstest.Bill(t, db, room, func(b *fees.Bill) {
			b.PeriodStart, b.PeriodEnd = billingtest.Day("2026-01-01"), billingtest.Day("2026-01-31")
		})
		if _, err := billingtest.Adjust(t, db, billingtest.Approval, billing.Adjustment{Kind: fees.EntryVoid, BillID: b.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := billingtest.Adjust(t, db, billingtest.Approval, billing.Adjustment{
			Kind: fees.EntryVoid, BillID: b.ID,
		}); !errors.Is(err, billing.ErrBillVoid) {
			t.Errorf("a void bill was voided: %v", err)
		}
	}
	booksAgree(t, db)
}

// Arrears taken over were never revenue here, and what was paid before cannot be
// given back from here.
func TestCorrectionOfOpeningArrears(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	b := modelstest.Bill(t, db, modelstest.Room(t, db), func(b *fees.Bill) {
		b.Source, b.OpeningPaidFen, b.PaidPrincipalFen, b.Status = fees.SourceImport, 6000, 6000, fees.BillPartial
	})
	if _, err := billingtest.Adjust(t, db, billingtest.Approval, billing.Adjustment{
		Kind: fees.EntryCorrection, BillID: b.ID, AmountFen: 5999,
	}); !errors.Is(err, billing.ErrCorrection) {
		t.Errorf("below what was paid before: %v", err)
	}
	if _, err := billingtest.Adjust(t, db, billingtest.Approval, billing.Adjustment{
		Kind: fees.EntryCorrection, BillID: b.ID, AmountFen: 7000,
	}); err != nil {
		t.Fatal(err)
	}
	lines, err := money.JournalOfRoom(db.View(context.Background()), b.RoomID)
	if err != nil || lines[len(lines)-1].Debit != money.AccountOpening || lines[len(lines)-1].AmountFen != 4002 {
		t.Errorf("%+v, %v", lines, err)
	}
	booksAgree(t, db)
}

func TestAdjustRefuses(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	b := modelstest.Bill(t, db, modelstest.Room(t, db))
	fresh := modelstest.Bill(t, db, modelstest.Room(t, db), func(b *fees.Bill) { b.DueOn = billingtest.Day("2026-03-31") })
	waive := billing.Adjustment{Kind: fees.EntryWaiver, BillID: b.ID, AmountFen: 1}
	with := func(change func(*billing.Approval)) billing.Approval { m := billingtest.Approval; change(&m); return m }
	for _, tt := range []struct {
		name string
		m    billing.Approval
		a    billing.Adjustment
		want error
	}{
		{"same person", with(func(m *billing.Approval) { m.Approved = m.Asked }), waive, billing.ErrSamePerson},
		{"an owner approves", with(func(m *billing.Approval) { m.Approved = models.UserActor("u") }), waive, models.ErrForbidden},
		{"no reason", with(func(m *billing.Approval) { m.Reason = " " }), waive, billing.ErrNoReason},
		{
			"above the late fee", billingtest.Approval,
			billing.Adjustment{Kind: fees.EntryWaiver, BillID: b.ID, AmountFen: 1948}, billing.ErrWaiverTooMuch,
		},
		{
			"no late fee", billingtest.Approval,
			billing.Adjustment{Kind: fees.EntryWaiver, BillID: fresh.ID, AmountFen: 1}, billing.ErrNothingWaived,
		},
		{"nothing", billingtest.Approval, billing.Adjustment{Kind: fees.EntryWaiver, BillID: b.ID}, billing.ErrWaiverTooMuch},
		{
			"negative principal", billingtest.Approval,
			billing.Adjustment{Kind: fees.EntryCorrection, BillID: b.ID, AmountFen: -1}, billing.ErrCorrection,
		},
		{
			"the same principal", billingtest.Approval,
			billing.Adjustment{Kind: fees.EntryCorrection, BillID: b.ID, AmountFen: 11002}, billing.ErrCorrection,
		},
		{
			"more than the principal", billingtest.Approval,
			billing.Adjustment{Kind: fees.EntryDiscount, BillID: b.ID, AmountFen: 11003}, billing.ErrDiscount,
		},
		{
			"unknown bill", billingtest.Approval,
			billing.Adjustment{Kind: fees.EntryWaiver, BillID: models.NewID(), AmountFen: 1}, models.ErrNotFound,
		},
	} {
		if _, err := billingtest.Adjust(t, db, tt.m, tt.a); !errors.Is(err, tt.want) {
			t.Errorf("%s: want %v, have %v", tt.name, tt.want, err)
		}
	}
	if s := stateOn(t, db, b.ID, "2026-03-15"); s.EntryCount != 0 || s.DueFen != 12949 {
		t.Errorf("a refusal changed the bill: %+v", s)
	}
	booksAgree(t, db)
}

// The ledger can be added up by hand: segments to what accrued, then less waivers,
// less payments.
func TestLedgerAddsUp(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	b := modelstest.Bill(t, db, modelstest.Room(t, db), func(b *fees.Bill) {
		b.PrincipalFen, b.DueOn, b.TariffID = 132019, billingtest.Day("2026-01-31"), "tariff-1"
	})
	apply(t, db, b, estate.LateFeeFirst, 50000, "2026-03-02")
	if _, err := billingtest.Adjust(t, db, billingtest.Approval, billing.Adjustment{
		Kind: fees.EntryWaiver, BillID: b.ID, AmountFen: 1000,
	}); err != nil {
		t.Fatal(err)
	}
	s := stateOn(t, db, b.ID, "2026-04-15")
	l := s.LateFeeLedger()
	if l.ExactSum != "242.76642" || l.AccruedFen != 24277 || l.WaivedFen != 1000 || l.PaidFen != 11882 ||
		l.DueFen != 11395 || l.RuleVersion != "tariff-1" {
		t.Errorf("%+v", l)
	}
	kinds := ""
	for _, x := range l.Lines {
		kinds += x.Kind + " "
	}
	if kinds != "segment segment waiver payment " {
		t.Errorf("lines: %s", kinds)
	}
}
