package payment_test

import (
	"strings"
	"testing"
	"time"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
)

// Cash for whole bills settles them with their late fee; the books agree.
func TestDeskWholeBills(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(3)
	by := w.Staff(office.RoleCashier)
	r := w.Takes(by, h.AtDesk(0, 1))
	if r.Payment.AmountFen != 2*12949 || r.Payment.SurplusFen != 0 || r.Repeat || len(r.Allocation.Lines) != 2 {
		t.Errorf("%+v", r)
	}
	for i, want := range []string{fees.BillPaid, fees.BillPaid, fees.BillUnpaid} {
		if got := h.Bill(i).Status; got != want {
			t.Errorf("bill %d is %s, want %s", i, got, want)
		}
	}
	if cash := w.Journaled(money.AccountCash); cash != 2*12949 {
		t.Errorf("cash %d", cash)
	}
	w.Clean()
	_, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, h.AtDesk(0, 1))
	paymenttest.Refused(t, err, billing.ErrAmountChanged)
}

// A form that is posted twice books once and returns the same answer; a form that is
// used for something else is refused.
func TestDeskFormTwice(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	by := w.Staff(office.RoleCashier)
	req := h.AtDesk(0)
	first, second := w.Takes(by, req), w.Takes(by, req)
	if !second.Repeat || second.Payment.ID != first.Payment.ID || second.Payment.AmountFen != first.Payment.AmountFen {
		t.Errorf("%+v", second)
	}
	other := h.AtDesk(1)
	other.FormKey, other.Channel, other.VoucherNo = req.FormKey, money.ChannelCard, "P1"
	_, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, other)
	paymenttest.Refused(t, err, payment.ErrFormUsed)
	if n := w.Number("SELECT COUNT(*) FROM payments"); n != 1 {
		t.Errorf("%d payments", n)
	}
	w.Clean()
}

// An amount goes by the policy; what is over goes to prepayment, which is taken back
// when the payment is undone.
func TestDeskAmountAndReversal(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	by, other := w.Staff(office.RoleCashier), w.Staff(office.RoleCashier)
	part := w.Takes(by, h.Amount(5000))
	if s := h.Bill(0); s.PaidLateFeeFen != 1947 || s.PaidPrincipalFen != 3053 || s.Status != fees.BillPartial {
		t.Errorf("%d late fee, %d principal, %s", s.PaidLateFeeFen, s.PaidPrincipalFen, s.Status)
	}
	w.Clock.Advance(10 * 24 * 3600e9)
	rest := w.Takes(by, h.Amount(100_000))
	if rest.Payment.SurplusFen == 0 || h.Prepaid() != rest.Payment.SurplusFen || h.Due(0, 1) != 0 {
		t.Errorf("surplus %d, prepaid %d, due %d", rest.Payment.SurplusFen, h.Prepaid(), h.Due(0, 1))
	}
	w.Clean()
	_, err := refund.ReverseAtDesk(paymenttest.Bg, w.Pay, by, rest.Payment.ID, "支票退票")
	paymenttest.Refused(t, err, refund.ErrReverseOwn)
	_, err = refund.ReverseAtDesk(paymenttest.Bg, w.Pay, other, rest.Payment.ID, " ")
	paymenttest.Refused(t, err, payment.ErrNoReason)
	if _, err := refund.ReverseAtDesk(paymenttest.Bg, w.Pay, other, rest.Payment.ID, "支票退票"); err != nil {
		t.Fatal(err)
	}
	if h.Prepaid() != 0 || h.Due(0, 1) == 0 {
		t.Errorf("prepaid %d, due %d", h.Prepaid(), h.Due(0, 1))
	}
	w.Clean()
	_, err = refund.ReverseAtDesk(paymenttest.Bg, w.Pay, other, rest.Payment.ID, "再次")
	paymenttest.Refused(t, err, money.ErrReversed)
	if _, err := refund.ReverseAtDesk(paymenttest.Bg, w.Pay, w.Staff(office.RoleFinance), part.Payment.ID, "录错房号"); err != nil {
		t.Fatal(err)
	}
	for i := range h.Bills { // as if nothing had ever been paid
		if s := h.Bill(i); s.Status != fees.BillUnpaid || s.DueFen != 11002+(11002*69*3+500)/1000 {
			t.Errorf("bill %d: %s, %d", i, s.Status, s.DueFen)
		}
	}
	if cash := w.Journaled(money.AccountCash); cash != 0 {
		t.Errorf("cash %d", cash)
	}
	w.Clean()
}

// What a payment brought to prepayment cannot be taken back once it is spent.
func TestReversalOfSpentPrepayment(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(0)
	by := w.Staff(office.RoleCashier)
	r := w.Takes(by, h.Amount(20_000))
	b := modelstest.Bill(t, w.Db, h.Room, func(b *fees.Bill) { b.IssuedOn, b.DueOn = w.Db.Today(), w.Db.Today()+10 })
	modelstest.Write(t, w.Db, func(tx *store.Tx) error { return billing.OffsetPrepaid(tx, &b) })
	_, err := refund.ReverseAtDesk(paymenttest.Bg, w.Pay, w.Staff(office.RoleManager), r.Payment.ID, "退票")
	paymenttest.Refused(t, err, refund.ErrReverseSpent)
	if n := w.Number("SELECT COUNT(*) FROM payment_reversals"); n != 0 {
		t.Errorf("%d reversals", n)
	}
	w.Clean()
}

// A voucher stands for one payment of a community and channel; a reversal frees it.
func TestDeskVouchers(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(4)
	by := w.Staff(office.RoleCashier)
	with := func(channel, voucher string, bill int) payment.DeskRequest {
		req := h.AtDesk(bill)
		req.Channel, req.VoucherNo = channel, voucher
		return req
	}
	first := w.Takes(by, with(money.ChannelCard, "pos-00 17", 0))
	if first.Entry.VoucherNo != "POS-0017" {
		t.Errorf("voucher %q", first.Entry.VoucherNo)
	}
	_, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, with(money.ChannelCard, "ＰＯＳ-0017", 1))
	paymenttest.Refused(t, err, payment.ErrVoucherUsed)
	if e, _ := models.AsError(err); e == nil || e.Message != "凭证号 POS-0017 在本小区的同一收款方式下已使用，请核对" {
		t.Errorf("%v", err)
	}
	w.Takes(by, with(money.ChannelCheque, "POS-0017", 1))
	_, err = w.Pay.TakeAtDesk(paymenttest.Bg, by, with(money.ChannelTransfer, "", 2))
	paymenttest.Refused(t, err, payment.ErrVoucher)
	if _, err := refund.ReverseAtDesk(paymenttest.Bg, w.Pay, w.Staff(office.RoleFinance), first.Payment.ID, "金额录错"); err != nil {
		t.Fatal(err)
	}
	w.Takes(by, with(money.ChannelCard, "POS-0017", 0))
	w.Clean()
}

// What the desk refuses, and that nothing is left of it.
func TestDeskRefuses(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h, neighbour := w.Home(1), w.Home(1)
	by, steward := w.Staff(office.RoleCashier), w.Staff(office.RoleSteward)
	today := w.Db.Today()
	for _, tt := range []struct {
		name   string
		change func(*payment.DeskRequest)
		want   *models.Error
	}{
		{"a channel nobody knows", func(r *payment.DeskRequest) { r.Channel = "gold" }, payment.ErrDeskChannel},
		{"wechat at the desk", func(r *payment.DeskRequest) { r.Channel = money.ChannelWechat }, payment.ErrDeskChannel},
		{"tomorrow", func(r *payment.DeskRequest) { r.PaidOn = today + 1 }, payment.ErrPaidOn},
		{"years ago", func(r *payment.DeskRequest) { r.PaidOn = today - 400 }, payment.ErrPaidOn},
		{"no day", func(r *payment.DeskRequest) { r.PaidOn = 0 }, payment.ErrPaidOn},
		{"nothing", func(r *payment.DeskRequest) { r.BillIDs = nil }, payment.ErrDeskChoice},
		{"both", func(r *payment.DeskRequest) { r.AmountFen = 1 }, payment.ErrDeskChoice},
		{"less than nothing", func(r *payment.DeskRequest) { r.BillIDs, r.AmountFen = nil, -1 }, billing.ErrNoAmount},
		{"a fen less was shown", func(r *payment.DeskRequest) { r.ShownFen-- }, billing.ErrAmountChanged},
		{"another's bill", func(r *payment.DeskRequest) { r.BillIDs[0] = neighbour.Bills[0].ID }, billing.ErrAmountChanged},
		{"no room", func(r *payment.DeskRequest) { r.RoomID = "none" }, models.ErrNotFound},
		{"no form", func(r *payment.DeskRequest) { r.FormKey = "" }, payment.ErrFormUsed},
	} {
		req := h.AtDesk(0)
		tt.change(&req)
		_, err := w.Pay.TakeAtDesk(paymenttest.Bg, by, req)
		t.Log(tt.name)
		paymenttest.Refused(t, err, tt.want)
	}
	_, err := w.Pay.TakeAtDesk(paymenttest.Bg, steward, h.AtDesk(0)) // of other buildings
	paymenttest.Refused(t, err, models.ErrNotFound)
	if n := w.Number("SELECT COUNT(*) FROM payments") + w.Number("SELECT COUNT(*) FROM desk_entries") +
		w.Number("SELECT COUNT(*) FROM journal WHERE payment_id <> ''"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

// A year paid early in two parts at the desk earned its discount. One part bounces:
// the discount is lost for the whole year, what of it the other part had been
// credited settles that part's bills again, and the books agree.
func TestReversalLosesDiscount(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(0)
	const tariff = "小区,收费项目,适用物业类型,计费方式,单价,阶梯,缴费周期,缴费截止日,违约金日利率,宽限天数,违约金上限,起始日期,截止日期,年付优惠,优惠截止\n" +
		"测试小区,物业服务费,,按面积,1,,季,15,0,0,,2023-01-01,,5%,3月31日\n"
	if _, err := intake.Import(paymenttest.Bg, w.Db, modelstest.Actor, intake.Tariffs, intake.File{
		Name: "tariffs.csv", Content: strings.NewReader(tariff), Size: int64(len(tariff)),
	}); err != nil {
		t.Fatal(err)
	}
	for _, quarter := range []string{"2026-01", "2026-04", "2026-07", "2026-10"} {
		period, err := calc.ParsePeriod(quarter)
		if err == nil {
			_, err = issuing.GenerateBills(paymenttest.Bg, w.Db, modelstest.Actor, period, issuing.GenerateOptions{})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	bills, err := fees.OpenBills(w.Db.View(paymenttest.Bg), h.Room.ID)
	if err != nil || len(bills) != 4 {
		t.Fatalf("%d bills, %v", len(bills), err)
	}
	h.Bills = bills
	cashier := w.Staff(office.RoleCashier)
	bounced := w.Takes(cashier, h.AtDesk(0, 1))
	w.Takes(cashier, h.AtDesk(2, 3))
	w.Clock.Set(time.Date(2026, 4, 2, 2, 0, 0, 0, models.Shanghai))
	if _, err := billing.GrantDiscounts(paymenttest.Bg, w.Db, models.SystemActor("discounts")); err != nil {
		t.Fatal(err)
	}
	if h.Bill(0).DiscountFen == 0 || h.Prepaid() == 0 {
		t.Fatalf("no discount was granted: %+v, prepaid %d", h.Bill(0), h.Prepaid())
	}
	w.Clean()
	if _, err := refund.ReverseAtDesk(paymenttest.Bg, w.Pay, w.Staff(office.RoleFinance), bounced.Payment.ID, "退票"); err != nil {
		t.Fatal(err)
	}
	for i, settled := range []bool{false, false, true, true} {
		b := h.Bill(i)
		if owed := b.OutstandingFen(); b.DiscountFen != 0 || settled && owed != 0 || !settled && owed != b.PrincipalFen {
			t.Errorf("bill %d: discount %s, owed %s of %s", i, b.DiscountFen, owed, b.PrincipalFen)
		}
	}
	if h.Prepaid() != 0 {
		t.Errorf("prepaid %s", h.Prepaid())
	}
	w.Clean()
}
