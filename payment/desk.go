package payment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of the desk. Nothing is booked then.
var (
	ErrDeskChannel = models.Invalid("DESK_CHANNEL", "请选择收款方式：现金、银行卡、转账、支付宝或支票")
	// ErrVoucher: no voucher number for a channel that needs one, or too long.
	ErrVoucher     = models.Invalid("VOUCHER", "请填写凭证号（最多 64 个字；现金可以不填）")
	ErrVoucherUsed = models.Refusal(models.KindConflict, "VOUCHER_USED", "凭证号已使用")
	ErrPaidOn      = models.Invalid("PAID_ON", "收款日期不能晚于今天，也不能早于一年前")
	ErrDayClosed   = models.Refusal(models.KindConflict, "DAY_CLOSED", "这一天已日结，不能再登记；请登记到之后的日期，或次日再登记")
	ErrPayerNote   = models.Invalid("PAYER_NOTE", "缴款人备注最多 200 个字")
	// ErrFormUsed: the form has booked another payment.
	ErrFormUsed = models.Refusal(models.KindConflict, "FORM_USED", "该页面已登记过另一笔收款，请重新打开收款台")
	// ErrDeskChoice: both bills and an amount are given, or neither.
	ErrDeskChoice = models.Invalid("DESK_CHOICE", "请勾选账单，或填写金额，二者选一")
)

// backDays is how far back money can be entered at the desk. A transfer may be
// found late, but not more than a year late.
const backDays = 366

// maxPayerNote is how many characters a note on the payer may have.
const maxPayerNote = 200

// DeskRequest is money that a cashier enters for a room: either for the given
// bills, whole, or an amount that the policy divides over open bills. The rest
// goes to the room's prepayment.
type DeskRequest struct {
	RoomID string
	// Channel is one of money.DeskChannels.
	Channel string
	BillIDs []string
	// AmountFen 0 pays the bills whole.
	AmountFen models.Fen
	// ShownFen is what the page showed that the bills take. If that has
	// changed, nothing is booked. 0 compares nothing and is allowed for an
	// amount only.
	ShownFen models.Fen
	// VoucherNo is unique in the community and channel. Cash may have none.
	VoucherNo string
	// PaidOn is the day from which the money counts.
	PaidOn models.Date
	// PayerNote is who paid, or what for. Owners never see it.
	PayerNote string
	// FormKey identifies the form: if it is posted twice, it is booked once.
	FormKey string
}

// DeskReceipt is what the desk has booked.
type DeskReceipt struct {
	Payment    money.Payment
	Entry      desk.DeskEntry
	Allocation billing.AllocationPreview // empty for a repeat
	Repeat     bool                      // the form was posted before; nothing was booked now
}

// check cleans the request and refuses what cannot be booked on a day.
func (r *DeskRequest) check(today models.Date) error {
	r.BillIDs = slices.Compact(slices.Sorted(slices.Values(r.BillIDs)))
	r.VoucherNo = strings.ToUpper(strings.Join(strings.Fields(models.HalfWidth(r.VoucherNo)), ""))
	r.PayerNote = strings.TrimSpace(r.PayerNote)
	switch {
	case !slices.Contains(money.DeskChannels, r.Channel):
		return ErrDeskChannel
	case (len(r.BillIDs) == 0) == (r.AmountFen == 0):
		return ErrDeskChoice
	case r.AmountFen < 0 || r.AmountFen > models.MaxFen:
		return billing.ErrNoAmount
	case len(r.BillIDs) > maxBills:
		return models.Invalid("TOO_MANY_BILLS", fmt.Sprintf("一次最多缴纳 %d 笔账单", maxBills))
	case r.VoucherNo == "" && r.Channel != money.ChannelCash, utf8.RuneCountInString(r.VoucherNo) > 64:
		return ErrVoucher
	case r.PaidOn > today || r.PaidOn < today-backDays:
		return ErrPaidOn
	case utf8.RuneCountInString(r.PayerNote) > maxPayerNote:
		return ErrPayerNote
	case len(r.FormKey) == 0 || len(r.FormKey) > 64:
		return ErrFormUsed
	}
	return nil
}

// PreviewDesk returns what the money would do if it were entered now. Nothing
// is changed.
func (s *Service) PreviewDesk(ctx context.Context, by office.Staff, req DeskRequest) (billing.AllocationPreview, error) {
	view := s.DB.View(ctx)
	room, _, err := estate.ScopedRoom(view, by.Scope(), req.RoomID)
	if err != nil {
		return billing.AllocationPreview{}, err
	}
	if err := req.check(view.Today()); err != nil {
		return billing.AllocationPreview{}, err
	}
	closed, err := desk.DeskDayClosedOn(view, req.day(room, by))
	if err == nil && closed {
		err = ErrDayClosed
	}
	if err == nil {
		err = checkVoucher(view, room, &req)
	}
	if err != nil {
		return billing.AllocationPreview{}, err
	}
	return billing.PreviewChosen(view, room, req.PaidOn, req.BillIDs, req.AmountFen)
}

// TakeAtDesk books money that a cashier has received. An order that is open at
// WeChat Pay for one of the bills is closed there first. If it cannot be
// closed, because it is paid, is being paid or WeChat does not answer, nothing
// is booked and the refusal tells the cashier.
//
// It returns the refusals above, [ErrDeskPaid], [ErrDeskPaying],
// [ErrDeskUnknown], [ErrDeskException], [billing.ErrAmountChanged] or
// [models.ErrNotFound].
func (s *Service) TakeAtDesk(ctx context.Context, by office.Staff, req DeskRequest) (DeskReceipt, error) {
	if err := req.check(s.DB.Today()); err != nil {
		return DeskReceipt{}, err
	}
	if done, err := s.previousEntry(ctx, &req); done != nil || err != nil {
		return deref(done), err
	}
	ctx, cancel := s.timeouts.checkout(context.WithoutCancel(ctx))
	defer cancel()
	r, err := s.takeAtDesk(ctx, by, &req)
	// One of two unique keys refused the row: that of the form, or that of the voucher.
	if errors.Is(err, desk.ErrDeskTwice) {
		if done, err := s.previousEntry(ctx, &req); done != nil || err != nil {
			return deref(done), err
		}
		err = voucherUsed(&req)
	}
	return r, inTime(ctx, err)
}

// takeAtDesk repeats the booking while orders for the bills have to be closed first.
func (s *Service) takeAtDesk(ctx context.Context, by office.Staff, req *DeskRequest) (r DeskReceipt, err error) {
	for range 3 { // a phone may order again before the bills are locked
		if err = s.clearBills(ctx, by, req); err != nil {
			return r, err
		}
		err = s.DB.Write(ctx, func(tx *store.Tx) (err error) {
			r, err = s.takeIn(tx, by, req)
			return err
		})
		if !errors.Is(err, errOpenOrder) {
			return r, err
		}
	}
	return r, ErrDeskPaying
}

// errOpenOrder reports that an order is open for a bill that the desk is about
// to settle.
var errOpenOrder = errors.New("payment: an open order is in the way")

// takeIn is the booking transaction of the desk. It locks the cashier's day,
// then the bills, then the room.
func (s *Service) takeIn(tx *store.Tx, by office.Staff, req *DeskRequest) (DeskReceipt, error) {
	r := DeskReceipt{}
	room, _, err := estate.ScopedRoom(tx, by.Scope(), req.RoomID)
	if err != nil {
		return r, err
	}
	day, err := desk.LockDeskDay(tx, req.day(room, by))
	switch {
	case err != nil:
		return r, err
	case day.Status != desk.DeskDayOpen:
		return r, ErrDayClosed
	}
	if err := checkVoucher(tx, room, req); err != nil {
		return r, err
	}
	if err := lockUnclaimed(tx, room, req); err != nil {
		return r, err
	}
	p := money.Payment{
		ID: models.NewID(), Channel: req.Channel, CommunityID: room.CommunityID, RoomID: room.ID, Source: money.LearnedByDesk,
		PaidAt: models.At(req.PaidOn.Start()), PaidOn: req.PaidOn, BookedAt: tx.Now,
	}
	if req.PaidOn == tx.Today() {
		p.PaidAt = tx.Now
	}
	if r.Allocation, err = spendAtDesk(tx, &p, req); err != nil {
		return r, err
	}
	r.Payment = p
	r.Entry = desk.DeskEntry{
		PaymentID: p.ID, CommunityID: room.CommunityID, RoomID: room.ID, Channel: req.Channel, StaffID: by.ID, StaffName: by.Name,
		DayOn: req.PaidOn, VoucherNo: req.VoucherNo, FormKey: req.FormKey, PayerNote: req.PayerNote, CreatedAt: tx.Now,
	}
	if req.VoucherNo != "" {
		r.Entry.VoucherKey = &r.Entry.VoucherNo
	}
	if err := desk.InsertDeskEntry(tx, &r.Entry); err != nil {
		return r, err
	}
	err = office.Audit(tx, by.Actor(), "desk.taken", "payment", p.ID, map[string]any{
		"room": room.ID, "channel": p.Channel, "amount_fen": p.AmountFen, "surplus_fen": p.SurplusFen, "voucher": req.VoucherNo,
		"paid_on": req.PaidOn,
	})
	if err == nil {
		err = s.AfterBooking(tx, nil, &r.Payment)
	}
	return r, err
}

// lockUnclaimed locks the bills that the money may settle, and refuses if an
// order is open for one that it will settle. A checkout locks the bills first,
// so no order can come in between.
func lockUnclaimed(tx *store.Tx, room estate.Room, req *DeskRequest) error {
	ids := req.BillIDs
	if len(ids) == 0 {
		open, err := fees.OpenBills(tx, room.ID)
		if err != nil {
			return err
		}
		for _, b := range open {
			ids = append(ids, b.ID)
		}
	}
	if _, err := fees.LockBills(tx, ids); err != nil {
		return err
	}
	plan, err := billing.PreviewChosen(tx, room, req.PaidOn, req.BillIDs, req.AmountFen)
	if err != nil {
		return err
	}
	claims, err := money.ClaimsOn(tx, settledBills(plan))
	if err == nil && len(claims) > 0 {
		err = errOpenOrder
	}
	return err
}

// settledBills returns the ids of the bills that the money settles.
func settledBills(a billing.AllocationPreview) []string {
	ids := make([]string, len(a.Lines))
	for i, s := range a.Lines {
		ids[i] = s.Bill.ID
	}
	return ids
}

// spendAtDesk settles the bills, moves the rest into prepayment and stores the
// payment.
func spendAtDesk(tx *store.Tx, p *money.Payment, req *DeskRequest) (a billing.AllocationPreview, err error) {
	settlement, err := estate.Settlement(tx, p.CommunityID)
	if err != nil {
		return a, err
	}
	m := billing.Money{
		PaymentID: p.ID, RoomID: p.RoomID, CommunityID: p.CommunityID, Debit: money.MoneyAccounts[p.Channel], Settlement: settlement,
		EffectiveOn: p.PaidOn,
	}
	if len(req.BillIDs) > 0 && req.ShownFen == 0 {
		return a, billing.ErrAmountChanged // the page did not show what they cost
	}
	if len(req.BillIDs) > 0 {
		a, err = billing.SettleChosen(tx, m, req.BillIDs, req.ShownFen)
	} else if a, err = billing.SettleRoom(tx, m, req.AmountFen); err == nil && req.ShownFen != 0 &&
		a.AmountFen-a.PrepaidFen != req.ShownFen {
		err = billing.ErrAmountChanged
	}
	if err != nil {
		return a, err
	}
	p.AmountFen, p.SurplusFen = a.AmountFen, a.PrepaidFen
	if err := CreditPrepaid(tx, p, "", money.PrepaidTopup, a.PrepaidFen); err != nil {
		return a, err
	}
	return a, money.InsertPayment(tx, p)
}

// day returns the key of the day that the money belongs to.
func (r *DeskRequest) day(room estate.Room, by office.Staff) desk.DeskDay {
	return desk.DeskDay{CommunityID: room.CommunityID, StaffID: by.ID, StaffName: by.Name, Channel: r.Channel, DayOn: r.PaidOn}
}

// checkVoucher refuses a voucher number that another payment has.
func checkVoucher(tx *store.Tx, room estate.Room, req *DeskRequest) error {
	if req.VoucherNo == "" {
		return nil
	}
	_, err := desk.DeskEntryByVoucher(tx, room.CommunityID, req.Channel, req.VoucherNo)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = voucherUsed(req)
	}
	return err
}

// voucherUsed returns [ErrVoucherUsed] with the number in its message.
func voucherUsed(req *DeskRequest) error {
	return models.Refusal(ErrVoucherUsed.Kind, ErrVoucherUsed.Code, "凭证号 "+req.VoucherNo+" 在本小区的同一收款方式下已使用，请核对")
}

// previousEntry returns what the form has booked before, or nil.
func (s *Service) previousEntry(ctx context.Context, req *DeskRequest) (*DeskReceipt, error) {
	view := s.DB.View(ctx)
	entry, err := desk.DeskEntryByForm(view, req.FormKey)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if entry.RoomID != req.RoomID || entry.Channel != req.Channel || entry.VoucherNo != req.VoucherNo || entry.DayOn != req.PaidOn {
		return nil, ErrFormUsed
	}
	p, err := money.PaymentByID(view, entry.PaymentID)
	return &DeskReceipt{Payment: p, Entry: entry, Repeat: true}, err
}

// deref returns the receipt, or an empty one for nil.
func deref(r *DeskReceipt) DeskReceipt {
	if r == nil {
		return DeskReceipt{}
	}
	return *r
}
