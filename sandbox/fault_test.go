package sandbox

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"
)

// Each fault of an API call, seen by the SDK: the error it gives and whether
// the order was placed all the same.
func TestAPIFaults(t *testing.T) {
	t.Parallel()
	const none = 0 // no HTTP status: transport or validation failed
	tests := []struct {
		fault  Fault
		status int  // of the APIError
		fails  bool // the call as a whole
		effect bool
	}{
		{Fault{Kind: FaultSlow, Delay: 20 * time.Millisecond}, none, false, true},
		{Fault{Kind: FaultTimeoutBefore, Delay: 20 * time.Millisecond}, none, true, false},
		{Fault{Kind: FaultTimeoutAfter, Delay: 20 * time.Millisecond}, none, true, true},
		{Fault{Kind: FaultCutBefore}, none, true, false},
		{Fault{Kind: FaultCutAfter}, none, true, true},
		{Fault{Kind: FaultFrequency}, 429, true, false},
		{Fault{Kind: FaultSystemError}, 500, true, false},
		{Fault{Kind: FaultSystemErrorAfter}, 500, true, true},
		{Fault{Kind: FaultBadGateway}, 502, true, false},
		{Fault{Kind: FaultBadGatewayAfter}, 502, true, true},
		{Fault{Kind: FaultError, Status: 403, Code: "RULE_LIMIT"}, 403, true, false},
		{Fault{Kind: FaultUnsigned}, none, true, true},
		{Fault{Kind: FaultForged}, none, true, true},
		{Fault{Kind: FaultSignTest}, none, true, true},
		{Fault{Kind: FaultStale}, none, true, true},
		{Fault{Kind: FaultWrongSerial}, none, true, true},
		{Fault{Kind: FaultTruncated}, none, true, true},
	}
	for _, test := range tests {
		t.Run(string(test.fault.Kind), func(t *testing.T) {
			t.Parallel()
			s := start(t, Config{})
			service := jsapi.JsapiApiService{Client: sdk(t, s)}
			test.fault.Route = RoutePrepay
			if _, err := s.Inject(test.fault); err != nil {
				t.Fatal(err)
			}
			_, _, err := service.Prepay(t.Context(), orderOf(t, s, "PF000001", 100, nowhere))
			if (err != nil) != test.fails {
				t.Fatalf("prepay: %v, want failure %v", err, test.fails)
			}
			var api *core.APIError
			if errors.As(err, &api) != (test.status != none) || api != nil && api.StatusCode != test.status {
				t.Errorf("error = %v, want status %d", err, test.status)
			}
			if test.fault.Code != "" && api.Code != test.fault.Code {
				t.Errorf("code = %s, want %s", api.Code, test.fault.Code)
			}
			if _, err := s.Order("PF000001"); (err == nil) != test.effect {
				t.Errorf("order placed: %v, want %v", err == nil, test.effect)
			}
			// The fault was for one call; the same request now goes through.
			if _, _, err := service.Prepay(t.Context(), orderOf(t, s, "PF000001", 100, nowhere)); err != nil {
				t.Errorf("repeat: %v", err)
			}
		})
	}
}

func TestBillFaults(t *testing.T) {
	t.Parallel()
	c := newClock("2026-10-08 12:00")
	s := start(t, Config{Now: c.now})
	for _, no := range []string{"PF000001", "PF000002", "PF000003"} {
		payOrder(t, s, no, 100)
	}
	c.add(24 * time.Hour)
	right, err := askBill(t, s, "tradebill?bill_date=2026-10-08")
	if err != nil {
		t.Fatal(err)
	}
	whole := len(download(t, s, right))
	if _, err := s.Inject(Fault{Kind: FaultWrongHash}); err != nil {
		t.Fatal(err)
	}
	wrong, err := askBill(t, s, "tradebill?bill_date=2026-10-08")
	if err != nil || wrong.HashValue == right.HashValue || len(wrong.HashValue) != 40 {
		t.Errorf("wrong hash: %+v, %v", wrong, err)
	}
	if _, err := s.Inject(Fault{Kind: FaultHalfBill}); err != nil {
		t.Fatal(err)
	}
	status, _, half := rawCall(t, s, "main", "GET", right.URL[len("https://api.mch.weixin.qq.com"):], "", nil)
	if status != 200 || len(half) != whole/2 {
		t.Errorf("half bill: %d, %d bytes of %d", status, len(half), whole)
	}
}

func TestFaultsAreAimed(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Merchants: []Merchant{{Name: "main"}, {Name: "other"}}})
	if _, err := s.Inject(Fault{Kind: FaultSystemError, Route: RoutePrepay, OutTradeNo: "AIMED001", Times: 2}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Inject(Fault{Kind: FaultSystemError, Merchant: "other"}); err != nil {
		t.Fatal(err)
	}
	service := jsapi.JsapiApiService{Client: sdk(t, s)}
	call := func(no string) bool {
		_, _, err := service.Prepay(t.Context(), orderOf(t, s, no, 100, nowhere))
		return err == nil
	}
	if !call("OTHER001") || call("AIMED001") || call("AIMED001") || !call("AIMED001") {
		t.Error("the fault struck another order, or not exactly twice")
	}
	if left := s.Faults(); len(left) != 1 || left[0].Merchant != "other" || left[0].Hits != 0 {
		t.Errorf("faults left: %+v", left)
	}
	if s.Calls(RoutePrepay) != 4 {
		t.Errorf("%d calls counted, want 4", s.Calls(RoutePrepay))
	}
}

func TestFaultChancesRepeat(t *testing.T) {
	t.Parallel()
	run := func() (pattern string) {
		var fs faultSet
		fs.add(Fault{Kind: FaultSystemError, Probability: 0.3, Seed: 42})
		for range 200 {
			mark := "."
			if fs.strike(RoutePrepay, "main", nil) != nil {
				mark = "x"
			}
			pattern += mark
		}
		return pattern
	}
	first := run()
	if first != run() {
		t.Error("the same seed gave other chances")
	}
	var hits int
	for _, c := range first {
		if c == 'x' {
			hits++
		}
	}
	if hits < 30 || hits > 90 {
		t.Errorf("%d hits of 200 at 0.3", hits)
	}
}

func TestImpossibleFaultsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	for _, f := range []Fault{
		{Kind: "nonsense"},
		{Kind: FaultLost, Route: RoutePrepay},
		{Kind: FaultUnsigned, Route: RouteNotifyPayment},
		{Kind: FaultWrongAppID, Route: RouteNotifyRefund},
		{Kind: FaultForged, Route: RouteToken},
		{Kind: FaultSlow, Probability: 1.5},
		{Kind: FaultError, Route: RoutePrepay},
		{Kind: FaultSlow, Merchant: "nobody"},
	} {
		if _, err := s.Inject(f); err == nil {
			t.Errorf("fault %+v was accepted", f)
		}
	}
}

// A held answer must not hold up the end of the sandbox.
func TestCloseEndsHeldAnswers(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	if _, err := s.Inject(Fault{Kind: FaultTimeoutAfter, Route: RoutePrepay, Delay: time.Hour}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	service := jsapi.JsapiApiService{Client: sdk(t, s)}
	request := orderOf(t, s, "PF000001", 100, nowhere)
	go func() {
		_, _, err := service.Prepay(t.Context(), request)
		done <- err
	}()
	for s.Calls(RoutePrepay) == 0 {
		time.Sleep(time.Millisecond)
	}
	s.closeFor = 2 * hangs // Close does not fall back on cutting connections
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(hangs / 2):
		t.Fatal("the held call holds up the end")
	}
	if err := <-done; err == nil {
		t.Error("the held call was answered")
	}
	if _, err := http.Get(s.URL()); err == nil {
		t.Error("the listener is still there")
	}
}
