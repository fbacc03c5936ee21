package refund_test

import (
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/billing/statement"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// wantStatement holds the owner's statement against what is owed and prepaid today,
// and returns how much its lines of a kind charge and pay.
func wantStatement(h *paymenttest.Home, kind string) (charge, paid models.Fen) {
	h.W.T.Helper()
	view := h.W.Db.View(paymenttest.Bg)
	b := h.Bill(0)
	s, err := statement.Of(view, h.Room, estate.BillVisibility{OwnerID: b.OwnerID, Role: estate.RoleOwner},
		models.MustDate("2025-06-01"), view.Today())
	if err != nil {
		h.W.T.Fatal(err)
	}
	a, err := billing.RoomArrears(view, h.Room.ID)
	if err != nil {
		h.W.T.Fatal(err)
	}
	if s.ClosingFen != a.TotalFen-h.Prepaid() {
		h.W.T.Errorf("the statement closes with %s, owed %s less prepaid %s", s.ClosingFen, a.TotalFen, h.Prepaid())
	}
	for _, l := range s.Lines {
		if l.Kind == kind {
			charge, paid = charge+l.ChargeFen, paid+l.PaidFen
		}
	}
	return charge, paid
}

// A statement tells refunds: what went back is charged again, what the company bears
// is paid by it, and what is held of prepayment is gone while it travels.
func TestStatementTellsRefunds(t *testing.T) {
	t.Parallel()
	for _, after := range []string{money.BillsOwed, money.BillsCredited} {
		t.Run(after, func(t *testing.T) {
			t.Parallel()
			w := paymenttest.NewWorld(t)
			h := w.Home(2)
			o := h.PaidOrder(500, 0, 1)
			w.Clock.Advance(20 * 24 * time.Hour)
			ask := paymenttest.WholeOrder(o)
			ask.BillAfter = after
			ask.Lines = []billing.PaidShare{paymenttest.Share(h.Bills[0], 5002, 1000)}
			ask.PrepaidFen = 300
			r := w.Approves(w.Asks(ask))
			if charge, _ := wantStatement(h, statement.LineRefund); charge != 300 {
				t.Errorf("on its way: %s", charge)
			}
			w.Finishes(w.Follows(r), sandbox.RefundSuccess)
			if charge, _ := wantStatement(h, statement.LineRefund); charge != 6302 {
				t.Errorf("refunds of %s", charge)
			}
			want := models.Fen(0)
			if after == money.BillsCredited {
				want = 6002
			}
			if _, paid := wantStatement(h, statement.LineBorne); paid != want {
				t.Errorf("the company has paid %s, want %s", paid, want)
			}
			w.RefundsAgree()
		})
	}
}

// A refund that is closed gives the prepayment back in the statement, too.
func TestStatementTellsClosedRefund(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	ask := paymenttest.WholeOrder(h.PaidOrder(500, 0))
	ask.PrepaidFen = 500
	w.Finishes(w.Sent(ask), sandbox.RefundClosed)
	if _, paid := wantStatement(h, statement.LineOther); paid != 500 {
		t.Errorf("given back: %s", paid)
	}
	w.RefundsAgree()
}

// Looking back, a bill was paid on the days between its payment and the refund.
func TestArrearsOfADayBeforeTheRefund(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	paidOn := w.Db.Today()
	o := h.PaidOrder(0, 0)
	w.Clock.Advance(20 * 24 * time.Hour)
	w.Finishes(w.Sent(paymenttest.WholeOrder(o)), sandbox.RefundSuccess)
	for day, want := range map[models.Date]models.Fen{paidOn: 0, paidOn + 10: 0, w.Db.Today(): h.Due(0)} {
		a, err := billing.RoomArrearsAsOf(w.Db.View(paymenttest.Bg), h.Room.ID, day)
		if err != nil || a.TotalFen != want {
			t.Errorf("%s: owed %s, %v; want %s", day, a.TotalFen, err, want)
		}
	}
}
