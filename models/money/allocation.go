package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Allocation is how much of a payment settled a bill. One that is taken back stays, and
// another with negative amounts follows it.
//
// EffectiveOn is the day from which the principal bears no late fee; that day itself
// still counts on the old principal. It is the day of an order's quote if the order was
// paid in time, else the day of payment. For example, an order quoted on 15 March at
// 23:50 and paid at 00:05 settles as of 15 March: the late fee quoted is final.
type Allocation struct {
	ID           string
	PaymentID    string // or the number of a refund, in whose place the company settles the bill
	BillID       string
	RoomID       string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	EffectiveOn  models.Date
	CreatedAt    models.Time
}

// A usual payment settles up to four bills.
var allocationTable = store.NewTable[Allocation]("allocations").Hot(4)

// A room owes up to 24 bills before its arrears take a statement that is not prepared.
var sqlAllocationsOf = store.HotIn(allocationTable.Select("WHERE bill_id (IN) ORDER BY effective_on, id"), 24)

func billOf(a *Allocation) string { return a.BillID }

// AllocationsOf returns what has been settled of the bills, by bill id, in order of
// the day it counts from. Pass only bills that have a settlement: the others cost a
// look-up each and have none.
func AllocationsOf(tx *store.Tx, billIDs []string) (map[string][]Allocation, error) {
	list, err := store.RowsIn[Allocation](tx, billIDs, nil, sqlAllocationsOf)
	return store.Group(list, billOf), err
}

// InsertAllocations adds allocations.
func InsertAllocations(tx *store.Tx, list []Allocation) error {
	return allocationTable.DeferInsert(tx, list...)
}

// AllocationsOfPayment returns what a payment settled, and what was taken back of it,
// oldest first.
func AllocationsOfPayment(tx *store.Tx, paymentID string) ([]Allocation, error) {
	return store.G[Allocation](tx).Where("payment_id = ?", paymentID).Order("created_at, id").Find(tx.Context())
}

// AllocationsByBill returns what a payment has settled, and what of that was taken off
// bills again, by bill id.
func AllocationsByBill(tx *store.Tx, paymentID string) (map[string][]Allocation, error) {
	list, err := store.G[Allocation](tx).Where("payment_id = ?", paymentID).Order("bill_id, effective_on, id").Find(tx.Context())
	return store.Group(list, billOf), err
}
