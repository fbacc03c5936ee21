package payment_test

import (
	"net/http"
	"strings"
	"testing"

	"wuyepay/models/money"
	"wuyepay/payment/wechatpay"
	"wuyepay/sandbox"
)

// restart puts a service with other keys in the place of the one that answers
// callbacks; those that come meanwhile are answered 503, as by a proxy.
func (w *world) restart(change func(*wechatpay.Config)) {
	w.t.Helper()
	w.deaf.Store(true)
	next := w.service(w.db, 30, change)
	w.pay = next
	w.desk.Store(next)
	w.deaf.Store(false)
}

func (w *world) credentials() sandbox.MerchantCredentials {
	w.t.Helper()
	m, ok := w.box.Credentials().Merchant("main")
	if !ok {
		w.t.Fatal("no merchant")
	}
	return m
}

// allByCallback proves that every payment came by a callback: none was lost.
func (w *world) allByCallback(payments int64) {
	w.t.Helper()
	w.drain()
	if n := w.number("SELECT COUNT(*) FROM payments WHERE source = ?", money.LearnedByCallback); n != payments {
		w.t.Errorf("%d of %d payments came by callback", n, payments)
	}
	w.agree()
}

// The APIv3 key is changed while callbacks are under way: those sealed with the key
// of before come again until they are booked, and the new ones are read as well.
func TestAPIv3KeyRotates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(6)
	old := w.credentials().APIv3Key
	w.deaf.Store(true) // their first delivery meets nobody
	for i := range 3 {
		w.paysAtWechat(h.order(0, i).Order.No)
	}
	key, err := w.box.RotateAPIv3Key("main")
	must(t, err)
	// Before the restart the new key is not known: refused, and told again.
	w.deaf.Store(false)
	w.paysAtWechat(h.order(0, 3).Order.No)
	w.restart(func(c *wechatpay.Config) { c.APIv3Key, c.OtherAPIv3Keys = key, []string{old} })
	for i := 4; i < 6; i++ {
		w.paysAtWechat(h.order(0, i).Order.No)
	}
	w.allByCallback(6)
}

// The other way round: the new key is configured beside the old one before WeChat
// is told to use it.
func TestAPIv3KeyRotatesAhead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	w.paysAtWechat(h.order(0, 0).Order.No)
	old := w.credentials().APIv3Key
	key, err := w.box.RotateAPIv3Key("main")
	must(t, err)
	w.restart(func(c *wechatpay.Config) { c.APIv3Key, c.OtherAPIv3Keys = old, []string{key} })
	w.paysAtWechat(h.order(0, 1).Order.No)
	w.allByCallback(2)
	for _, c := range w.callbacks() {
		if c.status != http.StatusNoContent && c.status != http.StatusServiceUnavailable {
			t.Errorf("a callback was answered %d", c.status)
		}
	}
}

// WeChat Pay's public key is changed: for some days callbacks come signed by either.
func TestPublicKeyRotates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(8)
	old := w.credentials()
	w.deaf.Store(true)
	for i := range 3 {
		w.paysAtWechat(h.order(0, i).Order.No)
	}
	must(t, w.box.RotatePublicKey("main"))
	w.restart(func(c *wechatpay.Config) {
		c.OtherPublicKeys = []wechatpay.PublicKey{{ID: old.PublicKeyID, PEM: old.PublicKeyPEM}}
	})
	for i := 3; i < 7; i++ {
		w.paysAtWechat(h.order(0, i).Order.No)
	}
	w.drain()
	serials := map[string]int{}
	for _, c := range w.callbacks() {
		if c.status == http.StatusNoContent {
			serials[c.header.Get("Wechatpay-Serial")]++
		}
	}
	if serials[old.PublicKeyID] == 0 || serials[w.credentials().PublicKeyID] == 0 {
		t.Errorf("callbacks by key: %v", serials)
	}
	// The old key is over: nothing but the new one is needed.
	must(t, w.box.EndRotation("main"))
	w.restart(func(*wechatpay.Config) {})
	w.paysAtWechat(h.order(0, 7).Order.No)
	w.allByCallback(8)
}

// The merchant's own certificate is changed: requests under the old one go on until
// the program has the new one.
func TestMerchantKeyRotates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(3)
	w.paysAtWechat(h.order(0, 0).Order.No)
	must(t, w.box.RotateMerchantKey("main"))
	w.paysAtWechat(h.order(0, 1).Order.No) // still signed by the old key
	w.restart(func(*wechatpay.Config) {})
	must(t, w.box.EndRotation("main"))
	w.paysAtWechat(h.order(0, 2).Order.No)
	w.allByCallback(3)
}

// From platform certificates to the public key: while WeChat moves a merchant,
// callbacks come signed by either, and the program is restarted in the middle.
func TestFromCertificateToPublicKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.merchants = []sandbox.Merchant{{Name: "main", Mode: sandbox.ModeBoth}} })
	h := w.home(7)
	must(t, w.box.SetCallbackSigner("main", sandbox.ModeCertificate))
	w.restart(func(c *wechatpay.Config) { c.PublicKeyID, c.PublicKeyPEM = "", "" })
	w.paysAtWechat(h.order(0, 0).Order.No)
	w.drain()
	must(t, w.box.SetCallbackSigner("main", sandbox.ModeBoth)) // the switch begins before we know the key
	for i := 1; i < 3; i++ {
		w.paysAtWechat(h.order(0, i).Order.No)
	}
	w.restart(func(*wechatpay.Config) {}) // with the public key, and certificates still taken
	_, err := w.box.RotateCertificate("main")
	must(t, err)
	for i := 3; i < 6; i++ {
		w.paysAtWechat(h.order(0, i).Order.No)
	}
	w.drain()
	must(t, w.box.SetCallbackSigner("main", sandbox.ModePublicKey))
	w.paysAtWechat(h.order(0, 6).Order.No)
	w.allByCallback(7)
	kinds := map[bool]int{}
	for _, c := range w.callbacks() {
		if c.status == http.StatusNoContent {
			kinds[strings.HasPrefix(c.header.Get("Wechatpay-Serial"), "PUB_KEY_ID_")]++
		}
	}
	if kinds[true] == 0 || kinds[false] == 0 {
		t.Errorf("callbacks by kind of key: %v", kinds)
	}
}
