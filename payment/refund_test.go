package payment_test

import (
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// A whole order goes back: nothing about the bills changes before the money has
// arrived; then they are owed again, late fee and all, as if they had never been paid.
func TestFullRefund(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	o := h.paidOrder(1000, 0, 1)
	h.w.clock.Advance(31 * 24 * time.Hour) // 2026-04-15: 90 days late, had they never been paid
	r := w.asks(wholeOrder(o))
	w.wantOrder(o.No, money.OrderPaid, "SUCCESS")
	if r.AmountFen != o.AmountFen || r.PrepaidFen != 1000 || h.prepaid() != 1000 {
		t.Errorf("asked for %d, prepaid %d, balance %d", r.AmountFen, r.PrepaidFen, h.prepaid())
	}
	r = w.approves(r)
	w.wantOrder(o.No, money.OrderRefunding, "SUCCESS")
	if h.prepaid() != 0 || h.bill(0).Status != fees.BillPaid {
		t.Errorf("sending: prepaid %d, bill %s", h.prepaid(), h.bill(0).Status)
	}
	w.clean()
	r = w.follows(r)
	wantRefund(t, r, money.RefundProcessing)
	w.wantOrder(o.No, money.OrderRefunding, "REFUND")
	w.clean()
	w.finishes(r, sandbox.RefundSuccess)
	wantRefund(t, w.refundNow(r.No), money.RefundSuccess)
	w.wantOrder(o.No, money.OrderRefunded, "REFUND")
	for i := range h.bills {
		b := h.bill(i)
		if b.Status != fees.BillUnpaid || b.DueFen != 11002+2971 { // 110.02 x 0.003 x 90
			t.Errorf("bill %d is %s, due %d", i, b.Status, b.DueFen)
		}
	}
	w.refundsAgree()
	w.agree()
	h.paidOrder(0, 0, 1) // and can be paid again
	w.agree()
}

// Part of a bill goes back: late fee accrues on that part as if it had never been
// paid, and the rest stays paid.
func TestPartialRefundByLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	o := h.paidOrder(0, 0, 1) // on 2026-03-15, 59 days late: 19.47 each
	w.clock.Advance(31 * 24 * time.Hour)
	ask := wholeOrder(o)
	ask.Lines = []billing.PaidShare{share(h.bills[0], 5000, 0)}
	w.finishes(w.sent(ask), sandbox.RefundSuccess)
	w.wantOrder(o.No, money.OrderPartRefunded, "REFUND")
	b := h.bill(0)
	if b.Status != fees.BillPartial || b.OutstandingFen() != 5000 || b.LateDueFen != 465 { // 50.00 x 0.003 x 31
		t.Errorf("bill is %s, owes %d and late fee %d", b.Status, b.OutstandingFen(), b.LateDueFen)
	}
	w.clock.Advance(time.Minute)
	ask.Lines = []billing.PaidShare{share(h.bills[0], 0, 947), share(h.bills[1], 11002, 1947)}
	w.finishes(w.sent(ask), sandbox.RefundSuccess)
	if b = h.bill(0); b.LateDueFen != 465+947 || b.PaidLateFeeFen != 1000 {
		t.Errorf("late fee due %d, paid %d", b.LateDueFen, b.PaidLateFeeFen)
	}
	if b = h.bill(1); b.Status != fees.BillUnpaid || b.LateDueFen != 2971 {
		t.Errorf("bill is %s, late fee %d", b.Status, b.LateDueFen)
	}
	w.refundsAgree()
	w.agree()
}

// By amount: prepayment first, then the bill that was due last.
func TestPartialRefundByAmount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	o := h.paidOrder(700, 0)
	ask := wholeOrder(o)
	ask.AmountFen = 700 + 11002 + 47
	r := w.sent(ask)
	lines, err := money.RefundLines(w.db.View(bg), r.No)
	if err != nil || len(lines) != 2 || lines[0].PrincipalFen != 11002 || lines[0].LateFeeFen != 47 || lines[1].PrepaidFen != 700 {
		t.Fatalf("%+v, %v", lines, err)
	}
	w.finishes(r, sandbox.RefundSuccess)
	if b := h.bill(0); b.PaidLateFeeFen != 1900 || b.PaidPrincipalFen != 0 || b.Status != fees.BillPartial {
		t.Errorf("%+v", b.Bill)
	}
	w.refundsAgree()
}

// Credited: the bill stays settled, and the company bears what went back.
func TestRefundCredited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	o := h.paidOrder(0, 0)
	ask := wholeOrder(o)
	ask.BillAfter = money.BillsCredited
	w.finishes(w.sent(ask), sandbox.RefundSuccess)
	w.wantOrder(o.No, money.OrderRefunded, "REFUND")
	w.clock.Advance(40 * 24 * time.Hour)
	if b := h.bill(0); b.Status != fees.BillPaid || b.DueFen != 0 {
		t.Errorf("bill is %s, due %d", b.Status, b.DueFen)
	}
	if n := w.number("SELECT SUM(amount_fen) FROM journal WHERE debit = 'refund_borne'"); n != int64(o.AmountFen) {
		t.Errorf("the company bears %d of %d", n, o.AmountFen)
	}
	w.refundsAgree()
	// The bill is taken back after all: what the company has paid is nobody's prepayment.
	err := w.db.Write(bg, func(tx *store.Tx) error {
		_, err := billing.Adjust(tx, billing.Approval{Asked: asker.Actor(), Approved: approver.Actor(), Reason: "开错"}, billing.Adjustment{Kind: fees.EntryVoid, BillID: h.bills[0].ID})
		return err
	})
	if err != nil || h.prepaid() != 0 {
		t.Errorf("%v, prepaid %d", err, h.prepaid())
	}
	w.refundsAgree()
}

func TestRefundRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	pending := h.order(0, 1)
	o := h.paidOrder(0, 0)
	for name, tt := range map[string]struct {
		by     office.Staff
		change func(*payment.RefundAsk)
		want   *models.Error
	}{
		"too much":         {asker, func(a *payment.RefundAsk) { a.AmountFen = o.AmountFen + 1 }, payment.ErrRefundTooMuch},
		"too much of line": {asker, func(a *payment.RefundAsk) { a.Lines = []billing.PaidShare{share(h.bills[0], 11003, 0)} }, payment.ErrRefundTooMuch},
		"another's bill":   {asker, func(a *payment.RefundAsk) { a.Lines = []billing.PaidShare{share(h.bills[1], 1, 0)} }, payment.ErrRefundTooMuch},
		"line twice": {asker, func(a *payment.RefundAsk) {
			a.Lines = []billing.PaidShare{share(h.bills[0], 1, 0), share(h.bills[0], 1, 0)}
		}, payment.ErrRefundTooMuch},
		"prepaid not there": {asker, func(a *payment.RefundAsk) { a.PrepaidFen = 1 }, payment.ErrRefundTooMuch},
		"negative":          {asker, func(a *payment.RefundAsk) { a.AmountFen = -1 }, payment.ErrRefundAmount},
		"empty line":        {asker, func(a *payment.RefundAsk) { a.Lines = []billing.PaidShare{share(h.bills[0], 0, 0)} }, payment.ErrRefundAmount},
		"sum is another":    {asker, func(a *payment.RefundAsk) { a.AmountFen, a.Lines = 2, []billing.PaidShare{share(h.bills[0], 1, 0)} }, payment.ErrRefundAmount},
		"no reason":         {asker, func(a *payment.RefundAsk) { a.Reason = " " }, payment.ErrRefundReason},
		"no choice":         {asker, func(a *payment.RefundAsk) { a.BillAfter = "" }, payment.ErrRefundAfter},
		"steward":           {office.Staff{ID: "s", Name: "管家", Role: office.RoleSteward}, func(*payment.RefundAsk) {}, models.ErrForbidden},
		"not paid":          {asker, func(a *payment.RefundAsk) { a.OrderNo = pending.Order.No }, payment.ErrRefundOrder},
		"no order":          {asker, func(a *payment.RefundAsk) { a.OrderNo = "none" }, models.ErrNotFound},
	} {
		ask := wholeOrder(o)
		tt.change(&ask)
		_, err := w.pay.RequestRefund(bg, tt.by, ask)
		if t.Run(name, func(t *testing.T) { refused(t, err, tt.want) }); t.Failed() {
			t.Log(name)
		}
	}
	w.clock.Advance(366 * 24 * time.Hour)
	_, err := w.pay.RequestRefund(bg, asker, wholeOrder(o))
	refused(t, err, payment.ErrRefundTooLate)
	w.clean()
}

// A form that is sent twice asks once; what is asked for is held, and free again when
// it is rejected; nobody approves what they asked for.
func TestRefundDecision(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	o := h.paidOrder(500, 0)
	ask := wholeOrder(o)
	ask.FormKey = "form-1"
	r := w.asks(ask)
	if again := w.asks(ask); again.No != r.No {
		t.Error("asked twice")
	}
	_, err := w.pay.RequestRefund(bg, asker, wholeOrder(o))
	refused(t, err, payment.ErrRefundTooMuch)
	_, err = w.pay.ApproveRefund(bg, asker, r.No, "")
	refused(t, err, models.ErrForbidden)
	self := approver
	self.ID = asker.ID
	_, err = w.pay.ApproveRefund(bg, self, r.No, "")
	refused(t, err, billing.ErrSamePerson)
	_, err = w.pay.RejectRefund(bg, approver, r.No, "")
	refused(t, err, payment.ErrRefundNote)
	if _, err = w.pay.RejectRefund(bg, approver, r.No, "金额不对"); err != nil {
		t.Fatal(err)
	}
	_, err = w.pay.ApproveRefund(bg, approver, r.No, "")
	refused(t, err, payment.ErrRefundState)
	w.clean()
	// The prepayment is spent between asking and approving.
	ask = wholeOrder(o)
	ask.PrepaidFen = 500
	r = w.asks(ask)
	w.exec("UPDATE rooms SET prepaid_fen = 100")
	w.exec("UPDATE prepaid_balances SET amount_fen = 100")
	_, err = w.pay.ApproveRefund(bg, approver, r.No, "")
	refused(t, err, payment.ErrRefundTooMuch)
	w.exec("UPDATE rooms SET prepaid_fen = 500")
	w.exec("UPDATE prepaid_balances SET amount_fen = 500")
	w.approves(r)
	w.clean()
}
