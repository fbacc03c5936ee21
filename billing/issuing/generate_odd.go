package issuing

import (
	"slices"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// maxOddities of each kind are kept of a run: more nobody reads. All are counted.
const maxOddities = 200

// oddTimes is how often its usual amount a bill has to be to be looked at.
const oddTimes = 3

// oddity notes something that staff should look at.
func (r *roomBatch) oddity(kind, roomID, item string, amount models.Fen) {
	r.odd = append(r.odd, fees.BillingOddity{RunID: r.batchID, Kind: kind, RoomID: roomID, Item: item, AmountFen: amount})
}

// unusual looks for bills that are three times what the room's bills of the item
// mostly are, or more. Compared is the amount for a month, over the bills of a year:
// the first bill of a room may be for a part of a month, and a yearly one is not
// twelve times too much.
func (r *roomBatch) unusual(roomIDs []string) error {
	since := r.period.Plus(-11).First()
	before := slices.DeleteFunc(roomIDs, func(id string) bool { // no need to ask about rooms without an earlier bill
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
		usual := monthly(sum, covered, calc.MonthsOf(b.PeriodStart, b.PeriodEnd))
		if b.PrincipalFen >= oddTimes*usual {
			r.odd = append(r.odd, fees.BillingOddity{
				RunID: r.batchID, Kind: fees.OddHigh, RoomID: b.RoomID, Item: b.Item, AmountFen: b.PrincipalFen, UsualFen: usual,
			})
		}
	}
	return nil
}

// monthly is what an amount for some months comes to over others.
func monthly(sum models.Fen, covered, over calc.Months) models.Fen {
	return models.Fen(decimal.New(int64(sum), 0).Mul(decimal.New(over.Num, 0)).Mul(decimal.New(covered.Den, 0)).
		DivRound(decimal.New(over.Den, 0).Mul(decimal.New(covered.Num, 0)), 0).IntPart())
}
