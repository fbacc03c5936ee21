package proof_test

import (
	"context"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// withReceipts is the books with a receipt of their payment that a refund made void and
// the one for what is left.
func withReceipts(t *testing.T) *store.DB {
	t.Helper()
	db := books(t)
	p, err := money.PaymentByID(db.View(context.Background()), "payment-1")
	if err != nil {
		t.Fatal(err)
	}
	r := receipts.Receipt{PaymentID: p.ID, CommunityID: p.CommunityID, RoomID: p.RoomID, Channel: p.Channel, Version: 1, AmountFen: 12000,
		PaidAt: p.PaidAt}
	second := r
	second.Version, second.AmountFen, second.RefundedFen = 2, 11000, 1000
	series := receipts.ReceiptSeries{CommunityID: p.CommunityID, Year: db.Today().Year()}
	modelstest.Write(t, db, func(tx *store.Tx) error {
		if err := receipts.InsertReceipt(tx, &r, []receipts.ReceiptLine{{Kind: receipts.ReceiptPrepaid, PrincipalFen: 12000}}); err != nil {
			return err
		}
		if ok, err := receipts.VoidReceipt(tx, modelstest.Actor, &r, "退款"); err != nil || !ok {
			t.Fatal(ok, err)
		}
		second.ReplacesID = r.ID
		if err := receipts.InsertReceipt(tx, &second,
			[]receipts.ReceiptLine{{Kind: receipts.ReceiptPrepaid, PrincipalFen: 11000}}); err != nil {
			return err
		}
		last, err := receipts.LockReceiptSeries(tx, series)
		if err != nil {
			return err
		}
		waiting, err := receipts.UnnumberedReceipts(tx, series, 10)
		if err != nil || len(waiting) != 2 || last != 0 {
			t.Fatalf("%d waiting after %d, %v", len(waiting), last, err)
		}
		for i := range waiting {
			if err := receipts.NumberReceipt(tx, &waiting[i].Receipt, int64(i)+1, receipts.ReceiptParty{}); err != nil {
				return err
			}
		}
		if err := receipts.SetReceiptSeries(tx, series, 0, 2); err != nil {
			return err
		}
		return shared(tx, p)
	})
	return db
}

// shared is an order that was made by a share, and a tax invoice that was asked for.
func shared(tx *store.Tx, p money.Payment) error {
	o, err := money.OrderByNo(tx, "order-2")
	if err != nil {
		return err
	}
	lines, err := money.OrderLines(tx, o.No)
	if err != nil {
		return err
	}
	s := receipts.Share{UserID: o.UserID, RoomID: o.RoomID, ExpiresAt: models.At(tx.Now.Add(time.Hour))}
	if _, err := receipts.InsertShare(tx, &s, []string{lines[0].BillID}); err != nil {
		return err
	}
	if err := receipts.InsertShareOrder(tx, receipts.ShareOrder{OrderNo: o.No, ShareID: s.ID, UserID: o.UserID}); err != nil {
		return err
	}
	return receipts.InsertInvoiceRequest(tx, &receipts.InvoiceRequest{CommunityID: p.CommunityID, RoomID: p.RoomID, PaymentID: p.ID,
		Kind: receipts.InvoicePersonal, Title: "王小明", AmountFen: 11000})
}

func TestCheckFindsReceiptViolations(t *testing.T) {
	t.Parallel()
	const gaps, amount, chain = "receipts are numbered from 1 without gaps, up to the counter of their series",
		"a receipt is its payment less what was refunded of it",
		"only the latest receipt of a payment stands, and each replaces the void one before it"
	const byShare, invoiced = "an order made by a share is its payer's, and pays bills of the share only",
		"a tax invoice is asked for no more than its payment, once"
	for _, tt := range []struct{ rule, change string }{
		{gaps, "UPDATE receipts SET seq = 3 WHERE seq = 2"},
		{gaps, "UPDATE receipts SET seq = NULL, numbered_at = 0 WHERE seq = 1"},
		{gaps, "UPDATE receipt_counters SET last_seq = 3"},
		{gaps, "DELETE FROM receipt_counters"},
		{gaps, "DELETE FROM receipts WHERE seq = 2"},
		{amount, "UPDATE receipts SET amount_fen = amount_fen - 1 WHERE version = 2"},
		{amount, "UPDATE receipts SET payment_id = 'payment-0' WHERE version = 1"},
		{chain, "UPDATE receipts SET status = 'issued', voided_at = 0 WHERE version = 1"},
		{chain, "UPDATE receipts SET replaces_id = '' WHERE version = 2"},
		{chain, "UPDATE receipts SET version = 3 WHERE version = 2"},
		{byShare, "DELETE FROM share_bills"},
		{byShare, "UPDATE share_orders SET user_id = 'somebody'"},
		{invoiced, "UPDATE invoice_requests SET amount_fen = 12001"},
		{invoiced, "UPDATE invoice_requests SET active = NULL"},
		{"a payment booked since there are receipts has one", "UPDATE payments SET booked_at = booked_at + 1, id = 'payment-9'"},
	} {
		t.Run(tt.change, func(t *testing.T) {
			t.Parallel()
			wantViolation(t, withReceipts(t), tt.rule, tt.change)
		})
	}
}

// What the check would find too late, the database refuses at once.
func TestDatabaseRefusesReceipts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := withReceipts(t)
	for _, change := range []string{
		"UPDATE receipts SET seq = 1", "UPDATE receipts SET version = 1", "UPDATE receipts SET amount_fen = 0",
		"UPDATE receipts SET refunded_fen = -1", "UPDATE receipts SET status = 'gone'",
		"UPDATE receipts SET status = 'void'", "UPDATE receipts SET numbered_at = 0", "UPDATE receipts SET seq = 0 WHERE version = 1",
		"UPDATE invoice_requests SET kind = 'company'", "UPDATE invoice_requests SET status = 'issued'",
		"UPDATE invoice_requests SET status = 'refused'", "UPDATE shares SET expires_at = created_at",
		"INSERT INTO invoice_requests SELECT 'i2', community_id, room_id, payment_id, order_no, user_id, active, kind, title, tax_no, " +
			"amount_fen, status, invoice_no, reason, decided_id, decided_name, created_at, decided_at FROM invoice_requests",
	} {
		if err := modelstest.Exec(ctx, db, change); err == nil {
			t.Errorf("the database let it pass: %s", change)
		}
	}
}
