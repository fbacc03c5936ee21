package billing

import (
	"errors"
	"slices"
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// AllocationLine is how much of a sum of money goes to one bill. Bill is the bill as it
// stood before.
type AllocationLine struct {
	Bill         BillState
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
}

// AmountFen is what the bill takes of the money.
func (s AllocationLine) AmountFen() models.Fen { return s.PrincipalFen + s.LateFeeFen }

// LeftFen is what is still owed of the bill afterwards, as of the same day.
func (s AllocationLine) LeftFen() models.Fen { return s.Bill.DueFen - s.AmountFen() }

// Allocate divides a sum over bills as the policy says: earliest due first, inside
// a bill late fee first or principal first. Bills that the money does not reach
// are not in the answer; left is what no bill could take.
//
// It is pure, and the only place that decides: what people are shown before they
// pay ([Plan]) and what happens when they do ([SettleRoom]) both come from here.
func Allocate(states []BillState, amount models.Fen, settlement string) (splits []AllocationLine, left models.Fen) {
	order := slices.Clone(states)
	slices.SortStableFunc(order, dueFirst)
	left = max(0, amount)
	for _, s := range order {
		if left == 0 {
			break
		}
		principal, late := split(s, left, settlement)
		if principal+late == 0 {
			continue
		}
		splits = append(splits, AllocationLine{Bill: s, PrincipalFen: principal, LateFeeFen: late})
		left -= principal + late
	}
	return splits, left
}

// dueFirst is the order in which bills are settled: by due date, then by period,
// then by age.
func dueFirst(a, b BillState) int {
	switch {
	case a.DueOn != b.DueOn:
		return int(a.DueOn - b.DueOn)
	case a.PeriodStart != b.PeriodStart:
		return int(a.PeriodStart - b.PeriodStart)
	}
	return strings.Compare(a.ID, b.ID)
}

// ErrNoAmount says that there is nothing to divide.
var ErrNoAmount = models.Invalid("AMOUNT_INVALID", "金额应大于 0，且不超过允许范围")

// errPlan says that bills under a lock took less than was planned for them.
var errPlan = errors.New("billing: money was not spent as planned")

// AllocationPreview is what a sum of money would do for a room.
type AllocationPreview struct {
	AsOf        models.Date
	AmountFen   models.Fen
	Settlement  string // models.LateFeeFirst or models.PrincipalFirst
	Lines       []AllocationLine
	PrepaidFen  models.Fen // what no bill takes: it goes to prepayment
	StillDueFen models.Fen // what the room owes afterwards
}

// PreviewAllocation shows what a sum of money would do for a room if it were paid now, by the
// policy of its community: over the bills that the payer owes. payerID is an owner of
// the room of today, before or after; empty: the owner of today. Nothing is changed.
//
// A sum that is not positive, or beyond [models.MaxFen], gives [ErrNoAmount]; one
// beyond what a payer owes who is not the owner of today, [ErrPayerOwesLess]; a payer
// who never owned the room, [models.ErrNotFound].
func PreviewAllocation(tx *store.Tx, room estate.Room, payerID string, amount models.Fen) (AllocationPreview, error) {
	bills, side, err := openOf(tx, room.ID, payerID)
	if err != nil {
		return AllocationPreview{}, err
	}
	states, err := States(tx, bills, tx.Today())
	if err != nil {
		return AllocationPreview{}, err
	}
	a, err := previewOver(tx, room, sum(states, tx.Today()), amount)
	if err == nil && side != "" && a.PrepaidFen > 0 {
		err = ErrPayerOwesLess
	}
	return a, err
}

// PreviewVisible is [Plan] for a person on a phone: over the bills of the room that they
// may see, which for whoever owns it are all of them.
func PreviewVisible(tx *store.Tx, room estate.BoundRoom, amount models.Fen) (AllocationPreview, error) {
	arrears, err := SeenArrears(tx, room)
	if err != nil {
		return AllocationPreview{}, err
	}
	return previewOver(tx, room.Room, arrears, amount)
}

func previewOver(tx *store.Tx, room estate.Room, arrears Arrears, amount models.Fen) (AllocationPreview, error) {
	a := AllocationPreview{AsOf: arrears.AsOf, AmountFen: amount}
	if amount <= 0 || amount > models.MaxFen {
		return a, ErrNoAmount
	}
	var err error
	if a.Settlement, err = estate.Settlement(tx, room.CommunityID); err != nil {
		return a, err
	}
	a.fill(arrears.Bills)
	return a, nil
}

func (a *AllocationPreview) fill(states []BillState) {
	a.Lines, a.PrepaidFen = Allocate(states, a.AmountFen, a.Settlement)
	a.StillDueFen = a.PrepaidFen - a.AmountFen
	for i := range states {
		a.StillDueFen = a.StillDueFen.Plus(states[i].DueFen)
	}
}

// SettleRoom spends a sum on the open bills of the room that the payer owes
// (m.PayerID; empty: the owner of today), exactly as [PreviewAllocation] shows it and with the
// same refusals, as of the day the money counts from, and gives what it did. It writes
// bills, allocations and journal; PrepaidFen is for the caller to account for. The
// bills are locked before they are divided over, so that no second sum comes in
// between.
func SettleRoom(tx *store.Tx, m Money, amount models.Fen) (AllocationPreview, error) {
	a := AllocationPreview{AsOf: m.EffectiveOn, AmountFen: amount, Settlement: m.Settlement}
	if amount <= 0 || amount > models.MaxFen {
		return a, ErrNoAmount
	}
	open, side, err := openOf(tx, m.RoomID, m.PayerID)
	if err != nil {
		return a, err
	}
	ids := make([]string, len(open))
	for i, b := range open {
		ids[i] = b.ID
	}
	bills, err := fees.LockBills(tx, ids)
	if err != nil {
		return a, err
	}
	// Somebody may have paid between the look and the lock.
	bills = slices.DeleteFunc(bills, func(b fees.Bill) bool { return b.Status == fees.BillPaid || b.Status == fees.BillVoid })
	histories, err := Histories(tx, bills)
	if err != nil {
		return a, err
	}
	states := make([]BillState, len(bills))
	for i, b := range bills {
		if states[i], _, err = settleState(b, histories[b.ID], m.EffectiveOn); err != nil {
			return a, err
		}
	}
	a.fill(states)
	if side != "" && a.PrepaidFen > 0 {
		return a, ErrPayerOwesLess
	}
	portions := make([]Portion, len(a.Lines))
	for i, s := range a.Lines {
		portions[i] = Portion{BillID: s.Bill.ID, Amount: s.AmountFen()}
	}
	left, err := Apply(tx, m, portions)
	if err == nil && left != 0 {
		err = errPlan // under the lock nothing can have changed: a fault of ours
	}
	return a, err
}
