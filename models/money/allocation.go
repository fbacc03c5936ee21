package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Allocation says how much of a payment settled a bill. EffectiveOn is the day
// from which the principal no longer bears late fee (that day itself still
// counts on the old principal): the day of an order's quote if it was paid in
// time, else the day of payment.
type Allocation struct {
	ID           string
	PaymentID    string
	BillID       string
	RoomID       string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	EffectiveOn  models.Date
	CreatedAt    models.Time
}

const allocationColumns = "id, payment_id, bill_id, room_id, principal_fen, late_fee_fen, effective_on, created_at"

func (a *Allocation) dest() []any {
	return []any{&a.ID, &a.PaymentID, &a.BillID, &a.RoomID, &a.PrincipalFen, &a.LateFeeFen, &a.EffectiveOn, &a.CreatedAt}
}

func allocations(tx *store.Tx, query string, args ...any) (map[string][]Allocation, error) {
	out := map[string][]Allocation{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var a Allocation
		if err := scan(a.dest()...); err != nil {
			return err
		}
		out[a.BillID] = append(out[a.BillID], a)
		return nil
	}, query, args...)
	return out, err
}

var sqlAllocationsOf = map[int]string{}

func init() {
	for n := 1; n <= 24; n++ {
		sqlAllocationsOf[n] = store.Hot(allocationsSQL(n))
	}
	store.HotInserts("allocations", allocationColumns, 4)
}

func allocationsSQL(n int) string {
	return "SELECT " + allocationColumns + " FROM allocations WHERE bill_id IN (" + store.Placeholders(n) + ") ORDER BY effective_on, id"
}

// AllocationsOf gives what has been settled of the bills, by bill id, in order of
// the day it counts from. Bills without a settlement are not asked for: pass
// only those that have one.
func AllocationsOf(tx *store.Tx, billIDs []string) (map[string][]Allocation, error) {
	out := map[string][]Allocation{}
	for len(billIDs) > 0 {
		n := min(len(billIDs), 500)
		q, ok := sqlAllocationsOf[n]
		if !ok {
			q = allocationsSQL(n)
		}
		part, err := allocations(tx, q, store.Args(billIDs[:n])...)
		if err != nil {
			return nil, err
		}
		for id, list := range part {
			out[id] = list
		}
		billIDs = billIDs[n:]
	}
	return out, nil
}

// InsertAllocations adds allocations.
func InsertAllocations(tx *store.Tx, list []Allocation) error {
	rows := make([][]any, len(list))
	for i, a := range list {
		rows[i] = []any{a.ID, a.PaymentID, a.BillID, a.RoomID, a.PrincipalFen, a.LateFeeFen, a.EffectiveOn, a.CreatedAt}
	}
	return tx.DeferRows("allocations", allocationColumns, rows)
}

// AllocationsOfPayment gives what a payment settled, and what was taken back of it,
// oldest first.
func AllocationsOfPayment(tx *store.Tx, paymentID string) ([]Allocation, error) {
	var out []Allocation
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Allocation{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+allocationColumns+" FROM allocations WHERE payment_id = ? ORDER BY created_at, id", paymentID)
	return out, err
}
