package billing

import (
	"cmp"
	"context"
	"slices"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// maxRuleChanges is how many bills a preview of a late-fee rule lists.
const maxRuleChanges = 10

// LateRuleEffect holds what a change of the default late-fee rule does to the open bills
// that were imported, if it counts for them, as of today. Money is fen.
type LateRuleEffect struct {
	Have   estate.LateRule // in force on the first day of the change, before it
	Want   estate.LateRule
	Bills  int // open imported bills
	Milder int // of them would take the rule
	Same   int // have it already
	Kept   int // have a rule that is milder in some way: they keep it
	// BeforeFen and AfterFen are the late fee due of the bills that would take the rule.
	// CreditFen is late fee that was paid and would go to prepayment.
	BeforeFen models.Fen
	AfterFen  models.Fen
	CreditFen models.Fen
	// Biggest are the largest changes, the largest first.
	Biggest []LateRuleBill
}

// LateRuleBill is the late fee due of a bill before and after.
type LateRuleBill struct {
	Room      estate.Room
	Bill      fees.Bill
	BeforeFen models.Fen
	AfterFen  models.Fen
}

// EffectOfLateRule computes what a change would do today. It changes nothing and reads
// the bills page by page.
func EffectOfLateRule(ctx context.Context, db *store.DB, c estate.LateRuleChange) (e LateRuleEffect, err error) {
	tx := db.View(ctx)
	if e.Want, err = c.Rule(); err != nil {
		return e, err
	}
	if e.Have, err = estate.LateRuleOn(tx, c.CommunityID, max(c.FromOn, tx.Today())); err != nil {
		return e, err
	}
	const page = 500
	after := ""
	for {
		if err := ctx.Err(); err != nil {
			return e, err
		}
		bills, err := fees.OpenImported(tx, c.CommunityID, after, page)
		if err != nil {
			return e, err
		}
		if err := e.add(tx, bills); err != nil {
			return e, err
		}
		if len(bills) < page {
			break
		}
		after = bills[len(bills)-1].ID
	}
	e.trim()
	ids := make([]string, len(e.Biggest))
	for i, b := range e.Biggest {
		ids[i] = b.Bill.RoomID
	}
	rooms, err := estate.RoomsByID(tx, ids)
	for i := range e.Biggest {
		e.Biggest[i].Room = rooms[e.Biggest[i].Bill.RoomID]
	}
	return e, err
}

// add counts a page of bills.
func (e *LateRuleEffect) add(tx *store.Tx, bills []fees.Bill) error {
	states, err := States(tx, bills, tx.Today())
	if err != nil {
		return err
	}
	for _, s := range states {
		e.Bills++
		have, err := s.LateRule()
		if err != nil {
			return err
		}
		switch {
		case e.Want.Equal(have):
			e.Same++
			continue
		case !e.Want.MilderThan(have):
			e.Kept++
			continue
		}
		effect, err := effectOf(s, Adjustment{Kind: fees.EntryCorrection, BillID: s.ID, Rule: &e.Want}, tx.Today())
		if err != nil {
			return err
		}
		e.Milder++
		e.BeforeFen, e.AfterFen = e.BeforeFen.Plus(s.LateDueFen), e.AfterFen.Plus(effect.After.LateDueFen)
		e.CreditFen = e.CreditFen.Plus(effect.CreditFen)
		if s.LateDueFen != effect.After.LateDueFen {
			e.Biggest = append(e.Biggest, LateRuleBill{Bill: s.Bill, BeforeFen: s.LateDueFen, AfterFen: effect.After.LateDueFen})
		}
	}
	if len(e.Biggest) > 2*maxRuleChanges {
		e.trim()
	}
	return nil
}

// trim keeps the largest changes; equal ones are in the order of their bills.
func (e *LateRuleEffect) trim() {
	slices.SortStableFunc(e.Biggest, func(a, b LateRuleBill) int {
		return cmp.Or(cmp.Compare(b.BeforeFen-b.AfterFen, a.BeforeFen-a.AfterFen), cmp.Compare(a.Bill.ID, b.Bill.ID))
	})
	e.Biggest = e.Biggest[:min(len(e.Biggest), maxRuleChanges)]
}
