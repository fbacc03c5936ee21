package metering_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/billing/billingtest"
	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/billing/metering"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

const twoReadings = "1-1-101,W1,水费,,100,1,2025-12-31\n1-1-101,W1,水费,100,110,1,2026-01-31\n"

// principals are the period and the principal of each bill that is not void, earliest first.
func principals(w *billingtest.MeterWorld) (out []string) {
	bills, err := fees.BillsOfRoom(w.DB.View(context.Background()), w.Room.ID, fees.BillFilter{Limit: 1000})
	billingtest.NoError(w.T, err)
	for _, b := range bills {
		if b.Status != fees.BillVoid {
			out = append(out, b.PeriodStart.String()[:7]+" "+b.PrincipalFen.String())
		}
	}
	slices.Sort(out)
	return out
}

// A wrong reading that locks its meter is taken out by two people. It stays in the table,
// counts nowhere, its day is free, and the file that brought it does not bring it back.
func TestWrongReadingIsWithdrawn(t *testing.T) {
	t.Parallel()
	const wrong = "1-1-101,W1,水费,110,910,1,2026-02-28\n"
	w := billingtest.NewMeterWorld(t, "1", twoReadings+wrong)
	w.Bill("2026-01")
	if err := w.Read("2026-03-31", "130"); !errors.Is(err, metering.ErrReadBackwards) {
		t.Fatalf("130 after 910: %v", err)
	}
	asked, err := w.AskWithdrawal("2026-02-28")
	billingtest.NoError(t, err)
	if _, err := w.AskWithdrawal("2026-02-28"); !errors.Is(err, fees.ErrWithdrawalOpen) {
		t.Errorf("asked twice: %v", err)
	}
	decide := func(by models.Actor, role string) error {
		return w.DB.Write(context.Background(), func(tx *store.Tx) error {
			return metering.DecideWithdrawal(tx, billingtest.As(by, role), asked.ID, true, "")
		})
	}
	if err := decide(billingtest.Approval.Asked, office.RoleManager); !errors.Is(err, billing.ErrSamePerson) {
		t.Errorf("approved by who asked: %v", err)
	}
	if err := decide(billingtest.Approval.Approved, office.RoleCashier); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("approved by a cashier: %v", err)
	}
	billingtest.NoError(t, decide(billingtest.Approval.Approved, office.RoleManager))
	if err := decide(billingtest.Approval.Approved, office.RoleManager); !errors.Is(err, metering.ErrWithdrawalDecided) {
		t.Errorf("approved twice: %v", err)
	}
	w.Bill("2026-02")
	if diff := cmp.Diff([]string{"2026-01 10.00"}, principals(w)); diff != "" {
		t.Error(diff)
	}
	before := billingtest.Snapshot(t, w.DB)
	r := billingtest.MustImport(t, w.DB, intake.Meters, billingtest.MeterHead+wrong)
	billingtest.WantWarnings(t, r, "2 本次读数 该读数已被撤回，未重新导入")
	if diff := cmp.Diff(before, billingtest.Snapshot(t, w.DB)); diff != "" || r.Added != 0 {
		t.Errorf("the file brought it back: %+v\n%s", r, diff)
	}
	billingtest.NoError(t, w.Read("2026-02-28", "120"))
	billingtest.MustImport(t, w.DB, intake.Meters, billingtest.MeterHead+wrong)
	billingtest.NoError(t, w.Read("2026-03-31", "130"))
	w.Bill("2026-02", "2026-03")
	if diff := cmp.Diff([]string{"2026-01 10.00", "2026-02 10.00", "2026-03 10.00"}, principals(w)); diff != "" {
		t.Error(diff)
	}
	view := w.DB.View(context.Background())
	gone, err := fees.WithdrawnReadings(view, []string{w.Meter().ID})
	billingtest.NoError(t, err)
	if list := gone[w.Meter().ID]; len(list) != 1 || list[0].Value != "910" || list[0].WithdrawalID != asked.ID {
		t.Errorf("withdrawn: %+v", list)
	}
	stored, err := fees.WithdrawalByID(view, asked.ID)
	if err != nil || stored.Asked != billingtest.Approval.Asked || stored.Decided != billingtest.Approval.Approved ||
		stored.Reason != "抄错" {
		t.Errorf("%+v, %v", stored, err)
	}
}

// A reading in a bill that stands stays; the refusal names the bill. Once the bill is void
// it can go, and the days are billed anew.
func TestReadingInABillIsWithdrawnAfterTheBill(t *testing.T) {
	t.Parallel()
	w := billingtest.NewMeterWorld(t, "1", twoReadings)
	asked, err := w.AskWithdrawal("2026-01-31")
	billingtest.NoError(t, err)
	w.Bill("2026-01")
	err = w.DB.Write(context.Background(), func(tx *store.Tx) error {
		return metering.DecideWithdrawal(tx, billingtest.As(billingtest.Approval.Approved, office.RoleManager), asked.ID, true, "")
	})
	if e, ok := models.AsError(err); !ok || e.Code != "READING_BILLED" ||
		!strings.Contains(e.Message, "水费 2026-01-01 至 2026-01-31（10.00 元）") {
		t.Fatalf("approved after the bill: %v", err)
	}
	billingtest.NoError(t, w.DB.Write(context.Background(), func(tx *store.Tx) error {
		return metering.DecideWithdrawal(tx, billingtest.As(billingtest.Approval.Approved, office.RoleManager), asked.ID, false, "先作废账单")
	}))
	if _, err := w.AskWithdrawal("2026-01-31"); !errors.Is(err, metering.ErrReadingBilled) {
		t.Errorf("asked with a bill: %v", err)
	}
	bills, err := fees.OpenBills(w.DB.View(context.Background()), w.Room.ID)
	billingtest.NoError(t, err)
	_, err = billingtest.Adjust(t, w.DB, billingtest.Approval, billing.Adjustment{Kind: fees.EntryVoid, BillID: bills[0].ID})
	billingtest.NoError(t, err)
	billingtest.NoError(t, w.Withdraw("2026-01-31"))
	billingtest.NoError(t, w.Read("2026-01-31", "104"))
	w.Bill("2026-01")
	if diff := cmp.Diff([]string{"2026-01 4.00"}, principals(w)); diff != "" {
		t.Error(diff)
	}
}

// What stands on the reading that goes: it is closed up where that can be, and refused
// where it cannot.
func TestWithdrawalOfAReadingThatOthersFollow(t *testing.T) {
	t.Parallel()
	const march = "1-1-101,W1,水费,110,150,1,2026-02-28\n1-1-101,W1,水费,150,160,1,2026-03-31\n"
	for _, tt := range []struct {
		name  string
		rows  string
		steps func(w *billingtest.MeterWorld) error
		want  error
		bills []string // of January to April, afterwards
	}{
		{"one in the middle", twoReadings + march, func(w *billingtest.MeterWorld) error { return w.Withdraw("2026-02-28") }, nil,
			[]string{"2026-01 10.00", "2026-03 50.00"}},
		{"two in the middle", twoReadings + march, func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Withdraw("2026-02-28"), w.Withdraw("2026-01-31"))
		}, nil, []string{"2026-03 60.00"}},
		{"all but the base", twoReadings + march, func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Withdraw("2026-03-31"), w.Withdraw("2026-02-28"), w.Withdraw("2026-01-31"))
		}, nil, nil},
		{"the base as well", twoReadings, func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Withdraw("2026-01-31"), w.Withdraw("2025-12-31"), w.Read("2026-01-31", "500"), w.Read("2026-02-28", "503"))
		}, nil, []string{"2026-02 3.00"}},
		{"a base that is followed", twoReadings, func(w *billingtest.MeterWorld) error { return w.Withdraw("2025-12-31") },
			metering.ErrReadingGoesOn, []string{"2026-01 10.00"}},
		{"a base that a base follows",
			"1-1-101,W1,水费,,900,1,2025-12-31\n1-1-101,W1,水费,,950,1,2026-01-15\n1-1-101,W1,水费,950,960,1,2026-01-31\n",
			func(w *billingtest.MeterWorld) error { return w.Withdraw("2025-12-31") }, nil, []string{"2026-01 10.00"}},
		{"followed by one in a bill", twoReadings + march, func(w *billingtest.MeterWorld) error {
			w.Bill("2026-03")
			return w.Withdraw("2026-02-28")
		}, metering.ErrReadingBilled, []string{"2026-01 10.00", "2026-02 40.00", "2026-03 10.00"}},
		{"with a rollover", twoReadings, func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Digits(3), w.Read("2026-02-28", "20", billingtest.Rolled), w.Read("2026-03-31", "30"),
				w.Withdraw("2026-02-28"))
		}, nil, []string{"2026-01 10.00", "2026-03 920.00"}},
		{"with two rollovers", twoReadings, func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Digits(3), w.Read("2026-02-28", "105", billingtest.Rolled), w.Read("2026-03-31", "30", billingtest.Rolled),
				w.Withdraw("2026-02-28"))
		}, metering.ErrReadingGoesOn, []string{"2026-01 10.00", "2026-02 995.00", "2026-03 925.00"}},
		{"an estimate that was settled", twoReadings, func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Read("2026-02-28", "150", billingtest.Estimated), w.Read("2026-03-31", "130"), w.Withdraw("2026-02-28"))
		}, nil, []string{"2026-01 10.00", "2026-03 20.00"}},
		{"an estimate that was billed, its credit", twoReadings, func(w *billingtest.MeterWorld) error {
			if err := errors.Join(w.Read("2026-02-28", "150", billingtest.Estimated), w.Read("2026-03-31", "130")); err != nil {
				return err
			}
			w.Bill("2026-02", "2026-03") // 40 billed, a credit of 20 waits
			return errors.Join(w.Withdraw("2026-03-31"), w.Read("2026-03-31", "145"), w.Read("2026-04-30", "155"))
		}, nil, []string{"2026-01 10.00", "2026-02 40.00", "2026-04 5.00"}},
		{"with a multiplier", twoReadings, func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Multiplier("2026-02-28", "112", "40"), w.Withdraw("2026-02-28"), w.Read("2026-03-31", "120"))
		}, nil, []string{"2026-01 10.00", "2026-03 10.00"}},
		{"with a multiplier that has counted since", twoReadings, func(w *billingtest.MeterWorld) error {
			return errors.Join(w.Multiplier("2026-02-28", "112", "40"), w.Read("2026-03-31", "113"), w.Withdraw("2026-02-28"))
		}, metering.ErrReadingGoesOn, []string{"2026-01 10.00", "2026-02 2.00", "2026-03 40.00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := billingtest.NewMeterWorld(t, "1", tt.rows)
			if err := tt.steps(w); !errors.Is(err, tt.want) || tt.want == nil && err != nil {
				t.Fatalf("%v, want %v", err, tt.want)
			}
			w.Bill("2026-01", "2026-02", "2026-03", "2026-04")
			if diff := cmp.Diff(tt.bills, principals(w)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A file from before that goes on from a withdrawn reading is no mistake.
func TestFileAfterAWithdrawal(t *testing.T) {
	t.Parallel()
	const rows = twoReadings + "1-1-101,W1,水费,110,150,1,2026-02-28\n1-1-101,W1,水费,150,160,1,2026-03-31\n"
	w := billingtest.NewMeterWorld(t, "1", rows)
	billingtest.NoError(t, w.Withdraw("2026-02-28"))
	before := billingtest.Snapshot(t, w.DB)
	r := billingtest.MustImport(t, w.DB, intake.Meters, billingtest.MeterHead+rows)
	billingtest.WantWarnings(t, r, "4 本次读数 该读数已被撤回，未重新导入", "5 上次读数 前一次读数已被撤回，这次读数已改为接着 110 计算，未作改动")
	if diff := cmp.Diff(before, billingtest.Snapshot(t, w.DB)); diff != "" || r.Added != 0 || r.Unchanged != 3 {
		t.Errorf("%+v\n%s", r, diff)
	}
}

// A withdrawal, a billing run and a new reading at once come one after the other: either
// the bill is there first and the reading stays, or the reading is gone and in no bill.
func TestWithdrawalAgainstABillingRun(t *testing.T) {
	t.Parallel()
	w := billingtest.NewMeterWorld(t, "1", twoReadings)
	asked, err := w.AskWithdrawal("2026-01-31")
	billingtest.NoError(t, err)
	var all sync.WaitGroup
	for _, act := range []func() error{
		func() error {
			return w.DB.Write(context.Background(), func(tx *store.Tx) error {
				return metering.DecideWithdrawal(tx, billingtest.As(billingtest.Approval.Approved, office.RoleManager), asked.ID, true, "")
			})
		},
		func() error {
			period := calc.Period{Year: 2026, Month: 1}
			_, err := issuing.GenerateBills(context.Background(), w.DB, modelstest.Actor, period, issuing.GenerateOptions{})
			return err
		},
		func() error { return w.Read("2026-02-28", "130") },
	} {
		all.Go(func() {
			if err := act(); err != nil {
				if _, refused := models.AsError(err); !refused {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	w.CheckBooks()
}
