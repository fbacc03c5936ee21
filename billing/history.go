package billing

import (
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// History holds what has happened to a bill since its issue, as far as it was
// in the books by some day. Late fee depends on the bill and its history alone.
type History struct {
	Allocations []money.Allocation // in order of the day from which they count
	Entries     []fees.BillEntry   // oldest first
	Plans       []fees.Plan        // instalment plans the bill is or was in, oldest first
}

// historiesOf returns the history of each bill, by id. It asks nothing about
// bills that have none, so that a room of new bills costs no statement.
func historiesOf(tx *store.Tx, bills []fees.Bill) (map[string]History, error) {
	return loadHistories(tx, bills, false)
}

// loadHistories is historiesOf that, with all, also reads bills of which
// nothing is paid any more because a refund has taken it back. For today's
// arrears that makes no difference; for those of a past day it does.
func loadHistories(tx *store.Tx, bills []fees.Bill, all bool) (map[string]History, error) {
	var settled, adjusted, planned []string
	for i := range bills {
		b := &bills[i]
		// A correction can take back all that was paid; the days until then still count.
		if all || b.PaidPrincipalFen > b.OpeningPaidFen || b.PaidLateFeeFen > 0 || b.EntryCount > 0 {
			settled = append(settled, b.ID)
		}
		if b.EntryCount > 0 {
			adjusted = append(adjusted, b.ID)
		}
		if b.PlanID != "" {
			planned = append(planned, b.ID)
		}
	}
	allocations, err := money.AllocationsOf(tx, settled)
	if err != nil {
		return nil, err
	}
	entries, err := fees.EntriesOf(tx, adjusted)
	if err != nil {
		return nil, err
	}
	plans, err := fees.PlansOfBills(tx, planned)
	if err != nil {
		return nil, err
	}
	out := make(map[string]History, len(settled))
	for _, id := range settled {
		out[id] = History{Allocations: allocations[id], Entries: entries[id]}
	}
	for _, id := range planned {
		h := out[id]
		h.Plans = plans[id]
		out[id] = h
	}
	return out, nil
}

// pauses returns the days on which plans keep the bill from accruing late fee:
// from the day after a frozen plan was made to the day it ended. A broken plan
// counts as if it had never been.
func (h History) pauses() []calc.Pause {
	var out []calc.Pause
	for _, p := range h.Plans {
		if !p.Frozen || p.Status == fees.PlanBroken {
			continue
		}
		out = append(out, calc.Pause{From: p.MadeOn + 1, To: p.EndedOn})
	}
	return out
}

// lastOn returns the latest day from which something in the history counts.
// Money and adjustments that come later never count from an earlier day.
// Otherwise late fee that was paid or waived in the meantime would turn out too
// high.
func (h History) lastOn() models.Date {
	last := models.Date(0)
	for _, a := range h.Allocations {
		last = max(last, a.EffectiveOn)
	}
	for _, e := range h.Entries {
		last = max(last, e.EffectiveOn)
	}
	return last
}
