package payment_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// An owner pays, in every way in which a merchant can be known to WeChat.
func TestPaidAndBookedOnce(t *testing.T) {
	t.Parallel()
	for _, partner := range []bool{false, true} {
		for _, mode := range []sandbox.Mode{sandbox.ModePublicKey, sandbox.ModeCertificate, sandbox.ModeBoth} {
			name := "direct " + string(mode)
			if partner {
				name = "partner " + string(mode)
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) {
					s.Merchants = []sandbox.Merchant{{Name: "main", Mode: mode, Partner: partner}}
				})
				h := w.Home(2)
				for i := range h.Bills { // in mixed mode one callback is signed by either key
					c := h.Order(0, i)
					if c.Order.AmountFen != 12949 || len(c.Lines) != 1 || c.Lines[0].PrincipalFen != 11002 ||
						c.Lines[0].LateFeeFen != 1947 {
						t.Fatalf("order %+v of lines %+v", c.Order, c.Lines)
					}
					p := c.PayParams
					if _, err := w.Box.RequestPayment(sandbox.PaymentRequest{
						TimeStamp: p.TimeStamp, NonceStr: p.NonceStr, Package: p.Package, SignType: p.SignType, PaySign: p.PaySign,
					}); err != nil {
						t.Fatalf("the phone cannot pay: %v", err)
					}
					w.Drain()
					w.WantOrder(c.Order.No, money.OrderPaid, "SUCCESS")
					if b := h.Bill(i); b.Status != fees.BillPaid || b.DueFen != 0 {
						t.Errorf("bill: %s, %d fen due", b.Status, b.DueFen)
					}
				}
				if paymenttest.Claims(w) != "0" {
					t.Error("a claim is left")
				}
				w.Agree()
			})
		}
	}
}

// Several bills, prepayment on top, prepayment alone, and the policy that settles
// principal first: every fen finds its place.
func TestWhereTheMoneyGoes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		principalFirst bool
		bills          []int
		prepay         models.Fen
		amount         models.Fen
	}{
		{"two bills", false, []int{0, 1}, 0, 25898},
		{"two bills, principal first", true, []int{0, 1}, 0, 25898},
		{"a bill and prepayment", false, []int{1}, 5000, 17949},
		{"a bill and prepayment, principal first", true, []int{1}, 5000, 17949},
		{"prepayment alone", false, nil, 12345, 12345},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := paymenttest.NewWorld(t)
			h := w.Home(2)
			if tt.principalFirst {
				w.Exec("UPDATE communities SET settlement = ?", estate.PrincipalFirst)
			}
			var hooked []models.Fen
			w.Pay.Booked = func(_ *store.Tx, o *money.Order, p *money.Payment) error {
				hooked = append(hooked, o.AmountFen, p.AmountFen, p.SurplusFen)
				return nil
			}
			c := h.Order(tt.prepay, tt.bills...)
			if c.Order.AmountFen != tt.amount {
				t.Errorf("order of %d fen, want %d", c.Order.AmountFen, tt.amount)
			}
			w.PaysAtWechat(c.Order.No)
			w.Drain()
			if diff := cmp.Diff([]models.Fen{tt.amount, tt.amount, 0}, hooked); diff != "" {
				t.Errorf("told to what follows (-want +got):\n%s", diff)
			}
			for _, i := range tt.bills {
				if b := h.Bill(i); b.Status != fees.BillPaid || b.PaidPrincipalFen != 11002 || b.PaidLateFeeFen != 1947 {
					t.Errorf("bill %d: %s, %d + %d paid", i, b.Status, b.PaidPrincipalFen, b.PaidLateFeeFen)
				}
			}
			if h.Prepaid() != tt.prepay {
				t.Errorf("prepaid %d, want %d", h.Prepaid(), tt.prepay)
			}
			w.Agree()
		})
	}
}

// A coupon of WeChat lowers what the payer gives, not what the bill gets.
func TestCouponIsNoDifference(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	c := h.Order(0, 0)
	w.PaysAtWechat(c.Order.No, sandbox.PayOptions{CouponFen: 500})
	w.Drain()
	if b := h.Bill(0); b.Status != fees.BillPaid {
		t.Errorf("bill is %s", b.Status)
	}
	w.Agree()
}
