package billing

import (
	"encoding/json"
	"slices"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// requestedBills locks the bills that a request is about and computes them as
// of today.
func requestedBills(tx *store.Tx, room estate.Room, sees func(*fees.Bill) bool, a NewRequest) ([]BillState, error) {
	single := a.Kind == fees.RequestDispute || a.Kind == fees.RequestCorrection || a.Kind == fees.RequestVoid
	switch n := len(a.BillIDs); {
	case a.Kind == fees.RequestRefund && n == 0:
		return nil, nil
	case a.Kind == fees.RequestPromise && n == 0:
		return openVisible(tx, room, sees)
	case n == 0 || n > maxRequestBills || single && n != 1:
		return nil, ErrRequestBills
	}
	bills, err := fees.LockBills(tx, a.BillIDs)
	if err != nil {
		return nil, err
	}
	if len(bills) != len(a.BillIDs) {
		return nil, models.ErrNotFound
	}
	for i := range bills {
		if bills[i].RoomID != room.ID || !sees(&bills[i]) {
			return nil, models.ErrNotFound
		}
		if bills[i].Status == fees.BillVoid {
			return nil, ErrBillVoid
		}
	}
	states, err := States(tx, bills, tx.Today())
	slices.SortFunc(states, dueFirst)
	return states, err
}

// openVisible returns the open bills of a room that the author of a request
// sees.
func openVisible(tx *store.Tx, room estate.Room, sees func(*fees.Bill) bool) ([]BillState, error) {
	bills, err := fees.OpenBills(tx, room.ID)
	if err != nil {
		return nil, err
	}
	return States(tx, slices.DeleteFunc(bills, func(b fees.Bill) bool { return !sees(&b) }), tx.Today())
}

// validateRequest refuses what cannot be granted, so that nobody waits for an
// answer that is known already, and fills in the fields of the kind.
func validateRequest(tx *store.Tx, r *fees.Request, states []BillState, a NewRequest) error {
	switch r.Kind {
	case fees.RequestDispute:
		r.Active = states[0].ID
		if !slices.Contains(DisputeReasons, r.Reason) {
			return ErrDisputeReason
		}
	case fees.RequestPromise:
		switch {
		case r.PayOn <= tx.Today() || r.PayOn > tx.Today()+MaxPromiseDays:
			return ErrPromiseDay
		case coveredBy(states) == 0:
			return ErrNothingOwed
		}
	case fees.RequestRefund:
		return refundable(tx, r)
	case fees.RequestWaiver:
		_, err := waiverParts(states, r.AmountFen)
		return err
	case fees.RequestCorrection, fees.RequestVoid:
		r.Active = states[0].ID
		_, err := effectOf(states[0], Adjustment{Kind: entryKind[r.Kind], BillID: states[0].ID, AmountFen: r.AmountFen}, tx.Today())
		return err
	case fees.RequestInstalment:
		if r.BreakDays == 0 {
			r.BreakDays = DefaultBreakDays
		}
		if err := validatePlan(tx, r.BreakDays, states, a.Parts); err != nil {
			return err
		}
		if err := oneMerchant(tx, r.CommunityID, states); err != nil {
			return err
		}
		text, err := json.Marshal(a.Parts)
		r.Parts = string(text)
		return err
	default:
		return models.ErrForbidden
	}
	return nil
}

// entryKind is the kind of entry that an approved request makes.
var entryKind = map[string]string{
	fees.RequestWaiver: fees.EntryWaiver, fees.RequestCorrection: fees.EntryCorrection, fees.RequestVoid: fees.EntryVoid,
}

// waiverParts divides late fee to waive over bills, earliest due first. Amount
// 0 means all late fee that is due today.
func waiverParts(states []BillState, amount models.Fen) ([]Adjustment, error) {
	due := models.Fen(0)
	for i := range states {
		due = due.Plus(states[i].LateDueFen)
	}
	switch {
	case due == 0:
		return nil, ErrNothingWaived
	case amount < 0 || amount > due:
		return nil, ErrWaiverTooMuch.With(map[string]models.Fen{"late_fee_due_fen": due})
	case amount == 0:
		amount = due
	}
	var out []Adjustment
	for i := range states {
		part := amount.Min(states[i].LateDueFen)
		if part == 0 {
			continue
		}
		out = append(out, Adjustment{Kind: fees.EntryWaiver, BillID: states[i].ID, AmountFen: part})
		amount -= part
	}
	return out, nil
}
