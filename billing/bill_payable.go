package billing

import (
	"slices"
	"strings"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// Refusals of [LockPayable].
var (
	// ErrBillPaid: the bill is settled.
	ErrBillPaid = models.Refusal(models.KindConflict, "BILL_ALREADY_PAID", "该账单已缴清")
	// ErrBillVoid: the bill was withdrawn.
	ErrBillVoid = models.Refusal(models.KindConflict, "BILL_VOID", "该账单已作废")
)

// LockPayable locks bills and computes them as of today, for an order or a
// payment that settles them whole. They are returned earliest due first.
//
// It returns [models.ErrNotFound] for a bill that does not exist or is not of
// the room, [ErrBillPaid] for a settled one and [ErrBillVoid] for a void one.
func LockPayable(tx *store.Tx, roomID string, billIDs []string) ([]BillState, error) {
	bills, err := fees.LockBills(tx, billIDs)
	if err != nil {
		return nil, err
	}
	if len(bills) != len(billIDs) {
		return nil, models.ErrNotFound
	}
	for _, b := range bills {
		switch {
		case b.RoomID != roomID:
			return nil, models.ErrNotFound
		case b.Status == fees.BillPaid:
			return nil, ErrBillPaid
		case b.Status == fees.BillVoid:
			return nil, ErrBillVoid
		}
	}
	states, err := States(tx, bills, tx.Today())
	if err != nil {
		return nil, err
	}
	slices.SortFunc(states, func(a, b BillState) int {
		if a.DueOn != b.DueOn {
			return int(a.DueOn - b.DueOn)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return states, nil
}
