package pay_test

import (
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	partner "github.com/wechatpay-apiv3/wechatpay-go/services/partnerpayments/jsapi"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestSDKPartner(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{Merchants: []sandbox.Merchant{{Name: "provider", Partner: true}}})
	k := sandboxtest.KeysOf(t, s, "provider")
	h := sandboxtest.NewHost(t, s, "provider")
	service := partner.JsapiApiService{Client: sandboxtest.SDKFor(t, s, "provider")}
	appID := s.Credentials().AppID
	request := partner.PrepayRequest{
		SpAppid: core.String(appID), SpMchid: core.String(k.MchID), SubMchid: core.String(k.SubMchID),
		Description: core.String("物业费"), OutTradeNo: core.String("SP000001"), NotifyUrl: core.String(h.URL),
		TimeExpire: core.Time(time.Now().Add(30 * time.Minute).Truncate(time.Second).In(sandboxtest.Shanghai)),
		Amount:     &partner.Amount{Total: core.Int64(500)},
		Payer:      &partner.Payer{SpOpenid: core.String(s.OpenID("li"))},
	}
	pay, _, err := service.PrepayWithRequestPayment(t.Context(), request, appID)
	if err != nil {
		t.Fatal(err)
	}
	paid, err := s.RequestPayment(sandbox.PaymentRequest{
		TimeStamp: *pay.TimeStamp, NonceStr: *pay.NonceStr, Package: *pay.Package,
		SignType: *pay.SignType, PaySign: *pay.PaySign,
	})
	if err != nil {
		t.Fatal(err)
	}
	sandboxtest.Drain(t, s)
	got, _, err := service.QueryOrderById(t.Context(), partner.QueryOrderByIdRequest{
		TransactionId: core.String(paid.TransactionID), SpMchid: core.String(k.MchID), SubMchid: core.String(k.SubMchID)})
	if err != nil || *got.SubMchid != k.SubMchID || *got.SpMchid != k.MchID || *got.Payer.SpOpenid != s.OpenID("li") {
		t.Fatalf("partner query = %v, %v", got, err)
	}
	if good, _ := h.Counts(); good != 1 {
		t.Errorf("%d notifications, want 1", good)
	}
	_, err = service.CloseOrder(t.Context(), partner.CloseOrderRequest{
		OutTradeNo: core.String("SP000001"), SpMchid: core.String(k.MchID), SubMchid: core.String("1600000000")})
	if code := sandboxtest.APICode(t, err); code != "NO_AUTH" {
		t.Errorf("another tenant: %s, want NO_AUTH", code)
	}
}

// A tenant's own mini-program: the payer is known under sub_appid.
func TestSDKPartnerSubAppID(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{Merchants: []sandbox.Merchant{{Name: "provider", Partner: true, AppID: "wxofficialaccount1"}}})
	k := sandboxtest.KeysOf(t, s, "provider")
	service := partner.JsapiApiService{Client: sandboxtest.SDKFor(t, s, "provider")}
	request := func(no string) partner.PrepayRequest {
		return partner.PrepayRequest{
			SpAppid: core.String("wxofficialaccount1"), SpMchid: core.String(k.MchID), SubMchid: core.String(k.SubMchID),
			SubAppid: core.String(s.Credentials().AppID), Description: core.String("物业费"), OutTradeNo: core.String(no),
			NotifyUrl: core.String(sandboxtest.Nowhere), Amount: &partner.Amount{Total: core.Int64(500)},
			Payer: &partner.Payer{SubOpenid: core.String(s.OpenID("li"))},
		}
	}
	if _, _, err := service.Prepay(t.Context(), request("SP000001")); err != nil {
		t.Fatal(err)
	}
	if paid, err := s.PayWith("SP000001", sandbox.PayOptions{NoNotify: true}); err != nil || paid.OpenID != s.OpenID("li") {
		t.Errorf("paid = %+v, %v", paid, err)
	}
	bad := request("SP000002")
	bad.SubAppid = nil
	_, _, err := service.Prepay(t.Context(), bad)
	if code := sandboxtest.APICode(t, err); code != "PARAM_ERROR" {
		t.Errorf("sub_openid without sub_appid: %s, want PARAM_ERROR", code)
	}
	bad = request("SP000003")
	bad.Payer = &partner.Payer{}
	_, _, err = service.Prepay(t.Context(), bad)
	if code := sandboxtest.APICode(t, err); code != "PARAM_ERROR" {
		t.Errorf("no payer: %s, want PARAM_ERROR", code)
	}
}

// The tenant's own mini-program from order to refund, by the SDK as it is: the paySign is
// the tenant's, the provider's app takes neither it nor the tenant's openid.
func TestSDKPartnerOwnMiniprogram(t *testing.T) {
	t.Parallel()
	const own = "wxcompanyminiapp1"
	s := sandboxtest.Start(t, sandbox.Config{AppID: own, Merchants: []sandbox.Merchant{{Name: "provider", Partner: true, SubAppID: own}}})
	k := sandboxtest.KeysOf(t, s, "provider")
	if k.AppID == "" || k.AppID == own || k.SubAppID != own {
		t.Fatalf("provider's app %q, tenant's %q", k.AppID, k.SubAppID)
	}
	h := sandboxtest.NewHost(t, s, "provider")
	service := partner.JsapiApiService{Client: sandboxtest.SDKFor(t, s, "provider")}
	request := func(no string) partner.PrepayRequest {
		return partner.PrepayRequest{
			SpAppid: core.String(k.AppID), SpMchid: core.String(k.MchID), SubMchid: core.String(k.SubMchID), SubAppid: core.String(own),
			Description: core.String("物业费"), OutTradeNo: core.String(no), NotifyUrl: core.String(h.URL),
			Amount: &partner.Amount{Total: core.Int64(500)}, Payer: &partner.Payer{SubOpenid: core.String(s.OpenID("li"))},
		}
	}
	pays := func(no, appID string) error {
		pay, _, err := service.PrepayWithRequestPayment(t.Context(), request(no), appID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.RequestPayment(sandbox.PaymentRequest{
			AppID: appID, TimeStamp: *pay.TimeStamp, NonceStr: *pay.NonceStr, Package: *pay.Package, SignType: *pay.SignType,
			PaySign: *pay.PaySign,
		})
		return err
	}
	if err := pays("SP000001", k.AppID); err == nil {
		t.Error("the provider's app launched a payment of the tenant's")
	}
	if err := pays("SP000001", own); err != nil {
		t.Fatal(err)
	}
	sandboxtest.Drain(t, s)
	got, _, err := service.QueryOrderByOutTradeNo(t.Context(), partner.QueryOrderByOutTradeNoRequest{
		OutTradeNo: core.String("SP000001"), SpMchid: core.String(k.MchID), SubMchid: core.String(k.SubMchID)})
	if err != nil || *got.SubAppid != own || *got.SpAppid != k.AppID || *got.Payer.SubOpenid != s.OpenID("li") ||
		*got.Payer.SpOpenid == s.OpenID("li") {
		t.Fatalf("partner query = %v, %v", got, err)
	}
	if good, _ := h.Counts(); good != 1 {
		t.Errorf("%d notifications, want 1", good)
	}
	for name, change := range map[string]func(*partner.PrepayRequest){
		"the tenant's app as the provider's": func(r *partner.PrepayRequest) { r.SpAppid = core.String(own) },
		"the tenant's openid under the provider's": func(r *partner.PrepayRequest) {
			r.Payer = &partner.Payer{SpOpenid: core.String(s.OpenID("li"))}
		},
	} {
		r := request("SP000009")
		change(&r)
		if _, _, err := service.Prepay(t.Context(), r); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
