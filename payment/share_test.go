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
)

// shares shares bills of a home for a day.
func (h *home) shares(bills ...int) (receipts.Share, string) {
	h.w.t.Helper()
	req := payment.ShareRequest{User: h.user, RoomID: h.room.ID, Hours: 24, Label: "女儿"}
	for _, i := range bills {
		req.BillIDs = append(req.BillIDs, h.bills[i].ID)
	}
	s, token, err := h.w.pay.Share(bg, req)
	if err != nil {
		h.w.t.Fatalf("share: %v", err)
	}
	return s, token
}

// open is a share as somebody sees it.
func (w *world) open(u estate.User, token string) *payment.OpenedShare {
	w.t.Helper()
	o, err := w.pay.OpenShare(bg, u.ID, token)
	if err != nil {
		w.t.Fatalf("open share: %v", err)
	}
	return o
}

// A relative pays by a share: the order and the payment are theirs, the money is the
// room's, and the owner is told once.
func TestShareIsPaidByARelative(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var told []string
	w.pay.SharePaid = func(_ *store.Tx, userID, roomID, orderNo string) error {
		told = append(told, userID+roomID+orderNo)
		return nil
	}
	h, relative := w.home(3), w.user("relative")
	_, token := h.shares(0, 2)
	o := w.open(relative, token)
	if o.TotalFen != 2*12949 || len(o.Bills) != 2 || o.Owner != "王**" || o.Room != "1栋****" || o.Paid() {
		t.Fatalf("the share shows %+v", o)
	}
	_, err := w.pay.CheckoutShare(bg, relative, token, 12949, nil)
	refused(t, err, payment.ErrAmountChanged)
	_, err = w.pay.CheckoutShare(bg, relative, token, 12949, nil, h.bills[1].ID)
	refused(t, err, models.ErrNotFound) // the owner's, but not shared
	some, err := w.pay.CheckoutShare(bg, relative, token, 12949, nil, h.bills[2].ID)
	if err != nil || len(some.Lines) != 1 || some.Lines[0].BillID != h.bills[2].ID {
		t.Fatalf("one of the bills: %+v, %v", some, err)
	}
	c, err := w.pay.CheckoutShare(bg, relative, token, o.TotalFen, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Order.UserID != relative.ID || c.Order.OpenID != relative.OpenID {
		t.Errorf("the order is %s's, with openid %s", c.Order.UserID, c.Order.OpenID)
	}
	w.paysAtWechat(c.Order.No)
	w.drain()
	if p, err := money.PaymentOfOrder(w.db.View(bg), c.Order.No); err != nil || p.UserID != relative.ID || p.RoomID != h.room.ID {
		t.Errorf("payment %+v, %v", p, err)
	}
	for range 2 {
		if _, err := w.pay.NumberReceipts(bg); err != nil {
			t.Fatal(err)
		}
	}
	if len(told) != 1 || told[0] != h.user.ID+h.room.ID+c.Order.No {
		t.Errorf("told %v", told)
	}
	if r := w.receipt(c.Order.No); r.Party.PayerRole != receipts.PayerShare || r.Party.Payer != "女儿" || r.Party.Owner != "王小明" {
		t.Errorf("the receipt names %+v", r.Party)
	}
	r := w.receipt(c.Order.No)
	if p, err := w.pay.PublicReceipt(bg, r.ID, r.Token); err != nil || p.Party.Payer != "" || p.Owner != "王**" || p.Room != "1栋****" {
		t.Errorf("a stranger reads %+v of %s, %s, %v", p.Party, p.Owner, p.Room, err)
	}
	if seen, err := money.OrderInSight(w.db.View(bg), h.user.ID, c.Order.No); err != nil || !seen {
		t.Errorf("the owner does not see the order: %v", err)
	}
	if o := w.open(relative, token); !o.Paid() || o.TotalFen != 0 || o.Bills[0].Status != fees.BillPaid {
		t.Errorf("the paid share shows %+v", o)
	}
	_, err = w.pay.CheckoutShare(bg, relative, token, 12949, nil)
	refused(t, err, billing.ErrBillPaid)
	w.agree()
}

// What a user may share and what not.
func TestShareRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h, other := w.home(3), w.home(1)
	w.exec("UPDATE bills SET status = 'paid', paid_principal_fen = principal_fen WHERE id = ?", h.bills[1].ID)
	w.exec("UPDATE bills SET status = 'void' WHERE id = ?", h.bills[2].ID)
	for _, tt := range []struct {
		name  string
		room  string
		bills []string
		hours int
		want  *models.Error
	}{
		{"nothing", h.room.ID, nil, 24, payment.ErrNothingToPay},
		{"no time", h.room.ID, []string{h.bills[0].ID}, 0, models.Invalid("SHARE_HOURS", "")},
		{"31 days", h.room.ID, []string{h.bills[0].ID}, 721, models.Invalid("SHARE_HOURS", "")},
		{"a neighbour's room", other.room.ID, []string{other.bills[0].ID}, 24, models.ErrNotFound},
		{"a neighbour's bill", h.room.ID, []string{other.bills[0].ID}, 24, models.ErrNotFound},
		{"a neighbour's bill beside one's own", h.room.ID, []string{h.bills[0].ID, other.bills[0].ID}, 24, models.ErrNotFound},
		{"a bill nobody has", h.room.ID, []string{models.NewID()}, 24, models.ErrNotFound},
		{"a paid bill", h.room.ID, []string{h.bills[0].ID, h.bills[1].ID}, 24, billing.ErrBillPaid},
		{"a void bill", h.room.ID, []string{h.bills[2].ID}, 24, billing.ErrBillVoid},
	} {
		_, _, err := w.pay.Share(bg, payment.ShareRequest{User: h.user, RoomID: tt.room, BillIDs: tt.bills, Hours: tt.hours})
		refused(t, err, tt.want)
		if t.Failed() {
			t.Fatal(tt.name)
		}
	}
	for range 20 {
		h.shares(0)
	}
	_, _, err := w.pay.Share(bg, payment.ShareRequest{User: h.user, RoomID: h.room.ID, BillIDs: []string{h.bills[0].ID}, Hours: 1})
	refused(t, err, payment.ErrShareMany)
	if n := w.number("SELECT COUNT(*) FROM shares WHERE token_hash = '' OR label = token_hash"); n != 0 {
		t.Error("a share without a hash")
	}
}

// A share opens nothing after its end: expired, revoked, or its user no longer bound.
func TestShareEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h, relative := w.home(2), w.user("relative")
	kept, token := h.shares(0)
	gone, goneToken := h.shares(1)
	refused(t, w.pay.RevokeShare(bg, relative.ID, h.room.ID, gone.ID), models.ErrNotFound)
	refused(t, w.pay.RevokeShare(bg, h.user.ID, models.NewID(), gone.ID), models.ErrNotFound)
	if err := w.pay.RevokeShare(bg, h.user.ID, h.room.ID, gone.ID); err != nil {
		t.Fatal(err)
	}
	_, err := w.pay.OpenShare(bg, relative.ID, goneToken)
	refused(t, err, payment.ErrShareEnded)
	_, err = w.pay.CheckoutShare(bg, relative, goneToken, 12949, nil)
	refused(t, err, payment.ErrShareEnded)
	w.clock.Advance(24*time.Hour - time.Second)
	w.open(relative, token)
	w.clock.Advance(time.Second)
	_, err = w.pay.OpenShare(bg, relative.ID, token)
	refused(t, err, payment.ErrShareEnded)
	w.exec("UPDATE shares SET expires_at = expires_at + 86400000 WHERE id = ?", kept.ID)
	w.open(relative, token)
	modelstest.Write(t, w.db, func(tx *store.Tx) error { return estate.Unbind(tx, modelstest.Actor, h.user.ID, h.room.ID) })
	_, err = w.pay.OpenShare(bg, relative.ID, token)
	refused(t, err, payment.ErrShareEnded)
}

// Revoking closes the order that is open by the share, at WeChat too.
func TestRevokedShareClosesItsOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h, relative := w.home(1), w.user("relative")
	s, token := h.shares(0)
	c, err := w.pay.CheckoutShare(bg, relative, token, 12949, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.pay.RevokeShare(bg, h.user.ID, h.room.ID, s.ID); err != nil {
		t.Fatal(err)
	}
	w.wantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	w.agree()
}

// Wrong tokens are counted; after twenty even a right one is refused that day.
func TestShareGuessing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h, guesser := w.home(1), w.user("guesser")
	_, token := h.shares(0)
	for range 20 {
		_, err := w.pay.OpenShare(bg, guesser.ID, token+"x")
		refused(t, err, models.ErrNotFound)
	}
	_, err := w.pay.OpenShare(bg, guesser.ID, token)
	refused(t, err, billing.ErrTooManyAttempts)
	w.open(w.user("somebody else"), token)
	w.clock.Advance(24*time.Hour - time.Minute)
	w.open(guesser, token)
}

// Two relatives pay one share at once, and the owner pays the same bill beside them:
// the bill is settled once and no fen is lost.
func TestSharePaidAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	_, token := h.shares(0)
	people := []estate.User{w.user("son"), w.user("daughter")}
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
			_, _ = w.box.Pay(c.Order.No) // the order may have been closed for another's
		})
	}
	for _, u := range people {
		pay(func() (*payment.Checkout, error) { return w.pay.CheckoutShare(bg, u, token, 12949, nil) })
	}
	pay(func() (*payment.Checkout, error) { return w.pay.Checkout(bg, h.wants(0, 0)) })
	all.Wait()
	w.drain()
	w.everythingDue()
	w.sweep()
	if _, err := w.pay.NumberReceipts(bg); err != nil {
		t.Fatal(err)
	}
	w.agree()
}
