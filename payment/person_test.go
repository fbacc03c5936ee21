package payment_test

import (
	"errors"
	"fmt"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// home is a room with its bills and a user who may pay for it.
type home struct {
	w     *world
	room  estate.Room
	user  estate.User
	bills []fees.Bill
}

// home makes a room with n bills of 110.02 yuan, due on 2026-01-15: on
// 2026-03-15 each costs 129.49 with its late fee.
func (w *world) home(n int, with ...func(*fees.Bill)) *home {
	w.t.Helper()
	h := &home{w: w, room: modelstest.Room(w.t, w.db)}
	h.user = w.user(h.room.ID, h.room)
	for range n {
		h.bills = append(h.bills, modelstest.Bill(w.t, w.db, h.room, with...))
	}
	return h
}

// user makes a user whom WeChat knows, bound to rooms.
func (w *world) user(name string, rooms ...estate.Room) estate.User {
	w.t.Helper()
	var u estate.User
	modelstest.Write(w.t, w.db, func(tx *store.Tx) (err error) {
		if u, err = estate.EnsureUser(tx, w.box.Credentials().AppID, w.box.OpenID(name), ""); err != nil {
			return err
		}
		for _, r := range rooms {
			if err := estate.Bind(tx, modelstest.Actor, u.ID, r.ID, estate.RoleOwner, "test"); err != nil {
				return err
			}
		}
		return nil
	})
	return u
}

// due is what bills of the room cost today.
func (h *home) due(bills ...int) models.Fen {
	h.w.t.Helper()
	a, err := billing.RoomArrears(h.w.db.View(bg), h.room.ID)
	if err != nil {
		h.w.t.Fatal(err)
	}
	total := models.Fen(0)
	for _, i := range bills {
		for _, s := range a.Bills {
			if s.ID == h.bills[i].ID {
				total += s.DueFen
			}
		}
	}
	return total
}

// wants is the request of a phone that shows today's amounts.
func (h *home) wants(prepay models.Fen, bills ...int) payment.CheckoutRequest {
	h.w.t.Helper()
	req := payment.CheckoutRequest{User: h.user, RoomID: h.room.ID, PrepayFen: prepay, ExpectedTotal: h.due(bills...) + prepay}
	for _, i := range bills {
		req.BillIDs = append(req.BillIDs, h.bills[i].ID)
	}
	return req
}

// order checks out bills by number, and prepayment on top.
func (h *home) order(prepay models.Fen, bills ...int) *payment.Checkout {
	h.w.t.Helper()
	c, err := h.w.pay.Checkout(bg, h.wants(prepay, bills...))
	if err != nil {
		h.w.t.Fatalf("checkout: %v", err)
	}
	return c
}

// bill is a bill as it stands today.
func (h *home) bill(i int) billing.BillState {
	h.w.t.Helper()
	tx := h.w.db.View(bg)
	b, err := fees.BillByID(tx, h.bills[i].ID)
	if err != nil {
		h.w.t.Fatal(err)
	}
	s, err := billing.States(tx, []fees.Bill{b}, tx.Today())
	if err != nil {
		h.w.t.Fatal(err)
	}
	return s[0]
}

// prepaid is the room's balance.
func (h *home) prepaid() models.Fen {
	h.w.t.Helper()
	return models.Fen(h.w.number("SELECT prepaid_fen FROM rooms WHERE id = ?", h.room.ID))
}

// paysAtWechat is the owner typing the password.
func (w *world) paysAtWechat(no string, o ...sandbox.PayOptions) sandbox.Transaction {
	w.t.Helper()
	options := sandbox.PayOptions{}
	if len(o) > 0 {
		options = o[0]
	}
	tr, err := w.box.PayWith(no, options)
	if err != nil {
		w.t.Fatalf("pay %s: %v", no, err)
	}
	return tr
}

// silent is a payment whose callback never comes.
var silent = sandbox.PayOptions{NoNotify: true}

func (w *world) orderNow(no string) money.Order {
	w.t.Helper()
	o, err := money.OrderByNo(w.db.View(bg), no)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

// wantOrder holds an order's state here and at WeChat against what is wanted.
func (w *world) wantOrder(no, here, there string) {
	w.t.Helper()
	if got := w.orderNow(no).Status; got != here {
		w.t.Errorf("order %s is %s here, want %s", no, got, here)
	}
	tr, err := w.box.Order(no)
	state := string(tr.State)
	if errors.Is(err, sandbox.ErrNotFound) {
		state = ""
	}
	if state != there {
		w.t.Errorf("order %s is %q at WeChat, want %q", no, state, there)
	}
}

func (w *world) ask(no string) money.Order {
	w.t.Helper()
	o, err := w.pay.Ask(bg, no)
	if err != nil {
		w.t.Fatalf("ask: %v", err)
	}
	return o
}

func (w *world) sweep() int {
	w.t.Helper()
	n, err := w.pay.Sweep(bg)
	if err != nil {
		w.t.Fatalf("sweep: %v", err)
	}
	return n
}

func (w *world) inject(f sandbox.Fault) {
	w.t.Helper()
	if _, err := w.box.Inject(f); err != nil {
		w.t.Fatal(err)
	}
}

// refused holds an error against a refusal by its code.
func refused(t testing.TB, err error, want *models.Error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %s", err, want.Code)
	}
	if e, ok := models.AsError(err); ok && e.Kind != want.Kind {
		t.Errorf("kind %d, want %d", e.Kind, want.Kind)
	}
}

func claims(w *world) string {
	w.t.Helper()
	return fmt.Sprint(w.number("SELECT COUNT(open_bill_id) FROM order_lines"))
}
