package models_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

var tables = []any{&models.Community{}, &models.Room{}, &models.Owner{}, &models.Tenure{}, &models.User{}, &models.Session{}, &models.Binding{},
	&models.Tariff{}, &models.MeterMultiplier{}, &models.MeterUsage{}, &models.PrepaidBalance{}, &models.PrepaidMove{}, &models.Meter{}, &models.Reading{}, &models.Import{}, &models.Bill{}, &models.Order{}, &models.OrderLine{}, &models.Payment{},
	&models.Allocation{}, &models.PrepaidEntry{}, &models.JournalLine{}, &models.CallbackEvent{}, &models.Evidence{}, &models.Shipment{}, &models.Reconciliation{}, &models.Finding{},
	&models.Subscription{}, &models.SubscriptionEntry{}, &models.Notice{}, &models.Staff{}, &models.AuditEntry{}, &models.IdempotencyKey{},
	&models.Lease{}, &models.JobRun{}, &models.CacheEntry{}, &models.BillingRun{}, &models.BillingBatch{}, &models.BillingOddity{}, &models.Charge{},
	&models.ChargeLine{}, &models.Vacancy{}, &models.Transfer{}, &models.Request{}, &models.BillEntry{}, &models.Plan{}, &models.PlanBill{}, &models.PlanPart{},
	&models.Receipt{}, &models.ReceiptCounter{}, &models.Share{}, &models.ShareBill{}, &models.ShareOrder{}, &models.InvoiceRequest{}, &models.FindingBooking{}, &models.MerchantRule{}, &models.MerchantState{},
	&models.Refund{}, &models.RefundLine{}, &models.RefundSum{},

	&models.DeskDay{}, &models.DeskEntry{}, &models.PaymentReversal{}, &models.BankMandate{}, &models.CollectionBatch{}, &models.CollectionAsk{}, &models.CollectionBill{}}

func TestMigratedSchemaMatchesModels(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	for _, m := range tables {
		table, fields, err := models.FieldColumns(m)
		if err != nil {
			t.Fatalf("%T: %v", m, err)
		}
		columns, err := db.Columns(context.Background(), table)
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
		if err := db.Exec(ctx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, 1)", version); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Exec(ctx, "DELETE FROM goose_db_version WHERE version_id = ?", version) })
		_, migrated := db.Migrate(ctx)
		for door, err := range map[string]error{"Ready": db.Ready(ctx), "Migrate": migrated} {
			if !errors.Is(err, models.ErrSchemaNewer) {
				t.Errorf("%s at %d: want ErrSchemaNewer, have %v", door, version, err)
			} else if text := err.Error(); !strings.Contains(text, fmt.Sprintf("migration %d,", version)) || strings.Contains(text, "\n") {
				t.Errorf("%s at %d: %s", door, version, text)
			}
		}
	}
}

func TestEmptyDatabaseIsOlder(t *testing.T) {
	t.Parallel()
	db, err := models.Open(models.Config{Driver: "sqlite", DSN: t.TempDir() + "/empty.db"}, modelstest.DataKey, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Ready(context.Background()); !errors.Is(err, models.ErrSchemaOlder) {
		t.Errorf("want ErrSchemaOlder, have %v", err)
	}
}

func TestAnotherDataKeyAndAnotherModeAreRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := modelstest.NewConfig(t)
	other := append([]byte{9}, modelstest.DataKey[1:]...)
	db, err := models.Open(cfg, other, time.Now)
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
