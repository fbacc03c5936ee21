package payment_test

import (
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// twice has a bill paid by two orders, the second late.
func (h *home) twice() money.Order {
	h.w.t.Helper()
	first := h.order(0, 0)
	h.w.exec("UPDATE orders SET status = 'closed', closed_at_wechat = 0 WHERE no = ?", first.Order.No)
	h.w.exec("UPDATE order_lines SET open_bill_id = NULL")
	h.paidOrder(0, 0)
	h.w.paysAtWechat(first.Order.No)
	h.w.drain()
	return h.w.orderNow(first.Order.No)
}

// Surplus by policy goes back by itself: no person asks or approves, and the room's
// prepayment never has it to spend.
func TestSurplusGoesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.surplus = "refund" })
	h := w.home(1)
	o := h.twice()
	w.wantOrder(o.No, money.OrderRefunding, "SUCCESS")
	if h.prepaid() != 0 {
		t.Errorf("prepaid %d", h.prepaid())
	}
	w.clean()
	w.sweepRefunds()
	list, err := money.RefundsOfOrder(w.db.View(bg), o.No)
	if err != nil || len(list) != 1 || list[0].Status != money.RefundProcessing || list[0].AmountFen != o.AmountFen || list[0].Origin != money.RefundOfSurplus {
		t.Fatalf("%+v, %v", list, err)
	}
	w.finishes(list[0], sandbox.RefundSuccess)
	w.wantOrder(o.No, money.OrderRefunded, "REFUND")
	if h.bill(0).Status != fees.BillPaid {
		t.Error("the bill was paid by the other order")
	}
	w.refundsAgree()
	w.agree()
}

// Where WeChat closes it for good, surplus stays in the room's prepayment.
func TestSurplusThatCannotGoBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.surplus = "refund" })
	h := w.home(1)
	o := h.twice()
	w.sweepRefunds()
	list, err := money.RefundsOfOrder(w.db.View(bg), o.No)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	w.finishes(list[0], sandbox.RefundClosed)
	w.wantOrder(o.No, money.OrderPaid, "REFUND")
	if h.prepaid() != o.AmountFen {
		t.Errorf("prepaid %d, want %d", h.prepaid(), o.AmountFen)
	}
	w.refundsAgree()
	w.agree()
}

// Prepayment goes back through the payments that brought it, newest first, each by
// what it put in; the rest is paid by hand, with a note.
func TestPrepaidRefund(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(0)
	older, newer := h.paidOrder(3000), h.paidOrder(2000)
	prepayByHand(w, h, 700) // from before the books, say
	requests := &billing.Requests{DB: w.db, Refund: w.pay.RefundPrepaid}
	q, err := requests.AskAsStaff(bg, asker, billing.Asking{Kind: fees.RequestRefund, RoomID: h.room.ID, AmountFen: 5500, Text: "搬离"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := requests.Decide(bg, approver, billing.Decision{RequestID: q.ID, Approve: true, Note: "同意"}); err != nil {
		t.Fatal(err)
	}
	if h.prepaid() != 200 {
		t.Errorf("prepaid %d", h.prepaid())
	}
	w.clean()
	list, err := money.RefundsOfRequest(w.db.View(bg), q.ID)
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
	w.sweepRefunds()
	for _, o := range []money.Order{older, newer} {
		w.finishes(byOrder[o.No], sandbox.RefundSuccess)
	}
	hand := byOrder[""]
	_, err = w.pay.SettleByHand(bg, asker, hand.No, " ")
	refused(t, err, payment.ErrRefundNote)
	_, err = w.pay.SettleByHand(bg, office.Staff{Role: office.RoleCashier}, hand.No, "现金")
	refused(t, err, models.ErrForbidden)
	if r, err := w.pay.SettleByHand(bg, asker, hand.No, "现金退还，收条 12 号"); err != nil || r.Status != money.RefundSuccess || r.HandName != asker.Name {
		t.Errorf("%+v, %v", r, err)
	}
	_, err = w.pay.SettleByHand(bg, asker, hand.No, "再退一次")
	refused(t, err, payment.ErrRefundState)
	w.wantOrder(older.No, money.OrderRefunded, "REFUND")
	w.refundsAgree()
}

// What will not be paid by hand after all is the room's again.
func TestPrepaidRefundGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(0)
	prepayByHand(w, h, 700)
	requests := &billing.Requests{DB: w.db, Refund: w.pay.RefundPrepaid}
	q, err := requests.AskAsStaff(bg, asker, billing.Asking{Kind: fees.RequestRefund, RoomID: h.room.ID, AmountFen: 700, Text: "搬离"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := requests.Decide(bg, approver, billing.Decision{RequestID: q.ID, Approve: true, Note: "同意"}); err != nil {
		t.Fatal(err)
	}
	list, err := money.RefundsOfRequest(w.db.View(bg), q.ID)
	if err != nil || len(list) != 1 || h.prepaid() != 0 {
		t.Fatal(list, err)
	}
	if _, err := w.pay.GiveUpRefund(bg, asker, list[0].No, "业主改了主意"); err != nil {
		t.Fatal(err)
	}
	if h.prepaid() != 700 {
		t.Errorf("prepaid %d", h.prepaid())
	}
	w.clean()
}

// prepayByHand puts prepayment into a room that came by no payment.
func prepayByHand(w *world, h *home, amount models.Fen) {
	w.t.Helper()
	err := w.db.Write(bg, func(tx *store.Tx) error {
		if err := money.MovePrepaid(tx, h.room.ID, money.PrepaidTopup, amount, "", ""); err != nil {
			return err
		}
		return money.Journal(tx, []money.JournalLine{{Kind: money.JournalTopup, Debit: "cash", Credit: money.AccountPrepaid, AmountFen: amount, CommunityID: h.room.CommunityID, RoomID: h.room.ID}})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
