package paymenttest

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

// Home is a room with its bills and a user who may pay for it.
type Home struct {
	W     *World
	Room  estate.Room
	User  estate.User
	Bills []fees.Bill
}

// Home makes a room with n bills of 110.02 yuan, due on 2026-01-15: on
// 2026-03-15 each costs 129.49 with its late fee.
func (w *World) Home(n int, with ...func(*fees.Bill)) *Home {
	w.T.Helper()
	h := &Home{W: w, Room: modelstest.Room(w.T, w.Db)}
	h.User = w.User(h.Room.ID, h.Room)
	for range n {
		h.Bills = append(h.Bills, modelstest.Bill(w.T, w.Db, h.Room, with...))
	}
	return h
}

// User makes a user whom WeChat knows, bound to rooms.
func (w *World) User(name string, rooms ...estate.Room) estate.User {
	w.T.Helper()
	var u estate.User
	modelstest.Write(w.T, w.Db, func(tx *store.Tx) (err error) {
		if u, err = estate.EnsureUser(tx, w.Box.Credentials().AppID, w.Box.OpenID(name), ""); err != nil {
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

// Due is what bills of the room cost today.
func (h *Home) Due(bills ...int) models.Fen {
	h.W.T.Helper()
	a, err := billing.RoomArrears(h.W.Db.View(Bg), h.Room.ID)
	if err != nil {
		h.W.T.Fatal(err)
	}
	total := models.Fen(0)
	for _, i := range bills {
		for _, s := range a.Bills {
			if s.ID == h.Bills[i].ID {
				total += s.DueFen
			}
		}
	}
	return total
}

// Wants is the request of a phone that shows today's amounts.
func (h *Home) Wants(prepay models.Fen, bills ...int) payment.CheckoutRequest {
	h.W.T.Helper()
	req := payment.CheckoutRequest{User: h.User, RoomID: h.Room.ID, PrepayFen: prepay, ExpectedTotal: h.Due(bills...) + prepay}
	for _, i := range bills {
		req.BillIDs = append(req.BillIDs, h.Bills[i].ID)
	}
	return req
}

// Order checks out bills by number, and prepayment on top.
func (h *Home) Order(prepay models.Fen, bills ...int) *payment.Checkout {
	h.W.T.Helper()
	c, err := h.W.Pay.Checkout(Bg, h.Wants(prepay, bills...))
	if err != nil {
		h.W.T.Fatalf("checkout: %v", err)
	}
	return c
}

// Bill is a bill as it stands today.
func (h *Home) Bill(i int) billing.BillState {
	h.W.T.Helper()
	tx := h.W.Db.View(Bg)
	b, err := fees.BillByID(tx, h.Bills[i].ID)
	if err != nil {
		h.W.T.Fatal(err)
	}
	s, err := billing.States(tx, []fees.Bill{b}, tx.Today())
	if err != nil {
		h.W.T.Fatal(err)
	}
	return s[0]
}

// Prepaid is the room's balance.
func (h *Home) Prepaid() models.Fen {
	h.W.T.Helper()
	return models.Fen(h.W.Number("SELECT prepaid_fen FROM rooms WHERE id = ?", h.Room.ID))
}

// PaysAtWechat is the owner typing the password.
func (w *World) PaysAtWechat(no string, o ...sandbox.PayOptions) sandbox.Transaction {
	w.T.Helper()
	options := sandbox.PayOptions{}
	if len(o) > 0 {
		options = o[0]
	}
	tr, err := w.Box.PayWith(no, options)
	if err != nil {
		w.T.Fatalf("pay %s: %v", no, err)
	}
	return tr
}

// Silent is a payment whose callback never comes.
var Silent = sandbox.PayOptions{NoNotify: true}

// OrderNow returns an order as it stands.
func (w *World) OrderNow(no string) money.Order {
	w.T.Helper()
	o, err := money.OrderByNo(w.Db.View(Bg), no)
	if err != nil {
		w.T.Fatal(err)
	}
	return o
}

// WantOrder holds an order's state here and at WeChat against what is wanted.
func (w *World) WantOrder(no, here, there string) {
	w.T.Helper()
	if got := w.OrderNow(no).Status; got != here {
		w.T.Errorf("order %s is %s here, want %s", no, got, here)
	}
	tr, err := w.Box.Order(no)
	state := string(tr.State)
	if errors.Is(err, sandbox.ErrNotFound) {
		state = ""
	}
	if state != there {
		w.T.Errorf("order %s is %q at WeChat, want %q", no, state, there)
	}
}

// Ask asks WeChat about an order and returns the order as it stands after that.
func (w *World) Ask(no string) money.Order {
	w.T.Helper()
	o, err := w.Pay.QueryOrder(Bg, no)
	if err != nil {
		w.T.Fatalf("ask: %v", err)
	}
	return o
}

// Sweep asks WeChat about the orders whose time has come and returns the number of those dealt with.
func (w *World) Sweep() int {
	w.T.Helper()
	n, err := w.Pay.Sweep(Bg)
	if err != nil {
		w.T.Fatalf("sweep: %v", err)
	}
	return n
}

// Inject makes WeChat's side fail.
func (w *World) Inject(f sandbox.Fault) {
	w.T.Helper()
	if _, err := w.Box.Inject(f); err != nil {
		w.T.Fatal(err)
	}
}

// Refused holds an error against a refusal by its code.
func Refused(t testing.TB, err error, want *models.Error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %s", err, want.Code)
	}
	if e, ok := models.AsError(err); ok && e.Kind != want.Kind {
		t.Errorf("kind %d, want %d", e.Kind, want.Kind)
	}
}

// Claims returns the number of bills that open orders hold, as a text.
func Claims(w *World) string {
	w.T.Helper()
	return fmt.Sprint(w.Number("SELECT COUNT(open_bill_id) FROM order_lines"))
}

// Given is an order that was given up here while WeChat had taken it.
func (h *Home) Given(bills ...int) string {
	h.W.T.Helper()
	known := map[string]bool{}
	for tr := range h.W.Box.Books() {
		known[tr.OutTradeNo] = true
	}
	h.W.Inject(sandbox.Fault{Kind: sandbox.FaultCutAfter, Route: sandbox.RoutePrepay, Times: 9})
	_, err := h.W.Pay.Checkout(Bg, h.Wants(0, bills...))
	Refused(h.W.T, err, payment.ErrUnavailable)
	h.W.Box.ClearFaults()
	for tr := range h.W.Box.Books() {
		if !known[tr.OutTradeNo] {
			return tr.OutTradeNo
		}
	}
	h.W.T.Fatal("WeChat has no order")
	return ""
}
