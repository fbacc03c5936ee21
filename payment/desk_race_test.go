package payment_test

import (
	"bytes"
	"net/http"
	"sync"
	"testing"
	"time"

	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/payment"
	"wuyepay/sandbox"
)

// balanced is [world.agree] where money came in at the desk as well.
func (w *world) balanced() {
	w.t.Helper()
	w.clean()
	count, sum := int64(0), int64(0)
	for tr := range w.box.Books() {
		if tr.State == "SUCCESS" {
			count, sum = count+1, sum+tr.TotalFen
		}
	}
	if n, fen := w.number("SELECT COUNT(*) FROM payments WHERE channel = 'wechat'"), w.number("SELECT COALESCE(SUM(amount_fen), 0) FROM payments WHERE channel = 'wechat'"); n != count || fen != sum {
		w.t.Errorf("booked %d payments of %d fen by WeChat, WeChat has %d of %d", n, fen, count, sum)
	}
}

// An order that is open on the bill is closed at WeChat before the cash is booked.
func TestDeskClosesTheOpenOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	by := w.staff(office.RoleCashier)
	on, beside := h.order(0, 0), h.order(0, 1)
	w.takes(by, h.atDesk(0))
	w.wantOrder(on.Order.No, money.OrderClosed, "CLOSED")
	w.wantOrder(beside.Order.No, money.OrderPending, "NOTPAY") // of a bill that the cash is not for
	w.takes(by, h.amount(5000))                                // by the policy that is the second bill
	w.wantOrder(beside.Order.No, money.OrderClosed, "CLOSED")
	w.balanced()
}

// The order on the bill is paid at WeChat, and we have not heard of it: the desk is
// told, and the money is booked as the phone's.
func TestDeskIsToldOfAPayment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	by := w.staff(office.RoleCashier)
	c := h.order(0, 0)
	req := h.atDesk(0)
	w.paysAtWechat(c.Order.No, silent)
	_, err := w.pay.TakeAtDesk(bg, by, req)
	refused(t, err, payment.ErrDeskPaid)
	w.wantOrder(c.Order.No, money.OrderPaid, "SUCCESS")
	if n := w.number("SELECT COUNT(*) FROM desk_entries"); n != 0 {
		t.Errorf("%d entries", n)
	}
	w.balanced()
}

// Paid between the question and the closing.
func TestDeskWhilePaying(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	c := h.order(0, 0)
	w.gate.onceBefore(callClose, func() { w.paysAtWechat(c.Order.No, silent) })
	_, err := w.pay.TakeAtDesk(bg, w.staff(office.RoleCashier), h.atDesk(0))
	refused(t, err, payment.ErrDeskPaid)
	w.balanced()
}

// WeChat does not answer, or says that the owner is typing the password: nothing is
// booked until it is known.
func TestDeskWhileInDoubt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	by := w.staff(office.RoleCashier)
	c := h.order(0, 0)
	for _, route := range []sandbox.Route{sandbox.RouteQuery, sandbox.RouteClose} {
		w.inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: route, Times: 20})
		_, err := w.pay.TakeAtDesk(bg, by, h.atDesk(0))
		refused(t, err, payment.ErrDeskUnknown)
		w.box.ClearFaults()
	}
	p := w.platform("main")
	w.gate.mu.Lock()
	w.gate.forge[callQuery] = func(header http.Header, answer []byte) []byte {
		answer = bytes.Replace(answer, []byte(`"NOTPAY"`), []byte(`"USERPAYING"`), 1)
		p.sign(header, answer)
		return answer
	}
	w.gate.mu.Unlock()
	_, err := w.pay.TakeAtDesk(bg, by, h.atDesk(0))
	refused(t, err, payment.ErrDeskPaying)
	w.wantOrder(c.Order.No, money.OrderPending, "NOTPAY")
	w.gate.mu.Lock()
	delete(w.gate.forge, callQuery)
	w.gate.mu.Unlock()
	if n := w.number("SELECT COUNT(*) FROM payments"); n != 0 {
		t.Errorf("%d payments", n)
	}
	w.takes(by, h.atDesk(0)) // it answers again
	w.wantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	w.balanced()
}

// An order that was closed here while WeChat was silent may still be paid: the desk
// asks about it, too, and what the owner paid after the cash is prepayment.
func TestDeskAndAnUnconfirmedClosing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	by := w.staff(office.RoleCashier)
	c := h.order(0, 0)
	w.exec("UPDATE orders SET status = 'closed' WHERE no = ?", c.Order.No)
	w.exec("UPDATE order_lines SET open_bill_id = NULL")
	w.gate.down.Store(true)
	_, err := w.pay.TakeAtDesk(bg, by, h.atDesk(0))
	refused(t, err, payment.ErrDeskUnknown)
	w.gate.down.Store(false)
	w.takes(by, h.atDesk(0))
	w.wantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	w.balanced()
}

// WeChat takes money for an order that it had said was closed: the bill is paid in
// cash by then, and the money becomes prepayment.
func TestLateMoneyAfterTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(1)
	c := h.order(0, 0)
	w.takes(w.staff(office.RoleCashier), h.atDesk(0))
	payLate(w, c.Order.No)
	if h.prepaid() != 12949 || h.bill(0).Status != fees.BillPaid {
		t.Errorf("prepaid %d, bill %s", h.prepaid(), h.bill(0).Status)
	}
	w.clean()
}

// The desk and phones at the same moment on the same bills: every yuan that was
// taken is booked once, and what no bill takes is prepayment.
func TestDeskAndPhonesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	by := w.staff(office.RoleCashier)
	var all sync.WaitGroup
	var mu sync.Mutex
	cash, refusals := models.Fen(0), map[string]int{}
	for n := range 7 {
		h := w.home(2)
		whole, amount := h.atDesk(0, 1), h.amount(30_000)
		for i, req := range []payment.DeskRequest{whole, whole, amount} { // the form is posted twice
			all.Go(func() {
				r, err := w.pay.TakeAtDesk(bg, by, req)
				mu.Lock()
				defer mu.Unlock()
				switch e, ok := models.AsError(err); {
				case err == nil && !r.Repeat:
					cash += r.Payment.AmountFen
				case err != nil && !ok:
					t.Errorf("desk %d: %v", i, err)
				case err != nil:
					refusals[e.Code]++
				}
			})
		}
		if n == 0 { // the desk wins here for certain
			continue
		}
		for _, bills := range [][]int{{0}, {1}, {0, 1}} {
			req := h.wants(0, bills...)
			all.Go(func() {
				if c, err := w.pay.Checkout(bg, req); err == nil {
					_, _ = w.box.PayWith(c.Order.No, sandbox.PayOptions{}) // closed meanwhile: not paid
				}
			})
		}
	}
	all.Wait()
	w.drain()
	w.everythingDue()
	w.sweep()
	w.balanced()
	if booked := models.Fen(w.number("SELECT COALESCE(SUM(amount_fen), 0) FROM payments WHERE channel = 'cash'")); booked != cash || w.journaled(money.AccountCash) != cash {
		t.Errorf("the desk took %d, booked %d, journal %d", cash, booked, w.journaled(money.AccountCash))
	}
	if n := w.number("SELECT COUNT(*) FROM desk_entries"); n != w.number("SELECT COUNT(DISTINCT form_key) FROM desk_entries") || n == 0 {
		t.Errorf("%d entries", n)
	}
	t.Logf("cash %d fen, refused %v, surplus %d fen", cash, refusals, w.number("SELECT COALESCE(SUM(surplus_fen), 0) FROM payments"))
}

// Two cashiers use a voucher at once; one of them is told its number.
func TestVoucherAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range 8 {
		h := w.home(1)
		req := h.atDesk(0)
		req.Channel, req.VoucherNo = money.ChannelTransfer, "T-1"
		by := w.staff(office.RoleCashier)
		all.Go(func() {
			_, err := w.pay.TakeAtDesk(bg, by, req)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			} else {
				refused(t, err, payment.ErrVoucherUsed)
			}
		})
	}
	all.Wait()
	if done != 1 {
		t.Errorf("booked %d times", done)
	}
	w.clean()
}

// A day is closed while payments and reversals are entered in it: what was closed is
// what is in it, for good.
func TestDayClosedWhileEntering(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	by, finance := w.staff(office.RoleCashier), w.staff(office.RoleFinance)
	today := w.db.Today()
	community := modelstest.Community(t, w.db, "测试小区").ID
	var all sync.WaitGroup
	for i := range 10 {
		h := w.home(1)
		all.Go(func() {
			r, err := w.pay.TakeAtDesk(bg, by, h.amount(models.Fen(1000+i)))
			if err != nil {
				refused(t, err, payment.ErrDayClosed)
				return
			}
			if i%3 == 0 {
				if _, err := w.pay.ReverseAtDesk(bg, finance, r.Payment.ID, "测试"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		for {
			days, err := desk.DeskDays(w.db.View(bg), today, "")
			if err != nil {
				t.Error(err)
				return
			}
			if len(days) == 0 || days[0].BookedCount < 3 {
				time.Sleep(time.Millisecond)
				continue
			}
			_, err = w.pay.CloseDay(bg, by, payment.DayCount{CommunityID: community, StaffID: by.ID, Channel: money.ChannelCash, On: today,
				CountedFen: days[0].NetFen(), ShownFen: days[0].NetFen()})
			if err == nil {
				return
			}
			refused(t, err, payment.ErrDayChanged)
		}
	})
	all.Wait()
	w.clean()
	if n := w.number("SELECT COUNT(*) FROM desk_days WHERE status = 'closed'"); n != 1 {
		t.Errorf("%d closed days", n)
	}
}
