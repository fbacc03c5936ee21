package billing

import (
	"slices"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// ErrPayerOwesLess is the refusal of a sum beyond what a former owner owes.
// Prepayment belongs to the owner of today, so the rest could be booked
// nowhere.
var ErrPayerOwesLess = models.Refusal(models.KindConflict, "PAYER_OWES_LESS", "金额超过该业主所欠。多出的部分不能转入预存：预存属于房屋现业主")

// Debtor is a person who owes bills of a room: the owner of today, of before,
// or of after a registered transfer.
type Debtor struct {
	OwnerID string // as [PreviewAllocation] and [Money] take it; empty: the owner of today
	Owner   estate.Owner
	UntilOn models.Date // last day of a person who no longer owns the room
	DueFen  models.Fen  // owed today, with late fee
}

// debtors tells apart who owes which bill of a room. The owners of today are
// one side: what one of them pays settles the bills of all of them.
type debtors struct {
	tenures []estate.TenurePeriod // the latest first
	today   models.Date
}

// debtorsOf reads who holds and held a room.
func debtorsOf(tx *store.Tx, roomID string) (debtors, error) {
	spans, err := estate.TenurePeriods(tx, []string{roomID})
	return debtors{spans[roomID], tx.Today()}, err
}

// current reports whether a person is an owner of today. If nobody owns the
// room, the last owner counts as current.
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

// sideOf returns the payer's side: empty for any owner of today, else the
// owner's id. It returns [models.ErrNotFound] for a person who never owned the
// room.
func (s debtors) sideOf(payerID string) (string, error) {
	if payerID == "" || s.current(payerID) {
		return "", nil
	}
	if !slices.ContainsFunc(s.tenures, func(t estate.TenurePeriod) bool { return t.OwnerID == payerID }) {
		return "", models.ErrNotFound
	}
	return payerID, nil
}

// owes reports whether a side owes a bill. A bill that names no owner, or one
// who is not known to have owned the room, is owed by the owners of today.
func (s debtors) owes(side string, b *fees.Bill) bool {
	if side != "" {
		return b.OwnerID == side
	}
	return b.OwnerID == "" || s.current(b.OwnerID) || !slices.ContainsFunc(s.tenures,
		func(t estate.TenurePeriod) bool { return t.OwnerID == b.OwnerID })
}

// openOf returns the open bills of a room that the payer's side owes.
func openOf(tx *store.Tx, roomID, payerID string) (bills []fees.Bill, side string, err error) {
	s, err := debtorsOf(tx, roomID)
	if err != nil {
		return nil, "", err
	}
	if side, err = s.sideOf(payerID); err != nil {
		return nil, "", err
	}
	if bills, err = fees.OpenBills(tx, roomID); err != nil {
		return nil, "", err
	}
	return slices.DeleteFunc(bills, func(b fees.Bill) bool { return !s.owes(side, &b) }), side, nil
}

// Debtors returns the persons who owe open bills of a room today. The owner of
// today comes first, even if they owe nothing.
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
