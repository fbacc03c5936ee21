package payment_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/refund"
)

// block is a developer with unsold rooms, each with bills of 110.02 that name nobody.
type block struct {
	w     *paymenttest.World
	dev   estate.Developer
	rooms []estate.Room
	bills []fees.Bill
}

func newBlock(w *paymenttest.World, rooms, bills int) *block {
	w.T.Helper()
	b := &block{w: w}
	c := modelstest.Community(w.T, w.Db, "测试小区")
	for i := range rooms {
		r := estate.Room{ID: models.NewID(), CommunityID: c.ID, Code: fmt.Sprintf("9-1-%d", 100+i), Kind: "高层住宅", Area: "88.00",
			Occupancy: estate.Unsold, CreatedAt: w.Db.Now(), UpdatedAt: w.Db.Now()}
		r.CodeKey = models.RoomKey(r.Code)
		modelstest.Write(w.T, w.Db, func(tx *store.Tx) error { return estate.InsertRooms(tx, []estate.Room{r}) })
		b.rooms = append(b.rooms, r)
	}
	for i := range rooms * bills {
		b.bills = append(b.bills, modelstest.Bill(w.T, w.Db, b.rooms[i%rooms], func(bill *fees.Bill) {
			bill.DueOn = models.MustDate("2026-01-15").Plus(i) // the rooms take turns
		}))
	}
	var err error
	if b.dev, _, err = billing.RegisterDeveloper(paymenttest.Bg, w.Db, modelstest.Actor, billing.DeveloperForm{CommunityID: c.ID,
		Name: "福州某某置业有限公司"}); err != nil {
		w.T.Fatal(err)
	}
	return b
}

// account is what the developer owes now.
func (b *block) account() billing.Party {
	b.w.T.Helper()
	p, err := billing.PartyArrears(b.w.Db.View(paymenttest.Bg), b.dev.OwnerID)
	if err != nil {
		b.w.T.Fatal(err)
	}
	return p
}

// wants is a transfer of a sum, as the page shows it.
func (b *block) wants(by office.Staff, amount models.Fen, voucher string) payment.PartyRequest {
	b.w.T.Helper()
	req := payment.PartyRequest{OwnerID: b.dev.OwnerID, Channel: money.ChannelTransfer, AmountFen: amount, VoucherNo: voucher,
		PaidOn: b.w.Db.Today(), FormKey: models.NewID()}
	plan, err := b.w.Pay.PreviewParty(paymenttest.Bg, by, req)
	if err != nil {
		b.w.T.Fatal(err)
	}
	req.Seen = plan.Fingerprint()
	return req
}

// One sum settles the earliest due bills over all rooms by the one rule; it is undone whole.
func TestPartyPaysOverItsRooms(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	b := newBlock(w, 3, 4)
	by, other := w.Staff(office.RoleCashier), w.Staff(office.RoleCashier)
	before := b.account()
	if len(before.Rooms) != 3 || before.Bills != 12 || before.TotalFen != before.PrincipalFen+before.LateFeeFen ||
		before.PrincipalFen != 12*11002 {
		t.Fatalf("the account has %d rooms, %d bills, %s", len(before.Rooms), before.Bills, before.TotalFen)
	}
	aged := models.Fen(0)
	for _, a := range before.ByAge {
		aged += a.TotalFen
	}
	if aged != before.TotalFen || len(before.ByItem) != 1 || before.ByItem[0].TotalFen != before.TotalFen {
		t.Errorf("by age %s, by item %+v, in all %s", aged, before.ByItem, before.TotalFen)
	}
	amount := before.TotalFen / 2
	req := b.wants(by, amount, "TRF-1")
	r, err := w.Pay.TakeFromParty(paymenttest.Bg, by, req)
	if err != nil {
		t.Fatal(err)
	}
	after := b.account()
	if r.Group.AmountFen != amount || r.Group.Payments != 3 || after.TotalFen != before.TotalFen-amount ||
		after.TotalFen != r.Plan.StillDueFen {
		t.Errorf("booked %+v; owed %s after %s", r.Group, after.TotalFen, before.TotalFen)
	}
	// What is paid is due before what is not.
	last := models.Date(0)
	for _, bill := range b.bills {
		now, err := fees.BillByID(w.Db.View(paymenttest.Bg), bill.ID)
		if err != nil {
			t.Fatal(err)
		}
		if now.Status == fees.BillPaid {
			last = max(last, now.DueOn)
		} else if now.Status == fees.BillUnpaid && now.DueOn < last {
			t.Errorf("a bill due on %s is unpaid, and one due on %s is paid", now.DueOn, last)
		}
	}
	if bank := w.Journaled(money.AccountBank); bank != amount {
		t.Errorf("the bank has %s", bank)
	}
	w.Clean()

	// The form again is the same sum; the voucher pays once, whichever way it comes.
	if again, err := w.Pay.TakeFromParty(paymenttest.Bg, by, req); err != nil || !again.Repeat || again.Group.ID != r.Group.ID {
		t.Errorf("the form again: %v %+v", err, again)
	}
	one := b.wants(by, 100, "TRF-2")
	one.VoucherNo = "trf-1"
	_, err = w.Pay.TakeFromParty(paymenttest.Bg, by, one)
	paymenttest.Refused(t, err, payment.ErrVoucherUsed)
	h := w.Home(1)
	single := h.AtDesk(0)
	single.Channel, single.VoucherNo = money.ChannelTransfer, "TRF-1"
	_, err = w.Pay.TakeAtDesk(paymenttest.Bg, by, single)
	paymenttest.Refused(t, err, payment.ErrVoucherUsed)

	// It is undone whole, by another person, and its voucher is free again.
	lines, err := desk.GroupLines(w.Db.View(paymenttest.Bg), r.Group.ID)
	if err != nil || len(lines) != 3 {
		t.Fatal(err, len(lines))
	}
	_, err = refund.ReverseAtDesk(paymenttest.Bg, w.Pay, other, lines[1].PaymentID, "录错")
	paymenttest.Refused(t, err, refund.ErrReverseGroup)
	paymenttest.Refused(t, refund.ReverseGroup(paymenttest.Bg, w.Pay, by, r.Group.ID, "录错"), refund.ErrReverseOwn)
	if err := refund.ReverseGroup(paymenttest.Bg, w.Pay, other, r.Group.ID, "录错"); err != nil {
		t.Fatal(err)
	}
	paymenttest.Refused(t, refund.ReverseGroup(paymenttest.Bg, w.Pay, other, r.Group.ID, "再录错"), money.ErrReversed)
	if undone := b.account(); undone.TotalFen != before.TotalFen || undone.Bills != 12 {
		t.Errorf("undone, %s are owed, %s before", undone.TotalFen, before.TotalFen)
	}
	w.Clean()
	if _, err := w.Pay.TakeFromParty(paymenttest.Bg, by, b.wants(by, before.TotalFen, "TRF-1")); err != nil {
		t.Errorf("the slip again, entered rightly: %v", err)
	}
	if left := b.account(); left.TotalFen != 0 || left.Bills != 0 {
		t.Errorf("paid in full, %s are owed", left.TotalFen)
	}
	w.Clean()
}

func TestPartySumsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	b := newBlock(w, 2, 1)
	by := w.Staff(office.RoleCashier)
	good := b.wants(by, b.account().TotalFen, "T1")
	for name, x := range map[string]struct {
		change func(*payment.PartyRequest)
		want   *models.Error
	}{
		"too much":       {func(r *payment.PartyRequest) { r.AmountFen++ }, billing.ErrPartyOwesLess},
		"nothing":        {func(r *payment.PartyRequest) { r.AmountFen = 0 }, payment.ErrDeskChoice},
		"not seen":       {func(r *payment.PartyRequest) { r.Seen = "" }, billing.ErrAmountChanged},
		"another amount": {func(r *payment.PartyRequest) { r.AmountFen-- }, billing.ErrAmountChanged},
		"no voucher":     {func(r *payment.PartyRequest) { r.VoucherNo = "" }, payment.ErrVoucher},
		"channel":        {func(r *payment.PartyRequest) { r.Channel = money.ChannelWechat }, payment.ErrDeskChannel},
		"tomorrow":       {func(r *payment.PartyRequest) { r.PaidOn++ }, payment.ErrPaidOn},
		"nobody":         {func(r *payment.PartyRequest) { r.OwnerID = models.NewID() }, models.ErrNotFound},
	} {
		req := good
		x.change(&req)
		if _, err := w.Pay.TakeFromParty(paymenttest.Bg, by, req); !errors.Is(err, x.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.Number("SELECT COUNT(*) FROM payments"); n != 0 {
		t.Errorf("%d payments", n)
	}
	w.Clean()
}

// A bill that is paid meanwhile changes what the sum does: nothing is booked before it is
// shown again. Two cashiers who enter the same slip at once book it once.
func TestPartyRaces(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	b := newBlock(w, 3, 2)
	by, other := w.Staff(office.RoleCashier), w.Staff(office.RoleCashier)
	req := b.wants(by, b.account().TotalFen, "S1")
	w.Takes(other, payment.DeskRequest{RoomID: b.rooms[0].ID, Channel: money.ChannelCash, PaidOn: w.Db.Today(), FormKey: models.NewID(),
		AmountFen: 5000})
	if _, err := w.Pay.TakeFromParty(paymenttest.Bg, by, req); err == nil {
		t.Error("a sum was booked that was shown before a bill was paid")
	}
	slips := []payment.PartyRequest{b.wants(by, b.account().TotalFen, "S1"), b.wants(other, b.account().TotalFen, "S1")}
	slips = append(slips, slips[0], slips[1])
	errs := make([]error, len(slips))
	var all sync.WaitGroup
	for i := range slips {
		all.Go(func() {
			_, errs[i] = w.Pay.TakeFromParty(paymenttest.Bg, []office.Staff{by, other}[i%2], slips[i])
		})
	}
	all.Wait()
	if n := w.Number("SELECT COUNT(*) FROM desk_groups"); n != 1 || b.account().TotalFen != 0 {
		t.Errorf("%d groups, %s owed: %v", n, b.account().TotalFen, errs)
	}
	w.Clean()
}

// While somebody on a phone is paying one of the bills, the sum waits for WeChat's word: it
// closes the order, or is refused if the order was paid.
func TestPartyAndAPhoneAtOnce(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	b := newBlock(w, 2, 1)
	by := w.Staff(office.RoleCashier)
	h := &paymenttest.Home{W: w, Room: b.rooms[0], User: w.User("dev", b.rooms[0]), Bills: b.bills[:1]}
	paid := h.Order(0, 0)
	req := b.wants(by, b.account().TotalFen, "P1")
	w.PaysAtWechat(paid.Order.No)
	if _, err := w.Pay.TakeFromParty(paymenttest.Bg, by, req); err == nil {
		t.Error("a bill that was paid by phone was paid again")
	}
	w.Drain()
	w.Clean()
	open := &paymenttest.Home{W: w, Room: b.rooms[1], User: w.User("dev2", b.rooms[1]), Bills: b.bills[1:]}
	order := open.Order(0, 0)
	if _, err := w.Pay.TakeFromParty(paymenttest.Bg, by, b.wants(by, b.account().TotalFen, "P2")); err != nil {
		t.Fatal(err)
	}
	w.WantOrder(order.Order.No, money.OrderClosed, "CLOSED")
	w.Drain()
	w.Balanced()
}

// The day of the cashier counts the sum, and what was undone of it.
func TestPartyInTheDayClose(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	b := newBlock(w, 3, 1)
	by, boss := w.Staff(office.RoleCashier), w.Staff(office.RoleFinance)
	total := b.account().TotalFen
	r, err := w.Pay.TakeFromParty(paymenttest.Bg, by, b.wants(by, total, "D1"))
	if err != nil {
		t.Fatal(err)
	}
	day := payment.DayCount{CommunityID: r.Group.CommunityID, StaffID: by.ID, Channel: money.ChannelTransfer, On: w.Db.Today(),
		CountedFen: total, ShownFen: total}
	closed, err := w.Pay.CloseDay(paymenttest.Bg, by, day)
	if err != nil || closed.BookedFen != total || closed.BookedCount != 3 {
		t.Fatalf("%v %+v", err, closed)
	}
	if err := refund.ReverseGroup(paymenttest.Bg, w.Pay, boss, r.Group.ID, "退票"); err != nil {
		t.Fatal(err)
	}
	if n := w.Number("SELECT COUNT(DISTINCT day_on) FROM payment_reversals WHERE day_on > ?", w.Db.Today().String()); n != 1 {
		t.Error("the reversal is not in the next open day, as one")
	}
	receipt, err := w.Pay.Receipts.GroupReceipt(paymenttest.Bg, r.Group.ID)
	if err != nil || len(receipt.Parts) != 3 || !receipt.Void {
		t.Errorf("the receipt of what is undone: %v %+v", err, receipt)
	}
	w.Clean()
}

// A room that is sold leaves the developer's debt with the developer, and pays it with the
// rest; the new owner's bills are not its.
func TestPartyAfterASale(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	b := newBlock(w, 2, 1)
	by := w.Staff(office.RoleCashier)
	before := b.account().TotalFen
	if _, err := billing.Transfer(paymenttest.Bg, w.Db, modelstest.Actor, billing.TransferRequest{RoomID: b.rooms[0].ID, On: w.Db.Today(),
		Name: "李新", Phone: "13700000001", PrepaidTo: estate.PrepaidStays}); err != nil {
		t.Fatal(err)
	}
	modelstest.Bill(t, w.Db, b.rooms[0], func(x *fees.Bill) {
		x.PeriodStart, x.PeriodEnd, x.OwnerID = w.Db.Today(), w.Db.Today(), ""
	})
	p := b.account()
	if p.TotalFen != before || len(p.Rooms) != 2 || p.Rooms[0].UntilOn != w.Db.Today()-1 {
		t.Errorf("after the sale the developer owes %s, before %s: %+v", p.TotalFen, before, p.Rooms)
	}
	if _, err := w.Pay.TakeFromParty(paymenttest.Bg, by, b.wants(by, before, "V1")); err != nil {
		t.Fatal(err)
	}
	if left, err := billing.RoomArrears(w.Db.View(paymenttest.Bg), b.rooms[0].ID); err != nil || len(left.Bills) != 1 {
		t.Errorf("%v: the new owner's bill is gone: %+v", err, left)
	}
	w.Clean()
}
