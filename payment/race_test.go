package payment_test

import (
	"sync"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// WeChat's callback is quicker than its answer to the call that placed the order.
func TestCallbackBeforeTheReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	w.gate.onceAfter(callPrepay, func() {
		w.paysAtWechat(w.onlyOrder())
		w.drain()
	})
	c := h.order(0, 0)
	if c.Order.Status != money.OrderPaid || c.Order.TransactionID == "" {
		t.Errorf("the order is %s, transaction %q", c.Order.Status, c.Order.TransactionID)
	}
	w.agree()
}

// The owner gives up and pays at the same moment.
func TestPaidWhileClosing(t *testing.T) {
	t.Parallel()
	for _, lost := range []bool{false, true} {
		w := newWorld(t)
		h := w.home(1)
		c := h.order(0, 0)
		w.gate.onceBefore(callClose, func() {
			w.paysAtWechat(c.Order.No, sandbox.PayOptions{NoNotify: lost})
			w.drain()
		})
		o, err := w.pay.Close(bg, h.user.ID, c.Order.No)
		if err != nil || o.Status != money.OrderPaid {
			t.Errorf("callback lost %t: closing gave %s, %v", lost, o.Status, err)
		}
		w.agree()
	}
}

// One order was paid at WeChat unknown to us; the next one on its bill finds out.
func TestSecondPhoneAfterALostCallback(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	c := h.order(0, 0)
	w.paysAtWechat(c.Order.No, silent)
	_, err := w.pay.Checkout(bg, h.wants(0, 0, 1))
	refused(t, err, billing.ErrBillPaid)
	w.wantOrder(c.Order.No, money.OrderPaid, "SUCCESS")
	w.agree()
}

// A second order on a bill ends the first one, at WeChat too.
func TestSecondOrderReplacesTheFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(3)
	first, other := h.order(0, 0, 1), h.order(0, 2)
	second := h.order(0, 1, 2)
	w.wantOrder(first.Order.No, money.OrderClosed, "CLOSED")
	w.wantOrder(other.Order.No, money.OrderClosed, "CLOSED")
	w.wantOrder(second.Order.No, money.OrderPending, "NOTPAY")
	w.clean()
	w.paysAtWechat(second.Order.No)
	w.drain()
	w.agree()
}

// A first phone's order is on its way to WeChat when a second phone replaces it.
// The closing overtakes the placing, at the worst moment. Whatever either phone is
// told: at most one of the orders can still be paid, or the bill is paid twice.
func TestReplacedWhileBeingPlaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	closing, placed := make(chan struct{}), make(chan struct{})
	w.gate.onceBefore(callPrepay, func() { <-closing })
	w.gate.onceAfter(callClose, func() {
		close(closing) // WeChat said: no such order; now the first order gets there
		<-placed
	})
	var first, second *payment.Checkout
	var all sync.WaitGroup
	all.Go(func() {
		first, _ = w.pay.Checkout(bg, h.wants(0, 0))
		close(placed)
	})
	for w.number("SELECT COUNT(*) FROM orders") == 0 {
	}
	second, err := w.pay.Checkout(bg, h.wants(0, 0))
	if err != nil {
		t.Errorf("second phone: %v", err)
	}
	all.Wait()
	w.clean()
	payable := 0
	for _, c := range []*payment.Checkout{first, second} {
		if c != nil {
			if tr, err := w.box.Order(c.Order.No); err == nil && tr.State == "NOTPAY" {
				payable++
				w.paysAtWechat(c.Order.No)
			}
		}
	}
	if payable != 1 {
		t.Errorf("%d orders can be paid", payable)
	}
	w.drain()
	w.agree()
	if h.prepaid() != 0 {
		t.Errorf("paid twice: %d fen too much", h.prepaid())
	}
}

// The first phone's order is replaced while WeChat's answer is on its way to us:
// that phone gets nothing to pay with.
func TestReplacedBeforeTheReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	var second *payment.Checkout
	w.gate.onceAfter(callPrepay, func() { second = h.order(0, 0) })
	_, err := w.pay.Checkout(bg, h.wants(0, 0))
	refused(t, err, payment.ErrOrderReplaced)
	w.clean()
	w.wantOrder(second.Order.No, money.OrderPending, "NOTPAY")
	w.paysAtWechat(second.Order.No)
	w.drain()
	w.agree()
}

// What WeChat answers in the last moment of a question is booked all the same.
func TestAnswerInTheLastMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.home(1).order(0, 0)
	w.paysAtWechat(c.Order.No, silent)
	ctx := newMoment(bg)
	w.pay.Booked = func(*store.Tx, *money.Order, *money.Payment) error {
		ctx.pass()
		time.Sleep(100 * time.Millisecond) // a slow database; time to notice that the deadline has passed
		return nil
	}
	if o, err := w.pay.Ask(ctx, c.Order.No); err != nil || o.Status != money.OrderPaid {
		t.Errorf("the order is %s, %v", o.Status, err)
	}
	w.agree()
}

// given is an order that was given up here while WeChat had taken it.
func (h *home) given(bills ...int) string {
	h.w.t.Helper()
	known := map[string]bool{}
	for tr := range h.w.box.Books() {
		known[tr.OutTradeNo] = true
	}
	h.w.inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RoutePrepay, Times: 9})
	_, err := h.w.pay.Checkout(bg, h.wants(0, bills...))
	refused(h.w.t, err, payment.ErrUnavailable)
	h.w.box.ClearFaults()
	for tr := range h.w.box.Books() {
		if !known[tr.OutTradeNo] {
			return tr.OutTradeNo
		}
	}
	h.w.t.Fatal("WeChat has no order")
	return ""
}

// A success that comes for bills that another order has settled is the room's
// prepayment, in full or for the part that no bill could take.
func TestPaidTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	late := h.given(0, 1)
	c := h.order(0, 0)
	w.paysAtWechat(c.Order.No)
	w.drain()
	w.paysAtWechat(late)
	w.drain()
	w.wantOrder(late, money.OrderPaid, "SUCCESS")
	if h.prepaid() != 12949 {
		t.Errorf("prepaid %d, want the first bill's 12949", h.prepaid())
	}
	if got := w.number("SELECT surplus_fen FROM payments WHERE order_no = ?", late); got != 12949 {
		t.Errorf("surplus %d", got)
	}
	for i := range h.bills {
		if b := h.bill(i); b.Status != fees.BillPaid {
			t.Errorf("bill %d is %s", i, b.Status)
		}
	}
	w.agree()
}

// A closed order is paid while another one is open on its bill: the open one is
// closed at WeChat at the next sweep, before anybody pays twice.
func TestLateSuccessClosesTheOtherOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	late := h.given(0)
	open := h.order(0, 0, 1)
	w.paysAtWechat(late)
	w.drain()
	if n := w.sweep(); n != 1 {
		t.Errorf("the sweep asked about %d orders, want the open one", n)
	}
	w.wantOrder(open.Order.No, money.OrderClosed, "CLOSED")
	if b := h.bill(1); b.Status != fees.BillUnpaid || claims(w) != "0" {
		t.Errorf("the other bill is %s, %s claims", b.Status, claims(w))
	}
	w.agree()
}

// The same when the late money settles only a part of the bill.
func TestLatePartClosesTheOtherOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	late := h.given(0)
	// As if its validity had ended before the money came: the late fee is counted on.
	w.exec("UPDATE orders SET expires_at = created_at + 1000, quoted_on = '2026-03-14' WHERE no = ?", late)
	w.clock.Advance(14 * 60 * 60 * 1e9) // the next day
	w.exec("UPDATE orders SET expires_at = ? WHERE no = ?", w.clock.Now().UnixMilli()-1, late)
	open := h.order(0, 0)
	payLate(w, late)
	if b := h.bill(0); b.Status != fees.BillPartial {
		t.Fatalf("bill is %s", b.Status)
	}
	w.sweep()
	w.wantOrder(open.Order.No, money.OrderClosed, "CLOSED")
	w.clean()
}

// Two phones of two people check out the same bill at once, again and again:
// there is one open order for the bill, and the others are closed at WeChat.
func TestTwoPhonesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	relative := w.user("relative", h.room)
	for range 5 {
		var all sync.WaitGroup
		for _, u := range []estate.User{h.user, relative} {
			req := h.wants(0, 0, 1)
			req.User = u
			all.Go(func() {
				if _, err := w.pay.Checkout(bg, req); err != nil {
					refused(t, err, payment.ErrOrderReplaced)
				}
			})
		}
		all.Wait()
		w.clean()
		pending := w.number("SELECT COUNT(*) FROM orders WHERE status = 'pending'")
		if pending > 1 {
			t.Fatalf("%d open orders on one bill", pending)
		}
	}
	w.everythingDue()
	w.sweep()
	payable := 0
	for tr := range w.box.Books() {
		if tr.State == "NOTPAY" {
			payable++
		}
	}
	if payable > 1 {
		t.Errorf("%d orders can be paid", payable)
	}
	w.agree()
}
