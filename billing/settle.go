package billing

import (
	"fmt"
	"slices"
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// Refusals of [LockPayable].
var (
	ErrBillPaid = models.Refusal(models.KindConflict, "BILL_ALREADY_PAID", "该账单已缴清")
	ErrBillVoid = models.Refusal(models.KindConflict, "BILL_VOID", "该账单已作废")
)

// LockPayable reads the bills with a lock, as of today, for an order or a payment
// that wants to settle them whole. They come back earliest due first.
//
// A bill that does not exist or is not of the room gives [models.ErrNotFound];
// one that is settled, [ErrBillPaid]; a void one, [ErrBillVoid].
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

// Portion is an amount of money meant for a bill.
type Portion struct {
	BillID string
	Amount models.Fen
}

// Money is what [Apply] needs to know of the money it spends on bills.
type Money struct {
	PaymentID   string // empty when the money is the room's prepayment
	RoomID      string
	CommunityID string
	PayerID     string // of [SettleRoom]: the owner who pays; empty: the owner of today
	Merchant    string
	Debit       string      // the account the money comes from, e.g. models.AccountWechat
	Settlement  string      // models.LateFeeFirst or models.PrincipalFirst
	EffectiveOn models.Date // the day from which it counts for late fee
}

// Apply settles bills with money, each with the portion meant for it, and gives
// back what the bills could not take: the part for bills that were settled, or
// partly settled, in the meantime. It writes bills, allocations and journal; the
// caller accounts for what is left over.
//
// Inside a bill late fee goes first, then principal (or the other way round, by
// policy). A bill is never overpaid.
func Apply(tx *store.Tx, m Money, portions []Portion) (left models.Fen, err error) {
	left, _, err = ApplyDetailed(tx, m, portions)
	return left, err
}

// AppliedBill is what money did to a bill, and the bill as the money met it.
type AppliedBill struct {
	money.Allocation
	Before BillState // as of the day from which the money counts
}

// ApplyDetailed is [Apply] that tells what it did to each bill, in order of the bills'
// ids: a receipt shows it.
func ApplyDetailed(tx *store.Tx, m Money, portions []Portion) (left models.Fen, told []AppliedBill, err error) {
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
	histories, err := Histories(tx, bills)
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
		told = append(told, AppliedBill{a, before})
		lines = append(lines, journalOf(m, a)...)
	}
	if len(done) == 0 {
		return left, nil, nil
	}
	if err := money.InsertAllocations(tx, done); err != nil {
		return 0, nil, err
	}
	return left, told, money.Journal(tx, lines)
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

// settleState is a bill as money that counts from a day meets it, and the day from
// which it counts for this bill. Money learned of late (a lost callback) must not
// reach behind what has happened since: late fee that was taken or waived then
// would turn out too much.
func settleState(b fees.Bill, before History, on models.Date) (BillState, models.Date, error) {
	on = max(on, before.lastOn())
	state, err := StateOf(b, before, on)
	return state, on, err
}

// split says how an amount divides into principal and late fee of a bill.
func split(s BillState, amount models.Fen, settlement string) (principal, late models.Fen) {
	if settlement == estate.PrincipalFirst {
		principal = amount.Min(s.OutstandingFen())
		late = (amount - principal).Min(s.LateDueFen)
		return principal, late
	}
	late = amount.Min(s.LateDueFen)
	return (amount - late).Min(s.OutstandingFen()), late
}

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
