package payment_test

import (
	"errors"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// An order can be paid to the end of its validity, and is closed on both sides
// after it.
func TestExpiry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	paid, unpaid := h.order(0, 0), h.order(0, 1)
	if got := paid.Order.ExpiresAt.Sub(w.clock.Now()); got != 30*time.Minute {
		t.Errorf("valid for %s", got)
	}
	w.clock.Advance(30*time.Minute - time.Second)
	w.everythingDue()
	w.sweep()
	w.wantOrder(unpaid.Order.No, money.OrderPending, "NOTPAY")
	w.paysAtWechat(paid.Order.No, silent)
	w.clock.Advance(2 * time.Second)
	w.everythingDue()
	if n := w.sweep(); n != 2 {
		t.Errorf("asked about %d orders", n)
	}
	w.wantOrder(paid.Order.No, money.OrderPaid, "SUCCESS")
	w.wantOrder(unpaid.Order.No, money.OrderClosed, "CLOSED")
	if o := w.orderNow(unpaid.Order.No); !o.ClosedAtWechat {
		t.Error("the closing is not confirmed")
	}
	if n := w.sweep(); n != 0 {
		t.Errorf("orders that are final were asked about: %d", n)
	}
	if claims(w) != "0" {
		t.Error("a claim is left")
	}
	w.agree()
}

// Our clock is past the validity and WeChat's is not: the order is closed there.
func TestExpiredHereOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.home(1).order(0, 0)
	w.exec("UPDATE orders SET expires_at = ?", w.clock.Now().Add(-time.Second).UnixMilli())
	w.everythingDue()
	w.sweep()
	w.wantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	w.agree()
}

// The late fee that was quoted is final for an order paid in time, also when the
// callback is lost and the next day's sweep finds the money.
func TestQuoteHoldsPastMidnight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.start = time.Date(2026, 3, 15, 23, 50, 0, 0, models.Shanghai) })
	h := w.home(1)
	c := h.order(0, 0)
	w.clock.Advance(20 * time.Minute)
	if due := h.due(0); due != 12982 {
		t.Fatalf("after midnight the bill costs %d", due)
	}
	w.paysAtWechat(c.Order.No, silent)
	w.clock.Advance(26 * time.Hour)
	w.ask(c.Order.No)
	b := h.bill(0)
	if b.Status != fees.BillPaid || b.DueFen != 0 || b.PaidLateFeeFen != 1947 {
		t.Errorf("bill %s, %d due, late fee paid %d", b.Status, b.DueFen, b.PaidLateFeeFen)
	}
	if n := w.number("SELECT COUNT(*) FROM payments WHERE paid_on = '2026-03-16'"); n != 1 {
		t.Error("the money is not booked on the day it was paid")
	}
	w.agree()
}

// Money of an order that had expired by then settles with the late fee of its own
// day, and the rest is owed.
func TestPaidAfterValidity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	c := h.order(0, 0)
	w.clock.Advance(48 * time.Hour)
	payLate(w, c.Order.No)
	b := h.bill(0)
	if b.Status != fees.BillPartial || b.PaidLateFeeFen != 2013 || b.OutstandingFen() != 66 || b.DueFen != 66 {
		t.Errorf("bill %s, late fee paid %d, principal owed %d, due %d; want partial, 2013, 66, 66", b.Status, b.PaidLateFeeFen, b.OutstandingFen(), b.DueFen)
	}
	w.clean()
}

// WeChat is out of reach: nothing is closed here that could still be paid there,
// and a sweep does not wait for every single order.
func TestSweepWithoutWechat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(8)
	var nos []string
	for i := range h.bills {
		nos = append(nos, h.order(0, i).Order.No)
	}
	w.paysAtWechat(nos[0], silent)
	w.clock.Advance(time.Hour)
	w.everythingDue()
	w.gate.down.Store(true)
	calls := w.box.Calls(sandbox.RouteQuery)
	w.sweep()
	if n := w.box.Calls(sandbox.RouteQuery) - calls; n != 0 {
		t.Fatalf("the line is not dead: %d calls", n)
	}
	for _, no := range nos {
		if s := w.orderNow(no).Status; s != money.OrderPending {
			t.Errorf("an order is %s", s)
		}
	}
	if n := w.number("SELECT COUNT(*) FROM orders WHERE next_check_at > ?", time.Now().UnixMilli()); n != int64(len(nos)) {
		t.Errorf("%d orders are to be asked about again later, want all", n)
	}
	w.clean()
	w.gate.down.Store(false)
	w.everythingDue()
	w.sweep()
	w.wantOrder(nos[0], money.OrderPaid, "SUCCESS")
	for _, no := range nos[1:] {
		w.wantOrder(no, money.OrderClosed, "CLOSED")
	}
	w.agree()
}

// More orders are due than one page holds: all of them are asked about.
func TestSweepOfManyOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(120)
	for i := range h.bills {
		c := h.order(0, i)
		if i%3 == 0 {
			w.paysAtWechat(c.Order.No, silent)
		}
	}
	w.everythingDue()
	if n := w.sweep(); n != 120 {
		t.Errorf("asked about %d orders, want 120", n)
	}
	if n := w.number("SELECT COUNT(*) FROM payments"); n != 40 {
		t.Errorf("%d payments", n)
	}
	w.clock.Advance(time.Hour)
	w.everythingDue()
	if n := w.sweep(); n != 80 {
		t.Errorf("asked about %d orders, want the 80 that were not final", n)
	}
	if n := w.number("SELECT COUNT(*) FROM orders WHERE status = 'closed' AND closed_at_wechat = 1"); n != 80 {
		t.Errorf("%d orders closed", n)
	}
	w.agree()
}

// One order that cannot be dealt with does not keep the others waiting, however
// often the sweep comes by.
func TestSweepGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(4)
	var nos []string
	for i := range h.bills {
		nos = append(nos, h.order(0, i).Order.No)
		w.paysAtWechat(nos[i], silent)
	}
	w.exec("UPDATE orders SET merchant = 'gone' WHERE no = ?", nos[0]) // no longer configured
	broken := errors.New("this one is broken")
	w.pay.Booked = func(_ *store.Tx, o *money.Order, _ *money.Payment) error {
		if o.No == nos[1] {
			return broken
		}
		return nil
	}
	w.everythingDue()
	n, err := w.pay.Sweep(bg)
	if n != 4 || !errors.Is(err, broken) {
		t.Errorf("asked about %d orders, %v; want 4 and an error", n, err)
	}
	for i, want := range []string{money.OrderPending, money.OrderPending, money.OrderPaid, money.OrderPaid} {
		if s := w.orderNow(nos[i]).Status; s != want {
			t.Errorf("order %d is %s, want %s", i, s, want)
		}
	}
	if n, err := w.pay.Sweep(bg); n != 0 || err != nil {
		t.Errorf("at once again: %d orders, %v", n, err)
	}
	w.pay.Booked = nil
	w.exec("UPDATE orders SET merchant = 'main'")
	w.everythingDue()
	w.sweep()
	w.agree()
}

// A merchant for whom WeChat gives no answer does not keep the others waiting.
func TestSweepOfTwoMerchants(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other"}} })
	h := w.home(6)
	var nos []string
	for i := range h.bills {
		if i == 5 {
			w.exec("UPDATE communities SET merchant = 'other'")
		}
		nos = append(nos, h.order(0, i).Order.No)
	}
	w.paysAtWechat(nos[5], silent)
	w.inject(sandbox.Fault{Kind: sandbox.FaultFrequency, Route: sandbox.RouteQuery, Merchant: "main", Times: 99})
	w.everythingDue()
	w.sweep()
	w.wantOrder(nos[5], money.OrderPaid, "SUCCESS")
	if calls := w.box.Calls(sandbox.RouteQuery); calls > 4 {
		t.Errorf("%d calls to a WeChat that answers none of them", calls)
	}
	w.agree()
}

// WeChat never got the order: it is left alone while the checkout may be under
// way, and closed afterwards.
func TestWechatNeverKnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	c := h.order(0, 0)
	// As after a crash between the two transactions, before the call went out.
	lost := models.NewID()
	copyOrder(w, c.Order.No, lost)
	w.exec("UPDATE orders SET status = 'closed', closed_at_wechat = 1 WHERE no = ?", c.Order.No)
	w.ask(lost)
	w.wantOrder(lost, money.OrderPending, "")
	w.clock.Advance(time.Minute)
	w.everythingDue()
	w.sweep()
	w.wantOrder(lost, money.OrderClosed, "")
	if o := w.orderNow(lost); !o.ClosedAtWechat {
		t.Error("it is asked about for ever")
	}
	w.clean()
}

// copyOrder makes an order that only we know.
func copyOrder(w *world, from, to string) {
	w.t.Helper()
	o := w.orderNow(from)
	lines, err := money.OrderLines(w.db.View(bg), from)
	if err != nil {
		w.t.Fatal(err)
	}
	w.exec("UPDATE order_lines SET open_bill_id = NULL")
	o.No, o.PrepayID = to, ""
	modelstest.Write(w.t, w.db, func(tx *store.Tx) error { return money.InsertOrder(tx, &o, lines) })
}

// WeChat says it knows no such order, though it gave a prepay id for it: the payer
// may be paying at this moment, so its word is not believed before the expiry.
func TestWechatForgets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.home(1).order(0, 0)
	w.clock.Advance(time.Minute)
	forget := sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RouteQuery, Status: 404, Code: "ORDER_NOT_EXIST"}
	w.inject(forget)
	w.ask(c.Order.No)
	w.wantOrder(c.Order.No, money.OrderPending, "NOTPAY")
	w.clock.Advance(time.Hour)
	w.inject(forget)
	w.ask(c.Order.No)
	w.wantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	w.agree()
}

// The callback was lost, and the money is partly refunded by the time we ask: it
// was paid all the same.
func TestRefundedBeforeWeAsk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.home(1).order(0, 0)
	tr := w.paysAtWechat(c.Order.No, silent)
	if _, err := w.client("main").Refund(bg, refundOf(tr, 100)); err != nil {
		t.Fatal(err)
	}
	w.wantOrder(c.Order.No, money.OrderPending, "REFUND")
	w.ask(c.Order.No)
	w.wantOrder(c.Order.No, money.OrderPaid, "REFUND")
	w.agree()
}

// A query that finds other money than the order's makes the order an exception:
// nothing is booked, staff see it, and no second order is opened on its bills.
func TestQueryFindsOtherMoney(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	c := h.order(0, 0)
	w.exec("UPDATE orders SET amount_fen = amount_fen - 1, prepay_fen = 0")
	w.exec("UPDATE order_lines SET principal_fen = principal_fen - 1")
	w.paysAtWechat(c.Order.No, silent)
	for range 2 {
		if o := w.ask(c.Order.No); o.Status != money.OrderException {
			t.Errorf("the order is %s", o.Status)
		}
	}
	if e := w.oneEvent(proof.EventMismatch, 1); e.OrderNo != c.Order.No || e.AmountFen != 12949 {
		t.Errorf("kept %+v", e)
	}
	_, err := w.pay.Checkout(bg, h.wants(0, 0))
	refused(t, err, payment.ErrOrderReplaced)
	if n := w.number("SELECT COUNT(*) FROM payments"); n != 0 {
		t.Errorf("%d payments", n)
	}
	w.clean()

	// Staff have looked and end it: the bill can be paid again.
	staff := models.Actor{Kind: models.ActorStaff, ID: "s", Name: "财务"}
	refused(t, w.pay.EndException(bg, staff, c.Order.No, " "), payment.ErrNoReason)
	refused(t, w.pay.EndException(bg, staff, models.NewID(), "已在商户平台退款"), payment.ErrNoException)
	if err := w.pay.EndException(bg, staff, c.Order.No, "已在商户平台退款"); err != nil {
		t.Fatal(err)
	}
	refused(t, w.pay.EndException(bg, staff, c.Order.No, "已在商户平台退款"), payment.ErrNoException)
	h.order(0, 0)
	w.clean()
}

// At the start of the program every pending order is due to be asked about:
// callbacks may have been lost while it was down.
func TestWake(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.home(1).order(0, 0)
	w.paysAtWechat(c.Order.No, silent)
	if asked, err := w.pay.Sweep(bg); err != nil || asked != 0 {
		t.Fatalf("asked about %d orders before their time: %v", asked, err)
	}
	if err := w.pay.Wake(bg); err != nil {
		t.Fatal(err)
	}
	if asked, err := w.pay.Sweep(bg); err != nil || asked != 1 {
		t.Fatalf("asked about %d orders: %v", asked, err)
	}
	w.wantOrder(c.Order.No, money.OrderPaid, "SUCCESS")
	w.agree()
}

// The open orders of a room, before it is reminded: asked about, or in doubt.
func TestAskOpenOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	for i := range h.bills {
		w.paysAtWechat(h.order(0, i).Order.No, silent)
	}
	w.gate.down.Store(true)
	refused(t, w.pay.AskOpenOrders(bg, h.room.ID), payment.ErrUnavailable)
	w.gate.down.Store(false)
	if err := w.pay.AskOpenOrders(bg, h.room.ID); err != nil {
		t.Fatal(err)
	}
	if due := h.due(0, 1); due != 0 {
		t.Errorf("%d fen owed", due)
	}
	if err := w.pay.AskOpenOrders(bg, "nowhere"); err != nil {
		t.Error(err)
	}
	w.agree()
}
