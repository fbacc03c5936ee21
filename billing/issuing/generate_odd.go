package issuing

import (
	"slices"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// maxOddities is how many oddities of each kind are stored for a run. All of
// them are counted; nobody reads more.
const maxOddities = 200

// unusualFactor is how many times the usual amount a bill must be to be noted.
const unusualFactor = 3

// oddity notes something that staff should check. It stops no bill.
func (r *roomBatch) oddity(kind, roomID, item string, amount models.Fen) {
	r.odd = append(r.odd, fees.BillingOddity{RunID: r.batchID, Kind: kind, RoomID: roomID, Item: item, AmountFen: amount})
}

// unusual notes bills of at least three times what the room is usually billed
// for the item. It compares amounts per month over the bills of a year: the
// first bill of a room may be for part of a month, and a yearly bill is not
// twelve times too high.
func (r *roomBatch) unusual(roomIDs []string) error {
	since := r.period.Plus(-11).First()
	// Rooms without an earlier bill have nothing to compare with.
	before := slices.DeleteFunc(roomIDs, func(id string) bool {
		return !slices.ContainsFunc(r.known.billed[id], func(s fees.BillSpan) bool { return s.From >= since && s.To < r.period.First() })
	})
	past, err := fees.PastBills(r.tx, before, since, r.period.First())
	if err != nil || len(past) == 0 {
		return err
	}
	for i := range r.bills {
		b := &r.bills[i]
		sum, covered := models.Fen(0), calc.WholeMonths(0)
		for _, p := range past[b.RoomID] {
			if p.Item == b.Item {
				sum, covered = sum.Plus(p.PrincipalFen), covered.Plus(calc.MonthsOf(p.From, p.To))
			}
		}
		if sum == 0 {
			continue
		}
		usual := scaled(sum, covered, calc.MonthsOf(b.PeriodStart, b.PeriodEnd))
		if b.PrincipalFen >= unusualFactor*usual {
			r.odd = append(r.odd, fees.BillingOddity{
				RunID: r.batchID, Kind: fees.OddHigh, RoomID: b.RoomID, Item: b.Item, AmountFen: b.PrincipalFen, UsualFen: usual,
			})
		}
	}
	return nil
}

// scaled returns what an amount for some months comes to over other months, in
// fen, rounded. For example, 300.00 over three months is 100.00 over one.
func scaled(sum models.Fen, covered, over calc.Months) models.Fen {
	return models.Fen(decimal.New(int64(sum), 0).Mul(decimal.New(over.Num, 0)).Mul(decimal.New(covered.Den, 0)).
		DivRound(decimal.New(over.Den, 0).Mul(decimal.New(covered.Num, 0)), 0).IntPart())
}
