package statement

import (
	"slices"

	"wuyepay/billing"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// Holder is a person who owns or owned a room, with the bills of it that they
// see.
type Holder struct {
	Name       string
	Visibility estate.BillVisibility
}

// Holders returns the present and former owners of a room, latest first. Each
// has an account of their own. A room without an owner has one account, in
// nobody's name, so the result is never empty.
func Holders(tx *store.Tx, roomID string) ([]Holder, error) {
	holdings, err := estate.OwnerTenuresOfRooms(tx, []string{roomID})
	if err != nil {
		return nil, err
	}
	var out []Holder
	for _, h := range holdings[roomID] {
		known := slices.ContainsFunc(out, func(x Holder) bool { return x.Visibility.OwnerID == h.OwnerID })
		if !known { // an owner who bought the room back has one account
			out = append(out, Holder{h.Owner.Name, estate.BillVisibility{OwnerID: h.OwnerID, Role: estate.RoleOwner, UntilOn: h.ToOn}})
		}
	}
	if len(out) == 0 {
		out = []Holder{{Visibility: estate.BillVisibility{Role: estate.RoleOwner}}}
	}
	return out, nil
}

// CurrentHolder returns the owner of a room today, else the future owner, else
// the last one. For a room without any owner it returns the account in nobody's
// name.
func CurrentHolder(tx *store.Tx, roomID string) (Holder, error) {
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
			if x.Visibility.OwnerID == h.OwnerID {
				return x, nil
			}
		}
	}
	return list[0], nil
}
