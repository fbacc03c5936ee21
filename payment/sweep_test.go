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
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// An order can be paid to the end of its validity, and is closed on both sides
// after it.
func TestExpiry(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	paid, unpaid := h.Order(0, 0), h.Order(0, 1)
	if got := paid.Order.ExpiresAt.Sub(w.Clock.Now()); got != 30*time.Minute {
		t.Errorf("valid for %s", got)
	}
	w.Clock.Advance(30*time.Minute - time.Second)
	w.EverythingDue()
	w.Sweep()
	w.WantOrder(unpaid.Order.No, money.OrderPending, "NOTPAY")
	w.PaysAtWechat(paid.Order.No, paymenttest.Silent)
	w.Clock.Advance(2 * time.Second)
	w.EverythingDue()
	if n := w.Sweep(); n != 2 {
		t.Errorf("asked about %d orders", n)
	}
	w.WantOrder(paid.Order.No, money.OrderPaid, "SUCCESS")
	w.WantOrder(unpaid.Order.No, money.OrderClosed, "CLOSED")
	if o := w.OrderNow(unpaid.Order.No); !o.ClosedAtWechat {
		t.Error("the closing is not confirmed")
	}
	if n := w.Sweep(); n != 0 {
		t.Errorf("orders that are final were asked about: %d", n)
	}
	if paymenttest.Claims(w) != "0" {
		t.Error("a claim is left")
	}
	w.Agree()
}

// Our clock is past the validity and WeChat's is not: the order is closed there.
func TestExpiredHereOnly(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	c := w.Home(1).Order(0, 0)
	w.Exec("UPDATE orders SET expires_at = ?", w.Clock.Now().Add(-time.Second).UnixMilli())
	w.EverythingDue()
	w.Sweep()
	w.WantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	w.Agree()
}

// The late fee that was quoted is final for an order paid in time, also when the
// callback is lost and the next day's sweep finds the money.
func TestQuoteHoldsPastMidnight(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Start = time.Date(2026, 3, 15, 23, 50, 0, 0, models.Shanghai) })
	h := w.Home(1)
	c := h.Order(0, 0)
	w.Clock.Advance(20 * time.Minute)
	if due := h.Due(0); due != 12982 {
		t.Fatalf("after midnight the bill costs %d", due)
	}
	w.PaysAtWechat(c.Order.No, paymenttest.Silent)
	w.Clock.Advance(26 * time.Hour)
	w.Ask(c.Order.No)
	b := h.Bill(0)
	if b.Status != fees.BillPaid || b.DueFen != 0 || b.PaidLateFeeFen != 1947 {
		t.Errorf("bill %s, %d due, late fee paid %d", b.Status, b.DueFen, b.PaidLateFeeFen)
	}
	if n := w.Number("SELECT COUNT(*) FROM payments WHERE paid_on = '2026-03-16'"); n != 1 {
		t.Error("the money is not booked on the day it was paid")
	}
	w.Agree()
}

// Money of an order that had expired by then settles with the late fee of its own
// day, and the rest is owed.
func TestPaidAfterValidity(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	c := h.Order(0, 0)
	w.Clock.Advance(48 * time.Hour)
	paymenttest.PayLate(w, c.Order.No)
	b := h.Bill(0)
	if b.Status != fees.BillPartial || b.PaidLateFeeFen != 2013 || b.OutstandingFen() != 66 || b.DueFen != 66 {
		t.Errorf("bill %s, late fee paid %d, principal owed %d, due %d; want partial, 2013, 66, 66", b.Status,
			b.PaidLateFeeFen, b.OutstandingFen(), b.DueFen)
	}
	w.Clean()
}

// WeChat is out of reach: nothing is closed here that could still be paid there,
// and a sweep does not wait for every single order.
func TestSweepWithoutWechat(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(8)
	var nos []string
	for i := range h.Bills {
		nos = append(nos, h.Order(0, i).Order.No)
	}
	w.PaysAtWechat(nos[0], paymenttest.Silent)
	w.Clock.Advance(time.Hour)
	w.EverythingDue()
	w.Gate.Down.Store(true)
	calls := w.Box.Calls(sandbox.RouteQuery)
	w.Sweep()
	if n := w.Box.Calls(sandbox.RouteQuery) - calls; n != 0 {
		t.Fatalf("the line is not dead: %d calls", n)
	}
	for _, no := range nos {
		if s := w.OrderNow(no).Status; s != money.OrderPending {
			t.Errorf("an order is %s", s)
		}
	}
	if n := w.Number("SELECT COUNT(*) FROM orders WHERE next_check_at > ?", time.Now().UnixMilli()); n != int64(len(nos)) {
		t.Errorf("%d orders are to be asked about again later, want all", n)
	}
	w.Clean()
	w.Gate.Down.Store(false)
	w.EverythingDue()
	w.Sweep()
	w.WantOrder(nos[0], money.OrderPaid, "SUCCESS")
	for _, no := range nos[1:] {
		w.WantOrder(no, money.OrderClosed, "CLOSED")
	}
	w.Agree()
}

// More orders are due than one page holds: all of them are asked about.
func TestSweepOfManyOrders(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(120)
	for i := range h.Bills {
		c := h.Order(0, i)
		if i%3 == 0 {
			w.PaysAtWechat(c.Order.No, paymenttest.Silent)
		}
	}
	w.EverythingDue()
	if n := w.Sweep(); n != 120 {
		t.Errorf("asked about %d orders, want 120", n)
	}
	if n := w.Number("SELECT COUNT(*) FROM payments"); n != 40 {
		t.Errorf("%d payments", n)
	}
	w.Clock.Advance(time.Hour)
	w.EverythingDue()
	if n := w.Sweep(); n != 80 {
		t.Errorf("asked about %d orders, want the 80 that were not final", n)
	}
	if n := w.Number("SELECT COUNT(*) FROM orders WHERE status = 'closed' AND closed_at_wechat = 1"); n != 80 {
		t.Errorf("%d orders closed", n)
	}
	w.Agree()
}

// One order that cannot be dealt with does not keep the others waiting, however
// often the sweep comes by.
func TestSweepGoesOn(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(4)
	var nos []string
	for i := range h.Bills {
		nos = append(nos, h.Order(0, i).Order.No)
		w.PaysAtWechat(nos[i], paymenttest.Silent)
	}
	w.Exec("UPDATE orders SET merchant = 'gone' WHERE no = ?", nos[0]) // no longer configured
	broken := errors.New("this one is broken")
	w.Pay.Booked = func(_ *store.Tx, o *money.Order, _ *money.Payment) error {
		if o.No == nos[1] {
			return broken
		}
		return nil
	}
	w.EverythingDue()
	n, err := w.Pay.Sweep(paymenttest.Bg)
	if n != 4 || !errors.Is(err, broken) {
		t.Errorf("asked about %d orders, %v; want 4 and an error", n, err)
	}
	for i, want := range []string{money.OrderPending, money.OrderPending, money.OrderPaid, money.OrderPaid} {
		if s := w.OrderNow(nos[i]).Status; s != want {
			t.Errorf("order %d is %s, want %s", i, s, want)
		}
	}
	if n, err := w.Pay.Sweep(paymenttest.Bg); n != 0 || err != nil {
		t.Errorf("at once again: %d orders, %v", n, err)
	}
	w.Pay.Booked = nil
	w.Exec("UPDATE orders SET merchant = 'main'")
	w.EverythingDue()
	w.Sweep()
	w.Agree()
}

// A merchant for whom WeChat gives no answer does not keep the others waiting.
func TestSweepOfTwoMerchants(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other"}} })
	h := w.Home(6)
	var nos []string
	for i := range h.Bills {
		if i == 5 {
			w.Exec("UPDATE communities SET merchant = 'other'")
		}
		nos = append(nos, h.Order(0, i).Order.No)
	}
	w.PaysAtWechat(nos[5], paymenttest.Silent)
	w.Inject(sandbox.Fault{Kind: sandbox.FaultFrequency, Route: sandbox.RouteQuery, Merchant: "main", Times: 99})
	w.EverythingDue()
	w.Sweep()
	w.WantOrder(nos[5], money.OrderPaid, "SUCCESS")
	if calls := w.Box.Calls(sandbox.RouteQuery); calls > 4 {
		t.Errorf("%d calls to a WeChat that answers none of them", calls)
	}
	w.Agree()
}

// WeChat never got the order: it is left alone while the checkout may be under
// way, and closed afterwards.
func TestWechatNeverKnew(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	c := h.Order(0, 0)
	// As after a crash between the two transactions, before the call went out.
	lost := models.NewID()
	copyOrder(w, c.Order.No, lost)
	w.Exec("UPDATE orders SET status = 'closed', closed_at_wechat = 1 WHERE no = ?", c.Order.No)
	w.Ask(lost)
	w.WantOrder(lost, money.OrderPending, "")
	w.Clock.Advance(time.Minute)
	w.EverythingDue()
	w.Sweep()
	w.WantOrder(lost, money.OrderClosed, "")
	if o := w.OrderNow(lost); !o.ClosedAtWechat {
		t.Error("it is asked about for ever")
	}
	w.Clean()
}

// copyOrder makes an order that only we know.
func copyOrder(w *paymenttest.World, from, to string) {
	w.T.Helper()
	o := w.OrderNow(from)
	lines, err := money.OrderLines(w.Db.View(paymenttest.Bg), from)
	if err != nil {
		w.T.Fatal(err)
	}
	w.Exec("UPDATE order_lines SET open_bill_id = NULL")
	o.No, o.PrepayID = to, ""
	modelstest.Write(w.T, w.Db, func(tx *store.Tx) error { return money.InsertOrder(tx, &o, lines) })
}

// WeChat says it knows no such order, though it gave a prepay id for it: the payer
// may be paying at this moment, so its word is not believed before the expiry.
func TestWechatForgets(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	c := w.Home(1).Order(0, 0)
	w.Clock.Advance(time.Minute)
	forget := sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RouteQuery, Status: 404, Code: "ORDER_NOT_EXIST"}
	w.Inject(forget)
	w.Ask(c.Order.No)
	w.WantOrder(c.Order.No, money.OrderPending, "NOTPAY")
	w.Clock.Advance(time.Hour)
	w.Inject(forget)
	w.Ask(c.Order.No)
	w.WantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	w.Agree()
}

// The callback was lost, and the money is partly refunded by the time we ask: it
// was paid all the same.
func TestRefundedBeforeWeAsk(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	c := w.Home(1).Order(0, 0)
	tr := w.PaysAtWechat(c.Order.No, paymenttest.Silent)
	if _, err := w.Client("main").Refund(paymenttest.Bg, paymenttest.RefundOf(tr, 100)); err != nil {
		t.Fatal(err)
	}
	w.WantOrder(c.Order.No, money.OrderPending, "REFUND")
	w.Ask(c.Order.No)
	w.WantOrder(c.Order.No, money.OrderPaid, "REFUND")
	w.Agree()
}

// A query that finds other money than the order's makes the order an exception:
// nothing is booked, staff see it, and no second order is opened on its bills.
func TestQueryFindsOtherMoney(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	c := h.Order(0, 0)
	w.Exec("UPDATE orders SET amount_fen = amount_fen - 1, prepay_fen = 0")
	w.Exec("UPDATE order_lines SET principal_fen = principal_fen - 1")
	w.PaysAtWechat(c.Order.No, paymenttest.Silent)
	for range 2 {
		if o := w.Ask(c.Order.No); o.Status != money.OrderException {
			t.Errorf("the order is %s", o.Status)
		}
	}
	if e := oneEvent(w, proof.EventMismatch, 1); e.OrderNo != c.Order.No || e.AmountFen != 12949 {
		t.Errorf("kept %+v", e)
	}
	_, err := w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 0))
	paymenttest.Refused(t, err, payment.ErrOrderReplaced)
	if n := w.Number("SELECT COUNT(*) FROM payments"); n != 0 {
		t.Errorf("%d payments", n)
	}
	w.Clean()

	// Staff have looked and end it: the bill can be paid again.
	staff := models.Actor{Kind: models.ActorStaff, ID: "s", Name: "财务"}
	paymenttest.Refused(t, w.Pay.EndException(paymenttest.Bg, staff, c.Order.No, " "), payment.ErrNoReason)
	paymenttest.Refused(t, w.Pay.EndException(paymenttest.Bg, staff, models.NewID(), "已在商户平台退款"), payment.ErrNoException)
	if err := w.Pay.EndException(paymenttest.Bg, staff, c.Order.No, "已在商户平台退款"); err != nil {
		t.Fatal(err)
	}
	paymenttest.Refused(t, w.Pay.EndException(paymenttest.Bg, staff, c.Order.No, "已在商户平台退款"), payment.ErrNoException)
	h.Order(0, 0)
	w.Clean()
}

// At the start of the program every pending order is due to be asked about:
// callbacks may have been lost while it was down.
func TestWake(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	c := w.Home(1).Order(0, 0)
	w.PaysAtWechat(c.Order.No, paymenttest.Silent)
	if asked, err := w.Pay.Sweep(paymenttest.Bg); err != nil || asked != 0 {
		t.Fatalf("asked about %d orders before their time: %v", asked, err)
	}
	if err := w.Pay.ExpediteAll(paymenttest.Bg); err != nil {
		t.Fatal(err)
	}
	if asked, err := w.Pay.Sweep(paymenttest.Bg); err != nil || asked != 1 {
		t.Fatalf("asked about %d orders: %v", asked, err)
	}
	w.WantOrder(c.Order.No, money.OrderPaid, "SUCCESS")
	w.Agree()
}

// The open orders of a room, before it is reminded: asked about, or in doubt.
func TestAskOpenOrders(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	for i := range h.Bills {
		w.PaysAtWechat(h.Order(0, i).Order.No, paymenttest.Silent)
	}
	w.Gate.Down.Store(true)
	paymenttest.Refused(t, w.Pay.QueryOpenOrders(paymenttest.Bg, h.Room.ID), payment.ErrUnavailable)
	w.Gate.Down.Store(false)
	if err := w.Pay.QueryOpenOrders(paymenttest.Bg, h.Room.ID); err != nil {
		t.Fatal(err)
	}
	if due := h.Due(0, 1); due != 0 {
		t.Errorf("%d fen owed", due)
	}
	if err := w.Pay.QueryOpenOrders(paymenttest.Bg, "nowhere"); err != nil {
		t.Error(err)
	}
	w.Agree()
}
