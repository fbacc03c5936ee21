package refund_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
	"wuyepay/sandbox"
)

// refundPlay is a run of random events around the refunds of one room.
type refundPlay struct {
	w       *paymenttest.World
	rt      *rapid.T
	h       *paymenttest.Home
	orders  []money.Order
	refunds []string
	seen    map[string]string
	story   []string
}

// Refunds asked for, approved, sent, finished every way, told, not told, told thrice,
// with WeChat's line cut and with bills and prepayment changing meanwhile: after each
// event the books agree; in the end every refund has come to its end, and what went
// back here went back at WeChat, once.
func TestRandomRefunds(t *testing.T) {
	t.Parallel()
	for _, surplus := range []string{"prepaid", "refund"} {
		t.Run(surplus, func(t *testing.T) {
			t.Parallel()
			var w *paymenttest.World
			runs := 0
			rapid.Check(t, func(rt *rapid.T) {
				if modelstest.RaceEnabled && runs == 10 {
					return // ten times as slow, and no other answers
				}
				if runs%10 == 0 { // the books stay small, and are proven fast
					w = paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Surplus = surplus })
				}
				runs++
				p := &refundPlay{w: w, rt: rt, h: w.Home(3), seen: map[string]string{}}
				p.pay()
				p.check()
				for range rapid.IntRange(4, 14).Draw(rt, "events") {
					p.event()
					p.check()
				}
				p.end()
			})
		})
	}
}

func (p *refundPlay) say(format string, args ...any) {
	p.story = append(p.story, p.w.Clock.Now().Format("02 15:04:05 ")+fmt.Sprintf(format, args...))
}

func (p *refundPlay) fail(format string, args ...any) {
	p.rt.Helper()
	p.rt.Fatalf("%s\n%s", fmt.Sprintf(format, args...), strings.Join(p.story, "\n"))
}

func (p *refundPlay) allowed(err error, want ...*models.Error) {
	p.rt.Helper()
	p.say("  %v", err)
	if err == nil || slices.ContainsFunc(want, func(e *models.Error) bool { return errors.Is(err, e) }) {
		return
	}
	p.fail("%v", err)
}

func (p *refundPlay) event() {
	events := map[string]func(){"pay": p.pay, "ask": p.ask, "ask again": p.ask, "approve": p.approve,
		"approve another": p.approve, "reject": p.reject,
		"follow": p.follow, "finish": p.finish, "finish another": p.finish, "sweep": p.sweep,
		"void a bill": p.void, "spend prepayment": p.spend,
		"line cut": p.lineCut, "trouble": p.trouble, "by hand": p.byHand, "give up": p.giveUp,
		"wait": func() {
			p.w.Clock.Advance(rapid.SampledFrom([]time.Duration{30 * time.Second, time.Minute, 40 * 24 * time.Hour}).Draw(p.rt, "wait"))
		}}
	names := make([]string, 0, len(events))
	for name := range events {
		names = append(names, name)
	}
	slices.Sort(names)
	name := rapid.SampledFrom(names).Draw(p.rt, "event")
	p.say("%s", name)
	events[name]()
}

// pay has what is owed of some bills paid, now and then twice.
func (p *refundPlay) pay() {
	var bills []int
	for i := range p.h.Bills {
		if p.h.Due(i) > 0 && rapid.Bool().Draw(p.rt, "bill") {
			bills = append(bills, i)
		}
	}
	prepay := rapid.SampledFrom([]models.Fen{0, 500, 2000}).Draw(p.rt, "prepay")
	if len(bills) == 0 && prepay == 0 {
		return
	}
	c, err := p.w.Pay.Checkout(paymenttest.Bg, p.h.Wants(prepay, bills...))
	p.allowed(err, billing.ErrBillPaid, payment.ErrOrderReplaced)
	if err != nil {
		return
	}
	// The desk, say, is quicker: the bill is paid when the money comes.
	if len(bills) > 0 && rapid.IntRange(0, 2).Draw(p.rt, "overtaken") == 0 {
		id := p.h.Bills[bills[0]].ID
		_ = p.w.Db.Write(paymenttest.Bg, func(tx *store.Tx) error { // where it is not paid in full, no matter
			_, err := billing.Adjust(tx, billing.Approval{
				Asked: paymenttest.Asker.Actor(), Approved: paymenttest.Approver.Actor(), Reason: "开错",
			}, billing.Adjustment{Kind: fees.EntryVoid, BillID: id})
			return err
		})
	}
	p.w.PaysAtWechat(c.Order.No)
	p.w.Drain()
	p.orders = append(p.orders, p.w.OrderNow(c.Order.No))
}

func (p *refundPlay) ask() {
	if len(p.orders) == 0 {
		return
	}
	o := rapid.SampledFrom(p.orders).Draw(p.rt, "order")
	ask := paymenttest.WholeOrder(o)
	ask.BillAfter = rapid.SampledFrom([]string{money.BillsOwed, money.BillsCredited}).Draw(p.rt, "after")
	ask.AmountFen = models.Fen(rapid.SampledFrom([]int64{0, 0, 1, 700, 11002, 20000}).Draw(p.rt, "amount"))
	r, err := refund.Request(paymenttest.Bg, p.w.Pay, paymenttest.Asker, ask)
	p.allowed(err, payment.ErrRefundTooMuch, money.ErrPrepaidShort)
	if err == nil {
		p.refunds = append(p.refunds, r.No)
	}
}

// all returns the refunds in a state, those by policy among them.
func (p *refundPlay) all(states ...string) []money.Refund {
	var out []money.Refund
	for _, o := range p.orders {
		list, err := money.RefundsOfOrder(p.w.Db.View(paymenttest.Bg), o.No)
		if err != nil {
			p.fail("%v", err)
		}
		for _, r := range list {
			if len(states) == 0 || slices.Contains(states, r.Status) {
				out = append(out, r)
			}
		}
	}
	return out
}

func (p *refundPlay) one(states ...string) *money.Refund {
	list := p.all(states...)
	if len(list) == 0 {
		return nil
	}
	return &list[rapid.IntRange(0, len(list)-1).Draw(p.rt, "refund")]
}

func (p *refundPlay) approve() {
	if r := p.one(money.RefundAsked); r != nil {
		_, err := refund.Approve(paymenttest.Bg, p.w.Pay, paymenttest.Approver, r.No, "")
		p.allowed(err, payment.ErrRefundTooMuch, money.ErrPrepaidShort)
	}
}

func (p *refundPlay) reject() {
	if r := p.one(money.RefundAsked); r != nil {
		_, err := refund.Reject(paymenttest.Bg, p.w.Pay, paymenttest.Approver, r.No, "不退")
		p.allowed(err)
	}
}

func (p *refundPlay) follow() {
	if r := p.one(); r != nil {
		_, err := refund.Follow(paymenttest.Bg, p.w.Pay, r.No)
		p.allowed(err, payment.ErrUnavailable)
	}
}

func (p *refundPlay) sweep() {
	p.w.Exec("UPDATE refunds SET next_check_at = 1")
	_, err := refund.Sweep(paymenttest.Bg, p.w.Pay)
	p.allowed(err)
}

// finish is WeChat's decision about a refund that it has; the callback comes, comes
// thrice or is lost.
func (p *refundPlay) finish() {
	r := p.one(money.RefundSending, money.RefundProcessing, money.RefundAbnormal)
	if r == nil {
		return
	}
	way := rapid.SampledFrom([]string{"told", "told thrice", "lost"}).Draw(p.rt, "callback")
	switch way {
	case "told thrice":
		p.w.Inject(sandbox.Fault{Kind: sandbox.FaultRepeated, Route: sandbox.RouteNotifyRefund})
	case "lost":
		p.w.Inject(sandbox.Fault{Kind: sandbox.FaultLost, Route: sandbox.RouteNotifyRefund})
	}
	status := rapid.SampledFrom([]sandbox.RefundStatus{
		sandbox.RefundSuccess, sandbox.RefundSuccess, sandbox.RefundClosed, sandbox.RefundAbnormal,
	}).Draw(p.rt, "status")
	if r.Status == money.RefundAbnormal && status == sandbox.RefundAbnormal {
		status = sandbox.RefundSuccess
	}
	err := p.w.Box.FinishRefund(r.No, status)
	p.say("  %s, %s: %v", status, way, err) // WeChat may not have it, or have decided before
	p.w.Drain()
	p.w.Box.ClearFaults()
}

func (p *refundPlay) void() {
	id := p.h.Bills[rapid.IntRange(0, 2).Draw(p.rt, "bill")].ID
	err := p.w.Db.Write(paymenttest.Bg, func(tx *store.Tx) error {
		_, err := billing.Adjust(tx, billing.Approval{
			Asked: paymenttest.Asker.Actor(), Approved: paymenttest.Approver.Actor(), Reason: "更正",
		}, billing.Adjustment{Kind: fees.EntryCorrection, BillID: id, AmountFen: 8000})
		return err
	})
	p.allowed(err, billing.ErrBillRefunding, billing.ErrBillVoid, billing.ErrCorrection)
}

// spend has a new bill paid by the room's prepayment.
func (p *refundPlay) spend() {
	err := p.w.Db.Write(paymenttest.Bg, func(tx *store.Tx) error {
		b := p.h.Bills[0]
		b.ID, b.Item, b.Status, b.PrincipalFen, b.PaidPrincipalFen, b.PaidLateFeeFen, b.EntryCount, b.DiscountFen = models.NewID(),
			models.NewID(), fees.BillUnpaid, 300, 0, 0, 0, 0
		b.IssuedOn, b.DueOn = tx.Today(), tx.Today()+15
		if _, err := fees.InsertBills(tx, []fees.Bill{b}, false); err != nil {
			return err
		}
		if err := money.Journal(tx,
			[]money.JournalLine{{Kind: money.JournalIssue, Debit: money.AccountReceivable, Credit: money.AccountRevenue, AmountFen: 300,
				CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID}}); err != nil {
			return err
		}
		return billing.OffsetPrepaid(tx, &b)
	})
	p.allowed(err)
}

func (p *refundPlay) lineCut() {
	p.w.Gate.Down.Store(true)
	p.follow()
	p.w.Gate.Down.Store(false)
}

func (p *refundPlay) trouble() {
	kind := rapid.SampledFrom([]sandbox.FaultKind{
		sandbox.FaultCutAfter, sandbox.FaultSystemErrorAfter, sandbox.FaultFrequency, sandbox.FaultUnsigned, sandbox.FaultError,
	}).Draw(p.rt, "fault")
	p.w.Inject(sandbox.Fault{Kind: kind, Route: sandbox.RouteRefund, Status: 403, Code: "NOT_ENOUGH", Times: 3})
	p.follow()
	p.w.Box.ClearFaults()
}

func (p *refundPlay) byHand() {
	if r := p.one(money.RefundAbnormal); r != nil {
		_, err := refund.SettleByHand(paymenttest.Bg, p.w.Pay, paymenttest.Asker, r.No, "已转账")
		p.allowed(err)
	}
}

func (p *refundPlay) giveUp() {
	if r := p.one(money.RefundSending); r != nil {
		_, err := refund.GiveUp(paymenttest.Bg, p.w.Pay, paymenttest.Asker, r.No, "不退了")
		p.allowed(err, refund.ErrRefundMoving)
	}
}

// refundForward are the moves that a refund may make.
var refundForward = map[string][]string{
	"":                     {money.RefundAsked, money.RefundSending},
	money.RefundAsked:      {money.RefundAsked, money.RefundRejected, money.RefundSending},
	money.RefundSending:    {money.RefundSending, money.RefundProcessing, money.RefundSuccess, money.RefundClosed, money.RefundAbnormal},
	money.RefundProcessing: {money.RefundProcessing, money.RefundSuccess, money.RefundClosed, money.RefundAbnormal},
	money.RefundAbnormal:   {money.RefundAbnormal, money.RefundSuccess, money.RefundClosed},
	money.RefundSuccess:    {money.RefundSuccess},
	money.RefundClosed:     {money.RefundClosed, money.RefundProcessing, money.RefundSuccess, money.RefundAbnormal},
	money.RefundRejected:   {money.RefundRejected},
}

func (p *refundPlay) check() {
	p.w.Clean()
	for _, r := range p.all() {
		if !slices.Contains(refundForward[p.seen[r.No]], r.Status) {
			p.fail("a refund went from %q to %s", p.seen[r.No], r.Status)
		}
		p.seen[r.No] = r.Status
		theirs, err := p.w.Box.Refund(r.No)
		if r.Status == money.RefundSuccess && r.Source != money.LearnedByStaff && (err != nil || theirs.Status != sandbox.RefundSuccess) {
			p.fail("refund %s is a success here, and not at WeChat: %v", r.No, err)
		}
		if r.Status == money.RefundClosed && err == nil && theirs.Status != sandbox.RefundClosed {
			p.fail("refund %s is closed here, and %s at WeChat", r.No, theirs.Status)
		}
	}
	if p.w.T.Failed() {
		p.fail("the books do not agree")
	}
}

// end lets everything come to its end.
func (p *refundPlay) end() {
	for range 3 {
		for _, r := range p.all(money.RefundSending, money.RefundProcessing, money.RefundAbnormal) {
			p.w.Clock.Advance(61 * time.Second)
			p.followOne(r.No)
			if theirs, err := p.w.Box.Refund(r.No); err == nil &&
				(theirs.Status == sandbox.RefundProcessing || theirs.Status == sandbox.RefundAbnormal) {
				p.w.Finishes(r, sandbox.RefundSuccess)
			}
		}
	}
	p.check()
	if left := p.all(money.RefundSending, money.RefundProcessing, money.RefundAbnormal); len(left) > 0 {
		p.fail("%d refunds have not come to an end; the first is %s: %s", len(left), left[0].Status, left[0].Fault)
	}
	for _, o := range p.orders {
		theirs := models.Fen(0)
		tr, err := p.w.Box.Order(o.No)
		if err != nil {
			p.fail("%v", err)
		}
		for _, f := range tr.Refunds {
			if f.Status == sandbox.RefundSuccess {
				theirs += models.Fen(f.AmountFen)
			}
		}
		ours := models.Fen(p.w.Number(
			"SELECT COALESCE(SUM(amount_fen), 0) FROM refunds WHERE order_no = ? AND status = 'success' AND source <> 'staff'", o.No))
		if ours != theirs {
			p.fail("order %s: %d went back here, %d at WeChat", o.No, ours, theirs)
		}
	}
}

func (p *refundPlay) followOne(no string) {
	_, err := refund.Follow(paymenttest.Bg, p.w.Pay, no)
	p.allowed(err, payment.ErrUnavailable)
}
