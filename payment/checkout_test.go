package payment_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// What a phone may ask for and what not. A refused request leaves nothing behind
// and is never sent to WeChat.
func TestCheckoutRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h, neighbour := w.home(3), w.home(1)
	empty := w.home(1, func(b *fees.Bill) { b.PrincipalFen = 0 })
	paid, void := h.bills[1].ID, h.bills[2].ID
	w.exec("UPDATE bills SET status = 'paid', paid_principal_fen = principal_fen WHERE id = ?", paid)
	w.exec("UPDATE bills SET status = 'void' WHERE id = ?", void)
	open, foreign := h.bills[0].ID, neighbour.bills[0].ID
	many := make([]string, 201)
	for i := range many {
		many[i] = models.NewID()
	}
	invalid := func(code string) *models.Error { return models.Invalid(code, "") }
	for _, tt := range []struct {
		name     string
		room     string
		bills    []string
		prepay   models.Fen
		expected models.Fen
		want     *models.Error
	}{
		{"nothing", h.room.ID, nil, 0, 0, payment.ErrNothingToPay},
		{"nothing for something", h.room.ID, nil, 0, 100, payment.ErrNothingToPay},
		{"negative prepayment", h.room.ID, nil, -1, -1, invalid("PREPAY_OUT_OF_RANGE")},
		{"prepayment that eats the bill", h.room.ID, []string{open}, -12948, 1, invalid("PREPAY_OUT_OF_RANGE")},
		{"huge prepayment", h.room.ID, nil, payment.MaxPrepay + 1, payment.MaxPrepay + 1, invalid("PREPAY_OUT_OF_RANGE")},
		{"prepayment beyond all numbers", h.room.ID, []string{open}, math.MaxInt64, math.MinInt64, invalid("PREPAY_OUT_OF_RANGE")},
		{"201 bills", h.room.ID, many, 0, 100, invalid("TOO_MANY_BILLS")},
		{"a fen too little", h.room.ID, []string{open}, 0, 12948, payment.ErrAmountChanged},
		{"a fen too much", h.room.ID, []string{open}, 0, 12950, payment.ErrAmountChanged},
		{"zero for a bill", h.room.ID, []string{open}, 0, 0, payment.ErrAmountChanged},
		{"negative total", h.room.ID, []string{open}, 0, -12949, payment.ErrAmountChanged},
		{"the total without the prepayment", h.room.ID, []string{open}, 100, 12949, payment.ErrAmountChanged},
		{"the bill twice, paid twice", h.room.ID, []string{open, open}, 0, 25898, payment.ErrAmountChanged},
		{"a bill nobody has", h.room.ID, []string{models.NewID()}, 0, 12949, models.ErrNotFound},
		{"a bill beside one nobody has", h.room.ID, []string{open, models.NewID()}, 0, 12949, models.ErrNotFound},
		{"no id at all", h.room.ID, []string{""}, 0, 12949, models.ErrNotFound},
		{"no id there could be", h.room.ID, []string{"账单"}, 0, 12949, models.ErrNotFound},
		{"a neighbour's bill", h.room.ID, []string{foreign}, 0, 12949, models.ErrNotFound},
		{"a neighbour's bill beside one's own", h.room.ID, []string{open, foreign}, 0, 25898, models.ErrNotFound},
		{"a neighbour's room", neighbour.room.ID, []string{foreign}, 0, 12949, models.ErrNotFound},
		{"prepaying a neighbour's room", neighbour.room.ID, nil, 100, 100, models.ErrNotFound},
		{"a room nobody has", models.NewID(), []string{open}, 0, 12949, models.ErrNotFound},
		{"no room there could be", "房间", []string{open}, 0, 12949, models.ErrNotFound},
		{"a paid bill", h.room.ID, []string{paid}, 0, 12949, billing.ErrBillPaid},
		{"a paid bill beside an open one", h.room.ID, []string{open, paid}, 0, 12949, billing.ErrBillPaid},
		{"a void bill", h.room.ID, []string{void}, 0, 12949, billing.ErrBillVoid},
		{"a bill of nothing", empty.room.ID, []string{empty.bills[0].ID}, 0, 0, payment.ErrNothingToPay},
	} {
		user := h.user
		if tt.room == empty.room.ID {
			user = empty.user
		}
		_, err := w.pay.Checkout(bg, payment.CheckoutRequest{User: user, RoomID: tt.room, BillIDs: tt.bills, PrepayFen: tt.prepay, ExpectedTotal: tt.expected})
		refused(t, err, tt.want)
		if t.Failed() {
			t.Fatal(tt.name)
		}
	}
	if n := w.number("SELECT COUNT(*) FROM orders") + w.number("SELECT COUNT(open_bill_id) FROM order_lines") + w.box.Calls(sandbox.RoutePrepay); n != 0 {
		t.Errorf("%d orders, claims and calls", n)
	}
}

// The answer to another amount says what each bill costs, earliest due first.
func TestAmountChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	h.bills = append(h.bills, modelstest.Bill(t, w.db, h.room, func(b *fees.Bill) { b.PrincipalFen, b.DueOn = 5000, models.MustDate("2026-01-05") }))
	req := h.wants(700, 0, 1)
	w.clock.Advance(24 * 60 * 60 * 1e9) // the phone shows yesterday's amounts
	_, err := w.pay.Checkout(bg, req)
	refused(t, err, payment.ErrAmountChanged)
	e, _ := models.AsError(err)
	late := func(principal, days models.Fen) models.Fen { return principal + (principal*days*3+500)/1000 }
	want := []any{payment.AmountChange{TotalFen: late(11002, 60) + late(5000, 70) + 700,
		Bills: []payment.BillDue{{BillID: h.bills[1].ID, DueFen: late(5000, 70)}, {BillID: h.bills[0].ID, DueFen: late(11002, 60)}}}}
	if diff := cmp.Diff(want, e.Details); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
	if n := w.number("SELECT COUNT(*) FROM orders"); n != 0 {
		t.Errorf("%d orders", n)
	}
}

// A bill named twice is paid once; two hundred bills go in one order, and order
// with more than that is refused although each of its bills could be paid.
func TestManyBills(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(201)
	all := make([]int, 201)
	for i := range all {
		all[i] = i
	}
	_, err := w.pay.Checkout(bg, h.wants(0, all...))
	refused(t, err, models.Invalid("TOO_MANY_BILLS", ""))
	req := h.wants(0, all[:200]...)
	req.BillIDs = append(req.BillIDs, req.BillIDs...)
	c, err := w.pay.Checkout(bg, req)
	if err != nil {
		t.Fatal(err)
	}
	if c.Order.AmountFen != 200*12949 || len(c.Lines) != 200 {
		t.Errorf("%d fen in %d lines", c.Order.AmountFen, len(c.Lines))
	}
	w.paysAtWechat(c.Order.No)
	w.drain()
	if n := w.number("SELECT COUNT(*) FROM bills WHERE status = 'paid'"); n != 200 {
		t.Errorf("%d bills paid", n)
	}
	w.agree()
}

// Only who made an order gives it up; an order that has ended stays as it is.
func TestClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	c := h.order(0, 0)
	stranger := w.user("stranger", h.room)
	_, err := w.pay.Close(bg, stranger.ID, c.Order.No)
	refused(t, err, models.ErrNotFound)
	for _, no := range []string{"NOSUCHORDER", "没有这个订单", ""} {
		_, err = w.pay.Close(bg, h.user.ID, no)
		refused(t, err, models.ErrNotFound)
		_, err = w.pay.Ask(bg, no)
		refused(t, err, models.ErrNotFound)
	}
	w.wantOrder(c.Order.No, money.OrderPending, "NOTPAY")
	for range 2 {
		o, err := w.pay.Close(bg, h.user.ID, c.Order.No)
		if err != nil || o.Status != money.OrderClosed || !o.ClosedAtWechat {
			t.Errorf("closed: %s, at WeChat %t, %v", o.Status, o.ClosedAtWechat, err)
		}
	}
	w.wantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	if calls := w.box.Calls(sandbox.RouteClose); calls != 1 {
		t.Errorf("closed %d times", calls)
	}
	second := h.order(0, 0)
	w.paysAtWechat(second.Order.No)
	w.drain()
	o, err := w.pay.Close(bg, h.user.ID, second.Order.No)
	if err != nil || o.Status != money.OrderPaid {
		t.Errorf("closing a paid order: %s, %v", o.Status, err)
	}
	w.agree()
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cfg    payment.Config
		faults int
	}{
		{payment.Config{OrderValidMinutes: 30, Surplus: "prepaid"}, 0},
		{payment.Config{OrderValidMinutes: 5, Surplus: "prepaid"}, 0},
		{payment.Config{OrderValidMinutes: 120, Surplus: "prepaid"}, 0},
		{payment.Config{OrderValidMinutes: 4, Surplus: "prepaid"}, 1},
		{payment.Config{OrderValidMinutes: 121, Surplus: "prepaid"}, 1},
		{payment.Config{OrderValidMinutes: 30, Surplus: "refund"}, 0},
		{payment.Config{Surplus: "keep"}, 2},
	} {
		if got := tt.cfg.Validate(); len(got) != tt.faults {
			t.Errorf("%+v: %v, want %d faults", tt.cfg, got, tt.faults)
		}
	}
	if _, err := payment.New(nil, payment.Config{}, nil, "", nil); err == nil {
		t.Error("a service without a merchant")
	}
}
