package payment_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// What a merchant's health tells: the last good callback and bill, and what last
// went wrong, without secrets. It is not written at each callback.
func TestMerchantHealth(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other", Partner: true}} })
	h := w.home(4)
	of := func(name string) payment.MerchantHealth {
		t.Helper()
		list, err := w.pay.Health(bg)
		if err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		for _, m := range list {
			if m.Name == name {
				return m
			}
		}
		return payment.MerchantHealth{}
	}
	if m := of("main"); !m.First || !m.State.CallbackAt.IsZero() || !m.Keys.PublicKeyInUse || len(m.Keys.PublicKeyIDs) != 1 {
		t.Errorf("before anything: %+v", m)
	}
	h.paid(0)
	begun := of("main").State.CallbackAt
	if begun.IsZero() {
		t.Error("a good callback is not noted")
	}
	h.paid(1)
	if again := of("main").State.CallbackAt; again != begun {
		t.Error("written again at once")
	}
	w.inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: sandbox.RoutePrepay, Times: 2})
	_, err := w.pay.Checkout(bg, h.wants(0, 2))
	refused(t, err, payment.ErrUnavailable)
	if s := of("main").State; s.ErrorIn != "order" || s.ErrorText != "wechatpay prepay: outcome unknown code=SYSTEM_ERROR status=500 request_id="+requestID(s.ErrorText) {
		t.Errorf("error %q in %q", s.ErrorText, s.ErrorIn)
	}
	day := w.nextDay()
	w.inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: sandbox.RouteTradeBill, Merchant: "other"})
	if _, err := w.pay.Reconcile(bg, day); err == nil {
		t.Error("no error")
	}
	if s := of("main").State; s.BillOn != day || s.BillAt.IsZero() {
		t.Errorf("%+v", s)
	}
	if s := of("other").State; !s.BillAt.IsZero() || s.ErrorIn != "bill" || s.ErrorText == "" {
		t.Errorf("%+v", s)
	}
	// An older day does not go before a newer one.
	if _, err := w.pay.Reconcile(bg, day-1); err != nil {
		t.Fatal(err)
	}
	if s := of("main").State; s.BillOn != day {
		t.Errorf("%+v", s)
	}
	if days, ok := payment.DaysLeft(models.RealNow().AddDate(0, 0, 10).Add(1000)); days != 9 && days != 10 || !ok {
		t.Errorf("%d days, %v", days, ok)
	}
}

// requestID is what follows the last equals sign.
func requestID(text string) string {
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] == '=' {
			return text[i+1:]
		}
	}
	return ""
}
