package payment_test

import (
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/billing/statement"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/sandbox"
)

// wantStatement holds the owner's statement against what is owed and prepaid today,
// and gives how much its lines of a kind charge and pay.
func (h *home) wantStatement(kind string) (charge, paid models.Fen) {
	h.w.t.Helper()
	view := h.w.db.View(bg)
	b := h.bill(0)
	s, err := statement.StatementOf(view, h.room, estate.BillVisibility{OwnerID: b.OwnerID, Role: estate.RoleOwner}, models.MustDate("2025-06-01"), view.Today())
	if err != nil {
		h.w.t.Fatal(err)
	}
	a, err := billing.RoomArrears(view, h.room.ID)
	if err != nil {
		h.w.t.Fatal(err)
	}
	if s.ClosingFen != a.TotalFen-h.prepaid() {
		h.w.t.Errorf("the statement closes with %s, owed %s less prepaid %s", s.ClosingFen, a.TotalFen, h.prepaid())
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
			w := newWorld(t)
			h := w.home(2)
			o := h.paidOrder(500, 0, 1)
			w.clock.Advance(20 * 24 * time.Hour)
			ask := wholeOrder(o)
			ask.BillAfter = after
			ask.Lines = []billing.PaidShare{share(h.bills[0], 5002, 1000)}
			ask.PrepaidFen = 300
			r := w.approves(w.asks(ask))
			if charge, _ := h.wantStatement(statement.LineRefund); charge != 300 {
				t.Errorf("on its way: %s", charge)
			}
			w.finishes(w.follows(r), sandbox.RefundSuccess)
			if charge, _ := h.wantStatement(statement.LineRefund); charge != 6302 {
				t.Errorf("refunds of %s", charge)
			}
			want := models.Fen(0)
			if after == money.BillsCredited {
				want = 6002
			}
			if _, paid := h.wantStatement(statement.LineBorne); paid != want {
				t.Errorf("the company has paid %s, want %s", paid, want)
			}
			w.refundsAgree()
		})
	}
}

// A refund that is closed gives the prepayment back in the statement, too.
func TestStatementTellsClosedRefund(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	ask := wholeOrder(h.paidOrder(500, 0))
	ask.PrepaidFen = 500
	w.finishes(w.sent(ask), sandbox.RefundClosed)
	if _, paid := h.wantStatement(statement.LineOther); paid != 500 {
		t.Errorf("given back: %s", paid)
	}
	w.refundsAgree()
}

// Looking back, a bill was paid on the days between its payment and the refund.
func TestArrearsOfADayBeforeTheRefund(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	paidOn := w.db.Today()
	o := h.paidOrder(0, 0)
	w.clock.Advance(20 * 24 * time.Hour)
	w.finishes(w.sent(wholeOrder(o)), sandbox.RefundSuccess)
	for day, want := range map[models.Date]models.Fen{paidOn: 0, paidOn + 10: 0, w.db.Today(): h.due(0)} {
		a, err := billing.RoomArrearsAsOf(w.db.View(bg), h.room.ID, day)
		if err != nil || a.TotalFen != want {
			t.Errorf("%s: owed %s, %v; want %s", day, a.TotalFen, err, want)
		}
	}
}
