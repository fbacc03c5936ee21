package payment_test

import (
	"testing"

	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
)

// TestDeskCheckFindsEachViolation makes books with everything of the desk and of bank
// collection in them, changes one row behind the program's back, and wants the check
// to name the rule.
func TestDeskCheckFindsEachViolation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rule, change string }{
		{"a payment of the desk has what was entered of it", "UPDATE desk_entries SET day_on = '2026-03-01' WHERE channel = 'cheque'"},
		{"a payment of the desk has what was entered of it", "UPDATE payments SET channel = 'alipay' WHERE channel = 'card'"},
		{"a payment of the desk has what was entered of it", "UPDATE payments SET source = 'bank' WHERE channel = 'card'"},
		{
			"an entry of the desk is of a payment at the desk",
			"UPDATE payments SET channel = 'collection', source = 'bank' WHERE channel = 'card'",
		},
		{"a voucher is held by the payment that stands under it", "UPDATE desk_entries SET voucher_key = NULL WHERE channel = 'card'"},
		{
			"a voucher is held by the payment that stands under it",
			"UPDATE desk_entries SET voucher_key = voucher_no WHERE channel = 'cheque'",
		},
		{"money of the desk and of the bank is in the journal", "UPDATE journal SET debit = 'bank' WHERE debit = 'card_clearing'"},
		{"money of the desk and of the bank is in the journal", "DELETE FROM journal WHERE debit = 'bank'"},
		{"a payment that is undone is undone whole", "UPDATE payment_reversals SET amount_fen = amount_fen - 1"},
		{"money of a payment that is undone leaves the journal", "UPDATE journal SET credit = 'cash' WHERE kind = 'reversal_principal'"},
		{"money of a payment that is undone leaves the journal", "DELETE FROM payment_reversals"},
		{"nothing of a payment that is undone stays on a bill", "DELETE FROM allocations WHERE principal_fen < 0"},
		{
			"nothing of a payment that is undone stays in prepayment",
			"UPDATE prepaid_entries SET amount_fen = amount_fen + 1 WHERE amount_fen < 0",
		},
		{
			"a payment is its allocations plus what went to prepayment and what went back",
			"DELETE FROM payment_reversals WHERE amount_fen > 0",
		},
		{"an entry and a reversal count in a day of the cashier", "DELETE FROM desk_days WHERE channel = 'card'"},
		{"an entry and a reversal count in a day of the cashier", "UPDATE payment_reversals SET day_on = '2026-03-20'"},
		{"a reversal counts in the days of whoever had entered the payment", "UPDATE payment_reversals SET staff_id = 'x'"},
		{
			"a closed day holds what was booked in it",
			"UPDATE desk_days SET booked_fen = booked_fen + 1, counted_fen = counted_fen + 1 WHERE status = 'closed'",
		},
		{"a closed day holds what was booked in it", "UPDATE desk_days SET booked_count = booked_count + 1 WHERE status = 'closed'"},
		{
			"a closed day holds what was undone in it",
			"UPDATE desk_days SET reversed_fen = 5, counted_fen = counted_fen - 5 WHERE status = 'closed'",
		},
		{"a batch of bank collection is the sum of its lines", "UPDATE collection_batches SET amount_fen = amount_fen + 1"},
		{"a batch of bank collection is the sum of its lines", "UPDATE collection_batches SET paid_count = paid_count + 1"},
		{"a line of bank collection is the sum of its bills", "UPDATE collection_bills SET principal_fen = principal_fen + 1"},
		{
			"a line that the bank has collected has its payment",
			"UPDATE payments SET room_id = (SELECT room_id FROM desk_entries WHERE channel = 'card') WHERE channel = 'collection'",
		},
		{"a payment by bank collection is of one line", "UPDATE collection_lines SET payment_id = 'x' WHERE status = 'paid'"},
		{"a bill is held for the bank while its line waits, and only then", "UPDATE collection_bills SET open_bill_id = NULL"},
		{"a line waits while its batch does, and no longer", "UPDATE collection_batches SET status = 'answered' WHERE status = 'made'"},
		{"a line waits while its batch does, and no longer", "UPDATE collection_batches SET status = 'cancelled' WHERE status = 'made'"},
	} {
		t.Run(tt.change, func(t *testing.T) {
			t.Parallel()
			w := paymenttest.NewWorld(t)
			deskBooks(w)
			w.Clean()
			w.Exec(tt.change)
			found, err := proof.Check(w.Db.View(paymenttest.Bg))
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

// deskBooks has a payment that stands, one that was undone, a closed day, and
// batches in every state.
func deskBooks(w *paymenttest.World) {
	w.T.Helper()
	h, collected, waiting := w.Home(2), w.Home(1), w.Home(1)
	by, finance := w.Staff(office.RoleCashier), w.Staff(office.RoleFinance)
	card := h.AtDesk(0)
	card.Channel, card.VoucherNo = money.ChannelCard, "P-1"
	w.Takes(by, card)
	cheque := h.Amount(20_000)
	cheque.Channel, cheque.VoucherNo = money.ChannelCheque, "C-1"
	r := w.Takes(by, cheque)
	if _, err := refund.ReverseAtDesk(paymenttest.Bg, w.Pay, finance, r.Payment.ID, "退票"); err != nil {
		w.T.Fatal(err)
	}
	if _, err := w.Pay.CloseDay(paymenttest.Bg, by, payment.DayCount{
		CommunityID: h.Room.CommunityID, StaffID: by.ID, Channel: money.ChannelCard, On: w.Db.Today(), CountedFen: 12949, ShownFen: 12949,
	}); err != nil {
		w.T.Fatal(err)
	}
	collected.Agreed("XY-0001")
	b := collected.Batch()
	w.Answer(b, paymenttest.Says(w.Exported(b), ""))
	waiting.Agreed("XY-0002")
	waiting.Batch()
}
