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

// AllocationLine holds how much of a sum of money goes to one bill. Bill is the
// bill as it was before.
type AllocationLine struct {
	Bill         BillState
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
}

// AmountFen returns what the bill takes of the money, principal and late fee
// together.
func (s AllocationLine) AmountFen() models.Fen { return s.PrincipalFen + s.LateFeeFen }

// LeftFen returns what is still owed of the bill afterwards, as of the same
// day.
func (s AllocationLine) LeftFen() models.Fen { return s.Bill.DueFen - s.AmountFen() }

// Allocate divides a sum over bills by the policy: the bill that is due first
// comes first; within a bill either late fee or principal comes first. Bills
// that the money does not reach are not in the result. left is what no bill
// could take.
//
// For example, 150.00 yuan for bills of 100.00 due 31 Jan and 80.00 due 28 Feb,
// without late fee, settles the first and leaves 30.00 owed of the second.
//
// It is pure, and the only place that decides. What people are shown before
// they pay ([PreviewAllocation]) and what happens when they pay ([SettleRoom])
// both come from it.
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

// dueFirst orders bills as they are settled: by due date, then by period, then
// by age.
func dueFirst(a, b BillState) int {
	switch {
	case a.DueOn != b.DueOn:
		return int(a.DueOn - b.DueOn)
	case a.PeriodStart != b.PeriodStart:
		return int(a.PeriodStart - b.PeriodStart)
	}
	return strings.Compare(a.ID, b.ID)
}

// ErrNoAmount is the refusal of a sum that is not positive or beyond all sums.
var ErrNoAmount = models.Invalid("AMOUNT_INVALID", "金额应大于 0，且不超过允许范围")

// errNotSpent reports that locked bills took less money than was planned for
// them.
var errNotSpent = errors.New("billing: money was not spent as planned")

// AllocationPreview holds what a sum of money would do for a room.
type AllocationPreview struct {
	AsOf        models.Date
	AmountFen   models.Fen
	Settlement  string // estate.LateFeeFirst or estate.PrincipalFirst
	Lines       []AllocationLine
	PrepaidFen  models.Fen // what no bill takes; it goes to prepayment
	StillDueFen models.Fen // what the room owes afterwards
}

// PreviewAllocation returns what a sum of money would do for a room if it were
// paid now, by the policy of its community, over the bills that the payer owes.
// payerID is an owner of the room: of today, of before, or of after a
// registered transfer. Empty means the owner of today. Nothing is changed.
//
// It returns [ErrNoAmount] for a sum that is not positive or beyond
// [models.MaxFen], [ErrPayerOwesLess] for a sum beyond what a payer owes who is
// not the owner of today, and [models.ErrNotFound] for a payer who never owned
// the room.
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

// PreviewVisible is [PreviewAllocation] for a user on a phone: over the bills
// of the room that the user may see. An owner sees all of their own.
func PreviewVisible(tx *store.Tx, room estate.BoundRoom, amount models.Fen) (AllocationPreview, error) {
	arrears, err := VisibleArrears(tx, room)
	if err != nil {
		return AllocationPreview{}, err
	}
	return previewOver(tx, room.Room, arrears, amount)
}

// previewOver divides an amount over arrears by the policy of the room's
// community.
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

// fill divides AmountFen over the bills and computes what stays owed.
func (a *AllocationPreview) fill(states []BillState) {
	a.Lines, a.PrepaidFen = Allocate(states, a.AmountFen, a.Settlement)
	a.StillDueFen = a.PrepaidFen - a.AmountFen
	for i := range states {
		a.StillDueFen = a.StillDueFen.Plus(states[i].DueFen)
	}
}

// SettleRoom spends a sum on the open bills of the room that the payer owes
// (m.PayerID; empty: the owner of today), as of the day from which the money
// counts, and returns what it did. The result and the refusals are those of
// [PreviewAllocation]. It writes bills, allocations and journal; the caller
// books PrepaidFen. The bills are locked before the sum is divided, so that no
// second sum comes in between.
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
	// Somebody may have paid between the read and the lock.
	bills = slices.DeleteFunc(bills, func(b fees.Bill) bool { return b.Status == fees.BillPaid || b.Status == fees.BillVoid })
	histories, err := historiesOf(tx, bills)
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
		err = errNotSpent // under the lock nothing can have changed
	}
	return a, err
}
