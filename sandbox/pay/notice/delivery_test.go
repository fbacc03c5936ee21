package notice_test

import (
	"fmt"
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

// A notification that the host never took is sent after the next start.
func TestUndeliveredNotificationIsOwed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := sandbox.Config{Dir: dir, RetryScale: 1}
	s := sandboxtest.Start(t, cfg)
	h := sandboxtest.NewHost(t, s, "main")
	h.Answer = func(n int) int { return map[bool]int{true: 503, false: 204}[n == 1] }
	sandboxtest.Pay(t, s, "PF000001", h.URL)
	<-h.Received
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = sandboxtest.Start(t, cfg)
	<-h.Received
	sandboxtest.Drain(t, s)
	if good, _ := h.Counts(); good != 2 || h.Good[0].ID != h.Good[1].ID {
		t.Errorf("%d deliveries, want the same event once before and once after", good)
	}
}
