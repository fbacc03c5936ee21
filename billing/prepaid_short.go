package billing

import (
	"maps"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// PrepaidShort is that a room's prepayment will not cover its next bills.
type PrepaidShort struct {
	RoomID     string
	BalanceFen models.Fen  // what can be spent on them
	NextFen    models.Fen  // what they will be, going by the last ones
	MissingFen models.Fen  // what lacks, over all items
	NextOn     models.Date // when the first of them is to be expected: the day after the last one's period
}

// estimateOver is how far back the last bill of an item may lie: a yearly one, and
// some time to issue it.
const estimateOver = 400

// soon is how many days ahead the next bills are looked for.
const soon = 31

// ShortPrepayments gives, of the rooms, those that have ever prepaid and whose
// balance does not cover what the next bill of each of their items will be, going by
// the last one of each. What an item has of its own is spent on it alone, the
// general balance on what lacks then. Bills that are more than a month away (of a
// yearly fee, in March) are not counted.
func ShortPrepayments(tx *store.Tx, roomIDs []string) ([]PrepaidShort, error) {
	ids, err := money.RoomsThatPrepaid(tx, roomIDs)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	bills, err := fees.BillBriefs(tx, ids, tx.Today()-estimateOver, tx.Today()+estimateOver)
	if err != nil {
		return nil, err
	}
	balances, err := money.PrepaidBalances(tx, ids)
	if err != nil {
		return nil, err
	}
	var out []PrepaidShort
	for _, id := range ids {
		if s := shortOf(id, lastBills(bills[id], tx.Today()+soon), balances[id]); s.MissingFen > 0 {
			s.NextOn = max(s.NextOn, tx.Today())
			out = append(out, s)
		}
	}
	return out, nil
}

// lastBills gives by item the last bill of a run, where the next one is to be
// expected by a day. Imported arrears and
// bills that were taken back tell nothing of the next one.
func lastBills(bills []fees.BillBrief, until models.Date) map[string]fees.BillBrief {
	last := map[string]fees.BillBrief{}
	for _, b := range bills {
		if b.Void || b.Source != fees.SourceRun {
			continue
		}
		if have, ok := last[b.Item]; !ok || have.PeriodEnd < b.PeriodEnd {
			last[b.Item] = b
		}
	}
	maps.DeleteFunc(last, func(_ string, b fees.BillBrief) bool { return b.PeriodEnd >= until })
	return last
}

func shortOf(roomID string, next map[string]fees.BillBrief, balances []money.PrepaidBalance) PrepaidShort {
	s := PrepaidShort{RoomID: roomID}
	own, general := map[string]models.Fen{}, models.Fen(0)
	for _, b := range balances {
		if b.Item == "" {
			general = b.AmountFen
		} else {
			own[b.Item] = b.AmountFen
		}
	}
	for item, b := range next {
		amount := b.PrincipalFen
		if s.NextOn == 0 || b.PeriodEnd < s.NextOn {
			s.NextOn = b.PeriodEnd + 1
		}
		s.NextFen = s.NextFen.Plus(amount)
		s.BalanceFen = s.BalanceFen.Plus(own[item])
		s.MissingFen = s.MissingFen.Plus(max(0, amount-own[item]))
	}
	s.BalanceFen = s.BalanceFen.Plus(general)
	s.MissingFen = max(0, s.MissingFen-general)
	return s
}
