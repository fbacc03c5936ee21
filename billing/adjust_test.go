package billing_test

import (
	"context"
	"errors"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

func adjust(t *testing.T, db *store.DB, m billing.Mandate, a billing.Adjustment) (billing.Effect, error) {
	t.Helper()
	var e billing.Effect
	err := db.Write(context.Background(), func(tx *store.Tx) (err error) {
		e, err = billing.Adjust(tx, m, a)
		return err
	})
	return e, err
}

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
		{"waive a part", 0, fees.EntryWaiver, 1000, 11002, 947, 1000, 0, fees.BillUnpaid},
		{"waive it all", 0, fees.EntryWaiver, 1947, 11002, 0, 1947, 0, fees.BillUnpaid},
		{"correct down, nothing paid", 0, fees.EntryCorrection, 10000, 10000, 1770, 0, 0, fees.BillUnpaid},
		{"correct up, nothing paid", 0, fees.EntryCorrection, 12000, 12000, 2124, 0, 0, fees.BillUnpaid},
		{"correct to nothing", 0, fees.EntryCorrection, 0, 0, 0, 0, 0, fees.BillPaid},
		// 100.00 x 0.003 x 59 = 17.70: of 19.47 paid, 1.77 and of 110.02, 10.02 go back.
		{"correct a paid bill down", 12949, fees.EntryCorrection, 10000, 0, 0, 0, 1179, fees.BillPaid},
		// 120.00 x 0.003 x 59 = 21.24: owed again are 9.98 and 1.77.
		{"correct a paid bill up", 12949, fees.EntryCorrection, 12000, 998, 177, 0, 0, fees.BillPartial},
		{"correct a part-paid bill down", 5000, fees.EntryCorrection, 10000, 6947, 0, 0, 177, fees.BillPartial},
		{"discount", 0, fees.EntryDiscount, 1002, 10000, 1770, 0, 0, fees.BillUnpaid},
		{"discount of a paid bill", 12949, fees.EntryDiscount, 1002, 0, 0, 0, 1179, fees.BillPaid},
		{"void", 0, fees.EntryVoid, 0, 0, 0, 0, 0, fees.BillVoid},
		{"void a paid bill", 12949, fees.EntryVoid, 0, 0, 0, 0, 12949, fees.BillVoid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db := modelstest.Open(t)
			b := modelstest.Bill(t, db, modelstest.Room(t, db))
			if tt.paid > 0 {
				apply(t, db, b, estate.LateFeeFirst, tt.paid, "2026-03-15")
			}
			a := billing.Adjustment{Kind: tt.kind, BillID: b.ID, AmountFen: tt.amount}
			seen, err := billing.Preview(db.View(context.Background()), a)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := adjust(t, db, mandate, a); err != nil {
				t.Fatal(err)
			}
			s := stateOn(t, db, b.ID, "2026-03-15")
			if s.OutstandingFen() != tt.outstanding || s.LateDueFen != tt.late || s.WaivedLateFeeFen != tt.waived || s.Status != tt.status {
				t.Errorf("outstanding %d late %d waived %d %s", s.OutstandingFen(), s.LateDueFen, s.WaivedLateFeeFen, s.Status)
			}
			if seen.After.DueFen != s.DueFen || seen.After.Status != s.Status || seen.CreditFen != tt.credit {
				t.Errorf("shown before: due %d %s credit %d", seen.After.DueFen, seen.After.Status, seen.CreditFen)
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
	if _, err := adjust(t, db, mandate, billing.Adjustment{Kind: fees.EntryWaiver, BillID: b.ID, AmountFen: 1000}); err != nil {
		t.Fatal(err)
	}
	apply(t, db, b, estate.LateFeeFirst, 947, "2026-03-15")
	// 40.00 x 0.003 x 59 = 7.08: all 9.47 paid comes back, 2.92 of the waiver lapses.
	e, err := adjust(t, db, mandate, billing.Adjustment{Kind: fees.EntryCorrection, BillID: b.ID, AmountFen: 4000})
	if err != nil || e.CreditFen != 947 || e.UnwaivedFen != 292 {
		t.Fatalf("credit %d, waiver taken back %d, %v", e.CreditFen, e.UnwaivedFen, err)
	}
	if s := stateOn(t, db, b.ID, "2026-03-15"); s.WaivedLateFeeFen != 708 || s.LateDueFen != 0 || s.OutstandingFen() != 4000 || s.Status != fees.BillUnpaid {
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
		b := modelstest.Bill(t, db, room, func(b *fees.Bill) { b.PeriodStart, b.PeriodEnd = day("2026-01-01"), day("2026-01-31") })
		if _, err := adjust(t, db, mandate, billing.Adjustment{Kind: fees.EntryVoid, BillID: b.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := adjust(t, db, mandate, billing.Adjustment{Kind: fees.EntryVoid, BillID: b.ID}); !errors.Is(err, billing.ErrBillVoid) {
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
	if _, err := adjust(t, db, mandate, billing.Adjustment{Kind: fees.EntryCorrection, BillID: b.ID, AmountFen: 5999}); !errors.Is(err, billing.ErrCorrection) {
		t.Errorf("below what was paid before: %v", err)
	}
	if _, err := adjust(t, db, mandate, billing.Adjustment{Kind: fees.EntryCorrection, BillID: b.ID, AmountFen: 7000}); err != nil {
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
	fresh := modelstest.Bill(t, db, modelstest.Room(t, db), func(b *fees.Bill) { b.DueOn = day("2026-03-31") })
	waive := billing.Adjustment{Kind: fees.EntryWaiver, BillID: b.ID, AmountFen: 1}
	with := func(change func(*billing.Mandate)) billing.Mandate { m := mandate; change(&m); return m }
	for _, tt := range []struct {
		name string
		m    billing.Mandate
		a    billing.Adjustment
		want error
	}{
		{"same person", with(func(m *billing.Mandate) { m.Approved = m.Asked }), waive, billing.ErrSamePerson},
		{"an owner approves", with(func(m *billing.Mandate) { m.Approved = models.UserActor("u") }), waive, models.ErrForbidden},
		{"no reason", with(func(m *billing.Mandate) { m.Reason = " " }), waive, billing.ErrNoReason},
		{"above the late fee", mandate, billing.Adjustment{Kind: fees.EntryWaiver, BillID: b.ID, AmountFen: 1948}, billing.ErrWaiverTooMuch},
		{"no late fee", mandate, billing.Adjustment{Kind: fees.EntryWaiver, BillID: fresh.ID, AmountFen: 1}, billing.ErrNothingWaived},
		{"nothing", mandate, billing.Adjustment{Kind: fees.EntryWaiver, BillID: b.ID}, billing.ErrWaiverTooMuch},
		{"negative principal", mandate, billing.Adjustment{Kind: fees.EntryCorrection, BillID: b.ID, AmountFen: -1}, billing.ErrCorrection},
		{"the same principal", mandate, billing.Adjustment{Kind: fees.EntryCorrection, BillID: b.ID, AmountFen: 11002}, billing.ErrCorrection},
		{"more than the principal", mandate, billing.Adjustment{Kind: fees.EntryDiscount, BillID: b.ID, AmountFen: 11003}, billing.ErrDiscount},
		{"unknown bill", mandate, billing.Adjustment{Kind: fees.EntryWaiver, BillID: models.NewID(), AmountFen: 1}, models.ErrNotFound},
	} {
		if _, err := adjust(t, db, tt.m, tt.a); !errors.Is(err, tt.want) {
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
	b := modelstest.Bill(t, db, modelstest.Room(t, db), func(b *fees.Bill) { b.PrincipalFen, b.DueOn, b.TariffID = 132019, day("2026-01-31"), "tariff-1" })
	apply(t, db, b, estate.LateFeeFirst, 50000, "2026-03-02")
	if _, err := adjust(t, db, mandate, billing.Adjustment{Kind: fees.EntryWaiver, BillID: b.ID, AmountFen: 1000}); err != nil {
		t.Fatal(err)
	}
	s := stateOn(t, db, b.ID, "2026-04-15")
	l := s.LateFeeLedger()
	if l.ExactSum != "242.76642" || l.AccruedFen != 24277 || l.WaivedFen != 1000 || l.PaidFen != 11882 || l.DueFen != 11395 || l.RuleVersion != "tariff-1" {
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
