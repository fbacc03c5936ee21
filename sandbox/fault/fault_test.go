package fault_test

import (
	"testing"

	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestFaultsAreAimed(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{Merchants: []sandbox.Merchant{{Name: "main"}, {Name: "other"}}})
	aimed := sandbox.Fault{Kind: sandbox.FaultSystemError, Route: sandbox.RoutePrepay, OutTradeNo: "AIMED001", Times: 2}
	if _, err := s.Inject(aimed); err != nil {
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
