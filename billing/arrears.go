package billing

import (
	"fmt"
	"slices"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// BillState is a bill with its late fee as of a day. It holds every figure that
// an owner is shown, and the history from which they were computed.
type BillState struct {
	fees.Bill
	Late        calc.LateFee
	LateDueFen  models.Fen // accrued less waived less paid, never below 0
	DueFen      models.Fen // outstanding principal plus LateDueFen
	OverdueDays int        // days past the due date; 0 if nothing is owed
	History     History
}

// StateOf computes a bill as of a day from its history. Principal and discount
// count from the day of issue, however late they were corrected: see [Adjust].
// A void bill owes nothing.
func StateOf(b fees.Bill, h History, asOf models.Date) (BillState, error) {
	s := BillState{Bill: b, History: h}
	rule, err := b.LateRule()
	if err != nil {
		return s, fmt.Errorf("late fee rule of bill %s: %w", b.ID, err)
	}
	if b.Status == fees.BillVoid {
		return s, nil
	}
	reductions := make([]calc.Reduction, 0, len(h.Allocations))
	for _, a := range h.Allocations {
		reductions = append(reductions, calc.Reduction{On: a.EffectiveOn, Principal: a.PrincipalFen})
	}
	base := b.PrincipalFen - b.DiscountFen - b.OpeningPaidFen
	if s.Late, err = calc.ComputeLateFee(rule, b.PrincipalFen, base, b.DueOn, reductions, asOf, h.pauses()...); err != nil {
		return s, fmt.Errorf("late fee of bill %s: %w", b.ID, err)
	}
	s.LateDueFen = max(0, s.Late.Accrued-b.WaivedLateFeeFen-b.PaidLateFeeFen)
	s.DueFen = s.OutstandingFen() + s.LateDueFen
	if s.DueFen > 0 && asOf > b.DueOn {
		s.OverdueDays = int(asOf - b.DueOn)
	}
	return s, nil
}

// Arrears holds what a room owes as of a day: its open bills, earliest due
// first, and their sums by fee item and by year of the period.
type Arrears struct {
	AsOf         models.Date
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	TotalFen     models.Fen
	ByItem       []ArrearsSum
	ByYear       []ArrearsSum
	Bills        []BillState
}

// ArrearsSum is a part of the arrears: that of one fee item or of one year.
type ArrearsSum struct {
	Item         string // set in Arrears.ByItem
	Year         int    // set in Arrears.ByYear: the year in which the period begins
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	TotalFen     models.Fen
}

// RoomArrears returns a room's arrears as of today. It takes two statements,
// however many bills there are, and four if bills were adjusted or are paid in
// instalments.
func RoomArrears(tx *store.Tx, roomID string) (Arrears, error) {
	bills, err := fees.OpenBills(tx, roomID)
	if err != nil {
		return Arrears{}, err
	}
	states, err := States(tx, bills, tx.Today())
	if err != nil {
		return Arrears{}, err
	}
	return sum(states, tx.Today()), nil
}

// VisibleArrears is [RoomArrears] for the bills that a binding shows: those of
// the owner after a transfer, those of the owner before it, or those that a
// tenant has agreed to pay.
func VisibleArrears(tx *store.Tx, room estate.BoundRoom) (Arrears, error) {
	bills, err := fees.OpenBills(tx, room.ID)
	if err != nil {
		return Arrears{}, err
	}
	bills = slices.DeleteFunc(bills, func(b fees.Bill) bool { return !fees.CanSee(room.BillVisibility, &b, tx.Today()) })
	states, err := States(tx, bills, tx.Today())
	if err != nil {
		return Arrears{}, err
	}
	return sum(states, tx.Today()), nil
}

// States computes bills as of a day. It reads the history only of bills that
// have one.
func States(tx *store.Tx, bills []fees.Bill, asOf models.Date) ([]BillState, error) {
	histories, err := historiesOf(tx, bills)
	if err != nil {
		return nil, err
	}
	out := make([]BillState, len(bills))
	for i, b := range bills {
		if out[i], err = StateOf(b, histories[b.ID], asOf); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sum adds bills up to arrears.
func sum(states []BillState, asOf models.Date) Arrears {
	a := Arrears{AsOf: asOf, Bills: states, ByItem: []ArrearsSum{}, ByYear: []ArrearsSum{}}
	add := func(list *[]ArrearsSum, key ArrearsSum, s *BillState) {
		for i := range *list {
			if x := &(*list)[i]; x.Item == key.Item && x.Year == key.Year {
				x.add(s)
				return
			}
		}
		key.add(s)
		*list = append(*list, key)
	}
	for i := range states {
		s := &states[i]
		a.PrincipalFen = a.PrincipalFen.Plus(s.OutstandingFen())
		a.LateFeeFen = a.LateFeeFen.Plus(s.LateDueFen)
		add(&a.ByItem, ArrearsSum{Item: s.Item}, s)
		add(&a.ByYear, ArrearsSum{Year: s.PeriodStart.Year()}, s)
	}
	a.TotalFen = a.PrincipalFen.Plus(a.LateFeeFen)
	return a
}

// add adds what is due of a bill.
func (x *ArrearsSum) add(s *BillState) {
	x.PrincipalFen = x.PrincipalFen.Plus(s.OutstandingFen())
	x.LateFeeFen = x.LateFeeFen.Plus(s.LateDueFen)
	x.TotalFen = x.TotalFen.Plus(s.DueFen)
}

// RoomDue holds what a room owes today, in short.
type RoomDue struct {
	DueFen       models.Fen
	OverdueBills int
}

// DueOfRooms returns, by room id, what is owed today of the bills that a user
// sees of each of their rooms, in at most two statements. A room that owes
// nothing is not in the map.
func DueOfRooms(tx *store.Tx, rooms []estate.BoundRoom) (map[string]RoomDue, error) {
	out := make(map[string]RoomDue, len(rooms))
	if len(rooms) == 0 {
		return out, nil
	}
	ids, sights := make([]string, len(rooms)), make(map[string]estate.BillVisibility, len(rooms))
	for i, r := range rooms {
		ids[i], sights[r.ID] = r.ID, r.BillVisibility
	}
	bills, err := fees.OpenBillsOfRooms(tx, ids)
	if err != nil {
		return nil, err
	}
	bills = slices.DeleteFunc(bills, func(b fees.Bill) bool { return !fees.CanSee(sights[b.RoomID], &b, tx.Today()) })
	states, err := States(tx, bills, tx.Today())
	if err != nil {
		return nil, err
	}
	for i := range states {
		s := &states[i]
		d := out[s.RoomID]
		d.DueFen = d.DueFen.Plus(s.DueFen)
		if s.OverdueDays > 0 {
			d.OverdueBills++
		}
		out[s.RoomID] = d
	}
	return out, nil
}
