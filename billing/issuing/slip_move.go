package issuing

import (
	"context"
	"slices"
	"strings"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// ErrSlipSigner is the refusal of a signature by somebody who sees the slip and may not
// sign it: a tenant, or who only pays.
var ErrSlipSigner = models.Refusal(models.KindForbidden, "SLIP_SIGNER", "只有业主本人或其家属可以确认服务单")

// OfferSlip shows a draft to the owner, who may sign it from then on. What it says is
// hashed and no longer changes. [ErrSlipBilled] means that the room has a bill, or another
// slip on offer, of the same item for the same day.
func OfferSlip(ctx context.Context, db *store.DB, by office.Staff, id string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		s, err := lockScopedSlip(tx, by, id)
		if err != nil {
			return err
		}
		if s.Status != fees.SlipDraft {
			return ErrSlipState
		}
		taken, err := slipDayTaken(tx, &s)
		if err != nil {
			return err
		}
		if taken {
			return ErrSlipBilled
		}
		lines, err := fees.SlipLines(tx, s.ID)
		if err != nil {
			return err
		}
		s.Status, s.Digest, s.OfferedAt, s.Note = fees.SlipOffered, fees.SlipDigest(&s, lines[s.ID]), tx.Now, ""
		return moveSlip(tx, &s, fees.SlipDraft, by.Actor(), "slip.offered")
	})
}

// slipDayTaken reports whether the bill of a slip would be of the same room, item and day as
// another one.
func slipDayTaken(tx *store.Tx, s *fees.Slip) (bool, error) {
	billed, err := fees.BillSpans(tx, []string{s.RoomID}, s.WorkedOn, s.WorkedOn)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(billed[s.RoomID], func(b fees.BillSpan) bool {
		return b.Item == s.Item && b.From == s.WorkedOn && b.To == s.WorkedOn
	}) {
		return true, nil
	}
	others, err := fees.OfferedSlips(tx, s.RoomID, fees.SlipOffered, "", 100)
	return slices.ContainsFunc(others, func(o fees.Slip) bool {
		return o.ID != s.ID && o.Item == s.Item && o.WorkedOn == s.WorkedOn
	}), err
}

// RecallSlip takes an offered slip back to a draft, so that it can be changed.
func RecallSlip(ctx context.Context, db *store.DB, by office.Staff, id string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		s, err := lockScopedSlip(tx, by, id)
		if err != nil {
			return err
		}
		if s.Status != fees.SlipOffered {
			return ErrSlipState
		}
		s.Status, s.Digest, s.OfferedAt = fees.SlipDraft, "", models.Time{}
		return moveSlip(tx, &s, fees.SlipOffered, by.Actor(), "slip.recalled")
	})
}

// CancelSlip ends a slip that is not signed, for a reason. A signed one is undone by
// voiding its bill, which takes two persons.
func CancelSlip(ctx context.Context, db *store.DB, by office.Staff, id, reason string) error {
	reason = strings.TrimSpace(reason)
	return db.Write(ctx, func(tx *store.Tx) error {
		s, err := lockScopedSlip(tx, by, id)
		if err != nil {
			return err
		}
		if !within(reason, 1, 200) {
			return billing.ErrNoReason
		}
		from := s.Status
		if s.IsSigned() || from == fees.SlipCancelled {
			return ErrSlipState
		}
		s.Status, s.Note = fees.SlipCancelled, reason
		return moveSlip(tx, &s, from, by.Actor(), "slip.cancelled")
	})
}

// DeclineSlip says that the owner does not agree to an offered slip, and why. Staff may
// change it and offer it again.
func DeclineSlip(ctx context.Context, db *store.DB, user estate.User, id, reason string) (fees.Slip, error) {
	if reason = strings.TrimSpace(reason); !within(reason, 1, 200) {
		return fees.Slip{}, billing.ErrNoReason
	}
	var s fees.Slip
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		if s, err = lockSlipToSign(tx, user, id); err != nil {
			return err
		}
		if s.Status == fees.SlipDeclined {
			return nil // pressed twice
		}
		if s.Status != fees.SlipOffered {
			return ErrSlipState
		}
		s.Status, s.Note = fees.SlipDeclined, reason
		return moveSlip(tx, &s, fees.SlipOffered, models.UserActor(user.ID), "slip.declined")
	})
	return s, err
}

// moveSlip writes the new state of a slip with its line in the audit log.
func moveSlip(tx *store.Tx, s *fees.Slip, from string, by models.Actor, action string) error {
	ok, err := fees.MoveSlip(tx, s, from)
	if err == nil && !ok {
		err = ErrSlipState
	}
	if err != nil {
		return err
	}
	return office.Audit(tx, by, action, "slip", s.ID, map[string]any{
		"no": s.No, "room": s.RoomID, "total_fen": s.TotalFen, "digest": s.Digest, "note": s.Note,
	})
}

// SlipSight is what a user may do with a slip of a room.
type SlipSight struct {
	Seen, MaySign bool
}

// SlipSights tells for each of a room's slips what the user of a binding may do. A slip is
// seen by who would see its bill: who owns the room on the day of the work. That person or
// their family signs; a tenant who has agreed to pay the item sees it.
func SlipSights(tx *store.Tx, room estate.BoundRoom, slips []fees.Slip) ([]SlipSight, error) {
	held, err := estate.TenurePeriods(tx, []string{room.ID})
	if err != nil {
		return nil, err
	}
	out := make([]SlipSight, len(slips))
	for i := range slips {
		on := slips[i].WorkedOn
		owner := billing.OwnerOf(held[room.ID], calc.Days{From: on, To: on})
		out[i].Seen = !slips[i].OfferedAt.IsZero() && room.Sees(owner, slips[i].Item, on, tx.Today())
		theirs := owner == room.OwnerID || owner == "" && room.Owns(tx.Today())
		out[i].MaySign = out[i].Seen && theirs && (room.Role == estate.RoleOwner || room.Role == estate.RoleFamily)
	}
	return out, nil
}

// SeenSlip returns a slip that the user may see, and whether they may sign it. Any other
// slip is [models.ErrNotFound].
func SeenSlip(tx *store.Tx, userID string, s fees.Slip) (SlipSight, error) {
	room, err := estate.BoundRoomOf(tx, userID, s.RoomID)
	if err != nil {
		return SlipSight{}, err
	}
	sights, err := SlipSights(tx, room, []fees.Slip{s})
	if err != nil {
		return SlipSight{}, err
	}
	if !sights[0].Seen {
		return SlipSight{}, models.ErrNotFound
	}
	return sights[0], nil
}

// lockSlipToSign locks a slip that the user may sign or decline.
func lockSlipToSign(tx *store.Tx, user estate.User, id string) (fees.Slip, error) {
	s, err := fees.LockSlip(tx, id)
	if err != nil {
		return s, err
	}
	sight, err := SeenSlip(tx, user.ID, s)
	if err == nil && !sight.MaySign {
		err = ErrSlipSigner
	}
	return s, err
}
