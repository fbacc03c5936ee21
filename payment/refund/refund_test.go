package refund_test

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
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
	"wuyepay/sandbox"
)

// A whole order goes back: nothing about the bills changes before the money has
// arrived; then they are owed again, late fee and all, as if they had never been paid.
func TestFullRefund(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	o := h.PaidOrder(1000, 0, 1)
	h.W.Clock.Advance(31 * 24 * time.Hour) // 2026-04-15: 90 days late, had they never been paid
	r := w.Asks(paymenttest.WholeOrder(o))
	w.WantOrder(o.No, money.OrderPaid, "SUCCESS")
	if r.AmountFen != o.AmountFen || r.PrepaidFen != 1000 || h.Prepaid() != 1000 {
		t.Errorf("asked for %d, prepaid %d, balance %d", r.AmountFen, r.PrepaidFen, h.Prepaid())
	}
	r = w.Approves(r)
	w.WantOrder(o.No, money.OrderRefunding, "SUCCESS")
	if h.Prepaid() != 0 || h.Bill(0).Status != fees.BillPaid {
		t.Errorf("sending: prepaid %d, bill %s", h.Prepaid(), h.Bill(0).Status)
	}
	w.Clean()
	r = w.Follows(r)
	paymenttest.WantRefund(t, r, money.RefundProcessing)
	w.WantOrder(o.No, money.OrderRefunding, "REFUND")
	w.Clean()
	w.Finishes(r, sandbox.RefundSuccess)
	paymenttest.WantRefund(t, w.RefundNow(r.No), money.RefundSuccess)
	w.WantOrder(o.No, money.OrderRefunded, "REFUND")
	for i := range h.Bills {
		b := h.Bill(i)
		if b.Status != fees.BillUnpaid || b.DueFen != 11002+2971 { // 110.02 x 0.003 x 90
			t.Errorf("bill %d is %s, due %d", i, b.Status, b.DueFen)
		}
	}
	w.RefundsAgree()
	w.Agree()
	h.PaidOrder(0, 0, 1) // and can be paid again
	w.Agree()
}

// Part of a bill goes back: late fee accrues on that part as if it had never been
// paid, and the rest stays paid.
func TestPartialRefundByLine(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	o := h.PaidOrder(0, 0, 1) // on 2026-03-15, 59 days late: 19.47 each
	w.Clock.Advance(31 * 24 * time.Hour)
	ask := paymenttest.WholeOrder(o)
	ask.Lines = []billing.PaidShare{paymenttest.Share(h.Bills[0], 5000, 0)}
	w.Finishes(w.Sent(ask), sandbox.RefundSuccess)
	w.WantOrder(o.No, money.OrderPartRefunded, "REFUND")
	b := h.Bill(0)
	if b.Status != fees.BillPartial || b.OutstandingFen() != 5000 || b.LateDueFen != 465 { // 50.00 x 0.003 x 31
		t.Errorf("bill is %s, owes %d and late fee %d", b.Status, b.OutstandingFen(), b.LateDueFen)
	}
	w.Clock.Advance(time.Minute)
	ask.Lines = []billing.PaidShare{paymenttest.Share(h.Bills[0], 0, 947), paymenttest.Share(h.Bills[1], 11002, 1947)}
	w.Finishes(w.Sent(ask), sandbox.RefundSuccess)
	if b = h.Bill(0); b.LateDueFen != 465+947 || b.PaidLateFeeFen != 1000 {
		t.Errorf("late fee due %d, paid %d", b.LateDueFen, b.PaidLateFeeFen)
	}
	if b = h.Bill(1); b.Status != fees.BillUnpaid || b.LateDueFen != 2971 {
		t.Errorf("bill is %s, late fee %d", b.Status, b.LateDueFen)
	}
	w.RefundsAgree()
	w.Agree()
}

// By amount: prepayment first, then the bill that was due last.
func TestPartialRefundByAmount(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(700, 0)
	ask := paymenttest.WholeOrder(o)
	ask.AmountFen = 700 + 11002 + 47
	r := w.Sent(ask)
	lines, err := money.RefundLines(w.Db.View(paymenttest.Bg), r.No)
	if err != nil || len(lines) != 2 || lines[0].PrincipalFen != 11002 || lines[0].LateFeeFen != 47 || lines[1].PrepaidFen != 700 {
		t.Fatalf("%+v, %v", lines, err)
	}
	w.Finishes(r, sandbox.RefundSuccess)
	if b := h.Bill(0); b.PaidLateFeeFen != 1900 || b.PaidPrincipalFen != 0 || b.Status != fees.BillPartial {
		t.Errorf("%+v", b.Bill)
	}
	w.RefundsAgree()
}

// Credited: the bill stays settled, and the company bears what went back.
func TestRefundCredited(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(0, 0)
	ask := paymenttest.WholeOrder(o)
	ask.BillAfter = money.BillsCredited
	w.Finishes(w.Sent(ask), sandbox.RefundSuccess)
	w.WantOrder(o.No, money.OrderRefunded, "REFUND")
	w.Clock.Advance(40 * 24 * time.Hour)
	if b := h.Bill(0); b.Status != fees.BillPaid || b.DueFen != 0 {
		t.Errorf("bill is %s, due %d", b.Status, b.DueFen)
	}
	if n := w.Number("SELECT SUM(amount_fen) FROM journal WHERE debit = 'refund_borne'"); n != int64(o.AmountFen) {
		t.Errorf("the company bears %d of %d", n, o.AmountFen)
	}
	w.RefundsAgree()
	// The bill is taken back after all: what the company has paid is nobody's prepayment.
	err := w.Db.Write(paymenttest.Bg, func(tx *store.Tx) error {
		_, err := billing.Adjust(tx, billing.Approval{
			Asked: paymenttest.Asker.Actor(), Approved: paymenttest.Approver.Actor(), Reason: "开错",
		}, billing.Adjustment{Kind: fees.EntryVoid, BillID: h.Bills[0].ID})
		return err
	})
	if err != nil || h.Prepaid() != 0 {
		t.Errorf("%v, prepaid %d", err, h.Prepaid())
	}
	w.RefundsAgree()
}

func TestRefundRefusals(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	pending := h.Order(0, 1)
	o := h.PaidOrder(0, 0)
	for name, tt := range map[string]struct {
		by     office.Staff
		change func(*refund.Ask)
		want   *models.Error
	}{
		"too much": {paymenttest.Asker, func(a *refund.Ask) { a.AmountFen = o.AmountFen + 1 }, payment.ErrRefundTooMuch},
		"too much of line": {
			paymenttest.Asker, func(a *refund.Ask) { a.Lines = []billing.PaidShare{paymenttest.Share(h.Bills[0], 11003, 0)} },
			payment.ErrRefundTooMuch,
		},
		"another's bill": {
			paymenttest.Asker, func(a *refund.Ask) { a.Lines = []billing.PaidShare{paymenttest.Share(h.Bills[1], 1, 0)} },
			payment.ErrRefundTooMuch,
		},
		"line twice": {paymenttest.Asker, func(a *refund.Ask) {
			a.Lines = []billing.PaidShare{paymenttest.Share(h.Bills[0], 1, 0), paymenttest.Share(h.Bills[0], 1, 0)}
		}, payment.ErrRefundTooMuch},
		"prepaid not there": {paymenttest.Asker, func(a *refund.Ask) { a.PrepaidFen = 1 }, payment.ErrRefundTooMuch},
		"negative":          {paymenttest.Asker, func(a *refund.Ask) { a.AmountFen = -1 }, refund.ErrRefundAmount},
		"empty line": {
			paymenttest.Asker, func(a *refund.Ask) { a.Lines = []billing.PaidShare{paymenttest.Share(h.Bills[0], 0, 0)} },
			refund.ErrRefundAmount,
		},
		"sum is another": {paymenttest.Asker, func(a *refund.Ask) {
			a.AmountFen, a.Lines = 2, []billing.PaidShare{paymenttest.Share(h.Bills[0], 1, 0)}
		}, refund.ErrRefundAmount},
		"no reason": {paymenttest.Asker, func(a *refund.Ask) { a.Reason = " " }, refund.ErrRefundReason},
		"no choice": {paymenttest.Asker, func(a *refund.Ask) { a.BillAfter = "" }, refund.ErrRefundAfter},
		"steward":   {office.Staff{ID: "s", Name: "管家", Role: office.RoleSteward}, func(*refund.Ask) {}, models.ErrForbidden},
		"not paid":  {paymenttest.Asker, func(a *refund.Ask) { a.OrderNo = pending.Order.No }, refund.ErrRefundOrder},
		"no order":  {paymenttest.Asker, func(a *refund.Ask) { a.OrderNo = "none" }, models.ErrNotFound},
	} {
		ask := paymenttest.WholeOrder(o)
		tt.change(&ask)
		_, err := refund.Request(paymenttest.Bg, w.Pay, tt.by, ask)
		if t.Run(name, func(t *testing.T) { paymenttest.Refused(t, err, tt.want) }); t.Failed() {
			t.Log(name)
		}
	}
	w.Clock.Advance(366 * 24 * time.Hour)
	_, err := refund.Request(paymenttest.Bg, w.Pay, paymenttest.Asker, paymenttest.WholeOrder(o))
	paymenttest.Refused(t, err, refund.ErrRefundTooLate)
	w.Clean()
}

// A form that is sent twice asks once; what is asked for is held, and free again when
// it is rejected; nobody approves what they asked for.
func TestRefundDecision(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(500, 0)
	ask := paymenttest.WholeOrder(o)
	ask.FormKey = "form-1"
	r := w.Asks(ask)
	if again := w.Asks(ask); again.No != r.No {
		t.Error("asked twice")
	}
	_, err := refund.Request(paymenttest.Bg, w.Pay, paymenttest.Asker, paymenttest.WholeOrder(o))
	paymenttest.Refused(t, err, payment.ErrRefundTooMuch)
	_, err = refund.Approve(paymenttest.Bg, w.Pay, paymenttest.Asker, r.No, "")
	paymenttest.Refused(t, err, models.ErrForbidden)
	self := paymenttest.Approver
	self.ID = paymenttest.Asker.ID
	_, err = refund.Approve(paymenttest.Bg, w.Pay, self, r.No, "")
	paymenttest.Refused(t, err, billing.ErrSamePerson)
	_, err = refund.Reject(paymenttest.Bg, w.Pay, paymenttest.Approver, r.No, "")
	paymenttest.Refused(t, err, refund.ErrRefundNote)
	if _, err = refund.Reject(paymenttest.Bg, w.Pay, paymenttest.Approver, r.No, "金额不对"); err != nil {
		t.Fatal(err)
	}
	_, err = refund.Approve(paymenttest.Bg, w.Pay, paymenttest.Approver, r.No, "")
	paymenttest.Refused(t, err, refund.ErrRefundState)
	w.Clean()
	// The prepayment is spent between asking and approving.
	ask = paymenttest.WholeOrder(o)
	ask.PrepaidFen = 500
	r = w.Asks(ask)
	w.Exec("UPDATE rooms SET prepaid_fen = 100")
	w.Exec("UPDATE prepaid_balances SET amount_fen = 100")
	_, err = refund.Approve(paymenttest.Bg, w.Pay, paymenttest.Approver, r.No, "")
	paymenttest.Refused(t, err, payment.ErrRefundTooMuch)
	w.Exec("UPDATE rooms SET prepaid_fen = 500")
	w.Exec("UPDATE prepaid_balances SET amount_fen = 500")
	w.Approves(r)
	w.Clean()
}
