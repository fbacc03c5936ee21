package billing

import (
	"maps"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// PrepaidShort reports that a room's prepayment will not cover its next bills.
type PrepaidShort struct {
	RoomID     string
	BalanceFen models.Fen  // what can be spent on them
	NextFen    models.Fen  // their estimated amount, that of the last bills
	MissingFen models.Fen  // what is missing, over all items
	NextOn     models.Date // the earliest expected bill: the day after the last period
}

// estimateWindow is how many days back the last bill of an item may lie: a
// year, and some time to issue it.
const estimateWindow = 400

// shortHorizon is how many days ahead the next bills are looked for.
const shortHorizon = 31

// ShortPrepayments returns, of the given rooms, those that have ever prepaid
// and whose balance does not cover the next bill of each fee item, estimated by
// the last one. The balance of an item pays for that item alone; the general
// balance pays for what is then missing. Bills more than a month away, such as
// a yearly fee in March, are not counted.
func ShortPrepayments(tx *store.Tx, roomIDs []string) ([]PrepaidShort, error) {
	ids, err := money.RoomsThatPrepaid(tx, roomIDs)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	bills, err := fees.BillBriefs(tx, ids, tx.Today()-estimateWindow, tx.Today()+estimateWindow)
	if err != nil {
		return nil, err
	}
	balances, err := money.PrepaidBalances(tx, ids)
	if err != nil {
		return nil, err
	}
	var out []PrepaidShort
	for _, id := range ids {
		if s := shortOf(id, lastBills(bills[id], tx.Today()+shortHorizon), balances[id]); s.MissingFen > 0 {
			s.NextOn = max(s.NextOn, tx.Today())
			out = append(out, s)
		}
	}
	return out, nil
}

// lastBills returns, by item, the last bill of a billing run whose next one is
// expected by a day. Imported arrears and void bills do not predict the next
// bill.
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

// shortOf compares a room's balances with its expected bills.
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
