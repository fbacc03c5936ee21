package payment_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
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
	hang := paymenttest.Hangs
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
			w := paymenttest.NewWorld(t)
			h := w.Home(1)
			tt.fault.Route = sandbox.RoutePrepay
			w.Inject(tt.fault)
			if tt.fault.Delay > 0 {
				orders := 0
				if tt.known {
					orders = 1
				}
				w.Pay.SetTimeouts(waitsUntil(w, 0, orders), waitsUntil(w, max(tt.fault.Times, 1)-1, orders))
				if tt.placed {
					w.Pay.SetTimeouts(paymenttest.Patient, waitsUntil(w, 0, orders))
				}
			}
			c, err := answered(t, func() (*payment.Checkout, error) { return w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 0)) })
			w.Pay.SetTimeouts(paymenttest.Patient, paymenttest.Patient)
			if tt.placed {
				if err != nil {
					t.Fatal(err)
				}
				w.PaysAtWechat(c.Order.No)
				w.Drain()
				w.Agree()
				return
			}
			paymenttest.Refused(t, err, payment.ErrUnavailable)
			if paymenttest.Claims(w) != "0" {
				t.Error("the order holds its bill")
			}
			w.Clean()
			failed := onlyOrder(w)
			state := ""
			if tt.known {
				state = "NOTPAY"
			}
			w.WantOrder(failed, money.OrderClosed, state)

			w.Box.ClearFaults()
			c = h.Order(0, 0)
			w.EverythingDue()
			w.Sweep()
			if tt.known {
				state = "CLOSED"
			}
			w.WantOrder(failed, money.OrderClosed, state)
			if !w.OrderNow(failed).ClosedAtWechat {
				t.Error("the closing is not confirmed")
			}
			w.PaysAtWechat(c.Order.No)
			w.Drain()
			w.Agree()
		})
	}
}

func onlyOrder(w *paymenttest.World) string {
	w.T.Helper()
	var no string
	if err := w.Raw.QueryRow("SELECT no FROM orders").Scan(&no); err != nil {
		w.T.Fatal(err)
	}
	return no
}

// Nobody listens at WeChat's address.
func TestNoConnection(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	w.Gate.Server.CloseClientConnections()
	w.Gate.Server.Close()
	_, err := answered(t, func() (*payment.Checkout, error) { return w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 0)) })
	paymenttest.Refused(t, err, payment.ErrUnavailable)
	if paymenttest.Claims(w) != "0" {
		t.Error("the order holds its bill")
	}
	w.Clean()
}

// An order whose outcome nobody knew, closed here, and paid all the same (WeChat
// had taken it): the money is booked.
func TestPaidAfterGivingUp(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	w.Inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RoutePrepay, Times: 9})
	_, err := w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 0))
	paymenttest.Refused(t, err, payment.ErrUnavailable)
	w.Box.ClearFaults()
	no := onlyOrder(w)
	w.PaysAtWechat(no)
	w.Drain()
	w.WantOrder(no, money.OrderPaid, "SUCCESS")
	if b := h.Bill(0); b.Status != fees.BillPaid {
		t.Errorf("bill is %s", b.Status)
	}
	w.Agree()
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
		{
			"the question takes all the time", 0,
			[]sandbox.Fault{{Kind: sandbox.FaultSlow, Route: sandbox.RouteQuery, Delay: paymenttest.Hangs}},
		},
		{"the closing takes the rest of the time", 0, []sandbox.Fault{
			{Kind: sandbox.FaultSlow, Route: sandbox.RouteQuery, Delay: slow},
			{Kind: sandbox.FaultSlow, Route: sandbox.RouteClose, Delay: paymenttest.Hangs}}},
		{"the placing takes the rest of the time", 1, []sandbox.Fault{
			{Kind: sandbox.FaultSlow, Route: sandbox.RouteQuery, Delay: slow},
			{Kind: sandbox.FaultSlow, Route: sandbox.RouteClose, Delay: slow},
			{Kind: sandbox.FaultSlow, Route: sandbox.RoutePrepay, Delay: paymenttest.Hangs, Times: 2}}},
	} {
		at.Run(tt.name, func(t *testing.T) {
			w := paymenttest.NewWorld(t)
			h := w.Home(1)
			first := h.Order(0, 0)
			for _, f := range tt.faults {
				w.Inject(f)
			}
			w.Pay.SetTimeouts(waitsUntil(w, 0, 1), waitsUntil(w, tt.first, 1))
			_, err := answered(t, func() (*payment.Checkout, error) { return w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 0)) })
			w.Pay.SetTimeouts(paymenttest.Patient, paymenttest.Patient)
			paymenttest.Refused(t, err, payment.ErrUnavailable)
			w.Clean()
			w.Box.ClearFaults()
			c := h.Order(0, 0)
			w.WantOrder(first.Order.No, money.OrderClosed, "CLOSED")
			w.PaysAtWechat(c.Order.No)
			w.Drain()
			w.Agree()
		})
	}
}

// Giving up while WeChat is slow: the same.
func TestSlowWechatWhileClosing(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	c := h.Order(0, 0)
	w.Inject(sandbox.Fault{Kind: sandbox.FaultSlow, Route: sandbox.RouteQuery, Delay: slow})
	w.Inject(sandbox.Fault{Kind: sandbox.FaultTimeoutBefore, Route: sandbox.RouteClose, Delay: paymenttest.Hangs})
	w.Pay.SetTimeouts(waitsUntil(w, 0, 1), paymenttest.Patient)
	_, err := answered(t, func() (money.Order, error) { return w.Pay.Close(paymenttest.Bg, h.User.ID, c.Order.No) })
	paymenttest.Refused(t, err, payment.ErrUnavailable)
	w.WantOrder(c.Order.No, money.OrderPending, "NOTPAY")
	w.PaysAtWechat(c.Order.No)
	w.Drain()
	w.Agree()
}

// What WeChat is sent stays word for word the same when the call is repeated.
func TestRepeatIsWordForWord(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	w.Inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RoutePrepay})
	w.Gate.OnceAfter(paymenttest.CallPrepay, func() { w.Clock.Advance(time.Minute) }) // the second call is a minute later
	c := h.Order(0, 0)
	if calls := w.Box.Calls(sandbox.RoutePrepay); calls != 2 {
		t.Errorf("%d calls, want 2", calls)
	}
	tr, err := w.Box.Order(c.Order.No)
	if err != nil || !tr.ExpiresAt.Equal(c.Order.ExpiresAt.Time) {
		t.Errorf("expires %v at WeChat, %v here (%v)", tr.ExpiresAt, c.Order.ExpiresAt, err)
	}
	w.PaysAtWechat(c.Order.No)
	w.Drain()
	w.Agree()
}

// The log says what failed, and nothing about people.
func TestLogWithoutPersonalData(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	w.Inject(sandbox.Fault{Kind: sandbox.FaultError, Route: sandbox.RoutePrepay, Status: 400, Code: "PARAM_ERROR"})
	_, err := w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 0))
	paymenttest.Refused(t, err, payment.ErrUnavailable)
	log := w.Logs.String()
	if !strings.Contains(log, onlyOrder(w)) || !strings.Contains(log, "PARAM_ERROR") {
		t.Errorf("the log does not say what failed: %s", log)
	}
	for _, secret := range []string{h.User.OpenID, h.User.ID, h.Room.Code, "王小明"} {
		if strings.Contains(log, secret) || strings.Contains(err.Error(), secret) {
			t.Errorf("%q in the log or the error", secret)
		}
	}
}
