package sandbox_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestNotificationIsRepeatedUntilAnswered(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	h := sandboxtest.NewHost(t, s, "main")
	h.Answer = func(n int) int { return map[bool]int{true: 500, false: 200}[n < 4] }
	sandboxtest.Pay(t, s, "PF000001", h.URL)
	sandboxtest.Drain(t, s)
	attempts := s.Attempts("PF000001")
	if len(attempts) != 4 {
		t.Fatalf("%d attempts, want 4", len(attempts))
	}
	for i, a := range attempts {
		if a.EventID != attempts[0].EventID || a.Number != i+1 || a.EventType != "TRANSACTION.SUCCESS" {
			t.Errorf("attempt %d = %+v", i, a)
		}
	}
	// 15 s, 15 s and 30 s at a thousandth.
	if d := attempts[3].At.Sub(attempts[0].At); d < 60*time.Millisecond {
		t.Errorf("three retries took %v, want at least 60 ms", d)
	}
	// The envelope of a retry is the same one.
	if diff := cmp.Diff(h.Good[0], h.Good[3]); diff != "" {
		t.Errorf("retry differs:\n%s", diff)
	}
}

func TestNotificationGivesUp(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{RetryScale: 1e-7})
	sandboxtest.Pay(t, s, "PF000001", sandboxtest.Nowhere)
	sandboxtest.Drain(t, s)
	attempts := s.Attempts("PF000001")
	if len(attempts) != 1+15 {
		t.Errorf("%d attempts, want the first and 15 retries", len(attempts))
	}
	if a := attempts[0]; a.Status != 0 || a.Error == "" {
		t.Errorf("unreachable host: %+v", a)
	}
}

func TestRenotify(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	h := sandboxtest.NewHost(t, s, "main")
	sandboxtest.Pay(t, s, "PF000001", h.URL)
	sandboxtest.Drain(t, s)
	if err := s.Renotify("PF000001"); err != nil {
		t.Fatal(err)
	}
	sandboxtest.Drain(t, s)
	if good, _ := h.Counts(); good != 2 || h.Good[0].ID != h.Good[1].ID {
		t.Errorf("%d notifications, want the same one twice", good)
	}
}

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

// Thousands of payments at once: every one notified, nothing lost.
func TestManyPaymentsAtOnce(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	h := sandboxtest.NewHost(t, s, "main")
	if err := s.InjectProfile(1, 0.05); err != nil {
		t.Fatal(err)
	}
	s.ClearFaults()
	for _, kind := range []sandbox.FaultKind{sandbox.FaultForged, sandbox.FaultStale, sandbox.FaultRepeated, sandbox.FaultReordered} {
		if _, err := s.Inject(sandbox.Fault{Kind: kind, Route: sandbox.RouteNotifyPayment, Probability: 0.05, Seed: 7}); err != nil {
			t.Fatal(err)
		}
	}
	const workers, each = 8, 25
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				sandboxtest.Pay(t, s, fmt.Sprintf("MANY%02d%04d", w, i), h.URL)
			}
		})
	}
	wg.Wait()
	sandboxtest.Drain(t, s)
	seen := map[string]bool{}
	for _, p := range h.Plain {
		seen[*p.OutTradeNo] = true
	}
	var books int
	for b := range s.Books() {
		books++
		if b.State != sandbox.Paid || !seen[b.OutTradeNo] {
			t.Errorf("order %s is %s, notified %v", b.OutTradeNo, b.State, seen[b.OutTradeNo])
		}
	}
	if books != workers*each {
		t.Errorf("%d orders in the books, want %d", books, workers*each)
	}
}
