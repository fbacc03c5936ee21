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
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
	"wuyepay/sandbox"
)

// An order that is open on the bill is closed at WeChat before the cash is booked.
func TestDeskClosesTheOpenOrder(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	by := w.Staff(office.RoleCashier)
	on, beside := h.Order(0, 0), h.Order(0, 1)
	w.Takes(by, h.AtDesk(0))
	w.WantOrder(on.Order.No, money.OrderClosed, "CLOSED")
	w.WantOrder(beside.Order.No, money.OrderPending, "NOTPAY") // of a bill that the cash is not for
	w.Takes(by, h.Amount(5000))                                // by the policy that is the second bill
	w.WantOrder(beside.Order.No, money.OrderClosed, "CLOSED")
	w.Balanced()
}

// The order on the bill is paid at WeChat, and we have not heard of it: the desk is
// told, and the money is booked as the phone's.
func TestDeskIsToldOfAPayment(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	by := w.Staff(office.RoleCashier)
	c := h.Order(0, 0)
	req := h.AtDesk(0)
	w.PaysAtWechat(c.Order.No, paymenttest.Silent)
	_, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, req)
	paymenttest.Refused(t, err, payment.ErrDeskPaid)
	w.WantOrder(c.Order.No, money.OrderPaid, "SUCCESS")
	if n := w.Number("SELECT COUNT(*) FROM desk_entries"); n != 0 {
		t.Errorf("%d entries", n)
	}
	w.Balanced()
}

// Paid between the question and the closing.
func TestDeskWhilePaying(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	c := h.Order(0, 0)
	w.Gate.OnceBefore(paymenttest.CallClose, func() { w.PaysAtWechat(c.Order.No, paymenttest.Silent) })
	_, err := w.Pay.TakeAtDesk(paymenttest.Bg, w.Staff(office.RoleCashier), h.AtDesk(0))
	paymenttest.Refused(t, err, payment.ErrDeskPaid)
	w.Balanced()
}

// WeChat does not answer, or says that the owner is typing the password: nothing is
// booked until it is known.
func TestDeskWhileInDoubt(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	by := w.Staff(office.RoleCashier)
	c := h.Order(0, 0)
	for _, route := range []sandbox.Route{sandbox.RouteQuery, sandbox.RouteClose} {
		w.Inject(sandbox.Fault{Kind: sandbox.FaultSystemError, Route: route, Times: 20})
		_, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, h.AtDesk(0))
		paymenttest.Refused(t, err, payment.ErrDeskUnknown)
		w.Box.ClearFaults()
	}
	p := w.Platform("main")
	w.Gate.Mu.Lock()
	w.Gate.Forge[paymenttest.CallQuery] = func(header http.Header, answer []byte) []byte {
		answer = bytes.Replace(answer, []byte(`"NOTPAY"`), []byte(`"USERPAYING"`), 1)
		p.Sign(header, answer)
		return answer
	}
	w.Gate.Mu.Unlock()
	_, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, h.AtDesk(0))
	paymenttest.Refused(t, err, payment.ErrDeskPaying)
	w.WantOrder(c.Order.No, money.OrderPending, "NOTPAY")
	w.Gate.Mu.Lock()
	delete(w.Gate.Forge, paymenttest.CallQuery)
	w.Gate.Mu.Unlock()
	if n := w.Number("SELECT COUNT(*) FROM payments"); n != 0 {
		t.Errorf("%d payments", n)
	}
	w.Takes(by, h.AtDesk(0)) // it answers again
	w.WantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	w.Balanced()
}

// An order that was closed here while WeChat was silent may still be paid: the desk
// asks about it, too, and what the owner paid after the cash is prepayment.
func TestDeskAndAnUnconfirmedClosing(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	by := w.Staff(office.RoleCashier)
	c := h.Order(0, 0)
	w.Exec("UPDATE orders SET status = 'closed' WHERE no = ?", c.Order.No)
	w.Exec("UPDATE order_lines SET open_bill_id = NULL")
	w.Gate.Down.Store(true)
	_, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, h.AtDesk(0))
	paymenttest.Refused(t, err, payment.ErrDeskUnknown)
	w.Gate.Down.Store(false)
	w.Takes(by, h.AtDesk(0))
	w.WantOrder(c.Order.No, money.OrderClosed, "CLOSED")
	w.Balanced()
}

// WeChat takes money for an order that it had said was closed: the bill is paid in
// cash by then, and the money becomes prepayment.
func TestLateMoneyAfterTheDesk(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	c := h.Order(0, 0)
	w.Takes(w.Staff(office.RoleCashier), h.AtDesk(0))
	paymenttest.PayLate(w, c.Order.No)
	if h.Prepaid() != 12949 || h.Bill(0).Status != fees.BillPaid {
		t.Errorf("prepaid %d, bill %s", h.Prepaid(), h.Bill(0).Status)
	}
	w.Clean()
}

// The desk and phones at the same moment on the same bills: every yuan that was
// taken is booked once, and what no bill takes is prepayment.
func TestDeskAndPhonesAtOnce(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	by := w.Staff(office.RoleCashier)
	var all sync.WaitGroup
	var mu sync.Mutex
	cash, refusals := models.Fen(0), map[string]int{}
	for n := range 7 {
		h := w.Home(2)
		whole, amount := h.AtDesk(0, 1), h.Amount(30_000)
		for i, req := range []payment.DeskRequest{whole, whole, amount} { // the form is posted twice
			all.Go(func() {
				r, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, req)
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
			req := h.Wants(0, bills...)
			all.Go(func() {
				if c, err := w.Pay.Checkout(paymenttest.Bg, req); err == nil {
					_, _ = w.Box.PayWith(c.Order.No, sandbox.PayOptions{}) // closed meanwhile: not paid
				}
			})
		}
	}
	all.Wait()
	w.Drain()
	w.EverythingDue()
	w.Sweep()
	w.Balanced()
	if booked := models.Fen(w.Number("SELECT COALESCE(SUM(amount_fen), 0) FROM payments WHERE channel = 'cash'")); booked != cash ||
		w.Journaled(money.AccountCash) != cash {
		t.Errorf("the desk took %d, booked %d, journal %d", cash, booked, w.Journaled(money.AccountCash))
	}
	if n := w.Number("SELECT COUNT(*) FROM desk_entries"); n != w.Number("SELECT COUNT(DISTINCT form_key) FROM desk_entries") || n == 0 {
		t.Errorf("%d entries", n)
	}
	t.Logf("cash %d fen, refused %v, surplus %d fen", cash, refusals, w.Number("SELECT COALESCE(SUM(surplus_fen), 0) FROM payments"))
}

// Two cashiers use a voucher at once; one of them is told its number.
func TestVoucherAtOnce(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range 8 {
		h := w.Home(1)
		req := h.AtDesk(0)
		req.Channel, req.VoucherNo = money.ChannelTransfer, "T-1"
		by := w.Staff(office.RoleCashier)
		all.Go(func() {
			_, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, req)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			} else {
				paymenttest.Refused(t, err, payment.ErrVoucherUsed)
			}
		})
	}
	all.Wait()
	if done != 1 {
		t.Errorf("booked %d times", done)
	}
	w.Clean()
}

// A day is closed while payments and reversals are entered in it: what was closed is
// what is in it, for good.
func TestDayClosedWhileEntering(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	by, finance := w.Staff(office.RoleCashier), w.Staff(office.RoleFinance)
	today := w.Db.Today()
	community := modelstest.Community(t, w.Db, "测试小区").ID
	var all sync.WaitGroup
	for i := range 10 {
		h := w.Home(1)
		all.Go(func() {
			r, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, h.Amount(models.Fen(1000+i)))
			if err != nil {
				paymenttest.Refused(t, err, payment.ErrDayClosed)
				return
			}
			if i%3 == 0 {
				if _, err := refund.ReverseAtDesk(paymenttest.Bg, w.Pay, finance, r.Payment.ID, "测试"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		for {
			days, err := desk.DeskDays(w.Db.View(paymenttest.Bg), today, "")
			if err != nil {
				t.Error(err)
				return
			}
			if len(days) == 0 || days[0].BookedCount < 3 {
				time.Sleep(time.Millisecond)
				continue
			}
			_, err = w.Pay.CloseDay(paymenttest.Bg, by, payment.DayCount{
				CommunityID: community, StaffID: by.ID, Channel: money.ChannelCash, On: today, CountedFen: days[0].NetFen(),
				ShownFen: days[0].NetFen(),
			})
			if err == nil {
				return
			}
			paymenttest.Refused(t, err, payment.ErrDayChanged)
		}
	})
	all.Wait()
	w.Clean()
	if n := w.Number("SELECT COUNT(*) FROM desk_days WHERE status = 'closed'"); n != 1 {
		t.Errorf("%d closed days", n)
	}
}
