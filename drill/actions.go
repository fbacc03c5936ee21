package main

import (
	"bytes"
	"errors"
	"net/http"
	"sync"
	"time"

	"wuyepay/sandbox"
)

// actions lists what can happen, and how often. A new kind of action is a line here. An
// action returns an error only for what must never happen.
var actions = []struct {
	name   string
	weight int
	do     func(*worker, step) error
}{
	{"pay bills", 40, (*worker).payBills},
	{"pay in advance", 10, (*worker).prepay},
	{"press twice", 6, (*worker).pressTwice},
	{"walk away", 6, (*worker).walkAway},
	{"give up", 7, (*worker).giveUp},
	{"give up while paying", 6, (*worker).giveUpWhilePaying},
	{"pay late", 8, (*worker).payLate},
	{"look", 8, (*worker).lookAround},
	{"WeChat repeats a callback", 4, (*worker).repeatCallback},
	{"forge a callback", 4, (*worker).forge},
	{"reconcile", 1, (*worker).reconcile},
	{"refund", 12, (*worker).refund},
	{"desk", 10, (*worker).desk},
}

// some chooses bills from those that are owed. The chances of the step decide how many
// and which, never an answer of the server.
func (s step) some(owed []debt) []debt {
	if len(owed) == 0 {
		return nil
	}
	n := 1 + s.pick(0, min(4, len(owed)))
	from := s.pick(1, len(owed)-n+1)
	return owed[from : from+n]
}

// newOrder places an order from one of the household's phones for some of its bills.
func (w *worker) newOrder(s step) (*phone, *placed) {
	h := w.d.homes[s.household]
	p := h.phones[s.pick(2, 2)]
	return p, p.order(w.ctx, h.room, s.some(p.arrears(w.ctx, h.room)), 0)
}

func (w *worker) payBills(s step) error {
	p, o := w.newOrder(s)
	if o == nil {
		return nil
	}
	return w.press(p, o, s)
}

func (w *worker) prepay(s step) error {
	h := w.d.homes[s.household]
	p := h.phones[s.pick(2, 2)]
	o := p.order(w.ctx, h.room, nil, int64(100+s.pick(0, 50_000)))
	if o == nil {
		return nil
	}
	return w.press(p, o, s)
}

// press pays an order as the owner does with the password. Some owners look at the order
// afterwards, as the mini-program does, and some pay with a coupon.
func (w *worker) press(p *phone, o *placed, s step) error {
	err := w.pay(o, s.chance[3] < 0.1)
	w.paid = append(w.paid, o.Order.No)
	if s.chance[4] < 0.5 && err == nil {
		p.look(w.ctx, o.Order.No)
	}
	return err
}

// pay pays an order at WeChat. An order that can no longer be paid is no fault.
func (w *worker) pay(o *placed, coupon bool) error {
	var err error
	if coupon {
		_, err = w.d.bed.box.PayWith(o.Order.No, sandbox.PayOptions{CouponFen: 1})
	} else {
		q := o.PayParams
		_, err = w.d.bed.box.RequestPayment(sandbox.PaymentRequest{TimeStamp: q.TimeStamp, NonceStr: q.NonceStr, Package: q.Package,
			SignType: q.SignType, PaySign: q.PaySign})
	}
	switch {
	case err == nil:
		w.d.log.add("payments made at WeChat", 1)
		w.d.log.paidOrder(o.Order.No)
		return nil
	case errors.Is(err, sandbox.ErrOrderClosed), errors.Is(err, sandbox.ErrOrderPaid), errors.Is(err, sandbox.ErrPrepayExpired):
		w.d.log.add("payments that WeChat refused: closed, paid or too late", 1)
		return nil
	}
	return err // for example, a bad signature of our own
}

// pressTwice orders the same bills from both phones of a household at once, and pays.
func (w *worker) pressTwice(s step) error {
	h := w.d.homes[s.household]
	bills := s.some(h.phones[0].arrears(w.ctx, h.room))
	var both sync.WaitGroup
	errs := make([]error, 2)
	for k, p := range h.phones {
		both.Go(func() {
			if o := p.order(w.ctx, h.room, bills, 0); o != nil {
				errs[k] = w.pay(o, false)
			}
		})
	}
	both.Wait()
	return errors.Join(errs...)
}

func (w *worker) walkAway(s step) error {
	w.newOrder(s)
	return nil
}

func (w *worker) giveUp(s step) error {
	if p, o := w.newOrder(s); o != nil {
		p.ask(w.ctx, "POST", "/orders/"+o.Order.No+"/close", "", nil)
		if s.chance[3] < 0.5 { // the payment sheet is still open on the phone
			return w.pay(o, false)
		}
	}
	return nil
}

func (w *worker) giveUpWhilePaying(s step) error {
	p, o := w.newOrder(s)
	if o == nil {
		return nil
	}
	var both sync.WaitGroup
	var err error
	both.Go(func() { err = w.pay(o, false) })
	both.Go(func() { p.ask(w.ctx, "POST", "/orders/"+o.Order.No+"/close", "", nil) })
	both.Wait()
	return err
}

// payLate leaves a payment sheet open, and pays an order that was left open before.
func (w *worker) payLate(s step) error {
	if _, o := w.newOrder(s); o != nil {
		w.open = append(w.open, o)
	}
	if len(w.open) < 3 {
		return nil
	}
	o := w.open[0]
	w.open = w.open[1:]
	w.paid = append(w.paid, o.Order.No)
	return w.pay(o, false)
}

func (w *worker) lookAround(s step) error {
	h := w.d.homes[s.household]
	p := h.phones[s.pick(2, 2)]
	p.arrears(w.ctx, h.room)
	var list struct{ Orders []struct{ No string } }
	if a := p.ask(w.ctx, "GET", "/orders", "", nil); a.good() && a.into(&list) == nil && len(list.Orders) > 0 {
		p.look(w.ctx, list.Orders[s.pick(3, len(list.Orders))].No)
	}
	return nil
}

func (w *worker) repeatCallback(s step) error {
	if len(w.paid) == 0 {
		return nil
	}
	_ = w.d.bed.box.Renotify(w.paid[s.pick(0, len(w.paid))]) // an order that was never paid has no callback
	return nil
}

// forge sends a forged callback. An answer of success is a failure of the drill.
func (w *worker) forge(s step) error {
	body := []byte(`{"id":"EV-forged","event_type":"TRANSACTION.SUCCESS","resource":{"algorithm":"AEAD_AES_256_GCM","ciphertext":"` +
		w.d.nextKey() + `","nonce":"123456789012"}}`)
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, "http://"+w.d.bed.front.address()+"/wechat/pay/main/notify",
		bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Wechatpay-Timestamp", time.Now().Format("20060102")) // no Unix time at all
	req.Header.Set("Wechatpay-Nonce", "forged")
	req.Header.Set("Wechatpay-Serial", w.d.bed.publicKeyID())
	req.Header.Set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/forged")
	res, err := w.d.client.Do(req)
	if err != nil {
		w.d.log.add("requests without an answer", 1)
		return nil //nolint:nilerr // the wire was cut, which proves nothing
	}
	res.Body.Close()
	w.d.log.add("callbacks forged by a stranger", 1)
	if res.StatusCode < 400 {
		return errors.New("a forged callback was answered well")
	}
	return nil
}

// reconcile runs the command beside the servers, and kills it half of the time.
func (w *worker) reconcile(s step) error {
	days := w.d.pastDays()
	if len(days) == 0 {
		return nil
	}
	w.d.reconcileOnce(w.ctx, days[s.pick(0, len(days))], s)
	return nil
}
