package payment_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
)

// shares shares bills of a home for a day.
func shares(h *paymenttest.Home, bills ...int) (receipts.Share, string) {
	h.W.T.Helper()
	req := payment.ShareRequest{User: h.User, RoomID: h.Room.ID, Hours: 24, Label: "女儿"}
	for _, i := range bills {
		req.BillIDs = append(req.BillIDs, h.Bills[i].ID)
	}
	s, token, err := h.W.Pay.Share(paymenttest.Bg, req)
	if err != nil {
		h.W.T.Fatalf("share: %v", err)
	}
	return s, token
}

// open is a share as somebody sees it.
func open(w *paymenttest.World, u estate.User, token string) *payment.OpenedShare {
	w.T.Helper()
	o, err := w.Pay.OpenShare(paymenttest.Bg, u.ID, token)
	if err != nil {
		w.T.Fatalf("open share: %v", err)
	}
	return o
}

// A relative pays by a share: the order and the payment are theirs, the money is the
// room's, and the owner is told once.
func TestShareIsPaidByARelative(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	var told []string
	w.Pay.Receipts.SharePaid = func(_ *store.Tx, userID, roomID, orderNo string) error {
		told = append(told, userID+roomID+orderNo)
		return nil
	}
	h, relative := w.Home(3), w.User("relative")
	_, token := shares(h, 0, 2)
	o := open(w, relative, token)
	if o.TotalFen != 2*12949 || len(o.Bills) != 2 || o.Owner != "王**" || o.Room != "1栋****" || o.Paid() {
		t.Fatalf("the share shows %+v", o)
	}
	_, err := w.Pay.CheckoutShare(paymenttest.Bg, relative, token, 12949, nil)
	paymenttest.Refused(t, err, billing.ErrAmountChanged)
	_, err = w.Pay.CheckoutShare(paymenttest.Bg, relative, token, 12949, nil, h.Bills[1].ID)
	paymenttest.Refused(t, err, models.ErrNotFound) // the owner's, but not shared
	some, err := w.Pay.CheckoutShare(paymenttest.Bg, relative, token, 12949, nil, h.Bills[2].ID)
	if err != nil || len(some.Lines) != 1 || some.Lines[0].BillID != h.Bills[2].ID {
		t.Fatalf("one of the bills: %+v, %v", some, err)
	}
	c, err := w.Pay.CheckoutShare(paymenttest.Bg, relative, token, o.TotalFen, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Order.UserID != relative.ID || c.Order.OpenID != relative.OpenID {
		t.Errorf("the order is %s's, with openid %s", c.Order.UserID, c.Order.OpenID)
	}
	w.PaysAtWechat(c.Order.No)
	w.Drain()
	if p, err := money.PaymentOfOrder(w.Db.View(paymenttest.Bg),
		c.Order.No); err != nil || p.UserID != relative.ID || p.RoomID != h.Room.ID {
		t.Errorf("payment %+v, %v", p, err)
	}
	for range 2 {
		if _, err := w.Pay.Receipts.NumberReceipts(paymenttest.Bg); err != nil {
			t.Fatal(err)
		}
	}
	if len(told) != 1 || told[0] != h.User.ID+h.Room.ID+c.Order.No {
		t.Errorf("told %v", told)
	}
	if r := w.Receipt(c.Order.No); r.Party.PayerRole != receipts.PayerShare || r.Party.Payer != "女儿" || r.Party.Owner != "王小明" {
		t.Errorf("the receipt names %+v", r.Party)
	}
	r := w.Receipt(c.Order.No)
	if p, err := w.Pay.Receipts.PublicReceipt(paymenttest.Bg, r.ID,
		r.Token); err != nil || p.Party.Payer != "" || p.Owner != "王**" || p.Room != "1栋****" {
		t.Errorf("a stranger reads %+v of %s, %s, %v", p.Party, p.Owner, p.Room, err)
	}
	if seen, err := money.OrderInSight(w.Db.View(paymenttest.Bg), h.User.ID, c.Order.No); err != nil || !seen {
		t.Errorf("the owner does not see the order: %v", err)
	}
	if o := open(w, relative, token); !o.Paid() || o.TotalFen != 0 || o.Bills[0].Status != fees.BillPaid {
		t.Errorf("the paid share shows %+v", o)
	}
	_, err = w.Pay.CheckoutShare(paymenttest.Bg, relative, token, 12949, nil)
	paymenttest.Refused(t, err, billing.ErrBillPaid)
	w.Agree()
}

// What a user may share and what not.
func TestShareRefuses(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h, other := w.Home(3), w.Home(1)
	w.Exec("UPDATE bills SET status = 'paid', paid_principal_fen = principal_fen WHERE id = ?", h.Bills[1].ID)
	w.Exec("UPDATE bills SET status = 'void' WHERE id = ?", h.Bills[2].ID)
	for _, tt := range []struct {
		name  string
		room  string
		bills []string
		hours int
		want  *models.Error
	}{
		{"nothing", h.Room.ID, nil, 24, payment.ErrNothingToPay},
		{"no time", h.Room.ID, []string{h.Bills[0].ID}, 0, models.Invalid("SHARE_HOURS", "")},
		{"31 days", h.Room.ID, []string{h.Bills[0].ID}, 721, models.Invalid("SHARE_HOURS", "")},
		{"a neighbour's room", other.Room.ID, []string{other.Bills[0].ID}, 24, models.ErrNotFound},
		{"a neighbour's bill", h.Room.ID, []string{other.Bills[0].ID}, 24, models.ErrNotFound},
		{"a neighbour's bill beside one's own", h.Room.ID, []string{h.Bills[0].ID, other.Bills[0].ID}, 24, models.ErrNotFound},
		{"a bill nobody has", h.Room.ID, []string{models.NewID()}, 24, models.ErrNotFound},
		{"a paid bill", h.Room.ID, []string{h.Bills[0].ID, h.Bills[1].ID}, 24, billing.ErrBillPaid},
		{"a void bill", h.Room.ID, []string{h.Bills[2].ID}, 24, billing.ErrBillVoid},
	} {
		_, _, err := w.Pay.Share(paymenttest.Bg, payment.ShareRequest{User: h.User, RoomID: tt.room, BillIDs: tt.bills, Hours: tt.hours})
		paymenttest.Refused(t, err, tt.want)
		if t.Failed() {
			t.Fatal(tt.name)
		}
	}
	for range 20 {
		shares(h, 0)
	}
	_, _, err := w.Pay.Share(paymenttest.Bg, payment.ShareRequest{
		User: h.User, RoomID: h.Room.ID, BillIDs: []string{h.Bills[0].ID}, Hours: 1,
	})
	paymenttest.Refused(t, err, payment.ErrShareMany)
	if n := w.Number("SELECT COUNT(*) FROM shares WHERE token_hash = '' OR label = token_hash"); n != 0 {
		t.Error("a share without a hash")
	}
}

// A share opens nothing after its end: expired, revoked, or its user no longer bound.
func TestShareEnds(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h, relative := w.Home(2), w.User("relative")
	kept, token := shares(h, 0)
	gone, goneToken := shares(h, 1)
	paymenttest.Refused(t, w.Pay.RevokeShare(paymenttest.Bg, relative.ID, h.Room.ID, gone.ID), models.ErrNotFound)
	paymenttest.Refused(t, w.Pay.RevokeShare(paymenttest.Bg, h.User.ID, models.NewID(), gone.ID), models.ErrNotFound)
	if err := w.Pay.RevokeShare(paymenttest.Bg, h.User.ID, h.Room.ID, gone.ID); err != nil {
		t.Fatal(err)
	}
	_, err := w.Pay.OpenShare(paymenttest.Bg, relative.ID, goneToken)
	paymenttest.Refused(t, err, payment.ErrShareEnded)
	_, err = w.Pay.CheckoutShare(paymenttest.Bg, relative, goneToken, 12949, nil)
	paymenttest.Refused(t, err, payment.ErrShareEnded)
	w.Clock.Advance(24*time.Hour - time.Second)
	open(w, relative, token)
	w.Clock.Advance(time.Second)
	_, err = w.Pay.OpenShare(paymenttest.Bg, relative.ID, token)
	paymenttest.Refused(t, err, payment.ErrShareEnded)
	w.Exec("UPDATE shares SET expires_at = expires_at + 86400000 WHERE id = ?", kept.ID)
	open(w, relative, token)
	modelstest.Write(t, w.Db, func(tx *store.Tx) error { return estate.Unbind(tx, modelstest.Actor, h.User.ID, h.Room.ID) })
	_, err = w.Pay.OpenShare(paymenttest.Bg, relative.ID, token)
	paymenttest.Refused(t, err, payment.ErrShareEnded)
}

// Revoking closes the order that is open by the share, at WeChat too.
func TestRevokedShareClosesItsOrder(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h, relative := w.Home(1), w.User("relative")
	s, token := shares(h, 0)
	c, err := w.Pay.CheckoutShare(paymenttest.Bg, relative, token, 12949, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Pay.RevokeShare(paymenttest.Bg, h.User.ID, h.Room.ID, s.ID); err != nil {
		t.Fatal(err)
	}
	w.WantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	w.Agree()
}

// Wrong tokens are counted; after twenty even a right one is refused that day.
func TestShareGuessing(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h, guesser := w.Home(1), w.User("guesser")
	_, token := shares(h, 0)
	for range 20 {
		_, err := w.Pay.OpenShare(paymenttest.Bg, guesser.ID, token+"x")
		paymenttest.Refused(t, err, models.ErrNotFound)
	}
	_, err := w.Pay.OpenShare(paymenttest.Bg, guesser.ID, token)
	paymenttest.Refused(t, err, billing.ErrTooManyAttempts)
	open(w, w.User("somebody else"), token)
	w.Clock.Advance(24*time.Hour - time.Minute)
	open(w, guesser, token)
}

// Two relatives pay one share at once, and the owner pays the same bill beside them:
// the bill is settled once and no fen is lost.
func TestSharePaidAtOnce(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	_, token := shares(h, 0)
	people := []estate.User{w.User("son"), w.User("daughter")}
	var all sync.WaitGroup
	pay := func(checkout func() (*payment.Checkout, error)) {
		all.Go(func() {
			c, err := checkout()
			if errors.Is(err, billing.ErrBillPaid) || errors.Is(err, payment.ErrOrderReplaced) {
				return
			}
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = w.Box.Pay(c.Order.No) // the order may have been closed for another's
		})
	}
	for _, u := range people {
		pay(func() (*payment.Checkout, error) { return w.Pay.CheckoutShare(paymenttest.Bg, u, token, 12949, nil) })
	}
	pay(func() (*payment.Checkout, error) { return w.Pay.Checkout(paymenttest.Bg, h.Wants(0, 0)) })
	all.Wait()
	w.Drain()
	w.EverythingDue()
	w.Sweep()
	if _, err := w.Pay.Receipts.NumberReceipts(paymenttest.Bg); err != nil {
		t.Fatal(err)
	}
	w.Agree()
}
