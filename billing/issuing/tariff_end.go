package issuing

import (
	"context"
	"fmt"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// errTariffBilled returns the refusal of an end before days that are billed already.
func errTariffBilled(bills int) error {
	return models.Refusal(models.KindConflict, "TARIFF_BILLED",
		fmt.Sprintf("这一天以后的账期已出账 %d 笔，不能停在这一天：请选更晚的一天，或先作废这些账单", bills))
}

// checkEnd refuses a last day that the version cannot have: one before its first day
// ([ErrTariffDates]), one after its last ([ErrTariffOver]), and one before days that bills
// of it were issued for (TARIFF_BILLED).
func checkEnd(tx *store.Tx, t fees.Tariff, lastDay models.Date) error {
	switch {
	case lastDay < t.FromOn:
		return ErrTariffDates
	case t.ToOn != 0 && t.ToOn < lastDay:
		return ErrTariffOver
	}
	bills, err := fees.BillsFrom(tx, t.CommunityID, t.ID, lastDay+1)
	if err == nil && bills > 0 {
		err = errTariffBilled(bills)
	}
	return err
}

// PreviewEnd computes what [EndTariff] would do to the next bill of each room. It changes
// nothing, and refuses what EndTariff refuses.
func PreviewEnd(ctx context.Context, db *store.DB, id string, lastDay models.Date) (TariffEffect, error) {
	tx := db.View(ctx)
	t, err := fees.TariffByID(tx, id)
	if err != nil {
		return TariffEffect{}, err
	}
	if err := checkEnd(tx, t, lastDay); err != nil {
		return TariffEffect{}, err
	}
	before, err := fees.Tariffs(tx, t.CommunityID)
	if err != nil {
		return TariffEffect{}, err
	}
	after := make([]fees.Tariff, len(before))
	for i, o := range before {
		if after[i] = o; o.ID == id {
			after[i].ToOn = lastDay
		}
	}
	change := t
	change.FromOn, change.ToOn = lastDay+1, lastDay // the first day without it
	p, err := previewBooks(tx, t, change, before, after)
	if err != nil {
		return TariffEffect{}, err
	}
	err = p.walk(ctx, t.CommunityID)
	return p.effect, err
}

// EndTariff sets the last day of a version that no other follows: from the next
// day on the fee item is not charged. It returns [ErrTariffDates] for a day
// before the first, [ErrTariffOver] for a version that ended earlier, and TARIFF_BILLED
// while bills stand for later days.
func EndTariff(ctx context.Context, db *store.DB, by models.Actor, id string, lastDay models.Date) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		t, err := fees.TariffByID(tx, id)
		if err != nil {
			return err
		}
		// The lock keeps a billing run from issuing bills for later days meanwhile.
		if err := estate.LockCommunity(tx, t.CommunityID); err != nil {
			return err
		}
		if err := models.LastDay.Check(lastDay, tx.Today()); err != nil {
			return err
		}
		if err := checkEnd(tx, t, lastDay); err != nil {
			return err
		}
		ok, err := fees.EndTariff(tx, t, lastDay)
		if err == nil && !ok {
			err = ErrTariffChanged
		}
		if err != nil {
			return err
		}
		return office.Audit(tx, by, "tariff.ended", "tariff", t.ID, map[string]any{"to_on": [2]string{t.ToOn.String(), lastDay.String()}})
	})
}
