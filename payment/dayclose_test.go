package payment_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/payment"
)

// counts is a cashier's count of their cash of a day.
func (h *home) counts(by office.Staff, on models.Date, shown, counted models.Fen, reason string) payment.DayCount {
	return payment.DayCount{CommunityID: h.room.CommunityID, StaffID: by.ID, Channel: money.ChannelCash, On: on, ShownFen: shown, CountedFen: counted, Reason: reason}
}

// A closed day is closed: entries and reversals dated in it go elsewhere.
func TestDayClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(3)
	by, other, manager := w.staff(office.RoleCashier), w.staff(office.RoleCashier), w.staff(office.RoleManager)
	today := w.db.Today()
	first := w.takes(by, h.atDesk(0))
	yesterday := h.amount(500)
	yesterday.PaidOn = today - 1
	w.takes(by, yesterday)
	w.takes(other, h.amount(700))
	for _, tt := range []struct {
		n    payment.DayCount
		by   office.Staff
		want *models.Error
	}{
		{h.counts(by, today+1, 0, 0, ""), by, payment.ErrDayLater},
		{h.counts(by, today, 12949, 12950, ""), by, payment.ErrDayDiffers},
		{h.counts(by, today, 12949, 12948, "  "), by, payment.ErrDayDiffers},
		{h.counts(by, today, 12948, 12948, ""), by, payment.ErrDayChanged},
		{h.counts(by, today, 12949, 12949, ""), other, payment.ErrDayOfAnother},
	} {
		_, err := w.pay.CloseDay(bg, tt.by, tt.n)
		refused(t, err, tt.want)
	}
	d, err := w.pay.CloseDay(bg, by, h.counts(by, today, 12949, 12900, "假币一张"))
	if err != nil || d.BookedFen != 12949 || d.DifferenceFen() != -49 || d.Status != desk.DeskDayClosed {
		t.Fatalf("%+v, %v", d, err)
	}
	_, err = w.pay.CloseDay(bg, manager, h.counts(by, today, 12949, 12949, ""))
	refused(t, err, payment.ErrDayTwice)
	_, err = w.pay.TakeAtDesk(bg, by, h.amount(100))
	refused(t, err, payment.ErrDayClosed)
	w.takes(other, h.amount(100)) // another's day is open
	r, err := w.pay.ReverseAtDesk(bg, manager, first.Payment.ID, "假币")
	if err != nil || r.DayOn != today+1 || r.StaffID != by.ID {
		t.Fatalf("the reversal counts in %s: %v", r.DayOn, err)
	}
	w.clean()
	w.clock.Advance(24 * 3600e9)
	w.takes(by, h.amount(20_000))
	if d, err = w.pay.CloseDay(bg, manager, h.counts(by, today+1, 20_000-12949, 20_000-12949, "")); err != nil || d.ReversedFen != 12949 || d.ClosedName != manager.Name {
		t.Errorf("%+v, %v", d, err)
	}
	if left, err := desk.OpenDeskDays(w.db.View(bg), w.db.Today(), ""); err != nil || len(left) != 2 || left[0].DayOn != today-1 {
		t.Errorf("days that nobody closed: %+v, %v", left, err)
	}
	w.clean()
}
