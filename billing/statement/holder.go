package statement

import (
	"slices"

	"wuyepay/billing"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// Holder is somebody who owns or owned a room, with what they see of its bills.
type Holder struct {
	Name  string
	Sight estate.BillVisibility
}

// Holders gives who owns and owned a room, the latest first: each has an account
// of their own. A room without an owner has one account, of nobody.
func Holders(tx *store.Tx, roomID string) ([]Holder, error) {
	holdings, err := estate.OwnerTenuresOfRooms(tx, []string{roomID})
	if err != nil {
		return nil, err
	}
	var out []Holder
	for _, h := range holdings[roomID] {
		known := slices.ContainsFunc(out, func(x Holder) bool { return x.Sight.OwnerID == h.OwnerID })
		if !known { // who bought a room back has one account
			out = append(out, Holder{h.Owner.Name, estate.BillVisibility{OwnerID: h.OwnerID, Role: estate.RoleOwner, UntilOn: h.ToOn}})
		}
	}
	if len(out) == 0 {
		out = []Holder{{Sight: estate.BillVisibility{Role: estate.RoleOwner}}}
	}
	return out, nil
}

// HolderNow is who owns a room today; else who will, or did last.
func HolderNow(tx *store.Tx, roomID string) (Holder, error) {
	list, err := Holders(tx, roomID)
	if err != nil {
		return Holder{}, err
	}
	holdings, err := estate.OwnerTenuresOfRooms(tx, []string{roomID})
	if err != nil {
		return Holder{}, err
	}
	if h := billing.CurrentTenure(holdings[roomID], tx.Today()); h != nil {
		for _, x := range list {
			if x.Sight.OwnerID == h.OwnerID {
				return x, nil
			}
		}
	}
	return list[0], nil
}
