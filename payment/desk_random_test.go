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
)

// TestDeskAtRandom lets a cashier take money, undo it, waive late fee, correct bills
// and close days in any order, while time goes on. After each step the books agree,
// and what the cash box holds is what was taken less what was undone.
func TestDeskAtRandom(t *testing.T) {
	t.Parallel()
	var w *world
	runs := 0
	rapid.Check(t, func(r *rapid.T) {
		if modelstest.RaceEnabled && runs == 10 {
			return // ten times as slow, and no other answers
		}
		if runs%20 == 0 { // the books stay small, and are proven fast
			w = newWorld(t)
		}
		runs++
		w.exec("UPDATE communities SET settlement = ?", rapid.SampledFrom([]string{estate.LateFeeFirst, estate.PrincipalFirst}).Draw(r, "policy"))
		d := &deskPlay{r: r, w: w, h: w.home(3), by: w.staff(office.RoleCashier), finance: w.staff(office.RoleFinance), cash: w.journaled(money.AccountCash)}
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
				w.clock.Advance(24 * 3600e9)
			}
			d.check()
		}
	})
}

// deskPlay is one run of TestDeskAtRandom.
type deskPlay struct {
	r           *rapid.T
	w           *world
	h           *home
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
		plan, err := d.w.pay.PreviewDesk(bg, d.by, req)
		if !d.want(err, payment.ErrDayClosed, payment.ErrAmountChanged) {
			return
		}
		req.ShownFen = plan.AmountFen
	}
	got, err := d.w.pay.TakeAtDesk(bg, d.by, req)
	if d.want(err, payment.ErrDayClosed) {
		d.taken, d.cash = append(d.taken, got), d.cash+got.Payment.AmountFen
	}
}

func (d *deskPlay) amount() {
	d.take(d.h.amount(models.Fen(rapid.IntRange(1, 30_000).Draw(d.r, "fen"))))
}

func (d *deskPlay) whole() {
	req := d.h.amount(0)
	req.BillIDs = []string{d.h.bills[rapid.IntRange(0, 2).Draw(d.r, "bill")].ID}
	d.take(req)
}

func (d *deskPlay) reverse() {
	if len(d.taken) == 0 {
		return
	}
	p := d.taken[rapid.IntRange(0, len(d.taken)-1).Draw(d.r, "payment")].Payment
	_, err := d.w.pay.ReverseAtDesk(bg, d.finance, p.ID, "测试")
	if d.want(err, money.ErrReversed, payment.ErrReverseSpent) {
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
		b := modelstest.Bill(d.w.t, d.w.db, d.h.room, func(b *fees.Bill) { b.PrincipalFen, b.IssuedOn, b.DueOn = fen, d.w.db.Today(), d.w.db.Today()+5 })
		modelstest.Write(d.w.t, d.w.db, func(tx *store.Tx) error { return billing.OffsetPrepaid(tx, &b) })
		return
	}
	err := d.w.db.Write(bg, func(tx *store.Tx) error {
		_, err := billing.Adjust(tx, billing.Approval{Asked: d.by.Actor(), Approved: d.finance.Actor(), Reason: "测试"}, billing.Adjustment{Kind: kind, BillID: d.h.bills[i].ID, AmountFen: fen})
		return err
	})
	d.want(err, billing.ErrWaiverTooMuch, billing.ErrNothingWaived, billing.ErrCorrection)
}

func (d *deskPlay) close() {
	on := d.w.db.Today() - models.Date(rapid.IntRange(0, 2).Draw(d.r, "day"))
	day := desk.DeskDay{CommunityID: d.h.room.CommunityID, StaffID: d.by.ID, Channel: money.ChannelCash, DayOn: on}
	if err := desk.AddUpDeskDay(d.w.db.View(bg), &day); err != nil {
		d.r.Fatal(err)
	}
	_, err := d.w.pay.CloseDay(bg, d.by, d.h.counts(d.by, on, day.NetFen(), day.NetFen(), ""))
	d.want(err, payment.ErrDayTwice)
}

func (d *deskPlay) check() {
	found, err := proof.Check(d.w.db.View(bg))
	if err != nil {
		d.r.Fatal(err)
	}
	late, err := billing.CheckLateFees(d.w.db.View(bg))
	if err != nil {
		d.r.Fatal(err)
	}
	if found = append(found, late...); len(found) > 0 {
		d.r.Fatalf("the books: %s", fmt.Sprint(found))
	}
	if cash := d.w.journaled(money.AccountCash); cash != d.cash {
		d.r.Fatalf("the cash box holds %d, the journal says %d", d.cash, cash)
	}
}
