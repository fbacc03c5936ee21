package apiv3_test

import (
	"errors"
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
