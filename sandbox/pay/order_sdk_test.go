package pay_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestSDKDirectPublicKeyMode(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	h := sandboxtest.NewHost(t, s, "main")
	service := jsapi.JsapiApiService{Client: sandboxtest.SDK(t, s)}
	ctx := t.Context()
	request := sandboxtest.OrderOf(t, s, "PF-2026|0001*", 12345, h.URL)
	mchID := request.Mchid

	pay, result, err := service.PrepayWithRequestPayment(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	if id := result.Response.Header.Get("Request-ID"); len(id) < 3 || id[len(id)-2:] != "-0" {
		t.Errorf("Request-ID = %q, want a tail of -0", id)
	}
	open, _, err := service.QueryOrderByOutTradeNo(ctx, jsapi.QueryOrderByOutTradeNoRequest{OutTradeNo: request.OutTradeNo, Mchid: mchID})
	if err != nil || *open.TradeState != "NOTPAY" || open.TransactionId != nil {
		t.Fatalf("open order = %v, %v", open, err)
	}

	paid, err := s.RequestPayment(sandbox.PaymentRequest{
		TimeStamp: *pay.TimeStamp, NonceStr: *pay.NonceStr, Package: *pay.Package,
		SignType: *pay.SignType, PaySign: *pay.PaySign,
	})
	if err != nil {
		t.Fatal(err)
	}
	sandboxtest.Drain(t, s)
	byID, _, err := service.QueryOrderById(ctx, jsapi.QueryOrderByIdRequest{TransactionId: core.String(paid.TransactionID), Mchid: mchID})
	if err != nil {
		t.Fatal(err)
	}
	if good, bad := h.Counts(); good != 1 || bad != 0 {
		t.Fatalf("notifications: %d good, %d bad; want one good", good, bad)
	}
	// The SDK's own type says the same by query and by notification.
	if diff := cmp.Diff(*byID, h.Plain[0]); diff != "" {
		t.Errorf("query and notification differ:\n%s", diff)
	}
	if *byID.Amount.Total != 12345 || *byID.TradeState != "SUCCESS" || *byID.Attach != *request.Attach ||
		*byID.Payer.Openid != s.OpenID("zhang") {
		t.Errorf("paid order = %v", byID)
	}
	_, err = service.CloseOrder(ctx, jsapi.CloseOrderRequest{OutTradeNo: request.OutTradeNo, Mchid: mchID})
	if code := sandboxtest.APICode(t, err); code != "ORDERPAID" {
		t.Errorf("close of a paid order: %s, want ORDERPAID", code)
	}
}

func TestRequestPaymentRefusesAnotherSignature(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	service := jsapi.JsapiApiService{Client: sandboxtest.SDK(t, s)}
	pay, _, err := service.PrepayWithRequestPayment(t.Context(), sandboxtest.OrderOf(t, s, "PF000001", 100, sandboxtest.Nowhere))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.RequestPayment(sandbox.PaymentRequest{
		TimeStamp: "1", NonceStr: *pay.NonceStr, Package: *pay.Package, SignType: *pay.SignType, PaySign: *pay.PaySign,
	})
	if !errors.Is(err, sandbox.ErrPaySign) {
		t.Errorf("changed time stamp: %v, want ErrPaySign", err)
	}
}

func TestSDKCloseIsSignedAndRepeatable(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	service := jsapi.JsapiApiService{Client: sandboxtest.SDK(t, s)}
	request := sandboxtest.OrderOf(t, s, "PF000001", 100, sandboxtest.Nowhere)
	if _, _, err := service.Prepay(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		result, err := service.CloseOrder(t.Context(), jsapi.CloseOrderRequest{OutTradeNo: request.OutTradeNo, Mchid: request.Mchid})
		if err != nil || result.Response.StatusCode != http.StatusNoContent {
			t.Fatalf("close: %v", err)
		}
	}
	if _, err := s.Pay("PF000001"); !errors.Is(err, sandbox.ErrOrderClosed) {
		t.Errorf("paying a closed order: %v, want ErrOrderClosed", err)
	}
	_, _, err := service.Prepay(t.Context(), request)
	if code := sandboxtest.APICode(t, err); code != "ORDER_CLOSED" {
		t.Errorf("prepay of a closed order: %s, want ORDER_CLOSED", code)
	}
}
