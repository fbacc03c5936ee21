package payment_test

import (
	"net/http"
	"strings"
	"testing"

	"wuyepay/models/money"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

// restart puts a service with other keys in the place of the one that answers
// callbacks; those that come meanwhile are answered 503, as by a proxy.
func restart(w *paymenttest.World, change func(*wechatpay.Config)) {
	w.T.Helper()
	w.Deaf.Store(true)
	next := w.Service(w.Db, 30, change)
	w.Pay = next
	w.Desk.Store(next)
	w.Deaf.Store(false)
}

func credentials(w *paymenttest.World) sandbox.MerchantCredentials {
	w.T.Helper()
	m, ok := w.Box.Credentials().Merchant("main")
	if !ok {
		w.T.Fatal("no merchant")
	}
	return m
}

// allByCallback proves that every payment came by a callback: none was lost.
func allByCallback(w *paymenttest.World, payments int64) {
	w.T.Helper()
	w.Drain()
	if n := w.Number("SELECT COUNT(*) FROM payments WHERE source = ?", money.LearnedByCallback); n != payments {
		w.T.Errorf("%d of %d payments came by callback", n, payments)
	}
	w.Agree()
}

// The APIv3 key is changed while callbacks are under way: those sealed with the key
// of before come again until they are booked, and the new ones are read as well.
func TestAPIv3KeyRotates(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(6)
	old := credentials(w).APIv3Key
	w.Deaf.Store(true) // their first delivery meets nobody
	for i := range 3 {
		w.PaysAtWechat(h.Order(0, i).Order.No)
	}
	key, err := w.Box.RotateAPIv3Key("main")
	paymenttest.Must(t, err)
	// Before the restart the new key is not known: refused, and told again.
	w.Deaf.Store(false)
	w.PaysAtWechat(h.Order(0, 3).Order.No)
	restart(w, func(c *wechatpay.Config) { c.APIv3Key, c.OtherAPIv3Keys = key, []string{old} })
	for i := 4; i < 6; i++ {
		w.PaysAtWechat(h.Order(0, i).Order.No)
	}
	allByCallback(w, 6)
}

// The other way round: the new key is configured beside the old one before WeChat
// is told to use it.
func TestAPIv3KeyRotatesAhead(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	w.PaysAtWechat(h.Order(0, 0).Order.No)
	old := credentials(w).APIv3Key
	key, err := w.Box.RotateAPIv3Key("main")
	paymenttest.Must(t, err)
	restart(w, func(c *wechatpay.Config) { c.APIv3Key, c.OtherAPIv3Keys = old, []string{key} })
	w.PaysAtWechat(h.Order(0, 1).Order.No)
	allByCallback(w, 2)
	for _, c := range w.Callbacks() {
		if c.Status != http.StatusNoContent && c.Status != http.StatusServiceUnavailable {
			t.Errorf("a callback was answered %d", c.Status)
		}
	}
}

// WeChat Pay's public key is changed: for some days callbacks come signed by either.
func TestPublicKeyRotates(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(8)
	old := credentials(w)
	w.Deaf.Store(true)
	for i := range 3 {
		w.PaysAtWechat(h.Order(0, i).Order.No)
	}
	paymenttest.Must(t, w.Box.RotatePublicKey("main"))
	restart(w, func(c *wechatpay.Config) {
		c.OtherPublicKeys = []wechatpay.PublicKey{{ID: old.PublicKeyID, PEM: old.PublicKeyPEM}}
	})
	for i := 3; i < 7; i++ {
		w.PaysAtWechat(h.Order(0, i).Order.No)
	}
	w.Drain()
	serials := map[string]int{}
	for _, c := range w.Callbacks() {
		if c.Status == http.StatusNoContent {
			serials[c.Header.Get("Wechatpay-Serial")]++
		}
	}
	if serials[old.PublicKeyID] == 0 || serials[credentials(w).PublicKeyID] == 0 {
		t.Errorf("callbacks by key: %v", serials)
	}
	// The old key is over: nothing but the new one is needed.
	paymenttest.Must(t, w.Box.EndRotation("main"))
	restart(w, func(*wechatpay.Config) {})
	w.PaysAtWechat(h.Order(0, 7).Order.No)
	allByCallback(w, 8)
}

// The merchant's own certificate is changed: requests under the old one go on until
// the program has the new one.
func TestMerchantKeyRotates(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(3)
	w.PaysAtWechat(h.Order(0, 0).Order.No)
	paymenttest.Must(t, w.Box.RotateMerchantKey("main"))
	w.PaysAtWechat(h.Order(0, 1).Order.No) // still signed by the old key
	restart(w, func(*wechatpay.Config) {})
	paymenttest.Must(t, w.Box.EndRotation("main"))
	w.PaysAtWechat(h.Order(0, 2).Order.No)
	allByCallback(w, 3)
}

// From platform certificates to the public key: while WeChat moves a merchant,
// callbacks come signed by either, and the program is restarted in the middle.
func TestFromCertificateToPublicKey(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Merchants = []sandbox.Merchant{{Name: "main", Mode: sandbox.ModeBoth}} })
	h := w.Home(7)
	paymenttest.Must(t, w.Box.SetCallbackSigner("main", sandbox.ModeCertificate))
	restart(w, func(c *wechatpay.Config) { c.PublicKeyID, c.PublicKeyPEM = "", "" })
	w.PaysAtWechat(h.Order(0, 0).Order.No)
	w.Drain()
	paymenttest.Must(t, w.Box.SetCallbackSigner("main", sandbox.ModeBoth)) // the switch begins before we know the key
	for i := 1; i < 3; i++ {
		w.PaysAtWechat(h.Order(0, i).Order.No)
	}
	restart(w, func(*wechatpay.Config) {}) // with the public key, and certificates still taken
	_, err := w.Box.RotateCertificate("main")
	paymenttest.Must(t, err)
	for i := 3; i < 6; i++ {
		w.PaysAtWechat(h.Order(0, i).Order.No)
	}
	w.Drain()
	paymenttest.Must(t, w.Box.SetCallbackSigner("main", sandbox.ModePublicKey))
	w.PaysAtWechat(h.Order(0, 6).Order.No)
	allByCallback(w, 7)
	kinds := map[bool]int{}
	for _, c := range w.Callbacks() {
		if c.Status == http.StatusNoContent {
			kinds[strings.HasPrefix(c.Header.Get("Wechatpay-Serial"), "PUB_KEY_ID_")]++
		}
	}
	if kinds[true] == 0 || kinds[false] == 0 {
		t.Errorf("callbacks by kind of key: %v", kinds)
	}
}
