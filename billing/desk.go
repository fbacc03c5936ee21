package billing

import (
	"slices"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// ErrAmountChanged is the refusal of bills that cost another amount now than
// what was shown, or of bills chosen at the desk that are not the room's, are
// settled or void: the page is out of date.
var ErrAmountChanged = models.Refusal(models.KindConflict, "AMOUNT_CHANGED", "应缴金额已变化，请刷新后再支付")

// PreviewChosen is [PreviewAllocation] for money that counts from an earlier
// day and may be meant for some bills only. Without an amount it pays those
// bills whole. Nothing is changed.
func PreviewChosen(tx *store.Tx, room estate.Room, on models.Date, billIDs []string, amount models.Fen) (AllocationPreview, error) {
	a := AllocationPreview{AsOf: on, AmountFen: amount}
	var err error
	if a.Settlement, err = estate.Settlement(tx, room.CommunityID); err != nil {
		return a, err
	}
	bills, err := fees.OpenBills(tx, room.ID)
	if err != nil {
		return a, err
	}
	states, err := statesFrom(tx, bills, on)
	if err != nil {
		return a, err
	}
	return a, a.over(states, billIDs)
}

// over divides the sum over the chosen bills, or over all if none are chosen.
// Chosen bills without a sum are paid whole. StillDueFen counts all bills,
// chosen or not.
func (a *AllocationPreview) over(states []BillState, chosen []string) error {
	some := states
	if len(chosen) > 0 {
		some = slices.DeleteFunc(slices.Clone(states), func(s BillState) bool { return !slices.Contains(chosen, s.ID) })
		if len(some) != len(chosen) {
			return ErrAmountChanged
		}
		if a.AmountFen == 0 {
			for i := range some {
				a.AmountFen = a.AmountFen.Plus(some[i].DueFen)
			}
		}
	}
	if a.AmountFen <= 0 || a.AmountFen > models.MaxFen {
		return ErrNoAmount
	}
	a.fill(some)
	a.StillDueFen = a.PrepaidFen - a.AmountFen
	for i := range states {
		a.StillDueFen = a.StillDueFen.Plus(states[i].DueFen)
	}
	return nil
}

// SettleChosen pays the bills whole, as of the day from which the money counts,
// if they cost what was shown; else it returns [ErrAmountChanged]. shown 0
// accepts any amount. It writes bills, allocations and journal.
func SettleChosen(tx *store.Tx, m Money, billIDs []string, shown models.Fen) (AllocationPreview, error) {
	a := AllocationPreview{AsOf: m.EffectiveOn, Settlement: m.Settlement}
	billIDs = slices.Compact(slices.Sorted(slices.Values(billIDs)))
	bills, err := fees.LockBills(tx, billIDs)
	if err != nil {
		return a, err
	}
	bills = slices.DeleteFunc(bills, func(b fees.Bill) bool {
		return b.Status == fees.BillPaid || b.Status == fees.BillVoid || b.RoomID != m.RoomID
	})
	states, err := statesFrom(tx, bills, m.EffectiveOn)
	if err != nil {
		return a, err
	}
	if err := a.over(states, billIDs); err != nil {
		return a, err
	}
	if shown != 0 && a.AmountFen != shown {
		return a, ErrAmountChanged
	}
	portions := make([]Portion, len(a.Lines))
	for i, s := range a.Lines {
		portions[i] = Portion{BillID: s.Bill.ID, Amount: s.AmountFen()}
	}
	left, err := Apply(tx, m, portions)
	if err == nil && left != 0 {
		err = errNotSpent
	}
	return a, err
}

// statesFrom computes bills as of the day from which money counts for each of
// them.
func statesFrom(tx *store.Tx, bills []fees.Bill, on models.Date) ([]BillState, error) {
	histories, err := historiesOf(tx, bills)
	if err != nil {
		return nil, err
	}
	states := make([]BillState, len(bills))
	for i, b := range bills {
		if states[i], _, err = settleState(b, histories[b.ID], on); err != nil {
			return nil, err
		}
	}
	return states, nil
}

// SettledFen returns what bills take of the money.
func (a AllocationPreview) SettledFen() models.Fen { return a.AmountFen - a.PrepaidFen }
