package billing

import (
	"slices"

	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// SettledBy returns what a payment did to its bills, each with the bill just
// before, computed from the books. It is for payments that were booked before
// receipts kept what [ApplyDetailed] returns. What happened to the bills
// afterwards is left out. What a payment paid and lost again, by a correction
// or a refund, is added up; a bill that keeps nothing of it is missing.
func SettledBy(tx *store.Tx, paymentID string) ([]AppliedBill, error) {
	bought, err := money.AllocationsOfPayment(tx, paymentID)
	if err != nil || len(bought) == 0 {
		return nil, err
	}
	var ids []string
	sums := map[string]money.Allocation{}
	for _, a := range bought {
		s, known := sums[a.BillID]
		if !known {
			ids = append(ids, a.BillID)
			sums[a.BillID] = a
			continue
		}
		s.PrincipalFen += a.PrincipalFen
		s.LateFeeFen += a.LateFeeFen
		sums[a.BillID] = s
	}
	found, err := fees.BillsByIDs(tx, ids)
	if err != nil {
		return nil, err
	}
	bills := make([]fees.Bill, 0, len(ids))
	for _, id := range ids {
		bills = append(bills, found[id])
	}
	histories, err := historiesOf(tx, bills)
	if err != nil {
		return nil, err
	}
	var out []AppliedBill
	for _, b := range bills {
		a := sums[b.ID]
		if a.PrincipalFen+a.LateFeeFen == 0 {
			continue
		}
		b, h := rewindTo(b, histories[b.ID], a)
		state, err := StateOf(b, h, a.EffectiveOn)
		if err != nil {
			return nil, err
		}
		out = append(out, AppliedBill{a, state})
	}
	return out, nil
}

// rewindTo returns a bill and its history as they were before an allocation.
func rewindTo(b fees.Bill, h History, first money.Allocation) (fees.Bill, History) {
	known := History{Plans: h.Plans}
	for _, a := range h.Allocations {
		if a.PaymentID != first.PaymentID && (a.CreatedAt.Before(first.CreatedAt.Time) ||
			a.CreatedAt.Equal(first.CreatedAt.Time) && a.ID < first.ID) {
			known.Allocations = append(known.Allocations, a)
			continue
		}
		b.PaidPrincipalFen -= a.PrincipalFen
		b.PaidLateFeeFen -= a.LateFeeFen
	}
	for _, e := range h.Entries {
		if !e.CreatedAt.After(first.CreatedAt.Time) {
			known.Entries = append(known.Entries, e)
		}
	}
	for _, e := range slices.Backward(h.Entries) { // the newest first: each keeps the rule before it
		if e.CreatedAt.After(first.CreatedAt.Time) {
			b = withoutEntry(b, e)
		}
	}
	return b, known
}
