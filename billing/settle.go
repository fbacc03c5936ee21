package billing

import (
	"fmt"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// Portion is an amount of money meant for a bill.
type Portion struct {
	BillID string
	Amount models.Fen
}

// Money holds what [Apply] needs to know about the money that it spends on
// bills.
type Money struct {
	PaymentID   string // empty if the money is the room's prepayment
	RoomID      string
	CommunityID string
	PayerID     string // used by [SettleRoom]: the owner who pays; empty: the owner of today
	Merchant    string
	Debit       string      // the account the money comes from, such as money.AccountWechat
	Settlement  string      // estate.LateFeeFirst or estate.PrincipalFirst
	EffectiveOn models.Date // the day from which it counts for late fee
}

// Apply settles bills with money, each with the portion meant for it, and
// returns what the bills could not take, because they were settled in the
// meantime. It writes bills, allocations and journal; the caller books what is
// left.
//
// Within a bill the policy decides whether late fee or principal comes first. A
// bill is never overpaid.
func Apply(tx *store.Tx, m Money, portions []Portion) (left models.Fen, err error) {
	left, _, err = ApplyDetailed(tx, m, portions)
	return left, err
}

// AppliedBill is what money did to a bill, and the bill just before.
type AppliedBill struct {
	money.Allocation
	Before BillState // as of the day from which the money counts
}

// ApplyDetailed is [Apply] that also returns what it did to each bill, in order
// of the bills' ids. A receipt shows it.
func ApplyDetailed(tx *store.Tx, m Money, portions []Portion) (left models.Fen, applied []AppliedBill, err error) {
	ids := make([]string, 0, len(portions))
	amount := make(map[string]models.Fen, len(portions))
	for _, p := range portions {
		if amount[p.BillID] == 0 {
			ids = append(ids, p.BillID)
		}
		amount[p.BillID] = amount[p.BillID].Plus(p.Amount)
		left = left.Plus(p.Amount)
	}
	bills, err := fees.LockBills(tx, ids)
	if err != nil {
		return 0, nil, err
	}
	histories, err := historiesOf(tx, bills)
	if err != nil {
		return 0, nil, err
	}
	var done []money.Allocation
	var lines []money.JournalLine
	for i := range bills {
		before, a, err := applyOne(tx, m, &bills[i], histories[bills[i].ID], amount[bills[i].ID])
		if err != nil {
			return 0, nil, err
		}
		if a.PrincipalFen+a.LateFeeFen == 0 {
			continue
		}
		left -= a.PrincipalFen + a.LateFeeFen
		done = append(done, a)
		applied = append(applied, AppliedBill{a, before})
		lines = append(lines, journalOf(m, a)...)
	}
	if len(done) == 0 {
		return left, nil, nil
	}
	if err := money.InsertAllocations(tx, done); err != nil {
		return 0, nil, err
	}
	return left, applied, money.Journal(tx, lines)
}

// applyOne spends up to amount on a locked bill and writes the bill.
func applyOne(tx *store.Tx, m Money, b *fees.Bill, before History, amount models.Fen) (state BillState, done money.Allocation, err error) {
	none := money.Allocation{}
	if b.Status == fees.BillPaid || b.Status == fees.BillVoid || amount == 0 {
		return state, none, nil
	}
	state, on, err := settleState(*b, before, m.EffectiveOn)
	if err != nil {
		return state, none, err
	}
	principal, late := split(state, amount, m.Settlement)
	if principal+late == 0 {
		return state, none, nil
	}
	status := fees.BillPartial
	if principal == state.OutstandingFen() && late == state.LateDueFen {
		status = fees.BillPaid
	}
	if err := fees.PayBill(tx, b, status, principal, late); err != nil {
		return state, none, fmt.Errorf("settle bill %s: %w", b.ID, err)
	}
	return state, money.Allocation{ID: models.NewID(), PaymentID: m.PaymentID, BillID: b.ID, RoomID: b.RoomID,
		PrincipalFen: principal, LateFeeFen: late, EffectiveOn: on, CreatedAt: tx.Now}, nil
}

// settleState computes a bill as of the day from which money counts for it, and
// returns that day. Money that is booked late, after a lost notification, does
// not count from before the latest entry or allocation of the bill: late fee
// that was paid or waived then would turn out too high.
func settleState(b fees.Bill, before History, on models.Date) (BillState, models.Date, error) {
	on = max(on, before.lastOn())
	state, err := StateOf(b, before, on)
	return state, on, err
}

// split divides an amount into principal and late fee of a bill.
func split(s BillState, amount models.Fen, settlement string) (principal, late models.Fen) {
	if settlement == estate.PrincipalFirst {
		principal = amount.Min(s.OutstandingFen())
		late = (amount - principal).Min(s.LateDueFen)
		return principal, late
	}
	late = amount.Min(s.LateDueFen)
	return (amount - late).Min(s.OutstandingFen()), late
}

// journalOf returns the pairs for an allocation. Money from prepayment has a
// kind of its own.
func journalOf(m Money, a money.Allocation) []money.JournalLine {
	line := money.JournalLine{
		Debit: m.Debit, CommunityID: m.CommunityID, RoomID: a.RoomID, BillID: a.BillID, PaymentID: m.PaymentID, Merchant: m.Merchant,
	}
	principal, late := line, line
	principal.Kind, principal.Credit, principal.AmountFen = money.JournalPrincipal, money.AccountReceivable, a.PrincipalFen
	late.Kind, late.Credit, late.AmountFen = money.JournalLateFee, money.AccountLateFee, a.LateFeeFen
	if m.Debit == money.AccountPrepaid {
		principal.Kind, late.Kind = money.JournalOffset, money.JournalOffset
	}
	return []money.JournalLine{principal, late}
}
