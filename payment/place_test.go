package payment_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// group runs subtests side by side. Those that wait for a timeout cost no processor
// and must not stand in line behind one another, as parallel tests do.
type group struct {
	t   *testing.T
	all sync.WaitGroup
}

func atOnce(t *testing.T) *group { return &group{t: t} }

// Run starts a subtest.
func (g *group) Run(name string, f func(t *testing.T)) { g.all.Go(func() { g.t.Run(name, f) }) }

// Wait waits for all of them.
func (g *group) Wait() { g.all.Wait() }

// Whatever becomes of the call to WeChat: the phone has an answer in time, no
// order stays open, and the next attempt works. WeChat is asked about the failed
// order until it is closed there for good.
func TestWechatFailsAtCheckout(t *testing.T) {
	t.Parallel()
	at := atOnce(t)
	defer at.Wait()
	hang := hangs
	for _, tt := range []struct {
		name   string
		fault  sandbox.Fault
		placed bool // the second try makes up for the first
		known  bool // WeChat knows the order all the same
	}{
		{"no answer to the first call", sandbox.Fault{Kind: sandbox.FaultTimeoutAfter, Delay: hang}, true, true},
		{"no answer at all, taken", sandbox.Fault{Kind: sandbox.FaultTimeoutAfter, Times: 2, Delay: hang}, false, true},
		{"no answer at all, not taken", sandbox.Fault{Kind: sandbox.FaultTimeoutBefore, Times: 2, Delay: hang}, false, false},
		{"cut after it was taken", sandbox.Fault{Kind: sandbox.FaultCutAfter, Times: 9}, false, true},
		{"cut once", sandbox.Fault{Kind: sandbox.FaultCutAfter}, true, true},
		{"cut before", sandbox.Fault{Kind: sandbox.FaultCutBefore, Times: 9}, false, false},
		{"too often", sandbox.Fault{Kind: sandbox.FaultFrequency, Times: 2}, false, false},
		{"system error", sandbox.Fault{Kind: sandbox.FaultSystemError, Times: 2}, false, false},
		{"system error after it was taken", sandbox.Fault{Kind: sandbox.FaultSystemErrorAfter, Times: 2}, false, true},
		{"one system error", sandbox.Fault{Kind: sandbox.FaultSystemErrorAfter}, true, true},
		{"bad gateway", sandbox.Fault{Kind: sandbox.FaultBadGateway, Times: 2}, false, false},
		{"unsigned reply", sandbox.Fault{Kind: sandbox.FaultUnsigned, Times: 2}, false, true},
		{"forged reply", sandbox.Fault{Kind: sandbox.FaultForged, Times: 2}, false, true},
		{"signature probe in the reply", sandbox.Fault{Kind: sandbox.FaultSignTest}, true, true},
		{"cut off reply", sandbox.Fault{Kind: sandbox.FaultTruncated, Times: 2}, false, true},
		{"refused", sandbox.Fault{Kind: sandbox.FaultError, Status: 403, Code: "RULE_LIMIT"}, false, false},
	} {
		at.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			h := w.home(1)
			tt.fault.Route = sandbox.RoutePrepay
			w.inject(tt.fault)
			if tt.fault.Delay > 0 {
				orders := 0
				if tt.known {
					orders = 1
				}
				w.pay.SetPatience(w.waitsUntil(0, orders), w.waitsUntil(max(tt.fault.Times, 1)-1, orders))
				if tt.placed {
					w.pay.SetPatience(patient, w.waitsUntil(0, orders))
				}
			}
			c, err := answered(t, func() (*payment.Checkout, error) { return w.pay.Checkout(bg, h.wants(0, 0)) })
			w.pay.SetPatience(patient, patient)
			if tt.placed {
				if err != nil {
					t.Fatal(err)
				}
				w.paysAtWechat(c.Order.No)
				w.drain()
				w.agree()
				return
			}
			refused(t, err, payment.ErrUnavailable)
			if claims(w) != "0" {
				t.Error("the order holds its bill")
			}
			w.clean()
			failed := w.onlyOrder()
			state := ""
			if tt.known {
				state = "NOTPAY"
			}
			w.wantOrder(failed, money.OrderClosed, state)

			w.box.ClearFaults()
			c = h.order(0, 0)
			w.everythingDue()
			w.sweep()
			if tt.known {
				state = "CLOSED"
			}
			w.wantOrder(failed, money.OrderClosed, state)
			if !w.orderNow(failed).ClosedAtWechat {
				t.Error("the closing is not confirmed")
			}
			w.paysAtWechat(c.Order.No)
			w.drain()
			w.agree()
		})
	}
}

func (w *world) onlyOrder() string {
	w.t.Helper()
	var no string
	if err := w.raw.QueryRow("SELECT no FROM orders").Scan(&no); err != nil {
		w.t.Fatal(err)
	}
	return no
}

// Nobody listens at WeChat's address.
func TestNoConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	w.gate.server.CloseClientConnections()
	w.gate.server.Close()
	_, err := answered(t, func() (*payment.Checkout, error) { return w.pay.Checkout(bg, h.wants(0, 0)) })
	refused(t, err, payment.ErrUnavailable)
	if claims(w) != "0" {
		t.Error("the order holds its bill")
	}
	w.clean()
}

// An order whose outcome nobody knew, closed here, and paid all the same (WeChat
// had taken it): the money is booked.
func TestPaidAfterGivingUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	w.inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RoutePrepay, Times: 9})
	_, err := w.pay.Checkout(bg, h.wants(0, 0))
	refused(t, err, payment.ErrUnavailable)
	w.box.ClearFaults()
	no := w.onlyOrder()
	w.paysAtWechat(no)
	w.drain()
	w.wantOrder(no, money.OrderPaid, "SUCCESS")
	if b := h.bill(0); b.Status != fees.BillPaid {
		t.Errorf("bill is %s", b.Status)
	}
	w.agree()
}

// slow is how long a slow answer of WeChat takes that comes in time.
const slow = 50 * time.Millisecond

// WeChat is slow rather than dead while an earlier order is asked about, closed
// and replaced: the answer is still "unavailable", and in time.
func TestSlowWechatWhileReplacing(t *testing.T) {
	t.Parallel()
	at := atOnce(t)
	defer at.Wait()
	for _, tt := range []struct {
		name   string
		first  int // faults that are left when the first call to place the order is given up
		faults []sandbox.Fault
	}{
		{"the question takes all the time", 0, []sandbox.Fault{{Kind: sandbox.FaultSlow, Route: sandbox.RouteQuery, Delay: hangs}}},
		{"the closing takes the rest of the time", 0, []sandbox.Fault{
			{Kind: sandbox.FaultSlow, Route: sandbox.RouteQuery, Delay: slow},
			{Kind: sandbox.FaultSlow, Route: sandbox.RouteClose, Delay: hangs}}},
		{"the placing takes the rest of the time", 1, []sandbox.Fault{
			{Kind: sandbox.FaultSlow, Route: sandbox.RouteQuery, Delay: slow},
			{Kind: sandbox.FaultSlow, Route: sandbox.RouteClose, Delay: slow},
			{Kind: sandbox.FaultSlow, Route: sandbox.RoutePrepay, Delay: hangs, Times: 2}}},
	} {
		at.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			h := w.home(1)
			first := h.order(0, 0)
			for _, f := range tt.faults {
				w.inject(f)
			}
			w.pay.SetPatience(w.waitsUntil(0, 1), w.waitsUntil(tt.first, 1))
			_, err := answered(t, func() (*payment.Checkout, error) { return w.pay.Checkout(bg, h.wants(0, 0)) })
			w.pay.SetPatience(patient, patient)
			refused(t, err, payment.ErrUnavailable)
			w.clean()
			w.box.ClearFaults()
			c := h.order(0, 0)
			w.wantOrder(first.Order.No, money.OrderClosed, "CLOSED")
			w.paysAtWechat(c.Order.No)
			w.drain()
			w.agree()
		})
	}
}

// Giving up while WeChat is slow: the same.
func TestSlowWechatWhileClosing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	c := h.order(0, 0)
	w.inject(sandbox.Fault{Kind: sandbox.FaultSlow, Route: sandbox.RouteQuery, Delay: slow})
	w.inject(sandbox.Fault{Kind: sandbox.FaultTimeoutBefore, Route: sandbox.RouteClose, Delay: hangs})
	w.pay.SetPatience(w.waitsUntil(0, 1), patient)
	_, err := answered(t, func() (money.Order, error) { return w.pay.Close(bg, h.user.ID, c.Order.No) })
	refused(t, err, payment.ErrUnavailable)
	w.wantOrder(c.Order.No, money.OrderPending, "NOTPAY")
	w.paysAtWechat(c.Order.No)
	w.drain()
	w.agree()
}

// What WeChat is sent stays word for word the same when the call is repeated.
func TestRepeatIsWordForWord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	w.inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RoutePrepay})
	w.gate.onceAfter(callPrepay, func() { w.clock.Advance(time.Minute) }) // the second call is a minute later
	c := h.order(0, 0)
	if calls := w.box.Calls(sandbox.RoutePrepay); calls != 2 {
		t.Errorf("%d calls, want 2", calls)
	}
	tr, err := w.box.Order(c.Order.No)
	if err != nil || !tr.ExpiresAt.Equal(c.Order.ExpiresAt.Time) {
		t.Errorf("expires %v at WeChat, %v here (%v)", tr.ExpiresAt, c.Order.ExpiresAt, err)
	}
	w.paysAtWechat(c.Order.No)
	w.drain()
	w.agree()
}

// The log says what failed, and nothing about people.
func TestLogWithoutPersonalData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	w.inject(sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RoutePrepay, Status: 400, Code: "PARAM_ERROR"})
	_, err := w.pay.Checkout(bg, h.wants(0, 0))
	refused(t, err, payment.ErrUnavailable)
	log := w.logs.String()
	if !strings.Contains(log, w.onlyOrder()) || !strings.Contains(log, "PARAM_ERROR") {
		t.Errorf("the log does not say what failed: %s", log)
	}
	for _, secret := range []string{h.user.OpenID, h.user.ID, h.room.Code, "王小明"} {
		if strings.Contains(log, secret) || strings.Contains(err.Error(), secret) {
			t.Errorf("%q in the log or the error", secret)
		}
	}
}
