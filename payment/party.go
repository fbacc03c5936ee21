package payment

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// maxPartyBills is how many bills one sum of a party may settle: more would hold the books
// too long.
const maxPartyBills = 2000

// ErrPartyTooMany is the refusal of a sum that would settle more bills than that.
var ErrPartyTooMany = models.Refusal(models.KindUnprocessable, "PARTY_TOO_MANY", "这笔款涉及的账单超过 2000 笔，请分几次登记")

// PartyRequest is one sum that a cashier enters for a party with several rooms, such as a
// developer. It settles the bills of all rooms, earliest due first.
type PartyRequest struct {
	OwnerID   string
	Channel   string // one of money.DeskChannels
	AmountFen models.Fen
	// Seen is the [billing.PartyPlan.Fingerprint] that the page showed. If the sum would
	// do something else now, nothing is booked.
	Seen      string
	VoucherNo string
	PaidOn    models.Date
	PayerNote string
	FormKey   string // identifies the form: if it is posted twice, it is booked once
}

// one returns the request as one for a single room, whose rules are the same.
func (r *PartyRequest) one() DeskRequest {
	return DeskRequest{Channel: r.Channel, AmountFen: r.AmountFen, VoucherNo: r.VoucherNo, PaidOn: r.PaidOn, PayerNote: r.PayerNote,
		FormKey: r.FormKey}
}

// check cleans the request and refuses what cannot be booked on a day. Keys and vouchers of
// the rooms are made from those of the group, so they are shorter here.
func (r *PartyRequest) check(today models.Date) error {
	d := r.one()
	if err := d.check(today); err != nil {
		return err
	}
	r.VoucherNo, r.PayerNote = d.VoucherNo, d.PayerNote
	switch {
	case len([]rune(r.VoucherNo)) > 58:
		return ErrVoucher
	case len(r.FormKey) > 58:
		return ErrFormUsed
	}
	return nil
}

// PartyReceipt is what one sum of a party has booked.
type PartyReceipt struct {
	Group  desk.DeskGroup
	Plan   billing.PartyPlan // empty for a repeat
	Repeat bool              // the form was posted before; nothing was booked now
}

// PreviewParty returns what the sum would do if it were entered now. Nothing is changed.
func (s *Service) PreviewParty(ctx context.Context, by office.Staff, req PartyRequest) (billing.PartyPlan, error) {
	view := s.DB.View(ctx)
	if err := req.check(view.Today()); err != nil {
		return billing.PartyPlan{}, err
	}
	owner, err := estate.OwnerByID(view, req.OwnerID)
	if err != nil {
		return billing.PartyPlan{}, err
	}
	one, room := req.one(), estate.Room{CommunityID: owner.CommunityID}
	closed, err := desk.DeskDayClosedOn(view, one.day(room, by))
	if err == nil && closed {
		err = ErrDayClosed
	}
	if err == nil {
		err = checkVoucher(view, room, &one)
	}
	if err != nil {
		return billing.PartyPlan{}, err
	}
	return planParty(view, &req, false)
}

func planParty(tx *store.Tx, req *PartyRequest, lock bool) (billing.PartyPlan, error) {
	plan, err := billing.PlanParty(tx, req.OwnerID, req.PaidOn, req.AmountFen, lock)
	if err == nil && len(plan.Lines) > maxPartyBills {
		err = ErrPartyTooMany
	}
	return plan, err
}

// TakeFromParty books one sum that a cashier has received from a party: a payment for each
// room that it reaches, all in one transaction, tied together by a group. The first one
// carries the voucher, so that one bank slip pays once, whether by itself or in a group.
// An order that is open at WeChat Pay for one of the bills is closed there first. Refusals
// are those of [Service.TakeAtDesk], [billing.ErrPartyOwesLess] and [ErrPartyTooMany].
func (s *Service) TakeFromParty(ctx context.Context, by office.Staff, req PartyRequest) (PartyReceipt, error) {
	if err := req.check(s.DB.Today()); err != nil {
		return PartyReceipt{}, err
	}
	if done, err := s.previousGroup(ctx, &req); done != nil || err != nil {
		return partyOf(done), err
	}
	ctx, cancel := s.timeouts.checkout(context.WithoutCancel(ctx))
	defer cancel()
	r, err := s.takeFromParty(ctx, by, &req)
	if errors.Is(err, desk.ErrDeskTwice) { // of the form, or of the voucher
		if done, err := s.previousGroup(ctx, &req); done != nil || err != nil {
			return partyOf(done), err
		}
		one := req.one()
		err = voucherUsed(&one)
	}
	return r, inTime(ctx, err)
}

func partyOf(g *desk.DeskGroup) PartyReceipt {
	if g == nil {
		return PartyReceipt{}
	}
	return PartyReceipt{Group: *g, Repeat: true}
}

// previousGroup returns what the form has booked before, or nil.
func (s *Service) previousGroup(ctx context.Context, req *PartyRequest) (*desk.DeskGroup, error) {
	g, err := desk.DeskGroupByForm(s.DB.View(ctx), req.FormKey)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	if err == nil && (g.OwnerID != req.OwnerID || g.Channel != req.Channel || g.VoucherNo != req.VoucherNo || g.DayOn != req.PaidOn ||
		g.AmountFen != req.AmountFen) {
		err = ErrFormUsed
	}
	if err != nil {
		return nil, err
	}
	return &g, nil
}

// takeFromParty repeats the booking while orders for the bills have to be closed first.
func (s *Service) takeFromParty(ctx context.Context, by office.Staff, req *PartyRequest) (r PartyReceipt, err error) {
	for range 3 { // a phone may order again before the bills are locked
		if err = s.clearPartyBills(ctx, by, req); err != nil {
			return r, err
		}
		err = s.DB.Write(ctx, func(tx *store.Tx) (err error) {
			r, err = s.takePartyIn(tx, by, req)
			return err
		})
		if !errors.Is(err, errOpenOrder) {
			return r, err
		}
	}
	return r, ErrDeskPaying
}

// clearPartyBills ends the orders that are open at WeChat Pay for the bills that the sum
// will settle.
func (s *Service) clearPartyBills(ctx context.Context, by office.Staff, req *PartyRequest) error {
	view := s.DB.View(ctx)
	plan, err := planParty(view, req, false)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(plan.BillIDs(), 500) {
		orders, err := money.OrdersAtWechatOn(view, part)
		if err != nil {
			return err
		}
		for _, no := range orders {
			if err := s.endForDesk(ctx, by.Actor(), no); err != nil {
				return err
			}
		}
	}
	return nil
}

// takePartyIn is the booking transaction. It locks the community, under which groups are
// numbered, then the cashier's day, then the bills of all rooms in ascending order of id.
func (s *Service) takePartyIn(tx *store.Tx, by office.Staff, req *PartyRequest) (PartyReceipt, error) {
	r := PartyReceipt{}
	owner, err := estate.OwnerByID(tx, req.OwnerID)
	if err != nil {
		return r, err
	}
	if err := estate.LockCommunity(tx, owner.CommunityID); err != nil {
		return r, err
	}
	one, room := req.one(), estate.Room{CommunityID: owner.CommunityID}
	day, err := desk.LockDeskDay(tx, one.day(room, by))
	switch {
	case err != nil:
		return r, err
	case day.Status != desk.DeskDayOpen:
		return r, ErrDayClosed
	}
	if err := checkVoucher(tx, room, &one); err != nil {
		return r, err
	}
	if r.Plan, err = planParty(tx, req, true); err != nil {
		return r, err
	}
	if r.Plan.Fingerprint() != req.Seen {
		return r, billing.ErrAmountChanged
	}
	for part := range slices.Chunk(r.Plan.BillIDs(), 500) {
		claims, err := money.ClaimsOn(tx, part)
		if err == nil && len(claims) > 0 {
			err = errOpenOrder
		}
		if err != nil {
			return r, err
		}
	}
	r.Group = desk.DeskGroup{
		ID: models.NewID(), CommunityID: owner.CommunityID, OwnerID: owner.ID, Channel: req.Channel, StaffID: by.ID, StaffName: by.Name,
		DayOn: req.PaidOn, VoucherNo: req.VoucherNo, FormKey: req.FormKey, PayerNote: req.PayerNote, AmountFen: req.AmountFen,
	}
	if r.Group.No, err = desk.NextGroupNo(tx, owner.CommunityID); err != nil {
		return r, err
	}
	ids := make([]string, len(r.Plan.Rooms))
	for i, share := range r.Plan.Rooms {
		if ids[i], err = s.takeShare(tx, by, &r, req, i, share); err != nil {
			return r, err
		}
	}
	return r, desk.InsertDeskGroup(tx, by.Actor(), &r.Group, ids)
}

// takeShare books the payment of one room of a group, at a place from 0, and returns its id.
func (s *Service) takeShare(tx *store.Tx, by office.Staff, r *PartyReceipt, req *PartyRequest, seq int,
	share billing.PartyShare) (string, error) {
	g := &r.Group
	p := money.Payment{
		ID: models.NewID(), Channel: g.Channel, CommunityID: g.CommunityID, RoomID: share.Room.ID, Source: money.LearnedByDesk,
		PaidAt: models.At(req.PaidOn.Start()), PaidOn: req.PaidOn, BookedAt: tx.Now, AmountFen: share.AmountFen,
	}
	if req.PaidOn == tx.Today() {
		p.PaidAt = tx.Now
	}
	err := billing.SettleShare(tx, billing.Money{
		PaymentID: p.ID, RoomID: p.RoomID, CommunityID: p.CommunityID, Debit: money.MoneyAccounts[p.Channel], Settlement: r.Plan.Settlement,
		EffectiveOn: p.PaidOn,
	}, share)
	if err != nil {
		return "", err
	}
	if err := money.InsertPayment(tx, &p); err != nil {
		return "", err
	}
	e := desk.DeskEntry{
		PaymentID: p.ID, CommunityID: g.CommunityID, RoomID: p.RoomID, Channel: g.Channel, StaffID: g.StaffID, StaffName: g.StaffName,
		DayOn: g.DayOn, VoucherNo: partOf(g.VoucherNo, seq), FormKey: partOf(g.FormKey, seq), PayerNote: g.PayerNote, CreatedAt: tx.Now,
	}
	if e.VoucherNo != "" {
		e.VoucherKey = &e.VoucherNo
	}
	if err := desk.InsertDeskEntry(tx, &e); err != nil {
		return "", err
	}
	err = office.Audit(tx, by.Actor(), "desk.taken", "payment", p.ID, map[string]any{
		"room": p.RoomID, "channel": p.Channel, "amount_fen": p.AmountFen, "surplus_fen": 0, "voucher": e.VoucherNo, "paid_on": p.PaidOn,
		"group": g.ID,
	})
	if err == nil {
		err = s.AfterBooking(tx, nil, &p)
	}
	return p.ID, err
}

// partOf returns the voucher or the form of one room of a group: that of the group for the
// first room, and with its place behind it for the others.
func partOf(key string, seq int) string {
	if key == "" || seq == 0 {
		return key
	}
	return fmt.Sprintf("%s/%d", key, seq+1)
}
