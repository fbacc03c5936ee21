package proof

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// ForeignDay is what another business took on a day by a merchant number that it shares
// with us. Its trades are in the sums of the day's [Reconciliation], which are those of
// WeChat's bills as a whole: ours and foreign together are theirs. FeeFen is a decimal
// string of fen. The Flow fields are the foreign part of the fund-flow bill, 0 where
// there was none.
type ForeignDay struct {
	Merchant        string
	BillOn          models.Date
	Payments        int
	PaidFen         models.Fen
	Refunds         int
	RefundsFen      models.Fen
	SettledFen      models.Fen
	ReturnedFen     models.Fen
	FeeFen          string
	FlowPayments    int
	FlowPaidFen     models.Fen
	FlowRefunds     int
	FlowReturnedFen models.Fen
	FlowFeeFen      models.Fen
}

var foreignDayTable = store.NewTable[ForeignDay]("foreign_days")

// KeepForeignDay writes what was foreign on a day in the place of what an earlier run
// found; nil if nothing was. changed reports whether it differs. The caller holds the
// day's [Reconciliation].
func KeepForeignDay(tx *store.Tx, merchant string, on models.Date, d *ForeignDay) (changed bool, err error) {
	was, err := ForeignDayOf(tx, merchant, on)
	if err != nil {
		return false, err
	}
	if (was == nil) == (d == nil) && (d == nil || *was == *d) {
		return false, nil
	}
	if was != nil {
		if _, err := store.G[ForeignDay](tx).Where("merchant = ? AND bill_on = ?", merchant, on).Delete(tx.Context()); err != nil {
			return false, err
		}
	}
	if d != nil {
		err = foreignDayTable.Insert(tx, *d)
	}
	return true, err
}

// ForeignDayOf returns what was foreign on a day, nil if nothing was.
func ForeignDayOf(tx *store.Tx, merchant string, on models.Date) (*ForeignDay, error) {
	list, err := store.G[ForeignDay](tx).Where("merchant = ? AND bill_on = ?", merchant, on).Find(tx.Context())
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// ForeignDays returns what was foreign on the days between two dates, both included.
func ForeignDays(tx *store.Tx, from, to models.Date) ([]ForeignDay, error) {
	return store.G[ForeignDay](tx).Where("bill_on BETWEEN ? AND ?", from, to).Order("bill_on, merchant").Find(tx.Context())
}
