package sandbox

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func pay(t testing.TB, s *Server, no string, notifyURL string) Transaction {
	t.Helper()
	place(t, s, no, 100, notifyURL)
	paid, err := s.Pay(no)
	if err != nil {
		t.Fatal(err)
	}
	return paid
}

func TestNotificationIsRepeatedUntilAnswered(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	h := newHost(t, s, "main")
	h.answer = func(n int) int { return map[bool]int{true: 500, false: 200}[n < 4] }
	pay(t, s, "PF000001", h.URL)
	drain(t, s)
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
	if diff := cmp.Diff(h.good[0], h.good[3]); diff != "" {
		t.Errorf("retry differs:\n%s", diff)
	}
}

func TestNotificationGivesUp(t *testing.T) {
	t.Parallel()
	s := start(t, Config{RetryScale: 1e-7})
	pay(t, s, "PF000001", nowhere)
	drain(t, s)
	attempts := s.Attempts("PF000001")
	if len(attempts) != len(retryAfter)+1 {
		t.Errorf("%d attempts, want the first and %d retries", len(attempts), len(retryAfter))
	}
	if a := attempts[0]; a.Status != 0 || a.Error == "" {
		t.Errorf("unreachable host: %+v", a)
	}
}

func TestRenotify(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	h := newHost(t, s, "main")
	pay(t, s, "PF000001", h.URL)
	drain(t, s)
	if err := s.Renotify("PF000001"); err != nil {
		t.Fatal(err)
	}
	drain(t, s)
	if good, _ := h.counts(); good != 2 || h.good[0].ID != h.good[1].ID {
		t.Errorf("%d notifications, want the same one twice", good)
	}
}

// Each fault of a delivery: what the SDK's handler says to the first delivery,
// and that the true one comes afterwards.
func TestCallbackFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault     Fault
		good, bad int // seen by the host; -1 is not looked at
		attempts  int
		check     func(*testing.T, *host, Transaction)
	}{
		{Fault{Kind: FaultForged}, 1, 1, 2, nil},
		{Fault{Kind: FaultSignTest}, 1, 1, 2, nil},
		{Fault{Kind: FaultStale}, 1, 1, 2, nil},
		{Fault{Kind: FaultWrongSerial}, 1, 1, 2, nil},
		{Fault{Kind: FaultTruncated}, 1, -1, 2, nil},
		{Fault{Kind: FaultNoResource}, 1, 1, 2, nil},
		{Fault{Kind: FaultLost}, 0, 0, 1, nil},
		{Fault{Kind: FaultLate, Delay: 30 * time.Millisecond}, 1, 0, 1, nil},
		{Fault{Kind: FaultReordered, Delay: 30 * time.Millisecond}, 1, 0, 1, nil},
		{Fault{Kind: FaultRepeated, Count: 5}, 5, 0, 5, nil},
		{Fault{Kind: FaultWrongTotal}, 1, 0, 1, func(t *testing.T, h *host, paid Transaction) {
			if got := *h.plain[0].Amount.Total; got != paid.TotalFen+1 {
				t.Errorf("total = %d", got)
			}
		}},
		{Fault{Kind: FaultWrongMchID}, 1, 0, 1, func(t *testing.T, h *host, paid Transaction) {
			if got := *h.plain[0].Mchid; got == paid.MchID {
				t.Errorf("mchid = %s", got)
			}
		}},
		{Fault{Kind: FaultWrongAppID}, 1, 0, 1, func(t *testing.T, h *host, paid Transaction) {
			if got := *h.plain[0].Appid; got == paid.AppID {
				t.Errorf("appid = %s", got)
			}
		}},
		{Fault{Kind: FaultWrongOrder}, 1, 0, 1, func(t *testing.T, h *host, paid Transaction) {
			if got := *h.plain[0].OutTradeNo; got == paid.OutTradeNo {
				t.Errorf("out_trade_no = %s", got)
			}
		}},
	}
	for _, test := range tests {
		t.Run(string(test.fault.Kind), func(t *testing.T) {
			t.Parallel()
			s := start(t, Config{})
			h := newHost(t, s, "main")
			test.fault.Route = RouteNotifyPayment
			if _, err := s.Inject(test.fault); err != nil {
				t.Fatal(err)
			}
			paid := pay(t, s, "PF000001", h.URL)
			drain(t, s)
			good, bad := h.counts()
			if good != test.good || test.bad >= 0 && bad != test.bad {
				t.Errorf("%d good and %d bad (%v), want %d and %d", good, bad, h.bad, test.good, test.bad)
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
	s := start(t, Config{})
	h := newHost(t, s, "main")
	if _, err := s.Inject(Fault{Kind: FaultReordered, OutTradeNo: "FIRST001", Delay: time.Hour}); err != nil {
		t.Fatal(err)
	}
	pay(t, s, "FIRST001", h.URL)
	pay(t, s, "SECOND01", h.URL)
	drain(t, s)
	var order []string
	for _, p := range h.plain {
		order = append(order, *p.OutTradeNo)
	}
	if !slices.Equal(order, []string{"SECOND01", "FIRST001"}) {
		t.Errorf("notifications came as %v", order)
	}
}

// Thousands of payments at once: every one notified, nothing lost.
func TestManyPaymentsAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	h := newHost(t, s, "main")
	if err := s.InjectProfile(1, 0.05); err != nil {
		t.Fatal(err)
	}
	s.ClearFaults()
	for _, kind := range []FaultKind{FaultForged, FaultStale, FaultRepeated, FaultReordered} {
		if _, err := s.Inject(Fault{Kind: kind, Route: RouteNotifyPayment, Probability: 0.05, Seed: 7}); err != nil {
			t.Fatal(err)
		}
	}
	const workers, each = 8, 25
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				pay(t, s, fmt.Sprintf("MANY%02d%04d", w, i), h.URL)
			}
		})
	}
	wg.Wait()
	drain(t, s)
	seen := map[string]bool{}
	for _, p := range h.plain {
		seen[*p.OutTradeNo] = true
	}
	var books int
	for b := range s.Books() {
		books++
		if b.State != Paid || !seen[b.OutTradeNo] {
			t.Errorf("order %s is %s, notified %v", b.OutTradeNo, b.State, seen[b.OutTradeNo])
		}
	}
	if books != workers*each {
		t.Errorf("%d orders in the books, want %d", books, workers*each)
	}
}
