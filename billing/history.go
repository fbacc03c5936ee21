package billing

import (
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// History is what happened to a bill since its issue, as far as it was in the
// books by some day: everything its late fee depends on besides the bill itself.
type History struct {
	Allocations []money.Allocation // in order of the day they count from
	Entries     []fees.BillEntry   // oldest first
	Plans       []fees.Plan        // instalment plans it is or was in, oldest first
}

// Histories gives the history of each bill, by id. Nothing is asked for bills that
// nothing has touched, so that a room of new bills costs no statement.
func Histories(tx *store.Tx, bills []fees.Bill) (map[string]History, error) {
	return histories(tx, bills, false)
}

// histories with all asks also for bills on which nothing is left of what was paid: a
// refund has taken it back. Today that makes no difference, on a past day it does.
func histories(tx *store.Tx, bills []fees.Bill, all bool) (map[string]History, error) {
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

// pauses are the days on which plans keep a bill from bearing late fee: from the
// day after a frozen plan was made, to the day it was kept. A broken plan is as if
// it had never been.
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

// lastOn is the latest day that something in the history counts from. Money and
// adjustments that come later never count from before it: late fee that was taken
// or waived since would turn out too much.
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
