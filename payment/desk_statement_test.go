package payment_test

import (
	"testing"

	"wuyepay/billing/statement"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
)

// A payment that was undone leaves two lines on the owner's statement, and the
// balance as if it had never been.
func TestStatementOfAReversal(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	statementNow := func() statement.Statement {
		t.Helper()
		view := w.Db.View(paymenttest.Bg)
		holder, err := statement.CurrentHolder(view, h.Room.ID)
		if err != nil {
			t.Fatal(err)
		}
		from, to := statement.Year(2026, view.Today())
		s, err := statement.Of(view, h.Room, holder.Visibility, from, to)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := statementNow()
	r := w.Takes(w.Staff(office.RoleCashier), h.Amount(20_000))
	paid := statementNow()
	if paid.ClosingFen != -r.Payment.SurplusFen {
		t.Errorf("closing %d, surplus %d", paid.ClosingFen, r.Payment.SurplusFen)
	}
	if _, err := refund.ReverseAtDesk(paymenttest.Bg, w.Pay, w.Staff(office.RoleFinance), r.Payment.ID, "退票"); err != nil {
		t.Fatal(err)
	}
	after := statementNow()
	if after.ClosingFen != before.ClosingFen || len(after.Lines) <= len(paid.Lines) {
		t.Errorf("closing %d, before %d; %d lines", after.ClosingFen, before.ClosingFen, len(after.Lines))
	}
	undone := models.Fen(0)
	for _, l := range after.Lines {
		if l.Kind == statement.LineReversal {
			undone += l.ChargeFen
			if l.Text() != "冲正 现金" {
				t.Errorf("%q", l.Text())
			}
		}
	}
	if undone != 20_000 {
		t.Errorf("undone %d of 20000: %+v", undone, after.Lines)
	}
}
