package models_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

var tables = []any{&estate.Community{}, &estate.Room{}, &estate.Owner{}, &estate.Tenure{}, &estate.User{}, &office.Session{}, &estate.Binding{},
	&fees.Tariff{}, &fees.MeterMultiplier{}, &fees.MeterUsage{}, &money.PrepaidBalance{}, &money.PrepaidMove{}, &fees.Meter{}, &fees.Reading{}, &office.Import{}, &fees.Bill{}, &money.Order{}, &money.OrderLine{}, &money.Payment{},
	&money.Allocation{}, &money.PrepaidEntry{}, &money.JournalLine{}, &proof.CallbackEvent{}, &proof.Evidence{}, &messages.Shipment{}, &proof.Reconciliation{}, &proof.Finding{},
	&messages.Subscription{}, &messages.SubscriptionEntry{}, &messages.Notice{}, &office.Staff{}, &office.AuditEntry{}, &money.IdempotencyKey{},
	&office.Lease{}, &office.JobRun{}, &office.CacheEntry{}, &fees.BillingRun{}, &fees.BillingBatch{}, &fees.BillingOddity{}, &fees.Charge{},
	&fees.ChargeLine{}, &estate.Vacancy{}, &estate.Transfer{}, &fees.Request{}, &fees.BillEntry{}, &fees.Plan{}, &fees.PlanBill{}, &fees.PlanPart{},
	&receipts.Receipt{}, &receipts.ReceiptCounter{}, &receipts.Share{}, &receipts.ShareBill{}, &receipts.ShareOrder{}, &receipts.InvoiceRequest{}, &proof.FindingBooking{}, &estate.MerchantRule{}, &proof.MerchantState{},
	&money.Refund{}, &money.RefundLine{}, &money.RefundSum{},

	&desk.DeskDay{}, &desk.DeskEntry{}, &money.PaymentReversal{}, &desk.BankMandate{}, &desk.CollectionBatch{}, &desk.CollectionLine{}, &desk.CollectionBill{}}

func TestMigratedSchemaMatchesModels(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	for _, m := range tables {
		table, fields, err := modelstest.FieldColumns(m)
		if err != nil {
			t.Fatalf("%T: %v", m, err)
		}
		columns, err := modelstest.Columns(context.Background(), db, table)
		if err != nil {
			t.Fatalf("%T: %v", m, err)
		}
		if diff := cmp.Diff(fields, columns); diff != "" {
			t.Errorf("%s: fields of the model (-) and columns of the table (+) differ:\n%s", table, diff)
		}
	}
}

// A database that this program does not know is refused: that of a newer program,
// and that of a program from before the first release, whose numbers were higher.
func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := modelstest.Open(t)
	if err := db.Ready(ctx); err != nil {
		t.Fatalf("a migrated database must be ready: %v", err)
	}
	for _, version := range []int{33, 106, 9999} {
		if err := modelstest.Exec(ctx, db, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, 1)", version); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = modelstest.Exec(ctx, db, "DELETE FROM goose_db_version WHERE version_id = ?", version) })
		_, migrated := db.Migrate(ctx)
		for door, err := range map[string]error{"Ready": db.Ready(ctx), "Migrate": migrated} {
			if !errors.Is(err, store.ErrSchemaNewer) {
				t.Errorf("%s at %d: want ErrSchemaNewer, have %v", door, version, err)
			} else if text := err.Error(); !strings.Contains(text, fmt.Sprintf("migration %d,", version)) || strings.Contains(text, "\n") {
				t.Errorf("%s at %d: %s", door, version, text)
			}
		}
	}
}

func TestEmptyDatabaseIsOlder(t *testing.T) {
	t.Parallel()
	db, err := store.Open(store.Config{Driver: "sqlite", DSN: t.TempDir() + "/empty.db"}, modelstest.DataKey, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Ready(context.Background()); !errors.Is(err, store.ErrSchemaOlder) {
		t.Errorf("want ErrSchemaOlder, have %v", err)
	}
}

func TestAnotherDataKeyAndAnotherModeAreRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := modelstest.NewConfig(t)
	other := append([]byte{9}, modelstest.DataKey[1:]...)
	db, err := store.Open(cfg, other, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.Migrate(ctx); err == nil {
		t.Error("another data key was accepted")
	}
	if err := db.BindMode(ctx, true); err != nil {
		t.Fatal(err)
	}
	if err := db.BindMode(ctx, true); err != nil {
		t.Errorf("the same mode again: %v", err)
	}
	if err := db.BindMode(ctx, false); err == nil {
		t.Error("a sandbox database was accepted as live")
	}
}
