package billing

import (
	"context"
	"strings"
	"unicode/utf8"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// OwnerOf returns the id of the person who owes for a period: the holder of the
// room on its first day, because a later change of hands is settled between the
// two; else the holder on its last day; else "".
func OwnerOf(held []estate.TenurePeriod, period calc.Days) string {
	for _, on := range []models.Date{period.From, period.To} {
		for _, h := range held {
			if h.Holds(on) {
				return h.OwnerID
			}
		}
	}
	return ""
}

// TenurePeriodsOf returns the periods of tenures, without the persons.
func TenurePeriodsOf(holdings []estate.OwnerTenure) []estate.TenurePeriod {
	out := make([]estate.TenurePeriod, len(holdings))
	for i, h := range holdings {
		out[i] = estate.TenurePeriod{OwnerID: h.OwnerID, From: h.FromOn, To: h.ToOn}
	}
	return out
}

// CurrentTenure returns the tenure of today's holder of the room or, before the
// handover, of its future holder. It returns nil if there is neither.
func CurrentTenure(list []estate.OwnerTenure, today models.Date) *estate.OwnerTenure {
	for i := range list {
		if list[i].Holds(today) {
			return &list[i]
		}
	}
	for i := range list {
		if list[i].ToOn.IsZero() {
			return &list[i]
		}
	}
	return nil
}

// ErrNameSame is the refusal of a corrected name that equals the registered
// one.
var ErrNameSame = models.Refusal(models.KindUnprocessable, "OWNER_NAME_SAME", "新姓名与登记的姓名相同")

// RenameOwner corrects the name of the owner of a room, because it was written
// down wrongly or the person changed it. It stays the same person: their other
// rooms show the new name, too, and nothing else changes. A change of owner is
// a [Transfer].
func RenameOwner(ctx context.Context, db *store.DB, by models.Actor, roomID, name, reason string) error {
	name, reason = personName(name), strings.TrimSpace(reason)
	if err := checkOwnerName(name); err != nil {
		return err
	}
	if reason == "" {
		return ErrNoReason
	}
	if utf8.RuneCountInString(reason) > 200 {
		return ErrNoteTooLong
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		holdings, err := estate.OwnerTenuresOfRooms(tx, []string{roomID})
		if err != nil {
			return err
		}
		h := CurrentTenure(holdings[roomID], tx.Today())
		if h == nil {
			return ErrTransferNobody
		}
		owner := h.Owner
		if owner.Name == name {
			return ErrNameSame
		}
		if err := estate.RenameOwner(tx, &owner, name); err != nil {
			return err
		}
		// The names themselves are personal data and stay out of the log.
		return office.Audit(tx, by, "owner.renamed", "owner", owner.ID, map[string]string{"room": roomID, "reason": reason})
	})
}
