package sandboxtest

import (
	"crypto/rsa"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"

	"wuyepay/sandbox"
)

// redirect sends requests for WeChat to the sandbox. Path and query, which the
// signature covers, stay unchanged.
type redirect struct {
	to   *url.URL
	base *http.Transport
}

func (r *redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	clone := req.Clone(req.Context())
	clone.URL.Scheme, clone.URL.Host = r.to.Scheme, r.to.Host
	return r.base.RoundTrip(clone)
}

// RedirectTo returns a client whose requests go to the sandbox.
func RedirectTo(t testing.TB, s *sandbox.Server) *http.Client {
	t.Helper()
	to, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	// Not Client.Timeout: the SDK does not close bodies, and the timer of each
	// would look like a leak of ours.
	base := &http.Transport{MaxIdleConnsPerHost: 64, ResponseHeaderTimeout: Hangs}
	t.Cleanup(base.CloseIdleConnections)
	return &http.Client{Transport: &redirect{to, base}}
}

// MerchantKeys are the keys of the credentials, parsed by the SDK.
type MerchantKeys struct {
	sandbox.MerchantCredentials
	Key *rsa.PrivateKey
	Pub *rsa.PublicKey // nil in certificate mode
}

// KeysOf returns the keys of a merchant.
func KeysOf(t testing.TB, s *sandbox.Server, name string) MerchantKeys {
	t.Helper()
	m, ok := s.Credentials().Merchant(name)
	if !ok {
		t.Fatalf("no merchant %s", name)
	}
	k := MerchantKeys{MerchantCredentials: m}
	var err error
	if k.Key, err = utils.LoadPrivateKey(m.PrivateKeyPEM); err != nil {
		t.Fatal(err)
	}
	if m.PublicKeyPEM != "" {
		if k.Pub, err = utils.LoadPublicKey(m.PublicKeyPEM); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// SDK returns the unmodified SDK of the merchant "main" in public-key mode.
func SDK(t testing.TB, s *sandbox.Server) *core.Client { return SDKFor(t, s, "main") }

// SDKFor is SDK of another merchant.
func SDKFor(t testing.TB, s *sandbox.Server, name string) *core.Client {
	t.Helper()
	k := KeysOf(t, s, name)
	client, err := core.NewClient(t.Context(),
		option.WithWechatPayPublicKeyAuthCipher(k.MchID, k.CertificateSerial, k.Key, k.PublicKeyID, k.Pub),
		option.WithHTTPClient(RedirectTo(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Unverified returns the SDK without checks of replies, for unsigned downloads.
func Unverified(t testing.TB, s *sandbox.Server, name string) *core.Client {
	t.Helper()
	k := KeysOf(t, s, name)
	client, err := core.NewClient(t.Context(),
		option.WithMerchantCredential(k.MchID, k.CertificateSerial, k.Key),
		option.WithoutValidator(), option.WithHTTPClient(RedirectTo(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// APICode returns the code of an SDK error.
func APICode(t *testing.T, err error) string {
	t.Helper()
	var e *core.APIError
	if !errors.As(err, &e) {
		t.Fatalf("not an API error: %v", err)
	}
	return e.Code
}
