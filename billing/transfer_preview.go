package billing

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// TransferPreview is the open account of a room before a transfer: who owes
// what, and why the transfer is not possible, if so.
type TransferPreview struct {
	Room       estate.Room
	On         models.Date
	Former     estate.Owner
	Stay       []BillState // open bills of the former owner, as of today
	Spans      []SpanShare // of the former owner, open or paid: the period continues after the day
	Move       []BillState // open bills that go to the new owner
	OwedFen    models.Fen  // principal of Stay
	LateFeeFen models.Fen  // of Stay
	PrepaidFen models.Fen
	Refused    error // why the transfer is not possible; nil: it is

	tenures    []estate.Tenure // of the room
	unassigned []fees.Bill     // bills that name no owner
}

// SpanShare is a bill whose period lies on both sides of the transfer. It stays
// with the former owner. NewFen is the part of its principal for the days from
// the transfer on, which the two settle between themselves.
type SpanShare struct {
	fees.Bill
	Days    int // of the whole period
	NewDays int
	NewFen  models.Fen
}

// PreviewTransfer returns what a transfer on a day would do, and changes
// nothing. Within a transaction that goes on to make the transfer, the bills
// are locked. Refused holds the reason against the transfer; an error means
// that the preview itself failed.
func PreviewTransfer(tx *store.Tx, roomID string, on models.Date) (*TransferPreview, error) {
	p := &TransferPreview{On: on}
	var err error
	if p.Room, err = estate.RoomByID(tx, roomID); err != nil {
		return nil, err
	}
	p.PrepaidFen = p.Room.PrepaidFen
	if p.tenures, err = estate.TenuresOfRoom(tx, roomID); err != nil {
		return nil, err
	}
	former := p.formerTenure()
	if former.ID == "" || !former.ToOn.IsZero() {
		p.Refused = ErrTransferNobody
		return p, nil
	}
	if p.Former, err = estate.OwnerByID(tx, former.OwnerID); err != nil {
		return nil, err
	}
	if on <= former.FromOn || on > tx.Today()+maxTransferAhead {
		p.Refused = ErrTransferDate
	} else if err := models.DayOfTransfer.Check(on, tx.Today()); err != nil {
		p.Refused = err
	}
	if err := p.bills(tx); err != nil {
		return nil, err
	}
	return p, nil
}

// formerTenure returns the tenure of the last owner, even if it begins in the
// future: a further transfer continues from there.
func (p *TransferPreview) formerTenure() estate.Tenure {
	for _, t := range p.tenures { // the latest first
		if t.Role == estate.TenureOwner {
			return t
		}
	}
	return estate.Tenure{}
}

// bills sorts the room's bills into those that stay, those that span the day
// and those that move.
func (p *TransferPreview) bills(tx *store.Tx) error {
	live, err := fees.LiveBillsOfRoom(tx, p.Room.ID, p.On)
	if err != nil {
		return err
	}
	var move []fees.Bill
	for _, b := range live {
		if b.OwnerID != "" && b.OwnerID != p.Former.ID && !p.owned(b.OwnerID) {
			continue // of an owner long ago
		}
		if b.OwnerID == "" {
			p.unassigned = append(p.unassigned, b)
		}
		switch {
		case b.PeriodStart >= p.On:
			move = append(move, b)
		case b.PeriodEnd >= p.On:
			share, err := spanShare(b, p.On)
			if err != nil {
				return err
			}
			p.Spans = append(p.Spans, share)
		}
	}
	if p.Move, err = States(tx, move, tx.Today()); err != nil {
		return err
	}
	if err := p.refuse(tx, move); err != nil {
		return err
	}
	return p.stay(tx)
}

// owned reports whether a person owns the room together with the former owner.
func (p *TransferPreview) owned(ownerID string) bool {
	for _, t := range p.tenures {
		if t.Role == estate.TenureOwner && t.OwnerID == ownerID && t.ToOn.IsZero() {
			return true
		}
	}
	return false
}

// refuse sets Refused if something prevents the later bills from changing
// hands.
func (p *TransferPreview) refuse(tx *store.Tx, move []fees.Bill) error {
	ids := make([]string, len(move))
	var paid []string
	for i, b := range move {
		ids[i] = b.ID
		if b.PaidPrincipalFen > 0 || b.PaidLateFeeFen > 0 || b.Status == fees.BillPaid {
			paid = append(paid, fmt.Sprintf("%s（%s 至 %s）", b.Item, b.PeriodStart, b.PeriodEnd))
		}
	}
	if len(paid) > 0 && p.Refused == nil {
		e := *ErrTransferPaid
		e.Message += "：" + strings.Join(paid[:min(len(paid), 5)], "、")
		if len(paid) > 5 {
			e.Message += fmt.Sprintf("等 %d 笔", len(paid))
		}
		e.Message += "。请改用较晚的过户日，或先退回该款项"
		p.Refused = &e
	}
	open, err := money.ClaimsOn(tx, ids)
	if err != nil {
		return err
	}
	if len(open) > 0 && p.Refused == nil {
		p.Refused = ErrTransferBusy
	}
	plans, err := fees.PlansOfBills(tx, ids)
	if err != nil {
		return err
	}
	for _, list := range plans {
		for _, plan := range list {
			if plan.Status == fees.PlanActive && p.Refused == nil {
				p.Refused = ErrTransferPlan
			}
		}
	}
	return nil
}

// stay collects what the former owner has not settled.
func (p *TransferPreview) stay(tx *store.Tx) error {
	open, err := fees.OpenBills(tx, p.Room.ID)
	if err != nil {
		return err
	}
	var stay []fees.Bill
	for _, b := range open {
		if b.PeriodStart < p.On && (b.OwnerID == "" || b.OwnerID == p.Former.ID || p.owned(b.OwnerID)) {
			stay = append(stay, b)
		}
	}
	if p.Stay, err = States(tx, stay, tx.Today()); err != nil {
		return err
	}
	for i := range p.Stay {
		p.OwedFen = p.OwedFen.Plus(p.Stay[i].OutstandingFen())
		p.LateFeeFen = p.LateFeeFen.Plus(p.Stay[i].LateDueFen)
	}
	return nil
}

// spanShare divides a bill by days, rounded half up once.
func spanShare(b fees.Bill, on models.Date) (SpanShare, error) {
	s := SpanShare{Bill: b, Days: int(b.PeriodEnd-b.PeriodStart) + 1, NewDays: int(b.PeriodEnd-on) + 1}
	var err error
	s.NewFen, err = models.RoundFen((b.PrincipalFen - b.DiscountFen).Yuan().Mul(decimal.New(int64(s.NewDays),
		0)).DivRound(decimal.New(int64(s.Days), 0), 6))
	return s, err
}
