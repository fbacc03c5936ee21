package proof_test

import (
	"context"
	"testing"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// refundBooks adds to the books of [books] a refund of the paid order that has
// succeeded, one under way that holds prepayment, and one that is asked for.
func refundBooks(t *testing.T) *store.DB {
	t.Helper()
	db := books(t)
	modelstest.Write(t, db, func(tx *store.Tx) error {
		o, err := money.LockOrder(tx, "order-1")
		if err != nil {
			return err
		}
		p, err := money.PaymentOfOrder(tx, o.No)
		if err != nil {
			return err
		}
		lines, err := money.OrderLines(tx, o.No)
		if err != nil {
			return err
		}
		bills, err := fees.LockBills(tx, []string{lines[0].BillID})
		if err != nil {
			return err
		}
		for _, one := range []struct {
			no     string
			line   money.RefundLine
			status string
		}{
			{"refund-done", money.RefundLine{BillID: bills[0].ID, PrincipalFen: 600, LateFeeFen: 2}, money.RefundSuccess},
			{"refund-moving", money.RefundLine{PrepaidFen: 300}, money.RefundProcessing},
			{"refund-asked", money.RefundLine{BillID: bills[0].ID, PrincipalFen: 50}, money.RefundAsked},
		} {
			if err := addRefund(tx, o, p, one.no, one.line, one.status); err != nil {
				return err
			}
		}
		was, now := bills[0], bills[0]
		now.PaidPrincipalFen, now.PaidLateFeeFen = was.PaidPrincipalFen-600, was.PaidLateFeeFen-2
		if err := fees.AdjustBill(tx, &was, &now); err != nil {
			return err
		}
		if err := money.InsertAllocations(tx, []money.Allocation{{ID: models.NewID(), PaymentID: p.ID, BillID: was.ID, RoomID: was.RoomID,
			PrincipalFen: -600, LateFeeFen: -2,
			EffectiveOn: tx.Today(), CreatedAt: tx.Now}}); err != nil {
			return err
		}
		if err := money.MovePrepaid(tx, o.RoomID, money.PrepaidRefund, -300, p.ID, ""); err != nil {
			return err
		}
		line := money.JournalLine{CommunityID: o.CommunityID, RoomID: o.RoomID, PaymentID: p.ID, Merchant: o.Merchant}
		pair := func(kind, debit, credit, bill string, amount models.Fen) money.JournalLine {
			l := line
			l.Kind, l.Debit, l.Credit, l.BillID, l.AmountFen = kind, debit, credit, bill, amount
			return l
		}
		if err := money.Journal(tx, []money.JournalLine{pair(money.JournalRefund, money.AccountReceivable, money.AccountWechat, was.ID,
			600),
			pair(money.JournalRefund, money.AccountLateFee, money.AccountWechat, was.ID, 2),
			pair(money.JournalRefundHold, money.AccountPrepaid, money.AccountRefunding, "", 300)}); err != nil {
			return err
		}
		return money.OrderRefundState(tx, &o)
	})
	return db
}

// addRefund stores a refund in a state, with what it holds.
func addRefund(tx *store.Tx, o money.Order, p money.Payment, no string, line money.RefundLine, status string) error {
	id := "5030" + no
	r := money.Refund{No: no, OrderNo: o.No, PaymentID: p.ID, TransactionID: o.TransactionID, Merchant: o.Merchant, MchID: o.MchID,
		CommunityID: o.CommunityID, RoomID: o.RoomID,
		Origin: money.RefundByStaff, Channel: money.ChannelWechat, AmountFen: line.TotalFen(), TotalFen: o.AmountFen,
		PrepaidFen: line.PrepaidFen, BillAfter: money.BillsOwed,
		Reason: "r", Status: money.RefundAsked, Asked: models.Actor{Kind: models.ActorStaff, ID: "a"}}
	if held, err := money.HoldRefund(tx, p, r.AmountFen); err != nil || !held {
		return err
	}
	if err := money.InsertRefund(tx, &r, []money.RefundLine{line}); err != nil || status == money.RefundAsked {
		return err
	}
	part, err := money.TakeRefundPart(tx, p.ID)
	if err != nil {
		return err
	}
	r.Status, r.Part, r.RefundID, r.Decided.Kind, r.Decided.ID, r.DecidedAt = status, &part, &id, models.ActorStaff, "b", tx.Now
	if status == money.RefundSuccess {
		r.BookedAt, r.DoneAt, r.DoneOn = tx.Now, tx.Now, tx.Today()
		if err := money.CountRefunded(tx, &r); err != nil {
			return err
		}
	}
	return money.SaveRefund(tx, money.RefundAsked, &r)
}

// Each invariant of refunds is shown to fire.
func TestCheckFindsEachRefundViolation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rule, change string }{
		{"a payment is its allocations plus what went to prepayment and what went back",
			"UPDATE refunds SET status = 'closed', booked_at = 0 WHERE no = 'refund-done'"},
		{"a payment is its allocations plus what went to prepayment and what went back",
			"UPDATE refunds SET status = 'closed' WHERE no = 'refund-moving'"},
		{"what goes back of a payment, and is under way, is what its refunds say", "UPDATE refund_sums SET held_fen = held_fen - 1"},
		{"what goes back of a payment, and is under way, is what its refunds say",
			"UPDATE refund_sums SET refunded_fen = refunded_fen + 1"},
		{"what goes back of a payment, and is under way, is what its refunds say", "UPDATE refund_sums SET parts = 1"},
		{"no more goes back of a payment than came", "UPDATE refunds SET amount_fen = 12000 WHERE no = 'refund-asked'"},
		{"no more goes back of a payment than came", "DELETE FROM refund_sums"},
		{"a refund's lines are its amount", "UPDATE refund_lines SET principal_fen = principal_fen + 1 WHERE refund_no = 'refund-asked'"},
		{"a refund's lines are its amount", "UPDATE refunds SET prepaid_fen = 299 WHERE no = 'refund-moving'"},
		{"a refund by WeChat is of its order's payment", "UPDATE refunds SET order_no = 'order-2' WHERE no = 'refund-asked'"},
		{"a refund by WeChat is of its order's payment", "UPDATE refunds SET transaction_id = '4299' WHERE no = 'refund-asked'"},
		{"an order's state fits its refunds", "UPDATE orders SET status = 'paid' WHERE no = 'order-1'"},
		{"an order's state fits its refunds", "UPDATE refunds SET status = 'closed' WHERE no = 'refund-moving'"},
		{"a refund's money in the journal left by its channel", "DELETE FROM journal WHERE kind = 'refund' AND debit = 'late_fee_income'"},
		{"prepayment in transit is what refunds under way hold", "DELETE FROM journal WHERE kind = 'refund_hold'"},
		{"money paid back by hand is in the journal", "UPDATE refunds SET channel = 'hand' WHERE no = 'refund-done'"},
		{"a room's prepayment in the journal is its balance", "DELETE FROM journal WHERE kind = 'refund_hold'"},
		{"a bill's receivable in the journal is the principal still owed",
			"DELETE FROM journal WHERE kind = 'refund' AND debit = 'receivable'"},
	} {
		t.Run(tt.change, func(t *testing.T) {
			t.Parallel()
			wantViolation(t, refundBooks(t), tt.rule, tt.change)
		})
	}
}

// What the check would find too late, the database refuses at once.
func TestDatabaseRefusesOfRefunds(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := refundBooks(t)
	for _, change := range []string{
		"UPDATE refund_sums SET held_fen = amount_fen",
		"UPDATE refund_sums SET held_fen = -1",
		"UPDATE refund_sums SET parts = 51",
		"UPDATE refunds SET amount_fen = total_fen + 1",
		"UPDATE refunds SET decided_id = asked_id WHERE no = 'refund-done'",
		"UPDATE refunds SET decided_kind = '' WHERE no = 'refund-done'",
		"UPDATE refunds SET status = 'done'",
		"UPDATE refunds SET status = 'success' WHERE no = 'refund-moving'",
		"UPDATE refunds SET refund_id = '5030refund-done' WHERE no = 'refund-moving'",
		"UPDATE refunds SET part = 1 WHERE no = 'refund-moving'",
		"UPDATE refunds SET part = 51 WHERE no = 'refund-moving'",
		"UPDATE refund_lines SET prepaid_fen = 1 WHERE bill_id <> ''",
		"UPDATE refund_lines SET principal_fen = 0, late_fee_fen = 0, prepaid_fen = 0",
		"UPDATE bill_entries SET principal_fen = 0 WHERE kind = 'discount'",
	} {
		if err := modelstest.Exec(ctx, db, change); err == nil {
			t.Errorf("the database let it pass: %s", change)
		}
	}
}
