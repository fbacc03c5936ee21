package merchant_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/downloader"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

// certClient is the SDK in platform-certificate mode with its own downloader.
func certClient(
	t *testing.T, s *sandbox.Server, name string,
) (*core.Client, core.CertificateVisitor, *downloader.CertificateDownloaderMgr) {
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

// A public key whose private half only WeChat has is replaced, not believed.
func TestForeignPublicKeyIsReplaced(t *testing.T) {
	t.Parallel()
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&foreign.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	given := sandbox.Merchant{Name: "main", PublicKeyID: "PUB_KEY_ID_01", PublicKeyPEM: text}
	s := sandboxtest.Start(t, sandbox.Config{Merchants: []sandbox.Merchant{given}})
	if m := s.Credentials().Merchants[0]; m.PublicKeyPEM == text || m.PublicKeyID != "PUB_KEY_ID_01" {
		t.Errorf("public key kept %v, id %s", m.PublicKeyPEM == text, m.PublicKeyID)
	}
	sandboxtest.Place(t, s, "PF000001", 100, sandboxtest.Nowhere)
}
