package notice_test

import (
	"slices"
	"testing"
	"time"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

// Each fault of a delivery: what the SDK's handler says to the first delivery,
// and that the true one comes afterwards.
func TestCallbackFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault     sandbox.Fault
		good, bad int // seen by the host; -1 is not looked at
		attempts  int
		check     func(*testing.T, *sandboxtest.Host, sandbox.Transaction)
	}{
		{sandbox.Fault{Kind: sandbox.FaultForged}, 1, 1, 2, nil},
		{sandbox.Fault{Kind: sandbox.FaultSignTest}, 1, 1, 2, nil},
		{sandbox.Fault{Kind: sandbox.FaultStale}, 1, 1, 2, nil},
		{sandbox.Fault{Kind: sandbox.FaultWrongSerial}, 1, 1, 2, nil},
		{sandbox.Fault{Kind: sandbox.FaultTruncated}, 1, -1, 2, nil},
		{sandbox.Fault{Kind: sandbox.FaultNoResource}, 1, 1, 2, nil},
		{sandbox.Fault{Kind: sandbox.FaultLost}, 0, 0, 1, nil},
		{sandbox.Fault{Kind: sandbox.FaultLate, Delay: 30 * time.Millisecond}, 1, 0, 1, nil},
		{sandbox.Fault{Kind: sandbox.FaultReordered, Delay: 30 * time.Millisecond}, 1, 0, 1, nil},
		{sandbox.Fault{Kind: sandbox.FaultRepeated, Count: 5}, 5, 0, 5, nil},
		{sandbox.Fault{Kind: sandbox.FaultWrongTotal}, 1, 0, 1, func(t *testing.T, h *sandboxtest.Host, paid sandbox.Transaction) {
			if got := *h.Plain[0].Amount.Total; got != paid.TotalFen+1 {
				t.Errorf("total = %d", got)
			}
		}},
		{sandbox.Fault{Kind: sandbox.FaultWrongMchID}, 1, 0, 1, func(t *testing.T, h *sandboxtest.Host, paid sandbox.Transaction) {
			if got := *h.Plain[0].Mchid; got == paid.MchID {
				t.Errorf("mchid = %s", got)
			}
		}},
		{sandbox.Fault{Kind: sandbox.FaultWrongAppID}, 1, 0, 1, func(t *testing.T, h *sandboxtest.Host, paid sandbox.Transaction) {
			if got := *h.Plain[0].Appid; got == paid.AppID {
				t.Errorf("appid = %s", got)
			}
		}},
		{sandbox.Fault{Kind: sandbox.FaultWrongOrder}, 1, 0, 1, func(t *testing.T, h *sandboxtest.Host, paid sandbox.Transaction) {
			if got := *h.Plain[0].OutTradeNo; got == paid.OutTradeNo {
				t.Errorf("out_trade_no = %s", got)
			}
		}},
	}
	for _, test := range tests {
		t.Run(string(test.fault.Kind), func(t *testing.T) {
			t.Parallel()
			s := sandboxtest.Start(t, sandbox.Config{})
			h := sandboxtest.NewHost(t, s, "main")
			test.fault.Route = sandbox.RouteNotifyPayment
			if _, err := s.Inject(test.fault); err != nil {
				t.Fatal(err)
			}
			paid := sandboxtest.Pay(t, s, "PF000001", h.URL)
			sandboxtest.Drain(t, s)
			good, bad := h.Counts()
			if good != test.good || test.bad >= 0 && bad != test.bad {
				t.Errorf("%d good and %d bad (%v), want %d and %d", good, bad, h.Bad, test.good, test.bad)
			}
			attempts := s.Attempts("PF000001")
			if len(attempts) != test.attempts {
				t.Errorf("%d attempts, want %d: %+v", len(attempts), test.attempts, attempts)
			}
			if k := attempts[0].Fault; k != test.fault.Kind && k != "" {
				t.Errorf("attempt names fault %q", k)
			}
			if test.check != nil {
				test.check(t, h, paid)
			}
			if len(s.Faults()) != 0 {
				t.Errorf("a one-shot fault is left: %+v", s.Faults())
			}
		})
	}
}

// A notification held back goes out after the next one.
func TestReorderedNotifications(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	h := sandboxtest.NewHost(t, s, "main")
	if _, err := s.Inject(sandbox.Fault{Kind: sandbox.FaultReordered, OutTradeNo: "FIRST001", Delay: time.Hour}); err != nil {
		t.Fatal(err)
	}
	sandboxtest.Pay(t, s, "FIRST001", h.URL)
	sandboxtest.Pay(t, s, "SECOND01", h.URL)
	sandboxtest.Drain(t, s)
	var order []string
	for _, p := range h.Plain {
		order = append(order, *p.OutTradeNo)
	}
	if !slices.Equal(order, []string{"SECOND01", "FIRST001"}) {
		t.Errorf("notifications came as %v", order)
	}
}
