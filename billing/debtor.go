package billing

import (
	"slices"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// ErrPayerOwesLess says that a sum goes beyond what somebody who no longer owns the
// room owes: prepayment is of whoever owns it, so the rest has nowhere to go.
var ErrPayerOwesLess = models.Refusal(models.KindConflict, "PAYER_OWES_LESS", "金额超过该业主所欠。多出的部分不能转入预存：预存属于房屋现业主")

// Debtor is somebody who owes or may owe bills of a room: the owner of today, or one of
// before or after.
type Debtor struct {
	OwnerID string // what [PreviewAllocation] and [Money] take as payer; empty: the owner of today
	Owner   estate.Owner
	UntilOn models.Date // last day of somebody who no longer owns the room
	DueFen  models.Fen  // owed today, late fee included
}

// debtors tells the bills of a room apart by who owes them. The owners of today are one
// side: what one of them pays settles the bills of all.
type debtors struct {
	tenures []estate.TenurePeriod // the latest first
	today   models.Date
}

func debtorsOf(tx *store.Tx, roomID string) (debtors, error) {
	spans, err := estate.TenurePeriods(tx, []string{roomID})
	return debtors{spans[roomID], tx.Today()}, err
}

// current tells whether an owner is one of today. Where nobody owns the room, the
// last who did counts as that.
func (s debtors) current(ownerID string) bool {
	held := false
	for _, t := range s.tenures {
		if t.Holds(s.today) {
			held = true
			if t.OwnerID == ownerID {
				return true
			}
		}
	}
	return !held && len(s.tenures) > 0 && s.tenures[0].OwnerID == ownerID
}

// of is the payer's side: empty for any owner of today. Somebody who never owned the
// room gives [models.ErrNotFound].
func (s debtors) of(payerID string) (string, error) {
	if payerID == "" || s.current(payerID) {
		return "", nil
	}
	if !slices.ContainsFunc(s.tenures, func(t estate.TenurePeriod) bool { return t.OwnerID == payerID }) {
		return "", models.ErrNotFound
	}
	return payerID, nil
}

// owes tells whether a side owes a bill. One that names nobody is of whoever owns the
// room, and so is one of a person who is not known to have owned it.
func (s debtors) owes(side string, b *fees.Bill) bool {
	if side != "" {
		return b.OwnerID == side
	}
	return b.OwnerID == "" || s.current(b.OwnerID) || !slices.ContainsFunc(s.tenures,
		func(t estate.TenurePeriod) bool { return t.OwnerID == b.OwnerID })
}

// openOf leaves of a room's open bills those that the payer's side owes.
func openOf(tx *store.Tx, roomID, payerID string) (bills []fees.Bill, side string, err error) {
	s, err := debtorsOf(tx, roomID)
	if err != nil {
		return nil, "", err
	}
	if side, err = s.of(payerID); err != nil {
		return nil, "", err
	}
	if bills, err = fees.OpenBills(tx, roomID); err != nil {
		return nil, "", err
	}
	return slices.DeleteFunc(bills, func(b fees.Bill) bool { return !s.owes(side, &b) }), side, nil
}

// Debtors gives whose bills of a room are open today, the owner of today first and also
// when they owe nothing.
func Debtors(tx *store.Tx, roomID string) ([]Debtor, error) {
	s, err := debtorsOf(tx, roomID)
	if err != nil {
		return nil, err
	}
	ids := []string{""}
	var names []string
	for _, t := range s.tenures {
		names = append(names, t.OwnerID)
		if !s.current(t.OwnerID) && !slices.Contains(ids, t.OwnerID) {
			ids = append(ids, t.OwnerID)
		}
	}
	owners, err := estate.OwnersByID(tx, names)
	if err != nil {
		return nil, err
	}
	var out []Debtor
	for _, id := range ids {
		bills, _, err := openOf(tx, roomID, id)
		if err != nil {
			return nil, err
		}
		if id != "" && len(bills) == 0 {
			continue
		}
		states, err := States(tx, bills, tx.Today())
		if err != nil {
			return nil, err
		}
		side := Debtor{OwnerID: id, DueFen: sum(states, tx.Today()).TotalFen}
		for _, t := range s.tenures {
			if t.OwnerID == id || id == "" && s.current(t.OwnerID) {
				side.Owner, side.UntilOn = owners[t.OwnerID], t.To
				break
			}
		}
		out = append(out, side)
	}
	return out, nil
}
