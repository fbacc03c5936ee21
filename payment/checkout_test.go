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
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// What a phone may ask for and what not. A refused request leaves nothing behind
// and is never sent to WeChat.
func TestCheckoutRefuses(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h, neighbour := w.Home(3), w.Home(1)
	empty := w.Home(1, func(b *fees.Bill) { b.PrincipalFen = 0 })
	paid, void := h.Bills[1].ID, h.Bills[2].ID
	w.Exec("UPDATE bills SET status = 'paid', paid_principal_fen = principal_fen WHERE id = ?", paid)
	w.Exec("UPDATE bills SET status = 'void' WHERE id = ?", void)
	open, foreign := h.Bills[0].ID, neighbour.Bills[0].ID
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
		{name: "nothing", room: h.Room.ID, bills: nil, prepay: 0, expected: 0, want: payment.ErrNothingToPay},
		{name: "nothing for something", room: h.Room.ID, bills: nil, prepay: 0, expected: 100, want: payment.ErrNothingToPay},
		{name: "negative prepayment", room: h.Room.ID, bills: nil, prepay: -1, expected: -1, want: invalid("PREPAY_OUT_OF_RANGE")},
		{
			name: "prepayment that eats the bill", room: h.Room.ID, bills: []string{open}, prepay: -12948, expected: 1,
			want: invalid("PREPAY_OUT_OF_RANGE"),
		},
		{
			name: "huge prepayment", room: h.Room.ID, bills: nil, prepay: payment.MaxPrepay + 1, expected: payment.MaxPrepay + 1,
			want: invalid("PREPAY_OUT_OF_RANGE"),
		},
		{
			name: "prepayment beyond all numbers", room: h.Room.ID, bills: []string{open}, prepay: math.MaxInt64, expected: math.MinInt64,
			want: invalid("PREPAY_OUT_OF_RANGE"),
		},
		{name: "201 bills", room: h.Room.ID, bills: many, prepay: 0, expected: 100, want: invalid("TOO_MANY_BILLS")},
		{name: "a fen too little", room: h.Room.ID, bills: []string{open}, prepay: 0, expected: 12948, want: billing.ErrAmountChanged},
		{name: "a fen too much", room: h.Room.ID, bills: []string{open}, prepay: 0, expected: 12950, want: billing.ErrAmountChanged},
		{name: "zero for a bill", room: h.Room.ID, bills: []string{open}, prepay: 0, expected: 0, want: billing.ErrAmountChanged},
		{name: "negative total", room: h.Room.ID, bills: []string{open}, prepay: 0, expected: -12949, want: billing.ErrAmountChanged},
		{
			name: "the total without the prepayment", room: h.Room.ID, bills: []string{open}, prepay: 100, expected: 12949,
			want: billing.ErrAmountChanged,
		},
		{
			name: "the bill twice, paid twice", room: h.Room.ID, bills: []string{open, open}, prepay: 0, expected: 25898,
			want: billing.ErrAmountChanged,
		},
		{name: "a bill nobody has", room: h.Room.ID, bills: []string{models.NewID()}, prepay: 0, expected: 12949, want: models.ErrNotFound},
		{
			name: "a bill beside one nobody has", room: h.Room.ID, bills: []string{open, models.NewID()}, prepay: 0, expected: 12949,
			want: models.ErrNotFound,
		},
		{name: "no id at all", room: h.Room.ID, bills: []string{""}, prepay: 0, expected: 12949, want: models.ErrNotFound},
		{name: "no id there could be", room: h.Room.ID, bills: []string{"账单"}, prepay: 0, expected: 12949, want: models.ErrNotFound},
		{name: "a neighbour's bill", room: h.Room.ID, bills: []string{foreign}, prepay: 0, expected: 12949, want: models.ErrNotFound},
		{
			name: "a neighbour's bill beside one's own", room: h.Room.ID, bills: []string{open, foreign}, prepay: 0, expected: 25898,
			want: models.ErrNotFound,
		},
		{
			name: "a neighbour's room", room: neighbour.Room.ID, bills: []string{foreign}, prepay: 0, expected: 12949,
			want: models.ErrNotFound,
		},
		{name: "prepaying a neighbour's room", room: neighbour.Room.ID, bills: nil, prepay: 100, expected: 100, want: models.ErrNotFound},
		{name: "a room nobody has", room: models.NewID(), bills: []string{open}, prepay: 0, expected: 12949, want: models.ErrNotFound},
		{name: "no room there could be", room: "房间", bills: []string{open}, prepay: 0, expected: 12949, want: models.ErrNotFound},
		{name: "a paid bill", room: h.Room.ID, bills: []string{paid}, prepay: 0, expected: 12949, want: billing.ErrBillPaid},
		{
			name: "a paid bill beside an open one", room: h.Room.ID, bills: []string{open, paid}, prepay: 0, expected: 12949,
			want: billing.ErrBillPaid,
		},
		{name: "a void bill", room: h.Room.ID, bills: []string{void}, prepay: 0, expected: 12949, want: billing.ErrBillVoid},
		{
			name: "a bill of nothing", room: empty.Room.ID, bills: []string{empty.Bills[0].ID}, prepay: 0, expected: 0,
			want: payment.ErrNothingToPay,
		},
	} {
		user := h.User
		if tt.room == empty.Room.ID {
			user = empty.User
		}
		_, err := w.Pay.Checkout(paymenttest.Bg, payment.CheckoutRequest{
			User: user, RoomID: tt.room, BillIDs: tt.bills, PrepayFen: tt.prepay, ExpectedTotal: tt.expected,
		})
		paymenttest.Refused(t, err, tt.want)
		if t.Failed() {
			t.Fatal(tt.name)
		}
	}
	if n := w.Number("SELECT COUNT(*) FROM orders") + w.Number("SELECT COUNT(open_bill_id) FROM order_lines") +
		w.Box.Calls(sandbox.RoutePrepay); n != 0 {
		t.Errorf("%d orders, claims and calls", n)
	}
}

// The answer to another amount says what each bill costs, earliest due first.
func TestAmountChanged(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	h.Bills = append(h.Bills, modelstest.Bill(t, w.Db, h.Room,
		func(b *fees.Bill) { b.PrincipalFen, b.DueOn = 5000, models.MustDate("2026-01-05") }))
	req := h.Wants(700, 0, 1)
	w.Clock.Advance(24 * 60 * 60 * 1e9) // the phone shows yesterday's amounts
	_, err := w.Pay.Checkout(paymenttest.Bg, req)
	paymenttest.Refused(t, err, billing.ErrAmountChanged)
	e, _ := models.AsError(err)
	late := func(principal, days models.Fen) models.Fen { return principal + (principal*days*3+500)/1000 }
	want := []any{payment.AmountChange{TotalFen: late(11002, 60) + late(5000, 70) + 700,
		Bills: []payment.BillDue{{BillID: h.Bills[1].ID, DueFen: late(5000, 70)}, {BillID: h.Bills[0].ID, DueFen: late(11002, 60)}}}}
	if diff := cmp.Diff(want, e.Details); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
	if n := w.Number("SELECT COUNT(*) FROM orders"); n != 0 {
		t.Errorf("%d orders", n)
	}
}

// A bill named twice is paid once; two hundred bills go in one order, and order
// with more than that is refused although each of its bills could be paid.
func TestManyBills(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(201)
	all := make([]int, 201)
	for i := range all {
		all[i] = i
	}
	_, err := w.Pay.Checkout(paymenttest.Bg, h.Wants(0, all...))
	paymenttest.Refused(t, err, models.Invalid("TOO_MANY_BILLS", ""))
	req := h.Wants(0, all[:200]...)
	req.BillIDs = append(req.BillIDs, req.BillIDs...)
	c, err := w.Pay.Checkout(paymenttest.Bg, req)
	if err != nil {
		t.Fatal(err)
	}
	if c.Order.AmountFen != 200*12949 || len(c.Lines) != 200 {
		t.Errorf("%d fen in %d lines", c.Order.AmountFen, len(c.Lines))
	}
	w.PaysAtWechat(c.Order.No)
	w.Drain()
	if n := w.Number("SELECT COUNT(*) FROM bills WHERE status = 'paid'"); n != 200 {
		t.Errorf("%d bills paid", n)
	}
	w.Agree()
}

// Only who made an order gives it up; an order that has ended stays as it is.
func TestClose(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	c := h.Order(0, 0)
	stranger := w.User("stranger", h.Room)
	_, err := w.Pay.Close(paymenttest.Bg, stranger.ID, c.Order.No)
	paymenttest.Refused(t, err, models.ErrNotFound)
	for _, no := range []string{"NOSUCHORDER", "没有这个订单", ""} {
		_, err = w.Pay.Close(paymenttest.Bg, h.User.ID, no)
		paymenttest.Refused(t, err, models.ErrNotFound)
		_, err = w.Pay.QueryOrder(paymenttest.Bg, no)
		paymenttest.Refused(t, err, models.ErrNotFound)
	}
	w.WantOrder(c.Order.No, money.OrderPending, "NOTPAY")
	for range 2 {
		o, err := w.Pay.Close(paymenttest.Bg, h.User.ID, c.Order.No)
		if err != nil || o.Status != money.OrderClosed || !o.ClosedAtWechat {
			t.Errorf("closed: %s, at WeChat %t, %v", o.Status, o.ClosedAtWechat, err)
		}
	}
	w.WantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	if calls := w.Box.Calls(sandbox.RouteClose); calls != 1 {
		t.Errorf("closed %d times", calls)
	}
	second := h.Order(0, 0)
	w.PaysAtWechat(second.Order.No)
	w.Drain()
	o, err := w.Pay.Close(paymenttest.Bg, h.User.ID, second.Order.No)
	if err != nil || o.Status != money.OrderPaid {
		t.Errorf("closing a paid order: %s, %v", o.Status, err)
	}
	w.Agree()
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
