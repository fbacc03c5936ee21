package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// nasty is text that would do harm if it ever were read as SQL.
const nasty = `'; DELETE FROM audit; COMMIT; -- ? %s \' \\ " ` + "` \x00 \n 业主😀"

// count is how many rows of a table there are.
func count(t *testing.T, db *store.DB, table string) int {
	t.Helper()
	rows, err := modelstest.Rows(context.Background(), db, "SELECT id FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	return len(rows)
}

// Statements that are sent together carry every text as it is.
func TestSentTogetherAsGiven(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	before := count(t, db, "audit")
	modelstest.Write(t, db, func(tx *store.Tx) error {
		for i := range 3 {
			if err := office.Audit(tx, modelstest.Actor, "test", "nasty", fmt.Sprint(i), map[string]string{"text": nasty}); err != nil {
				return err
			}
		}
		return proof.KeepEvidence(tx, &proof.Evidence{Kind: proof.EvidenceCallback, Merchant: "main", Verdict: proof.VerdictBooked,
			Detail: "d", Body: []byte(nasty)})
	})
	if n := count(t, db, "audit"); n != before+3 {
		t.Fatalf("%d lines in the audit log, want %d", n, before+3)
	}
	list, err := office.AuditEntries(db.View(context.Background()), office.AuditFilter{Subject: "nasty", Limit: 10})
	if err != nil || len(list) != 3 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	for _, e := range list {
		if !strings.Contains(e.Detail, `'; DELETE FROM audit; COMMIT; -- ? %s \\' \\\\ \"`) || !strings.Contains(e.Detail, "业主😀") {
			t.Errorf("detail %q", e.Detail)
		}
	}
}

// What is queued to be sent is there for whatever is read after it, in the same
// transaction, also by GORM.
func TestWaitingIsSeen(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	b := modelstest.Bill(t, db, r)
	modelstest.Write(t, db, func(tx *store.Tx) error {
		list, err := fees.LockBills(tx, []string{b.ID})
		if err != nil {
			return err
		}
		if err := fees.PayBill(tx, &list[0], fees.BillPartial, 1, 0); err != nil {
			return err
		}
		if list, err = fees.LockBills(tx, []string{b.ID}); err != nil {
			return err
		}
		if list[0].PaidPrincipalFen != 1 {
			t.Errorf("paid %d, want 1", list[0].PaidPrincipalFen)
		}
		for range 2 {
			if err := office.Audit(tx, modelstest.Actor, "test", "seen", "1", nil); err != nil {
				return err
			}
		}
		entries, err := office.AuditEntries(tx, office.AuditFilter{Subject: "seen", Limit: 10})
		if err == nil && len(entries) != 2 {
			t.Errorf("%d entries, want 2", len(entries))
		}
		return errors.Join(err, fees.PayBill(tx, &list[0], fees.BillUnpaid, -1, 0))
	})
}

// A guard that fails among statements sent together, or a key that is taken, undoes
// all of them.
func TestSentTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	b := modelstest.Bill(t, db, r)
	no := "O1"
	p := money.Payment{ID: models.NewID(), Channel: money.ChannelWechat, OrderNo: &no, TransactionID: &no, CommunityID: r.CommunityID,
		RoomID:    r.ID,
		AmountFen: 1, PaidAt: db.Now(), PaidOn: db.Today(), BookedAt: db.Now()}
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.InsertPayment(tx, &p) })
	for name, c := range map[string]struct {
		fn   func(tx *store.Tx) error
		want func(error) bool
	}{
		"guard": {func(tx *store.Tx) error {
			wrong := b
			wrong.PaidPrincipalFen = 5
			return fees.PayBill(tx, &wrong, fees.BillPaid, 1, 0)
		}, func(err error) bool { return err != nil && strings.Contains(err.Error(), "guard") }},
		"payment": {func(tx *store.Tx) error {
			again := p
			again.ID = models.NewID()
			return money.InsertPayment(tx, &again)
		}, func(err error) bool { return errors.Is(err, money.ErrPaymentExists) }},
		"same id": {func(tx *store.Tx) error {
			again, other := p, "O2"
			again.OrderNo, again.TransactionID = &other, &other
			return money.InsertPayment(tx, &again)
		}, func(err error) bool { return err != nil }},
	} {
		audit, journal := count(t, db, "audit"), count(t, db, "journal")
		err := db.Write(context.Background(), func(tx *store.Tx) error {
			line := money.JournalLine{Kind: money.JournalIssue, Debit: money.AccountReceivable, Credit: money.AccountRevenue,
				AmountFen: 1, CommunityID: r.CommunityID, RoomID: r.ID}
			return errors.Join(money.Journal(tx, []money.JournalLine{line}), c.fn(tx), office.Audit(tx, modelstest.Actor, "test", "test",
				"1", nil))
		})
		if !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
		if count(t, db, "audit") != audit || count(t, db, "journal") != journal {
			t.Errorf("%s: something was kept", name)
		}
	}
}

// What waited and failed undoes the transaction also where the statement that it was
// sent before would have put up with its own failure.
func TestFailureOfWhatWaitedIsNotSwallowed(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r := modelstest.Room(t, db)
	p := money.Payment{ID: models.NewID(), Channel: money.ChannelCash, CommunityID: r.CommunityID, RoomID: r.ID, AmountFen: 1,
		PaidAt: db.Now(), PaidOn: db.Today(), BookedAt: db.Now()}
	modelstest.Write(t, db, func(tx *store.Tx) error { return money.InsertPayment(tx, &p) })
	for _, before := range []int{0, 5} { // one by one, and in one packet
		audit := count(t, db, "audit")
		err := db.Write(context.Background(), func(tx *store.Tx) error {
			for range before + 1 {
				if err := office.Audit(tx, modelstest.Actor, "test", "test", "1", nil); err != nil {
					return err
				}
			}
			if err := money.InsertPayment(tx, &p); err != nil { // the same id once more
				return err
			}
			return messages.QueueShipment(tx, messages.Shipment{OrderNo: "O1"})
		})
		if err == nil || count(t, db, "audit") != audit {
			t.Errorf("%d before: %v, %d lines were kept", before, err, count(t, db, "audit")-audit)
		}
	}
}

// A context that ends before the transaction does keeps nothing; one that ends
// afterwards takes nothing back.
func TestEndOfContext(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	before := count(t, db, "audit")
	note := func(tx *store.Tx) error {
		return errors.Join(office.Audit(tx, modelstest.Actor, "test", "test", "1", nil), office.Audit(tx, modelstest.Actor, "test",
			"test", "2", nil))
	}
	ctx, cancel := context.WithCancel(context.Background())
	err := db.Write(ctx, func(tx *store.Tx) error {
		defer cancel()
		return note(tx)
	})
	if !errors.Is(err, context.Canceled) || count(t, db, "audit") != before {
		t.Errorf("cancelled: %v, %d lines more", err, count(t, db, "audit")-before)
	}
	ctx, cancel = context.WithCancel(context.Background())
	err = db.Write(ctx, note)
	cancel()
	if err != nil || count(t, db, "audit") != before+2 {
		t.Errorf("%v, %d lines more, want 2", err, count(t, db, "audit")-before)
	}
	// The connection is good for the next transaction.
	modelstest.Write(t, db, note)
}
