package payment_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
)

// TestDeskAtRandom lets a cashier take money, undo it, waive late fee, correct bills
// and close days in any order, while time goes on. After each step the books agree,
// and what the cash box holds is what was taken less what was undone.
func TestDeskAtRandom(t *testing.T) {
	t.Parallel()
	var w *paymenttest.World
	runs := 0
	rapid.Check(t, func(r *rapid.T) {
		if modelstest.RaceEnabled && runs == 10 {
			return // ten times as slow, and no other answers
		}
		if runs%20 == 0 { // the books stay small, and are proven fast
			w = paymenttest.NewWorld(t)
		}
		runs++
		w.Exec("UPDATE communities SET settlement = ?",
			rapid.SampledFrom([]string{estate.LateFeeFirst, estate.PrincipalFirst}).Draw(r, "policy"))
		d := &deskPlay{
			r: r, w: w, h: w.Home(3), by: w.Staff(office.RoleCashier), finance: w.Staff(office.RoleFinance),
			cash: w.Journaled(money.AccountCash),
		}
		for range rapid.IntRange(3, 12).Draw(r, "steps") {
			switch rapid.IntRange(0, 6).Draw(r, "step") {
			case 0, 1:
				d.amount()
			case 2:
				d.whole()
			case 3:
				d.reverse()
			case 4:
				d.adjust()
			case 5:
				d.close()
			case 6:
				w.Clock.Advance(24 * 3600e9)
			}
			d.check()
		}
	})
}

// deskPlay is one run of TestDeskAtRandom.
type deskPlay struct {
	r           *rapid.T
	w           *paymenttest.World
	h           *paymenttest.Home
	by, finance office.Staff
	taken       []payment.DeskReceipt
	cash        models.Fen
}

// want fails unless the error is nil or one of the refusals.
func (d *deskPlay) want(err error, allowed ...*models.Error) bool {
	if err == nil {
		return true
	}
	e, ok := models.AsError(err)
	for _, a := range allowed {
		if ok && e.Code == a.Code {
			return false
		}
	}
	d.r.Fatalf("%v", err)
	return false
}

func (d *deskPlay) take(req payment.DeskRequest) {
	req.PaidOn -= models.Date(rapid.IntRange(0, 3).Draw(d.r, "days ago"))
	if len(req.BillIDs) > 0 {
		plan, err := d.w.Pay.PreviewDesk(paymenttest.Bg, d.by, req)
		if !d.want(err, payment.ErrDayClosed, billing.ErrAmountChanged) {
			return
		}
		req.ShownFen = plan.AmountFen
	}
	got, err := d.w.Pay.TakeAtDesk(paymenttest.Bg, d.by, req)
	if d.want(err, payment.ErrDayClosed) {
		d.taken, d.cash = append(d.taken, got), d.cash+got.Payment.AmountFen
	}
}

func (d *deskPlay) amount() {
	d.take(d.h.Amount(models.Fen(rapid.IntRange(1, 30_000).Draw(d.r, "fen"))))
}

func (d *deskPlay) whole() {
	req := d.h.Amount(0)
	req.BillIDs = []string{d.h.Bills[rapid.IntRange(0, 2).Draw(d.r, "bill")].ID}
	d.take(req)
}

func (d *deskPlay) reverse() {
	if len(d.taken) == 0 {
		return
	}
	p := d.taken[rapid.IntRange(0, len(d.taken)-1).Draw(d.r, "payment")].Payment
	_, err := refund.ReverseAtDesk(paymenttest.Bg, d.w.Pay, d.finance, p.ID, "测试")
	if d.want(err, money.ErrReversed, refund.ErrReverseSpent) {
		d.cash -= p.AmountFen
	}
}

// adjust waives late fee, corrects the principal or issues a bill that prepayment
// pays.
func (d *deskPlay) adjust() {
	kind := rapid.SampledFrom([]string{fees.EntryWaiver, fees.EntryCorrection, "issue"}).Draw(d.r, "kind")
	fen := models.Fen(rapid.IntRange(1, 15_000).Draw(d.r, "fen"))
	i := rapid.IntRange(0, 2).Draw(d.r, "bill")
	if kind == "issue" {
		b := modelstest.Bill(d.w.T, d.w.Db, d.h.Room,
			func(b *fees.Bill) { b.PrincipalFen, b.IssuedOn, b.DueOn = fen, d.w.Db.Today(), d.w.Db.Today()+5 })
		modelstest.Write(d.w.T, d.w.Db, func(tx *store.Tx) error { return billing.OffsetPrepaid(tx, &b) })
		return
	}
	err := d.w.Db.Write(paymenttest.Bg, func(tx *store.Tx) error {
		_, err := billing.Adjust(tx, billing.Approval{Asked: d.by.Actor(), Approved: d.finance.Actor(), Reason: "测试"}, billing.Adjustment{
			Kind: kind, BillID: d.h.Bills[i].ID, AmountFen: fen,
		})
		return err
	})
	d.want(err, billing.ErrWaiverTooMuch, billing.ErrNothingWaived, billing.ErrCorrection)
}

func (d *deskPlay) close() {
	on := d.w.Db.Today() - models.Date(rapid.IntRange(0, 2).Draw(d.r, "day"))
	day := desk.DeskDay{CommunityID: d.h.Room.CommunityID, StaffID: d.by.ID, Channel: money.ChannelCash, DayOn: on}
	if err := desk.AddUpDeskDay(d.w.Db.View(paymenttest.Bg), &day); err != nil {
		d.r.Fatal(err)
	}
	_, err := d.w.Pay.CloseDay(paymenttest.Bg, d.by, counts(d.h, d.by, on, day.NetFen(), day.NetFen(), ""))
	d.want(err, payment.ErrDayTwice)
}

func (d *deskPlay) check() {
	found, err := proof.Check(d.w.Db.View(paymenttest.Bg))
	if err != nil {
		d.r.Fatal(err)
	}
	late, err := billing.CheckLateFees(d.w.Db.View(paymenttest.Bg))
	if err != nil {
		d.r.Fatal(err)
	}
	if found = append(found, late...); len(found) > 0 {
		d.r.Fatalf("the books: %s", fmt.Sprint(found))
	}
	if cash := d.w.Journaled(money.AccountCash); cash != d.cash {
		d.r.Fatalf("the cash box holds %d, the journal says %d", d.cash, cash)
	}
}
