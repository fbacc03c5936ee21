package payment_test

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
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// play is a run of random events around two rooms, with what a naive observer
// knows: which orders there were, and which of them the owner has paid.
type play struct {
	w      *paymenttest.World
	rt     *rapid.T
	homes  []*paymenttest.Home
	orders []*played
	seen   map[string]string // the last state of each order
	story  []string
}

type played struct {
	no    string
	home  *paymenttest.Home
	bills []int
	fen   models.Fen
	paid  bool
}

// Random events in random order, WeChat's line cut now and then: after each of
// them the books agree, no order moves backward and no bill is in two open orders;
// in the end all that was paid at WeChat is booked, once, where it belongs.
func TestRandomEvents(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{estate.LateFeeFirst, estate.PrincipalFirst} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			var w *paymenttest.World
			runs := 0
			rapid.Check(t, func(rt *rapid.T) {
				if modelstest.RaceEnabled && runs == 10 {
					return // ten times as slow, and no other answers
				}
				if runs%20 == 0 { // the books stay small, and are proven fast
					w = paymenttest.NewWorld(t)
				}
				runs++
				p := &play{w: w, rt: rt, homes: []*paymenttest.Home{w.Home(2), w.Home(1)}, seen: map[string]string{}}
				w.Exec("UPDATE communities SET settlement = ?", policy)
				for range rapid.IntRange(4, 14).Draw(rt, "events") {
					p.event()
					p.check()
				}
				p.end()
			})
		})
	}
}

func (p *play) event() {
	events := []string{
		"checkout", "checkout", "checkout", "pay", "pay", "tell", "ask", "close", "sweep", "wait", "reconcile", "spoiled checkout",
		"line cut",
	}
	switch name := rapid.SampledFrom(events).Draw(p.rt, "event"); name {
	case "checkout":
		p.checkout(nil)
	case "spoiled checkout":
		kind := rapid.SampledFrom([]sandbox.FaultKind{
			sandbox.FaultCutAfter, sandbox.FaultSystemError, sandbox.FaultFrequency, sandbox.FaultUnsigned,
		}).Draw(p.rt, "fault")
		p.checkout(&sandbox.Fault{Kind: kind, Route: sandbox.RoutePrepay, Times: 9})
	case "pay":
		p.pay()
	case "tell":
		p.tell()
	case "ask":
		p.withOrder(name, func(o *played) error { _, err := p.w.Pay.QueryOrder(paymenttest.Bg, o.no); return err })
	case "close":
		p.withOrder(name, func(o *played) error { _, err := p.w.Pay.Close(paymenttest.Bg, o.home.User.ID, o.no); return err })
	case "line cut":
		p.w.Gate.Down.Store(true)
		p.withOrder("ask while the line is cut", func(o *played) error { _, err := p.w.Pay.QueryOrder(paymenttest.Bg, o.no); return err })
		p.w.Gate.Down.Store(false)
	case "sweep":
		p.say("sweep")
		p.w.EverythingDue()
		p.w.Sweep()
	case "wait":
		d := rapid.SampledFrom([]time.Duration{
			time.Second, 10 * time.Minute, 29 * time.Minute, 31 * time.Minute, 13 * time.Hour,
		}).Draw(p.rt, "wait")
		p.say("wait %s", d)
		p.w.Clock.Advance(d)
	case "reconcile":
		day := p.w.Db.Today() - 1
		if p.w.Clock.Now().In(models.Shanghai).Hour() >= 10 {
			p.say("reconcile %s", day)
			p.w.Reconcile(day)
		}
	}
}

func (p *play) say(format string, args ...any) {
	p.story = append(p.story, p.w.Clock.Now().Format("02 15:04:05 ")+fmt.Sprintf(format, args...))
}

func (p *play) checkout(fault *sandbox.Fault) {
	h := rapid.SampledFrom(p.homes).Draw(p.rt, "room")
	o := &played{home: h}
	for i := range h.Bills {
		if rapid.Bool().Draw(p.rt, "bill") {
			o.bills = append(o.bills, i)
		}
	}
	prepay := rapid.SampledFrom([]models.Fen{0, 0, 77}).Draw(p.rt, "prepay")
	req := h.Wants(prepay, o.bills...)
	if fault != nil {
		p.w.Inject(*fault)
	}
	known := map[string]bool{}
	for tr := range p.w.Box.Books() {
		known[tr.OutTradeNo] = true
	}
	c, err := p.w.Pay.Checkout(paymenttest.Bg, req)
	p.w.Box.ClearFaults()
	p.say("checkout %v + %d: %v", o.bills, prepay, err)
	p.allowed(err, payment.ErrUnavailable, payment.ErrNothingToPay, billing.ErrBillPaid)
	o.fen = req.ExpectedTotal
	switch {
	case err == nil:
		o.no = c.Order.No
	default: // WeChat may have an order all the same
		for tr := range p.w.Box.Books() {
			if !known[tr.OutTradeNo] {
				o.no = tr.OutTradeNo
			}
		}
	}
	if o.no != "" {
		p.orders = append(p.orders, o)
	}
}

func (p *play) allowed(err error, want ...*models.Error) {
	if err == nil || slices.ContainsFunc(want, func(e *models.Error) bool { return errors.Is(err, e) }) {
		return
	}
	p.fail("%v", err)
}

// pay is the owner paying any order that WeChat lets them pay; the callback comes,
// comes thrice or is lost.
func (p *play) pay() {
	p.withOrder("pay", func(o *played) error {
		way := rapid.SampledFrom([]string{"told", "told thrice", "lost"}).Draw(p.rt, "callback")
		if way == "told thrice" {
			p.w.Inject(sandbox.Fault{Kind: sandbox.FaultRepeated, Route: sandbox.RouteNotifyPayment})
		}
		_, err := p.w.Box.PayWith(o.no, sandbox.PayOptions{NoNotify: way == "lost"})
		p.w.Box.ClearFaults()
		if err != nil {
			p.say("it cannot be paid: %v", err)
			return nil
		}
		o.paid = true
		p.say("paid, %s", way)
		p.w.Drain()
		return nil
	})
}

// tell delivers the callback of a paid order, for the first time or once more.
func (p *play) tell() {
	p.withOrder("tell", func(o *played) error {
		if !o.paid {
			return nil
		}
		tr, err := p.w.Box.Order(o.no)
		if err != nil {
			return err
		}
		wechat := p.w.Platform("main")
		cb := wechat.Signed(wechat.Sealed("EV-"+o.no, "TRANSACTION.SUCCESS", paymenttest.PaidAs(wechat, p.w.OrderNow(o.no), tr)))
		return p.w.Pay.Notify(paymenttest.Bg, "main", cb.Header, cb.Body)
	})
}

func (p *play) withOrder(what string, f func(o *played) error) {
	if len(p.orders) == 0 {
		return
	}
	i := rapid.IntRange(0, len(p.orders)-1).Draw(p.rt, "order")
	p.say("%s order %d", what, i)
	p.allowed(f(p.orders[i]), payment.ErrUnavailable)
}

func (p *play) fail(format string, args ...any) {
	p.rt.Helper()
	p.rt.Fatalf("%s\n%s", fmt.Sprintf(format, args...), strings.Join(p.story, "\n"))
}

// forward are the moves that an order may make.
var forward = map[string][]string{
	"":                   {money.OrderPending, money.OrderClosed, money.OrderPaid},
	money.OrderPending:   {money.OrderPending, money.OrderClosed, money.OrderPaid},
	money.OrderClosed:    {money.OrderClosed, money.OrderPaid},
	money.OrderPaid:      {money.OrderPaid},
	money.OrderException: nil,
}

// check proves what must hold after every event.
func (p *play) check() {
	p.w.Clean()
	open := map[string]bool{}
	for _, o := range p.orders {
		now := p.w.OrderNow(o.no)
		if !slices.Contains(forward[p.seen[o.no]], now.Status) {
			p.fail("an order went from %s to %s", p.seen[o.no], now.Status)
		}
		p.seen[o.no] = now.Status
		if now.Status == money.OrderPaid && !o.paid {
			p.fail("order %s is paid here, and nobody paid it", o.no)
		}
		if now.Status != money.OrderPending {
			continue
		}
		for _, i := range o.bills {
			id := o.home.Bills[i].ID
			if open[id] {
				p.fail("a bill is in two open orders")
			}
			open[id] = true
		}
	}
	if p.w.T.Failed() {
		p.fail("the books do not agree")
	}
}

// end lets WeChat tell all there is to tell, and holds the books against the naive
// observer's.
func (p *play) end() {
	day := p.w.NextDay()
	p.w.EverythingDue()
	p.w.Sweep()
	p.w.Reconcile(day)
	p.check()
	for i, h := range p.homes {
		settled, came := map[int]bool{}, models.Fen(0)
		for _, o := range p.orders {
			if o.home != h || !o.paid {
				continue
			}
			came += o.fen
			for _, b := range o.bills {
				settled[b] = true
			}
		}
		spent := models.Fen(0)
		for b := range h.Bills {
			s := h.Bill(b)
			spent += s.PaidPrincipalFen + s.PaidLateFeeFen
			if settled[b] != (s.Status == fees.BillPaid) {
				p.fail("bill %d of room %d is %s, paid for: %t", b, i, s.Status, settled[b])
			}
		}
		if h.Prepaid() != came-spent {
			p.fail("room %d: %d fen came, bills took %d, prepaid %d", i, came, spent, h.Prepaid())
		}
	}
	for _, o := range p.orders {
		if now := p.w.OrderNow(o.no); now.Status == money.OrderPending || now.Status == money.OrderClosed && !now.ClosedAtWechat {
			p.fail("an order is still open: %s", now.Status)
		}
	}
	p.w.Agree()
	if p.w.T.Failed() {
		p.fail("the books do not agree with WeChat's")
	}
}
