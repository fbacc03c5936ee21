package sandbox_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

// Each fault of an API call, seen by the SDK: the error it gives and whether
// the order was placed all the same.
func TestAPIFaults(t *testing.T) {
	t.Parallel()
	const none = 0 // no HTTP status: transport or validation failed
	tests := []struct {
		fault  sandbox.Fault
		status int  // of the APIError
		fails  bool // the call as a whole
		effect bool
	}{
		{sandbox.Fault{Kind: sandbox.FaultSlow, Delay: 20 * time.Millisecond}, none, false, true},
		{sandbox.Fault{Kind: sandbox.FaultTimeoutBefore, Delay: 20 * time.Millisecond}, none, true, false},
		{sandbox.Fault{Kind: sandbox.FaultTimeoutAfter, Delay: 20 * time.Millisecond}, none, true, true},
		{sandbox.Fault{Kind: sandbox.FaultCutBefore}, none, true, false},
		{sandbox.Fault{Kind: sandbox.FaultCutAfter}, none, true, true},
		{sandbox.Fault{Kind: sandbox.FaultFrequency}, 429, true, false},
		{sandbox.Fault{Kind: sandbox.FaultSystemError}, 500, true, false},
		{sandbox.Fault{Kind: sandbox.FaultSystemErrorAfter}, 500, true, true},
		{sandbox.Fault{Kind: sandbox.FaultBadGateway}, 502, true, false},
		{sandbox.Fault{Kind: sandbox.FaultBadGatewayAfter}, 502, true, true},
		{sandbox.Fault{Kind: sandbox.FaultError, Status: 403, Code: "RULE_LIMIT"}, 403, true, false},
		{sandbox.Fault{Kind: sandbox.FaultUnsigned}, none, true, true},
		{sandbox.Fault{Kind: sandbox.FaultForged}, none, true, true},
		{sandbox.Fault{Kind: sandbox.FaultSignTest}, none, true, true},
		{sandbox.Fault{Kind: sandbox.FaultStale}, none, true, true},
		{sandbox.Fault{Kind: sandbox.FaultWrongSerial}, none, true, true},
		{sandbox.Fault{Kind: sandbox.FaultTruncated}, none, true, true},
	}
	for _, test := range tests {
		t.Run(string(test.fault.Kind), func(t *testing.T) {
			t.Parallel()
			s := sandboxtest.Start(t, sandbox.Config{})
			service := jsapi.JsapiApiService{Client: sandboxtest.SDK(t, s)}
			test.fault.Route = sandbox.RoutePrepay
			if _, err := s.Inject(test.fault); err != nil {
				t.Fatal(err)
			}
			_, _, err := service.Prepay(t.Context(), sandboxtest.OrderOf(t, s, "PF000001", 100, sandboxtest.Nowhere))
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
			if _, _, err := service.Prepay(t.Context(), sandboxtest.OrderOf(t, s, "PF000001", 100, sandboxtest.Nowhere)); err != nil {
				t.Errorf("repeat: %v", err)
			}
		})
	}
}

func TestBillFaults(t *testing.T) {
	t.Parallel()
	c := sandboxtest.NewClock("2026-10-08 12:00")
	s := sandboxtest.Start(t, sandbox.Config{Now: c.Now})
	for _, no := range []string{"PF000001", "PF000002", "PF000003"} {
		sandboxtest.PayOrder(t, s, no, 100)
	}
	c.Add(24 * time.Hour)
	right, err := sandboxtest.AskBill(t, s, "tradebill?bill_date=2026-10-08")
	if err != nil {
		t.Fatal(err)
	}
	whole := len(sandboxtest.Download(t, s, right))
	if _, err := s.Inject(sandbox.Fault{Kind: sandbox.FaultWrongHash}); err != nil {
		t.Fatal(err)
	}
	wrong, err := sandboxtest.AskBill(t, s, "tradebill?bill_date=2026-10-08")
	if err != nil || wrong.HashValue == right.HashValue || len(wrong.HashValue) != 40 {
		t.Errorf("wrong hash: %+v, %v", wrong, err)
	}
	if _, err := s.Inject(sandbox.Fault{Kind: sandbox.FaultHalfBill}); err != nil {
		t.Fatal(err)
	}
	status, _, half := sandboxtest.RawCall(t, s, "main", "GET", right.URL[len("https://api.mch.weixin.qq.com"):], "", nil)
	if status != 200 || len(half) != whole/2 {
		t.Errorf("half bill: %d, %d bytes of %d", status, len(half), whole)
	}
}

func TestFaultsAreAimed(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{Merchants: []sandbox.Merchant{{Name: "main"}, {Name: "other"}}})
	if _, err := s.Inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: sandbox.RoutePrepay, OutTradeNo: "AIMED001", Times: 2}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Merchant: "other"}); err != nil {
		t.Fatal(err)
	}
	service := jsapi.JsapiApiService{Client: sandboxtest.SDK(t, s)}
	call := func(no string) bool {
		_, _, err := service.Prepay(t.Context(), sandboxtest.OrderOf(t, s, no, 100, sandboxtest.Nowhere))
		return err == nil
	}
	if !call("OTHER001") || call("AIMED001") || call("AIMED001") || !call("AIMED001") {
		t.Error("the fault struck another order, or not exactly twice")
	}
	if left := s.Faults(); len(left) != 1 || left[0].Merchant != "other" || left[0].Hits != 0 {
		t.Errorf("faults left: %+v", left)
	}
	if s.Calls(sandbox.RoutePrepay) != 4 {
		t.Errorf("%d calls counted, want 4", s.Calls(sandbox.RoutePrepay))
	}
}

func TestImpossibleFaultsAreRefused(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	for _, f := range []sandbox.Fault{
		{Kind: "nonsense"},
		{Kind: sandbox.FaultLost, Route: sandbox.RoutePrepay},
		{Kind: sandbox.FaultUnsigned, Route: sandbox.RouteNotifyPayment},
		{Kind: sandbox.FaultWrongAppID, Route: sandbox.RouteNotifyRefund},
		{Kind: sandbox.FaultForged, Route: sandbox.RouteToken},
		{Kind: sandbox.FaultSlow, Probability: 1.5},
		{Kind: sandbox.FaultError, Route: sandbox.RoutePrepay},
		{Kind: sandbox.FaultSlow, Merchant: "nobody"},
	} {
		if _, err := s.Inject(f); err == nil {
			t.Errorf("fault %+v was accepted", f)
		}
	}
}

// A held answer must not hold up the end of the sandbox.
func TestCloseEndsHeldAnswers(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	if _, err := s.Inject(sandbox.Fault{Kind: sandbox.FaultTimeoutAfter, Route: sandbox.RoutePrepay, Delay: time.Hour}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	service := jsapi.JsapiApiService{Client: sandboxtest.SDK(t, s)}
	request := sandboxtest.OrderOf(t, s, "PF000001", 100, sandboxtest.Nowhere)
	go func() {
		_, _, err := service.Prepay(t.Context(), request)
		done <- err
	}()
	for s.Calls(sandbox.RoutePrepay) == 0 {
		time.Sleep(time.Millisecond)
	}
	begun := time.Now()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err == nil || time.Since(begun) > 2*time.Second {
		t.Errorf("held call ended with %v after %v", err, time.Since(begun))
	}
	if _, err := http.Get(s.URL()); err == nil {
		t.Error("the listener is still there")
	}
}
