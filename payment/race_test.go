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
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// WeChat's callback is quicker than its answer to the call that placed the order.
func TestCallbackBeforeTheReply(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	w.Gate.OnceAfter(paymenttest.CallPrepay, func() {
		w.PaysAtWechat(onlyOrder(w))
		w.Drain()
	})
	c := h.Order(0, 0)
	if c.Order.Status != money.OrderPaid || c.Order.TransactionID == "" {
		t.Errorf("the order is %s, transaction %q", c.Order.Status, c.Order.TransactionID)
	}
	w.Agree()
}

// The owner gives up and pays at the same moment.
func TestPaidWhileClosing(t *testing.T) {
	t.Parallel()
	for _, lost := range []bool{false, true} {
		w := paymenttest.NewWorld(t)
		h := w.Home(1)
		c := h.Order(0, 0)
		w.Gate.OnceBefore(paymenttest.CallClose, func() {
			w.PaysAtWechat(c.Order.No, sandbox.PayOptions{NoNotify: lost})
			w.Drain()
		})
		o, err := w.Pay.Close(paymenttest.Bg, h.User.ID, c.Order.No)
		if err != nil || o.Status != money.OrderPaid {
			t.Errorf("callback lost %t: closing gave %s, %v", lost, o.Status, err)
		}
		w.Agree()
	}
}

// One order was paid at WeChat unknown to us; the next one on its bill finds out.
func TestSecondPhoneAfterALostCallback(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	c := h.Order(0, 0)
	w.PaysAtWechat(c.Order.No, paymenttest.Silent)
	_, err := w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 0, 1))
	paymenttest.Refused(t, err, billing.ErrBillPaid)
	w.WantOrder(c.Order.No, money.OrderPaid, "SUCCESS")
	w.Agree()
}

// A second order on a bill ends the first one, at WeChat too.
func TestSecondOrderReplacesTheFirst(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(3)
	first, other := h.Order(0, 0, 1), h.Order(0, 2)
	second := h.Order(0, 1, 2)
	w.WantOrder(first.Order.No, money.OrderClosed, "CLOSED")
	w.WantOrder(other.Order.No, money.OrderClosed, "CLOSED")
	w.WantOrder(second.Order.No, money.OrderPending, "NOTPAY")
	w.Clean()
	w.PaysAtWechat(second.Order.No)
	w.Drain()
	w.Agree()
}

// A first phone's order is on its way to WeChat when a second phone replaces it.
// The closing overtakes the placing, at the worst moment. Whatever either phone is
// told: at most one of the orders can still be paid, or the bill is paid twice.
func TestReplacedWhileBeingPlaced(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	closing, placed := make(chan struct{}), make(chan struct{})
	w.Gate.OnceBefore(paymenttest.CallPrepay, func() { <-closing })
	w.Gate.OnceAfter(paymenttest.CallClose, func() {
		close(closing) // WeChat said: no such order; now the first order gets there
		<-placed
	})
	var first, second *payment.Checkout
	var all sync.WaitGroup
	all.Go(func() {
		first, _ = w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 0))
		close(placed)
	})
	for w.Number("SELECT COUNT(*) FROM orders") == 0 {
	}
	second, err := w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 0))
	if err != nil {
		t.Errorf("second phone: %v", err)
	}
	all.Wait()
	w.Clean()
	payable := 0
	for _, c := range []*payment.Checkout{first, second} {
		if c != nil {
			if tr, err := w.Box.Order(c.Order.No); err == nil && tr.State == "NOTPAY" {
				payable++
				w.PaysAtWechat(c.Order.No)
			}
		}
	}
	if payable != 1 {
		t.Errorf("%d orders can be paid", payable)
	}
	w.Drain()
	w.Agree()
	if h.Prepaid() != 0 {
		t.Errorf("paid twice: %d fen too much", h.Prepaid())
	}
}

// The first phone's order is replaced while WeChat's answer is on its way to us:
// that phone gets nothing to pay with.
func TestReplacedBeforeTheReply(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	var second *payment.Checkout
	w.Gate.OnceAfter(paymenttest.CallPrepay, func() { second = h.Order(0, 0) })
	_, err := w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 0))
	paymenttest.Refused(t, err, payment.ErrOrderReplaced)
	w.Clean()
	w.WantOrder(second.Order.No, money.OrderPending, "NOTPAY")
	w.PaysAtWechat(second.Order.No)
	w.Drain()
	w.Agree()
}

// What WeChat answers in the last moment of a question is booked all the same.
func TestAnswerInTheLastMoment(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	c := w.Home(1).Order(0, 0)
	w.PaysAtWechat(c.Order.No, paymenttest.Silent)
	ctx := newMoment(paymenttest.Bg)
	w.Pay.Booked = func(*store.Tx, *money.Order, *money.Payment) error {
		ctx.pass()
		time.Sleep(100 * time.Millisecond) // a slow database; time to notice that the deadline has passed
		return nil
	}
	if o, err := w.Pay.QueryOrder(ctx, c.Order.No); err != nil || o.Status != money.OrderPaid {
		t.Errorf("the order is %s, %v", o.Status, err)
	}
	w.Agree()
}

// A success that comes for bills that another order has settled is the room's
// prepayment, in full or for the part that no bill could take.
func TestPaidTwice(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	late := h.Given(0, 1)
	c := h.Order(0, 0)
	w.PaysAtWechat(c.Order.No)
	w.Drain()
	w.PaysAtWechat(late)
	w.Drain()
	w.WantOrder(late, money.OrderPaid, "SUCCESS")
	if h.Prepaid() != 12949 {
		t.Errorf("prepaid %d, want the first bill's 12949", h.Prepaid())
	}
	if got := w.Number("SELECT surplus_fen FROM payments WHERE order_no = ?", late); got != 12949 {
		t.Errorf("surplus %d", got)
	}
	for i := range h.Bills {
		if b := h.Bill(i); b.Status != fees.BillPaid {
			t.Errorf("bill %d is %s", i, b.Status)
		}
	}
	w.Agree()
}

// A closed order is paid while another one is open on its bill: the open one is
// closed at WeChat at the next sweep, before anybody pays twice.
func TestLateSuccessClosesTheOtherOrder(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	late := h.Given(0)
	open := h.Order(0, 0, 1)
	w.PaysAtWechat(late)
	w.Drain()
	if n := w.Sweep(); n != 1 {
		t.Errorf("the sweep asked about %d orders, want the open one", n)
	}
	w.WantOrder(open.Order.No, money.OrderClosed, "CLOSED")
	if b := h.Bill(1); b.Status != fees.BillUnpaid || paymenttest.Claims(w) != "0" {
		t.Errorf("the other bill is %s, %s claims", b.Status, paymenttest.Claims(w))
	}
	w.Agree()
}

// The same when the late money settles only a part of the bill.
func TestLatePartClosesTheOtherOrder(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	late := h.Given(0)
	// As if its validity had ended before the money came: the late fee is counted on.
	w.Exec("UPDATE orders SET expires_at = created_at + 1000, quoted_on = '2026-03-14' WHERE no = ?", late)
	w.Clock.Advance(14 * 60 * 60 * 1e9) // the next day
	w.Exec("UPDATE orders SET expires_at = ? WHERE no = ?", w.Clock.Now().UnixMilli()-1, late)
	open := h.Order(0, 0)
	paymenttest.PayLate(w, late)
	if b := h.Bill(0); b.Status != fees.BillPartial {
		t.Fatalf("bill is %s", b.Status)
	}
	w.Sweep()
	w.WantOrder(open.Order.No, money.OrderClosed, "CLOSED")
	w.Clean()
}

// Two phones of two people check out the same bill at once, again and again:
// there is one open order for the bill, and the others are closed at WeChat.
func TestTwoPhonesAtOnce(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	relative := w.User("relative", h.Room)
	for range 5 {
		var all sync.WaitGroup
		for _, u := range []estate.User{h.User, relative} {
			req := h.Wants(0, 0, 1)
			req.User = u
			all.Go(func() {
				if _, err := w.Pay.Checkout(paymenttest.Bg, req); err != nil {
					paymenttest.Refused(t, err, payment.ErrOrderReplaced)
				}
			})
		}
		all.Wait()
		w.Clean()
		pending := w.Number("SELECT COUNT(*) FROM orders WHERE status = 'pending'")
		if pending > 1 {
			t.Fatalf("%d open orders on one bill", pending)
		}
	}
	w.EverythingDue()
	w.Sweep()
	payable := 0
	for tr := range w.Box.Books() {
		if tr.State == "NOTPAY" {
			payable++
		}
	}
	if payable > 1 {
		t.Errorf("%d orders can be paid", payable)
	}
	w.Agree()
}
