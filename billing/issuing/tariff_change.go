package issuing

import (
	"context"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// AddTariff adds a tariff: the first version for its item and rooms, or one for
// days that no other version covers. It returns the refusals of [CheckTariff],
// TARIFF_OVERLAP for days that are covered, and [models.ErrNotFound] for a room
// of another community.
func AddTariff(ctx context.Context, db *store.DB, by models.Actor, t fees.Tariff) (fees.Tariff, error) {
	if err := CheckTariff(&t); err != nil {
		return t, err
	}
	if err := checkTariffDays(t, db.Today()); err != nil {
		return t, err
	}
	err := db.Write(ctx, func(tx *store.Tx) error {
		return insertTariff(tx, by, &t, "")
	})
	return t, err
}

// insertTariff adds a version within a transaction. A version of the same item
// and rooms on some of the days prevents it, except follows, the one that it
// replaces.
func insertTariff(tx *store.Tx, by models.Actor, t *fees.Tariff, follows string) error {
	if err := estate.LockCommunity(tx, t.CommunityID); err != nil {
		return err
	}
	if t.RoomID != "" {
		room, err := estate.RoomByID(tx, t.RoomID)
		if err != nil || room.CommunityID != t.CommunityID {
			return models.ErrNotFound
		}
	}
	var err error
	if t.Item, err = estate.KeepItem(tx, t.CommunityID, t.Item); err != nil {
		return err
	}
	there, err := fees.Tariffs(tx, t.CommunityID)
	if err != nil {
		return err
	}
	for _, o := range there {
		if o.ID != follows && sameRooms(o, *t) && calc.TariffDays(o).Overlaps(calc.TariffDays(*t)) {
			return errTariffOverlap(o)
		}
	}
	t.ID, t.CreatedAt, t.UpdatedAt = models.NewID(), tx.Now, tx.Now
	if err := fees.InsertTariff(tx, t); err != nil {
		return err
	}
	return office.Audit(tx, by, "tariff.added", "tariff", t.ID, map[string]any{
		"item": t.Item, "method": t.Method, "price": t.Price, "tiers": t.Tiers, "from_on": t.FromOn.String(), "to_on": t.ToOn.String(),
	})
}

// sameRooms reports whether two tariffs are versions of one: same item, same
// rooms, in any spelling.
func sameRooms(a, b fees.Tariff) bool {
	return models.NameKey(a.Item) == models.NameKey(b.Item) && a.SameRooms(b)
}

// prepareSuccessor completes next as the version after old, with the same item,
// rooms and method, from its own first day on.
func prepareSuccessor(old fees.Tariff, next *fees.Tariff) error {
	next.CommunityID, next.Item, next.RoomKind, next.RoomID, next.Method = old.CommunityID, old.Item, old.RoomKind, old.RoomID, old.Method
	if next.ToOn == 0 {
		next.ToOn = old.ToOn
	}
	if err := CheckTariff(next); err != nil {
		return err
	}
	switch {
	case next.FromOn <= old.FromOn:
		return ErrTariffFrom
	case old.ToOn != 0 && old.ToOn < next.FromOn:
		return ErrTariffEnded
	}
	return nil
}

// ChangeTariff replaces a version by next from next.FromOn on and ends the old
// one the day before. Bills that are issued stay as they are, even for later
// days. seen is the [TariffEffect.Fingerprint] of the preview that the user
// approved; if the change would come out differently now, nothing is changed
// and [ErrTariffChanged] is returned.
//
// The effect is computed before the transaction, because it reads every room of
// the community. Within it the version, its overlaps and its last day are
// checked again, so that changes at the same time cannot leave two versions for
// one day.
func ChangeTariff(ctx context.Context, db *store.DB, by models.Actor, oldID string, next fees.Tariff, seen string) (fees.Tariff, error) {
	effect, err := PreviewTariff(ctx, db, oldID, next)
	if err != nil {
		return next, err
	}
	if effect.Fingerprint() != seen {
		return next, ErrTariffChanged
	}
	asked := next
	err = db.Write(ctx, func(tx *store.Tx) error {
		next = asked // a transaction that is repeated begins anew
		old, err := fees.TariffByID(tx, oldID)
		if err != nil {
			return err
		}
		if err := estate.LockCommunity(tx, old.CommunityID); err != nil {
			return err
		}
		if old, err = fees.TariffByID(tx, oldID); err != nil { // again, now under the lock: it may have ended
			return err
		}
		if err := prepareSuccessor(old, &next); err != nil {
			return err
		}
		if err := checkTariffDays(next, tx.Today()); err != nil {
			return err
		}
		if err := insertTariff(tx, by, &next, oldID); err != nil {
			return err
		}
		ok, err := fees.EndTariff(tx, old, next.FromOn-1)
		if err != nil {
			return err
		}
		if !ok {
			return ErrTariffChanged
		}
		return office.Audit(tx, by, "tariff.ended", "tariff", old.ID, map[string]any{
			"to_on": [2]string{old.ToOn.String(), (next.FromOn - 1).String()}, "followed_by": next.ID,
		})
	})
	return next, err
}
