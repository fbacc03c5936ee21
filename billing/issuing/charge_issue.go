package issuing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// chargeBatch is how many bills of a charge are issued in one transaction.
const chargeBatch = 500

// MakeCharge stores a charge with all its parts, as previewed. seen is the
// [ChargePreview.Fingerprint] of the preview that the user approved. If the
// charge would come out differently now, MakeCharge changes nothing and returns
// [ErrChargeChanged]. If the same was charged before and is not void, it returns
// [fees.ErrChargedAlready]. The bills are issued by [WorkCharge].
//
// The community is locked before the charge is computed, so that no run or
// other charge bills the rooms between the check and the commit.
func MakeCharge(ctx context.Context, db *store.DB, by models.Actor, q ChargeRequest, seen string) (fees.Charge, error) {
	var c fees.Charge
	err := db.Write(ctx, func(tx *store.Tx) error {
		if err := estate.LockCommunity(tx, q.CommunityID); err != nil {
			return err
		}
		p, err := planCharge(tx, q)
		if err != nil {
			return err
		}
		if p.Fingerprint() != seen {
			return ErrChargeChanged
		}
		if err := p.Err(); err != nil {
			return err
		}
		key := p.dedupeKey()
		c = fees.Charge{
			ID: models.NewID(), CommunityID: p.CommunityID, Kind: p.Kind, Item: p.Item, PeriodStart: p.From, PeriodEnd: p.To,
			TotalFen: p.TotalFen, ShareBy: p.ShareBy, Scope: p.Scope, ScopeText: p.scopeText(), OccupiedOnly: p.OccupiedOnly,
			Reason: p.Reason, DueOn: p.DueOn, LateRate: p.late.LateRate, GraceDays: p.late.GraceDays, LateCap: p.late.LateCap,
			Rooms: len(p.Parts), Status: fees.ChargeIssuing, OpenKey: &key,
		}
		lines := make([]fees.ChargeLine, len(p.Parts))
		for i, part := range p.Parts {
			lines[i] = fees.ChargeLine{Seq: i, RoomID: part.Room.ID, Weight: part.Weight.String(), AmountFen: part.AmountFen}
			if part.AmountFen > 0 {
				lines[i].BillID = models.NewID()
			}
		}
		return fees.InsertCharge(tx, by, &c, lines)
	})
	return c, err
}

// dedupeKey returns the unique key that prevents issuing the same charge twice.
// It contains the kind, the fee item, the days and the scope (of a list, its
// rooms), but not the amount: a second charge with another amount is still a
// second charge. The key is free again once the charge is void.
func (p *ChargePreview) dedupeKey() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%d\x00%d\x00%s\x00%s\x00%s", p.Kind, p.CommunityID, p.Item, p.From, p.To, p.Scope, p.Building, p.Unit)
	if p.Scope == ScopeList {
		for _, part := range p.Parts {
			h.Write([]byte(part.Room.ID))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// scopeText describes the scope for lists, cut to the width of its column.
func (p *ChargePreview) scopeText() string {
	switch p.Scope {
	case ScopeBuilding:
		return p.Building
	case ScopeUnit:
		return p.Building + p.Unit
	case ScopeList:
		text := []rune(strings.Join(p.RoomCodes, "、"))
		return string(text[:min(len(text), 100)])
	}
	return ""
}

// WorkCharge continues a charge until all its bills are issued, or all are
// void. Each batch is a transaction of its own; if WorkCharge is stopped, the
// next call continues from there.
func WorkCharge(ctx context.Context, db *store.DB, id string) error {
	for {
		done := false
		err := db.Write(ctx, func(tx *store.Tx) error {
			c, err := fees.LockCharge(tx, id)
			if err != nil {
				return err
			}
			switch c.Status {
			case fees.ChargeIssuing:
				done, err = issueCharge(tx, &c)
			case fees.ChargeVoiding:
				done, err = voidCharge(tx, &c)
			default:
				done = true
				return nil
			}
			if err != nil {
				return err
			}
			return fees.UpdateCharge(tx, &c)
		})
		if err != nil || done {
			return err
		}
	}
}

// WorkCharges continues every charge that was begun and not finished, and
// returns how many there were. A charge that fails does not stop the others.
func WorkCharges(ctx context.Context, db *store.DB) (int, error) {
	list, err := fees.UnfinishedCharges(db.View(ctx))
	for _, c := range list {
		err = errors.Join(err, WorkCharge(ctx, db, c.ID))
	}
	return len(list), err
}

// issueCharge issues the next batch of bills. It reports whether none are left.
// Parts of 0 fen have no bill. A charge that is issued late is due today at the
// earliest, so that no bill is overdue when it is issued.
func issueCharge(tx *store.Tx, c *fees.Charge) (done bool, err error) {
	if err := estate.LockCommunity(tx, c.CommunityID); err != nil {
		return false, err
	}
	lines, err := fees.ChargeLines(tx, c.ID, c.NextSeq, chargeBatch)
	if err != nil {
		return false, err
	}
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.RoomID
	}
	rooms, err := estate.RoomsByID(tx, ids)
	if err != nil {
		return false, err
	}
	held, err := estate.TenurePeriods(tx, ids)
	if err != nil {
		return false, err
	}
	var bills []fees.Bill
	var list []estate.Room
	total := models.Fen(0)
	for _, l := range lines {
		if l.BillID == "" {
			continue
		}
		basis, err := partBasis(c, l)
		if err != nil {
			return false, err
		}
		list = append(list, rooms[l.RoomID])
		total = total.Plus(l.AmountFen)
		bills = append(bills, fees.Bill{
			ID: l.BillID, CommunityID: c.CommunityID, RoomID: l.RoomID,
			OwnerID: billing.OwnerOf(held[l.RoomID], calc.Days{From: c.PeriodStart, To: c.PeriodEnd}), Item: c.Item,
			PeriodStart: c.PeriodStart, PeriodEnd: c.PeriodEnd, IssuedOn: tx.Today(), DueOn: max(c.DueOn, tx.Today()),
			Status: fees.BillUnpaid, PrincipalFen: l.AmountFen, LateRate: c.LateRate, GraceDays: c.GraceDays, LateCap: c.LateCap,
			Basis: basis, Source: c.Kind, BatchID: c.ID, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		})
	}
	c.NextSeq += len(lines)
	if done = len(lines) < chargeBatch; done {
		c.Status, c.NextSeq = fees.ChargeIssued, 0
	}
	if len(bills) == 0 {
		return done, nil
	}
	// Bills were numbered by MakeCharge, so a batch that runs again cannot add others.
	offset, err := issueBills(tx, list, bills)
	if err != nil {
		return false, fmt.Errorf("issue bills of charge %s: %w", c.ID, err)
	}
	return done, office.Audit(tx, c.MadeBy, "bills.issued", "charge", c.ID, map[string]any{
		"bills": len(bills), "principal_fen": total, "offset_fen": offset,
	})
}

// partBasis returns the basis of a room's part as JSON: what is shared, over how
// many rooms, and the room's weight, which is its area when shared by area.
func partBasis(c *fees.Charge, l fees.ChargeLine) (string, error) {
	b := calc.Basis{Kind: fees.ChargeOneOff, Reason: c.Reason}
	if c.Kind == fees.ChargeShared {
		b = calc.Basis{Kind: "shared_" + c.ShareBy, Reason: c.Reason, Total: c.TotalFen.String(), Rooms: c.Rooms, Weight: l.Weight}
		if c.ShareBy == fees.ShareByArea {
			weight, err := decimal.NewFromString(l.Weight)
			if err != nil {
				return "", err
			}
			b.Area, b.Weight = weight.StringFixed(2), ""
		}
	}
	text, err := json.Marshal(b)
	return string(text), err
}

// RequestVoidCharge asks for all bills of a charge to be voided, so that it can
// be charged again correctly. Another person decides: [DecideVoidCharge].
func RequestVoidCharge(ctx context.Context, db *store.DB, by models.Actor, id, reason string) error {
	if strings.TrimSpace(reason) == "" || len([]rune(reason)) > 200 {
		return billing.ErrNoReason
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		c, err := fees.LockCharge(tx, id)
		if err != nil {
			return err
		}
		if c.Status != fees.ChargeIssued || c.VoidAsked.Kind != "" {
			return ErrChargeState
		}
		c.VoidReason, c.VoidAsked = reason, by
		if err := fees.UpdateCharge(tx, &c); err != nil {
			return err
		}
		return office.Audit(tx, by, "charge.void_asked", "charge", c.ID, nil)
	})
}

// DecideVoidCharge approves or refuses the voiding of a charge. The person who
// asked for it must not decide ([billing.ErrSamePerson]). Once approved,
// [WorkCharge] voids the bills; what was paid for them goes to the rooms'
// prepayment. It needs [office.PermApprove], else [models.ErrForbidden].
func DecideVoidCharge(ctx context.Context, db *store.DB, by office.Staff, id string, approve bool) error {
	if !by.Can(office.PermApprove) {
		return models.ErrForbidden
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		c, err := fees.LockCharge(tx, id)
		if err != nil {
			return err
		}
		switch {
		case c.Status != fees.ChargeIssued || c.VoidAsked.Kind == "":
			return ErrChargeState
		case c.VoidAsked == by.Actor():
			return billing.ErrSamePerson
		}
		action := "charge.void_refused"
		if approve {
			c.Status, c.NextSeq, action = fees.ChargeVoiding, 0, "charge.void_approved"
			c.VoidApproved = by.Actor()
		} else {
			c.VoidReason, c.VoidAsked = "", models.Actor{}
		}
		if err := fees.UpdateCharge(tx, &c); err != nil {
			return err
		}
		return office.Audit(tx, by.Actor(), action, "charge", c.ID, nil)
	})
}

// voidCharge voids the next batch of bills and reports whether none are left. A
// bill that was voided on its own already is skipped.
func voidCharge(tx *store.Tx, c *fees.Charge) (done bool, err error) {
	// Smaller batches than at issue: each void locks a bill, its orders and its room.
	lines, err := fees.ChargeLines(tx, c.ID, c.NextSeq, chargeBatch/10)
	if err != nil {
		return false, err
	}
	m := billing.Approval{Asked: c.VoidAsked, Approved: c.VoidApproved, Reason: c.VoidReason}
	for _, l := range lines {
		if l.BillID == "" {
			continue
		}
		if _, err := billing.Adjust(tx, m, billing.Adjustment{Kind: fees.EntryVoid, BillID: l.BillID}); err != nil &&
			!errors.Is(err, billing.ErrBillVoid) {
			return false, err
		}
	}
	c.NextSeq += len(lines)
	if done = len(lines) < chargeBatch/10; done {
		c.Status, c.NextSeq = fees.ChargeVoid, 0
	}
	return done, nil
}
