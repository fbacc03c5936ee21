package payment_test

import (
	"testing"

	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
)

// counts is a cashier's count of their cash of a day.
func counts(h *paymenttest.Home, by office.Staff, on models.Date, shown, counted models.Fen, reason string) payment.DayCount {
	return payment.DayCount{
		CommunityID: h.Room.CommunityID, StaffID: by.ID, Channel: money.ChannelCash, On: on, ShownFen: shown, CountedFen: counted,
		Reason: reason,
	}
}

// A closed day is closed: entries and reversals dated in it go elsewhere.
func TestDayClose(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(3)
	by, other, manager := w.Staff(office.RoleCashier), w.Staff(office.RoleCashier), w.Staff(office.RoleManager)
	today := w.Db.Today()
	first := w.Takes(by, h.AtDesk(0))
	yesterday := h.Amount(500)
	yesterday.PaidOn = today - 1
	w.Takes(by, yesterday)
	w.Takes(other, h.Amount(700))
	for _, tt := range []struct {
		n    payment.DayCount
		by   office.Staff
		want *models.Error
	}{
		{counts(h, by, today+1, 0, 0, ""), by, payment.ErrDayLater},
		{counts(h, by, today, 12949, 12950, ""), by, payment.ErrDayDiffers},
		{counts(h, by, today, 12949, 12948, "  "), by, payment.ErrDayDiffers},
		{counts(h, by, today, 12948, 12948, ""), by, payment.ErrDayChanged},
		{counts(h, by, today, 12949, 12949, ""), other, payment.ErrDayOfAnother},
	} {
		_, err := w.Pay.CloseDay(paymenttest.Bg, tt.by, tt.n)
		paymenttest.Refused(t, err, tt.want)
	}
	d, err := w.Pay.CloseDay(paymenttest.Bg, by, counts(h, by, today, 12949, 12900, "假币一张"))
	if err != nil || d.BookedFen != 12949 || d.DifferenceFen() != -49 || d.Status != desk.DeskDayClosed {
		t.Fatalf("%+v, %v", d, err)
	}
	_, err = w.Pay.CloseDay(paymenttest.Bg, manager, counts(h, by, today, 12949, 12949, ""))
	paymenttest.Refused(t, err, payment.ErrDayTwice)
	_, err = w.Pay.TakeAtDesk(paymenttest.Bg, by, h.Amount(100))
	paymenttest.Refused(t, err, payment.ErrDayClosed)
	w.Takes(other, h.Amount(100)) // another's day is open
	r, err := refund.ReverseAtDesk(paymenttest.Bg, w.Pay, manager, first.Payment.ID, "假币")
	if err != nil || r.DayOn != today+1 || r.StaffID != by.ID {
		t.Fatalf("the reversal counts in %s: %v", r.DayOn, err)
	}
	w.Clean()
	w.Clock.Advance(24 * 3600e9)
	w.Takes(by, h.Amount(20_000))
	if d, err = w.Pay.CloseDay(paymenttest.Bg, manager,
		counts(h, by, today+1, 20_000-12949, 20_000-12949, "")); err != nil || d.ReversedFen != 12949 || d.ClosedName != manager.Name {
		t.Errorf("%+v, %v", d, err)
	}
	if left, err := desk.OpenDeskDays(w.Db.View(paymenttest.Bg), w.Db.Today(),
		""); err != nil || len(left) != 2 || left[0].DayOn != today-1 {
		t.Errorf("days that nobody closed: %+v, %v", left, err)
	}
	w.Clean()
}
