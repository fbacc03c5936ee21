package payment_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/reconcile"
	"wuyepay/sandbox"
)

// What a merchant's health tells: the last good callback and bill, and what last
// went wrong, without secrets. It is not written at each callback.
func TestMerchantHealth(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) {
		s.Merchants = []sandbox.Merchant{{Name: "main"}, {Name: "other", Partner: true}}
	})
	h := w.Home(4)
	of := func(name string) payment.MerchantHealth {
		t.Helper()
		list, err := w.Pay.Health(paymenttest.Bg)
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
	if m := of("main"); !m.Default || !m.State.CallbackAt.IsZero() || !m.Keys.PublicKeyInUse || len(m.Keys.PublicKeyIDs) != 1 {
		t.Errorf("before anything: %+v", m)
	}
	h.Paid(0)
	begun := of("main").State.CallbackAt
	if begun.IsZero() {
		t.Error("a good callback is not noted")
	}
	h.Paid(1)
	if again := of("main").State.CallbackAt; again != begun {
		t.Error("written again at once")
	}
	w.Inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: sandbox.RoutePrepay, Times: 2})
	_, err := w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 2))
	paymenttest.Refused(t, err, payment.ErrUnavailable)
	if s := of("main").State; s.ErrorIn != "order" ||
		s.ErrorText != "wechatpay prepay: outcome unknown code=SYSTEM_ERROR status=500 request_id="+requestID(s.ErrorText) {
		t.Errorf("error %q in %q", s.ErrorText, s.ErrorIn)
	}
	day := w.NextDay()
	w.Inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: sandbox.RouteTradeBill, Merchant: "other"})
	if _, err := reconcile.Run(paymenttest.Bg, w.Pay, day); err == nil {
		t.Error("no error")
	}
	if s := of("main").State; s.BillOn != day || s.BillAt.IsZero() {
		t.Errorf("%+v", s)
	}
	if s := of("other").State; !s.BillAt.IsZero() || s.ErrorIn != "bill" || s.ErrorText == "" {
		t.Errorf("%+v", s)
	}
	// An older day does not go before a newer one.
	if _, err := reconcile.Run(paymenttest.Bg, w.Pay, day-1); err != nil {
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
