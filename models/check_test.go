package models_test

import (
	"context"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// books is a database with a bill that was paid by an order, with something on
// top for the prepayment, and an open order on a second bill.
func books(t *testing.T) *models.DB {
	t.Helper()
	db := modelstest.Open(t)
	room := modelstest.Room(t, db)
	paid, open := modelstest.Bill(t, db, room), modelstest.Bill(t, db, room)
	user := modelstest.User(t, db, room)
	no, transaction := "order-1", "4200000001"
	order := models.Order{No: no, UserID: user.ID, RoomID: room.ID, CommunityID: room.CommunityID, Merchant: "main", MchID: "1", AppID: "wx", OpenID: "o",
		AmountFen: 12000, PrepayFen: 998, Status: models.OrderPending, QuotedOn: db.Today(), CreatedAt: db.Now(), UpdatedAt: db.Now()}
	second := order
	second.No, second.AmountFen, second.PrepayFen = "order-2", 11002, 0
	modelstest.Write(t, db, func(tx *models.Tx) error {
		pair := func(kind, debit, credit, bill string, amount models.Fen) models.JournalLine {
			return models.JournalLine{Kind: kind, Debit: debit, Credit: credit, AmountFen: amount, CommunityID: room.CommunityID, RoomID: room.ID, BillID: bill, PaymentID: "payment-1"}
		}
		steps := []func() error{
			func() error {
				return tx.InsertOrder(&order, []models.OrderLine{{BillID: paid.ID, PrincipalFen: 10000, LateFeeFen: 1002}})
			},
			func() error {
				return tx.InsertOrder(&second, []models.OrderLine{{BillID: open.ID, PrincipalFen: 11002}})
			},
			func() error { return tx.PayOrder(&order, transaction, tx.Now) },
			func() error { return tx.ReleaseClaims(no) },
			func() error {
				return tx.InsertPayment(&models.Payment{ID: "payment-1", Channel: models.ChannelWechat, OrderNo: &no, TransactionID: &transaction, Merchant: "main",
					CommunityID: room.CommunityID, RoomID: room.ID, AmountFen: 12000, Source: models.LearnedByCallback, PaidAt: tx.Now, PaidOn: tx.Today(), BookedAt: tx.Now})
			},
			func() error { return tx.PayBill(&paid, models.BillPartial, 10000, 1002) },
			func() error {
				return tx.InsertAllocations([]models.Allocation{{ID: models.NewID(), PaymentID: "payment-1", BillID: paid.ID, RoomID: room.ID, PrincipalFen: 10000, LateFeeFen: 1002, EffectiveOn: tx.Today(), CreatedAt: tx.Now}})
			},
			func() error { return tx.MovePrepaid(room.ID, models.PrepaidTopup, 998, "payment-1", "") },
			func() error {
				return tx.Journal([]models.JournalLine{pair(models.JournalPrincipal, models.AccountWechat, models.AccountReceivable, paid.ID, 10000),
					pair(models.JournalLateFee, models.AccountWechat, models.AccountLateFee, paid.ID, 1002),
					pair(models.JournalTopup, models.AccountWechat, models.AccountPrepaid, "", 998)})
			},
			func() error { return tx.AddSubscription(user.ID, models.TemplateOverdue, 2, models.QuotaGranted, "") },
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	return db
}

// Each invariant is shown to fire: the books agree, then one row is changed behind
// the program's back, and the check names the rule.
func TestCheckFindsEachViolation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rule, change string }{
		{"a bill's paid principal is what was paid before import plus its allocations", "UPDATE allocations SET principal_fen = principal_fen - 1"},
		{"a bill's paid late fee is the sum of its allocations", "UPDATE allocations SET late_fee_fen = late_fee_fen + 1"},
		{"a bill's status fits what is paid of its principal", "UPDATE bills SET status = 'paid' WHERE status = 'partial'"},
		{"a bill's status fits what is paid of its principal", "UPDATE bills SET status = 'unpaid' WHERE status = 'partial'"},
		{"a payment is its allocations plus what went to prepayment", "UPDATE payments SET amount_fen = amount_fen + 1"},
		{"a payment is its allocations plus what went to prepayment", "DELETE FROM prepaid_entries"},
		{"a paid order has exactly its payment", "UPDATE payments SET transaction_id = '4200000002'"},
		{"a paid order has exactly its payment", "DELETE FROM payments"},
		{"a payment by WeChat belongs to a paid order", "UPDATE orders SET status = 'closed' WHERE status = 'paid'"},
		{"an order's lines and prepayment are its amount", "UPDATE order_lines SET principal_fen = principal_fen + 1"},
		{"a bill is held by an open order only, and by the one it is a line of", "UPDATE orders SET status = 'closed' WHERE status = 'pending'"},
		{"a bill is held by an open order only, and by the one it is a line of", "UPDATE order_lines SET open_bill_id = bill_id WHERE order_no = 'order-1'"},
		{"every bill of an open order is held by it", "UPDATE order_lines SET open_bill_id = NULL"},
		{"a room's prepayment is the sum of its entries", "UPDATE rooms SET prepaid_fen = prepaid_fen + 1"},
		{"a bill's receivable in the journal is the principal still owed", "DELETE FROM journal WHERE kind = 'bill_issue'"},
		{"a bill's late fee income in the journal is the late fee paid", "DELETE FROM journal WHERE kind = 'payment_late_fee'"},
		{"a room's prepayment in the journal is its balance", "DELETE FROM journal WHERE kind = 'prepaid_topup'"},
		{"a payment's money in the journal is the payment", "UPDATE journal SET debit = 'prepaid' WHERE kind = 'payment_late_fee'"},
		{"an agreement to messages is the sum of its grants and uses", "UPDATE subscriptions SET remaining = 9"},
	} {
		t.Run(tt.change, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			db := books(t)
			if found, err := db.View(ctx).Check(); err != nil || len(found) != 0 {
				t.Fatalf("the books do not agree before anything was changed: %v, %v", found, err)
			}
			if err := db.Exec(ctx, tt.change); err != nil {
				t.Fatal(err)
			}
			found, err := db.View(ctx).Check()
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range found {
				if v.Rule == tt.rule {
					return
				}
			}
			t.Errorf("not found: %s; found %v", tt.rule, found)
		})
	}
}

// What the check would find too late, the database refuses at once.
func TestDatabaseRefuses(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := books(t)
	for _, change := range []string{
		"UPDATE bills SET paid_principal_fen = principal_fen + 1",
		"UPDATE bills SET paid_principal_fen = -1",
		"UPDATE bills SET status = 'settled'",
		"UPDATE rooms SET prepaid_fen = -1",
		"UPDATE orders SET amount_fen = 0",
		"UPDATE journal SET amount_fen = -5",
		"UPDATE journal SET credit = debit",
		"UPDATE subscriptions SET remaining = -1",
		"UPDATE order_lines SET principal_fen = 0, late_fee_fen = 0",
		"INSERT INTO payments SELECT 'payment-2', channel, order_no, NULL, merchant, community_id, room_id, user_id, amount_fen, surplus_fen, source, paid_at, paid_on, booked_at FROM payments",
		"INSERT INTO payments SELECT 'payment-3', channel, NULL, transaction_id, merchant, community_id, room_id, user_id, amount_fen, surplus_fen, source, paid_at, paid_on, booked_at FROM payments",
		"INSERT INTO order_lines SELECT 'order-1', bill_id, 1, 0, bill_id FROM order_lines WHERE order_no = 'order-2'",
	} {
		if err := db.Exec(ctx, change); err == nil {
			t.Errorf("the database let it pass: %s", change)
		}
	}
}
