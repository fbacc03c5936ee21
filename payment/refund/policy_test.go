package refund_test

import (
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
	"wuyepay/sandbox"
)

// twice has a bill paid by two orders, the second late.
func twice(h *paymenttest.Home) money.Order {
	h.W.T.Helper()
	first := h.Order(0, 0)
	h.W.Exec("UPDATE orders SET status = 'closed', closed_at_wechat = 0 WHERE no = ?", first.Order.No)
	h.W.Exec("UPDATE order_lines SET open_bill_id = NULL")
	h.PaidOrder(0, 0)
	h.W.PaysAtWechat(first.Order.No)
	h.W.Drain()
	return h.W.OrderNow(first.Order.No)
}

// Surplus by policy goes back by itself: no person asks or approves, and the room's
// prepayment never has it to spend.
func TestSurplusGoesBack(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Surplus = "refund" })
	h := w.Home(1)
	o := twice(h)
	w.WantOrder(o.No, money.OrderRefunding, "SUCCESS")
	if h.Prepaid() != 0 {
		t.Errorf("prepaid %d", h.Prepaid())
	}
	w.Clean()
	w.SweepRefunds()
	list, err := money.RefundsOfOrder(w.Db.View(paymenttest.Bg), o.No)
	if err != nil || len(list) != 1 || list[0].Status != money.RefundProcessing || list[0].AmountFen != o.AmountFen ||
		list[0].Origin != money.RefundOfSurplus {
		t.Fatalf("%+v, %v", list, err)
	}
	w.Finishes(list[0], sandbox.RefundSuccess)
	w.WantOrder(o.No, money.OrderRefunded, "REFUND")
	if h.Bill(0).Status != fees.BillPaid {
		t.Error("the bill was paid by the other order")
	}
	w.RefundsAgree()
	w.Agree()
}

// Where WeChat closes it for good, surplus stays in the room's prepayment.
func TestSurplusThatCannotGoBack(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Surplus = "refund" })
	h := w.Home(1)
	o := twice(h)
	w.SweepRefunds()
	list, err := money.RefundsOfOrder(w.Db.View(paymenttest.Bg), o.No)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	w.Finishes(list[0], sandbox.RefundClosed)
	w.WantOrder(o.No, money.OrderPaid, "REFUND")
	if h.Prepaid() != o.AmountFen {
		t.Errorf("prepaid %d, want %d", h.Prepaid(), o.AmountFen)
	}
	w.RefundsAgree()
	w.Agree()
}

// Prepayment goes back through the payments that brought it, newest first, each by
// what it put in; the rest is paid by hand, with a note.
func TestPrepaidRefund(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(0)
	older, newer := h.PaidOrder(3000), h.PaidOrder(2000)
	prepayByHand(w, h, 700) // from before the books, say
	requests := &billing.Requests{DB: w.Db, Refund: func(tx *store.Tx, q *fees.Request, by models.Actor) error {
		return refund.GiveBackPrepaid(w.Pay, tx, q, by)
	}}
	q, err := requests.SubmitAsStaff(paymenttest.Bg, paymenttest.Asker, billing.NewRequest{
		Kind: fees.RequestRefund, RoomID: h.Room.ID, AmountFen: 5500, Text: "搬离",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := requests.Decide(paymenttest.Bg, paymenttest.Approver, billing.Decision{
		RequestID: q.ID, Approve: true, Note: "同意",
	}); err != nil {
		t.Fatal(err)
	}
	if h.Prepaid() != 200 {
		t.Errorf("prepaid %d", h.Prepaid())
	}
	w.Clean()
	list, err := money.RefundsOfRequest(w.Db.View(paymenttest.Bg), q.ID)
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	byOrder := map[string]money.Refund{}
	for _, r := range list {
		byOrder[r.OrderNo] = r
	}
	if byOrder[newer.No].AmountFen != 2000 || byOrder[older.No].AmountFen != 3000 || byOrder[""].AmountFen != 500 {
		t.Errorf("%+v", list)
	}
	w.SweepRefunds()
	for _, o := range []money.Order{older, newer} {
		w.Finishes(byOrder[o.No], sandbox.RefundSuccess)
	}
	hand := byOrder[""]
	_, err = refund.SettleByHand(paymenttest.Bg, w.Pay, paymenttest.Asker, hand.No, " ")
	paymenttest.Refused(t, err, refund.ErrRefundNote)
	_, err = refund.SettleByHand(paymenttest.Bg, w.Pay, office.Staff{Role: office.RoleCashier}, hand.No, "现金")
	paymenttest.Refused(t, err, models.ErrForbidden)
	if r, err := refund.SettleByHand(paymenttest.Bg, w.Pay, paymenttest.Asker, hand.No,
		"现金退还，收条 12 号"); err != nil || r.Status != money.RefundSuccess || r.HandName != paymenttest.Asker.Name {
		t.Errorf("%+v, %v", r, err)
	}
	_, err = refund.SettleByHand(paymenttest.Bg, w.Pay, paymenttest.Asker, hand.No, "再退一次")
	paymenttest.Refused(t, err, refund.ErrRefundState)
	w.WantOrder(older.No, money.OrderRefunded, "REFUND")
	w.RefundsAgree()
}

// What will not be paid by hand after all is the room's again.
func TestPrepaidRefundGivenUp(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(0)
	prepayByHand(w, h, 700)
	requests := &billing.Requests{DB: w.Db, Refund: func(tx *store.Tx, q *fees.Request, by models.Actor) error {
		return refund.GiveBackPrepaid(w.Pay, tx, q, by)
	}}
	q, err := requests.SubmitAsStaff(paymenttest.Bg, paymenttest.Asker, billing.NewRequest{
		Kind: fees.RequestRefund, RoomID: h.Room.ID, AmountFen: 700, Text: "搬离",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := requests.Decide(paymenttest.Bg, paymenttest.Approver, billing.Decision{
		RequestID: q.ID, Approve: true, Note: "同意",
	}); err != nil {
		t.Fatal(err)
	}
	list, err := money.RefundsOfRequest(w.Db.View(paymenttest.Bg), q.ID)
	if err != nil || len(list) != 1 || h.Prepaid() != 0 {
		t.Fatal(list, err)
	}
	if _, err := refund.GiveUp(paymenttest.Bg, w.Pay, paymenttest.Asker, list[0].No, "业主改了主意"); err != nil {
		t.Fatal(err)
	}
	if h.Prepaid() != 700 {
		t.Errorf("prepaid %d", h.Prepaid())
	}
	w.Clean()
}

// prepayByHand puts prepayment into a room that came by no payment.
func prepayByHand(w *paymenttest.World, h *paymenttest.Home, amount models.Fen) {
	w.T.Helper()
	err := w.Db.Write(paymenttest.Bg, func(tx *store.Tx) error {
		if err := money.MovePrepaid(tx, h.Room.ID, money.PrepaidTopup, amount, "", ""); err != nil {
			return err
		}
		return money.Journal(tx, []money.JournalLine{
			{
				Kind: money.JournalTopup, Debit: "cash", Credit: money.AccountPrepaid, AmountFen: amount, CommunityID: h.Room.CommunityID,
				RoomID: h.Room.ID,
			},
		})
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

// Prepayment that a refund has asked for is not free for another one, also where a part of
// what was paid in is spent: of 100 paid in, 50 are left, and these are asked for.
func TestAskedPrepaymentIsNotFree(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(10_000)
	modelstest.Write(t, w.Db, func(tx *store.Tx) error {
		return money.MovePrepaid(tx, h.Room.ID, money.PrepaidOffset, -5_000, "", h.Bills[0].ID)
	})
	w.Asks(refund.Ask{OrderNo: o.No, PrepaidFen: 5_000, BillAfter: money.BillsOwed, Reason: "多收"})
	free, err := refund.RefundableOf(w.Db.View(paymenttest.Bg), o)
	if err != nil || free.PrepaidFen != 0 || free.FreeFen() != 0 {
		t.Errorf("%d of prepayment and %d in all are still free (%v)", free.PrepaidFen, free.FreeFen(), err)
	}
}
