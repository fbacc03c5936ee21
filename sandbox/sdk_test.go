package sandbox_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/downloader"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	partner "github.com/wechatpay-apiv3/wechatpay-go/services/partnerpayments/jsapi"
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

// certClient is the SDK in platform-certificate mode with its own downloader.
func certClient(t *testing.T, s *sandbox.Server, name string) (*core.Client, core.CertificateVisitor, *downloader.CertificateDownloaderMgr) {
	t.Helper()
	k := sandboxtest.KeysOf(t, s, name)
	mgr := downloader.NewCertificateDownloaderMgr(context.Background())
	t.Cleanup(mgr.Stop)
	if err := mgr.RegisterDownloaderWithClient(t.Context(), sandboxtest.Unverified(t, s, name), k.MchID, k.APIv3Key); err != nil {
		t.Fatalf("certificate download: %v", err)
	}
	client, err := core.NewClient(t.Context(),
		option.WithWechatPayAutoAuthCipherUsingDownloaderMgr(k.MchID, k.CertificateSerial, k.Key, mgr),
		option.WithHTTPClient(sandboxtest.RedirectTo(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	return client, mgr.GetCertificateVisitor(k.MchID), mgr
}

func TestSDKCertificateModeAndRotation(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{Merchants: []sandbox.Merchant{{Name: "main", Mode: sandbox.ModeCertificate}}})
	client, visitor, mgr := certClient(t, s, "main")
	h := sandboxtest.NewHostWith(t, sandboxtest.KeysOf(t, s, "main").APIv3Key, verifiers.NewSHA256WithRSAVerifier(visitor))
	service := jsapi.JsapiApiService{Client: client}
	if _, _, err := service.Prepay(t.Context(), sandboxtest.OrderOf(t, s, "CERT0001", 100, h.URL)); err != nil {
		t.Fatal(err)
	}
	serial, err := s.RotateCertificate("main")
	if err != nil {
		t.Fatal(err)
	}
	// Until the host downloads again it knows only the old certificate: the
	// callback fails and comes back.
	if _, err := s.Pay("CERT0001"); err != nil {
		t.Fatal(err)
	}
	<-h.Received
	mgr.DownloadCertificates(t.Context())
	sandboxtest.Drain(t, s)
	if good, bad := h.Counts(); good != 1 || bad < 1 || h.Serials[0] != serial {
		t.Errorf("good %d, bad %d, first serial %s; want one good after refusals of %s", good, bad, h.Serials[0], serial)
	}
	if _, ok := visitor.Get(t.Context(), serial); !ok {
		t.Errorf("the downloader does not know the new certificate")
	}
}

func TestSDKMixedCallbacks(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{Merchants: []sandbox.Merchant{{Name: "main", Mode: sandbox.ModeBoth}}})
	_, visitor, _ := certClient(t, s, "main")
	k := sandboxtest.KeysOf(t, s, "main")
	h := sandboxtest.NewHostWith(t, k.APIv3Key, verifiers.NewSHA256WithRSACombinedVerifier(visitor, k.PublicKeyID, *k.Pub))
	for i := range 4 {
		no := "MIX0000" + string(rune('0'+i))
		sandboxtest.Place(t, s, no, 100, h.URL) // replies follow the public-key id the client names
		if _, err := s.Pay(no); err != nil {
			t.Fatal(err)
		}
	}
	sandboxtest.Drain(t, s)
	kinds := map[bool]int{}
	for _, serial := range h.Serials {
		kinds[serial == k.PublicKeyID]++
	}
	if good, _ := h.Counts(); good != 4 || kinds[true] != 2 || kinds[false] != 2 {
		t.Errorf("good %d, signed by public key %d, by certificate %d; want 4, 2, 2", good, kinds[true], kinds[false])
	}
	if err := s.SetCallbackSigner("main", sandbox.ModeCertificate); err != nil {
		t.Error(err)
	}
}

func TestPublicKeyMerchantHasNoCertificates(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t, sandbox.Config{})
	_, err := sandboxtest.Unverified(t, s, "main").Get(t.Context(), "https://api.mch.weixin.qq.com/v3/certificates")
	if code := sandboxtest.APICode(t, err); code != "RESOURCE_NOT_EXISTS" {
		t.Errorf("certificates: %s, want RESOURCE_NOT_EXISTS", code)
	}
	if err := s.SetCallbackSigner("main", sandbox.ModeCertificate); err == nil {
		t.Error("a public-key merchant was given a certificate signer")
	}
}
