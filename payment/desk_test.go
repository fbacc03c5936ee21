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
)

// staff makes a member of staff.
func (w *world) staff(role string) office.Staff {
	w.t.Helper()
	s := office.Staff{Username: models.NewID(), Name: "员工" + role, Role: role, PasswordHash: "x"}
	modelstest.Write(w.t, w.db, func(tx *store.Tx) error { return office.AddStaff(tx, modelstest.Actor, &s) })
	return s
}

// atDesk is cash for bills of the room by number, as the page shows them.
func (h *home) atDesk(bills ...int) payment.DeskRequest {
	h.w.t.Helper()
	req := payment.DeskRequest{RoomID: h.room.ID, Channel: money.ChannelCash, PaidOn: h.w.db.Today(), FormKey: models.NewID(), ShownFen: h.due(bills...)}
	for _, i := range bills {
		req.BillIDs = append(req.BillIDs, h.bills[i].ID)
	}
	return req
}

// amount is cash of an amount for the room.
func (h *home) amount(fen models.Fen) payment.DeskRequest {
	return payment.DeskRequest{RoomID: h.room.ID, Channel: money.ChannelCash, PaidOn: h.w.db.Today(), FormKey: models.NewID(), AmountFen: fen}
}

func (w *world) takes(by office.Staff, req payment.DeskRequest) payment.DeskReceipt {
	w.t.Helper()
	r, err := w.pay.TakeAtDesk(bg, by, req)
	if err != nil {
		w.t.Fatalf("desk: %v", err)
	}
	return r
}

// journaled is what an account holds, debit less credit.
func (w *world) journaled(account string) models.Fen {
	w.t.Helper()
	return models.Fen(w.number("SELECT COALESCE(SUM(CASE WHEN debit = ? THEN amount_fen ELSE -amount_fen END), 0) FROM journal WHERE debit = ? OR credit = ?", account, account, account))
}

// Cash for whole bills settles them with their late fee; the books agree.
func TestDeskWholeBills(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(3)
	by := w.staff(office.RoleCashier)
	r := w.takes(by, h.atDesk(0, 1))
	if r.Payment.AmountFen != 2*12949 || r.Payment.SurplusFen != 0 || r.Repeat || len(r.Allocation.Lines) != 2 {
		t.Errorf("%+v", r)
	}
	for i, want := range []string{fees.BillPaid, fees.BillPaid, fees.BillUnpaid} {
		if got := h.bill(i).Status; got != want {
			t.Errorf("bill %d is %s, want %s", i, got, want)
		}
	}
	if cash := w.journaled(money.AccountCash); cash != 2*12949 {
		t.Errorf("cash %d", cash)
	}
	w.clean()
	_, err := w.pay.TakeAtDesk(bg, by, h.atDesk(0, 1))
	refused(t, err, payment.ErrAmountChanged)
}

// A form that is posted twice books once and gives the same answer; a form that is
// used for something else is refused.
func TestDeskFormTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	by := w.staff(office.RoleCashier)
	req := h.atDesk(0)
	first, second := w.takes(by, req), w.takes(by, req)
	if !second.Repeat || second.Payment.ID != first.Payment.ID || second.Payment.AmountFen != first.Payment.AmountFen {
		t.Errorf("%+v", second)
	}
	other := h.atDesk(1)
	other.FormKey, other.Channel, other.VoucherNo = req.FormKey, money.ChannelCard, "P1"
	_, err := w.pay.TakeAtDesk(bg, by, other)
	refused(t, err, payment.ErrFormUsed)
	if n := w.number("SELECT COUNT(*) FROM payments"); n != 1 {
		t.Errorf("%d payments", n)
	}
	w.clean()
}

// An amount goes by the policy; what is over goes to prepayment, which is taken back
// when the payment is undone.
func TestDeskAmountAndReversal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(2)
	by, other := w.staff(office.RoleCashier), w.staff(office.RoleCashier)
	part := w.takes(by, h.amount(5000))
	if s := h.bill(0); s.PaidLateFeeFen != 1947 || s.PaidPrincipalFen != 3053 || s.Status != fees.BillPartial {
		t.Errorf("%d late fee, %d principal, %s", s.PaidLateFeeFen, s.PaidPrincipalFen, s.Status)
	}
	w.clock.Advance(10 * 24 * 3600e9)
	rest := w.takes(by, h.amount(100_000))
	if rest.Payment.SurplusFen == 0 || h.prepaid() != rest.Payment.SurplusFen || h.due(0, 1) != 0 {
		t.Errorf("surplus %d, prepaid %d, due %d", rest.Payment.SurplusFen, h.prepaid(), h.due(0, 1))
	}
	w.clean()
	_, err := w.pay.ReverseAtDesk(bg, by, rest.Payment.ID, "支票退票")
	refused(t, err, payment.ErrReverseOwn)
	_, err = w.pay.ReverseAtDesk(bg, other, rest.Payment.ID, " ")
	refused(t, err, payment.ErrNoReason)
	if _, err := w.pay.ReverseAtDesk(bg, other, rest.Payment.ID, "支票退票"); err != nil {
		t.Fatal(err)
	}
	if h.prepaid() != 0 || h.due(0, 1) == 0 {
		t.Errorf("prepaid %d, due %d", h.prepaid(), h.due(0, 1))
	}
	w.clean()
	_, err = w.pay.ReverseAtDesk(bg, other, rest.Payment.ID, "再次")
	refused(t, err, money.ErrReversed)
	if _, err := w.pay.ReverseAtDesk(bg, w.staff(office.RoleFinance), part.Payment.ID, "录错房号"); err != nil {
		t.Fatal(err)
	}
	for i := range h.bills { // as if nothing had ever been paid
		if s := h.bill(i); s.Status != fees.BillUnpaid || s.DueFen != 11002+(11002*69*3+500)/1000 {
			t.Errorf("bill %d: %s, %d", i, s.Status, s.DueFen)
		}
	}
	if cash := w.journaled(money.AccountCash); cash != 0 {
		t.Errorf("cash %d", cash)
	}
	w.clean()
}

// What a payment brought to prepayment cannot be taken back once it is spent.
func TestReversalOfSpentPrepayment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(0)
	by := w.staff(office.RoleCashier)
	r := w.takes(by, h.amount(20_000))
	b := modelstest.Bill(t, w.db, h.room, func(b *fees.Bill) { b.IssuedOn, b.DueOn = w.db.Today(), w.db.Today()+10 })
	modelstest.Write(t, w.db, func(tx *store.Tx) error { return billing.OffsetPrepaid(tx, &b) })
	_, err := w.pay.ReverseAtDesk(bg, w.staff(office.RoleManager), r.Payment.ID, "退票")
	refused(t, err, payment.ErrReverseSpent)
	if n := w.number("SELECT COUNT(*) FROM payment_reversals"); n != 0 {
		t.Errorf("%d reversals", n)
	}
	w.clean()
}

// A voucher stands for one payment of a community and channel; a reversal frees it.
func TestDeskVouchers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(4)
	by := w.staff(office.RoleCashier)
	with := func(channel, voucher string, bill int) payment.DeskRequest {
		req := h.atDesk(bill)
		req.Channel, req.VoucherNo = channel, voucher
		return req
	}
	first := w.takes(by, with(money.ChannelCard, "pos-00 17", 0))
	if first.Entry.VoucherNo != "POS-0017" {
		t.Errorf("voucher %q", first.Entry.VoucherNo)
	}
	_, err := w.pay.TakeAtDesk(bg, by, with(money.ChannelCard, "ＰＯＳ-0017", 1))
	refused(t, err, payment.ErrVoucherUsed)
	if e, _ := models.AsError(err); e == nil || e.Message != "凭证号 POS-0017 在本小区的同一收款方式下已使用，请核对" {
		t.Errorf("%v", err)
	}
	w.takes(by, with(money.ChannelCheque, "POS-0017", 1))
	_, err = w.pay.TakeAtDesk(bg, by, with(money.ChannelTransfer, "", 2))
	refused(t, err, payment.ErrVoucher)
	if _, err := w.pay.ReverseAtDesk(bg, w.staff(office.RoleFinance), first.Payment.ID, "金额录错"); err != nil {
		t.Fatal(err)
	}
	w.takes(by, with(money.ChannelCard, "POS-0017", 0))
	w.clean()
}

// What the desk refuses, and that nothing is left of it.
func TestDeskRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h, neighbour := w.home(1), w.home(1)
	by, steward := w.staff(office.RoleCashier), w.staff(office.RoleSteward)
	today := w.db.Today()
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
		{"a fen less was shown", func(r *payment.DeskRequest) { r.ShownFen-- }, payment.ErrAmountChanged},
		{"another's bill", func(r *payment.DeskRequest) { r.BillIDs[0] = neighbour.bills[0].ID }, payment.ErrAmountChanged},
		{"no room", func(r *payment.DeskRequest) { r.RoomID = "none" }, models.ErrNotFound},
		{"no form", func(r *payment.DeskRequest) { r.FormKey = "" }, payment.ErrFormUsed},
	} {
		req := h.atDesk(0)
		tt.change(&req)
		_, err := w.pay.TakeAtDesk(bg, by, req)
		t.Log(tt.name)
		refused(t, err, tt.want)
	}
	_, err := w.pay.TakeAtDesk(bg, steward, h.atDesk(0)) // of other buildings
	refused(t, err, models.ErrNotFound)
	if n := w.number("SELECT COUNT(*) FROM payments") + w.number("SELECT COUNT(*) FROM desk_entries") + w.number("SELECT COUNT(*) FROM journal WHERE payment_id <> ''"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

// A year paid early in two parts at the desk earned its discount. One part bounces:
// the discount is lost for the whole year, what of it the other part had been
// credited settles that part's bills again, and the books agree.
func TestReversalLosesDiscount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home(0)
	const tariff = "小区,收费项目,适用物业类型,计费方式,单价,阶梯,缴费周期,缴费截止日,违约金日利率,宽限天数,违约金上限,起始日期,截止日期,年付优惠,优惠截止\n" +
		"测试小区,物业服务费,,按面积,1,,季,15,0,0,,2023-01-01,,5%,3月31日\n"
	if _, err := intake.Import(bg, w.db, modelstest.Actor, intake.ImportTariffs, intake.File{Name: "tariffs.csv", Content: strings.NewReader(tariff), Size: int64(len(tariff))}); err != nil {
		t.Fatal(err)
	}
	for _, quarter := range []string{"2026-01", "2026-04", "2026-07", "2026-10"} {
		period, err := calc.ParsePeriod(quarter)
		if err == nil {
			_, err = issuing.GenerateBills(bg, w.db, modelstest.Actor, period, issuing.GenerateOptions{})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	bills, err := fees.OpenBills(w.db.View(bg), h.room.ID)
	if err != nil || len(bills) != 4 {
		t.Fatalf("%d bills, %v", len(bills), err)
	}
	h.bills = bills
	cashier := w.staff(office.RoleCashier)
	bounced := w.takes(cashier, h.atDesk(0, 1))
	w.takes(cashier, h.atDesk(2, 3))
	w.clock.Set(time.Date(2026, 4, 2, 2, 0, 0, 0, models.Shanghai))
	if _, err := billing.GrantDiscounts(bg, w.db, models.SystemActor("discounts")); err != nil {
		t.Fatal(err)
	}
	if h.bill(0).DiscountFen == 0 || h.prepaid() == 0 {
		t.Fatalf("no discount was granted: %+v, prepaid %d", h.bill(0), h.prepaid())
	}
	w.clean()
	if _, err := w.pay.ReverseAtDesk(bg, w.staff(office.RoleFinance), bounced.Payment.ID, "退票"); err != nil {
		t.Fatal(err)
	}
	for i, settled := range []bool{false, false, true, true} {
		b := h.bill(i)
		if owed := b.OutstandingFen(); b.DiscountFen != 0 || settled && owed != 0 || !settled && owed != b.PrincipalFen {
			t.Errorf("bill %d: discount %s, owed %s of %s", i, b.DiscountFen, owed, b.PrincipalFen)
		}
	}
	if h.prepaid() != 0 {
		t.Errorf("prepaid %s", h.prepaid())
	}
	w.clean()
}
