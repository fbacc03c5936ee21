package billing

import (
	"context"
	"errors"
	"slices"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of paying a part.
var (
	ErrPlanEnded = models.Refusal(models.KindConflict, "PLAN_ENDED", "该分期计划已结束")
	ErrPartPaid  = models.Refusal(models.KindConflict, "PLAN_PART_PAID", "该期已缴清")
)

// PlanProgress holds how far a plan has come. Everything that settles its bills
// counts towards its parts, earliest part first: money by any channel, waivers
// and corrections.
type PlanProgress struct {
	fees.Plan
	Parts      []PartProgress
	Bills      []BillState // earliest due first
	SettledFen models.Fen
	DueFen     models.Fen // still owed of its bills; may exceed the parts while late fee accrues
}

// PartProgress is a part of a plan and what is still unpaid of it.
type PartProgress struct {
	fees.PlanPart
	UnpaidFen models.Fen
	Overdue   bool // its due day has passed and something is unpaid
}

// ProgressOf returns how far a plan has come, as of today.
func ProgressOf(tx *store.Tx, plan fees.Plan) (PlanProgress, error) {
	p := PlanProgress{Plan: plan}
	covers, err := fees.PlanBills(tx, plan.ID)
	if err != nil {
		return p, err
	}
	ids := make([]string, len(covers))
	for i, c := range covers {
		ids[i] = c.BillID
	}
	found, err := fees.BillsByIDs(tx, ids)
	if err != nil {
		return p, err
	}
	bills := make([]fees.Bill, len(covers))
	for i, c := range covers {
		b := found[c.BillID]
		bills[i] = b
		if b.Status == fees.BillVoid {
			p.SettledFen += c.PrincipalFen + c.LateFeeFen
		} else {
			p.SettledFen += b.SettledFen() - c.SettledFen
		}
	}
	if p.Bills, err = States(tx, bills, tx.Today()); err != nil {
		return p, err
	}
	slices.SortFunc(p.Bills, dueFirst)
	p.DueFen = coveredBy(p.Bills)
	if p.DueFen == 0 {
		p.SettledFen = plan.TotalFen // a correction can remove late fee that the plan included
	}
	return p, p.parts(tx)
}

// parts spreads what is settled over the parts, earliest first.
func (p *PlanProgress) parts(tx *store.Tx) error {
	parts, err := fees.PlanParts(tx, p.ID)
	left := max(0, p.SettledFen)
	for _, x := range parts {
		part := PartProgress{PlanPart: x, UnpaidFen: x.AmountFen - left.Min(x.AmountFen)}
		part.Overdue = part.UnpaidFen > 0 && x.DueOn < tx.Today()
		left -= left.Min(x.AmountFen)
		p.Parts = append(p.Parts, part)
	}
	return err
}

// Payable returns what has to be paid for a part: what is unpaid of it and of
// the parts before it, never more than is owed. It returns [ErrPlanEnded],
// [ErrPartPaid] or, for an unknown part, [models.ErrNotFound].
func (p *PlanProgress) Payable(partID string) (models.Fen, error) {
	sum := models.Fen(0)
	for _, x := range p.Parts {
		sum = sum.Plus(x.UnpaidFen)
		if x.ID != partID {
			continue
		}
		switch {
		case p.Status != fees.PlanActive:
			return 0, ErrPlanEnded
		case sum == 0:
			return 0, ErrPartPaid
		}
		return sum.Min(p.DueFen), nil
	}
	return 0, models.ErrNotFound
}

// LockPart locks the bills of a plan for an order or a payment of one part and
// returns how the part divides over them by the policy. It returns
// [models.ErrNotFound] for a part that is not of the room, [ErrPartPaid] for
// one that is paid, and [ErrPlanEnded] for one of a plan that has ended.
func LockPart(tx *store.Tx, roomID, partID, settlement string) ([]AllocationLine, error) {
	plan, err := fees.PlanOfPart(tx, partID)
	if err != nil {
		return nil, err
	}
	if plan.RoomID != roomID {
		return nil, models.ErrNotFound
	}
	covers, err := fees.PlanBills(tx, plan.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(covers))
	for i, c := range covers {
		ids[i] = c.BillID
	}
	if _, err := fees.LockBills(tx, ids); err != nil {
		return nil, err
	}
	p, err := ProgressOf(tx, plan)
	if err != nil {
		return nil, err
	}
	amount, err := p.Payable(partID)
	if err != nil {
		return nil, err
	}
	splits, left := Allocate(p.Bills, amount, settlement)
	if left != 0 {
		return nil, errNotSpent
	}
	return splits, nil
}

// planPage is how many plans are read at a time.
const planPage = 200

// EndPlans ends the active plans that are kept, and those that are broken
// because a part is unpaid more than BreakDays after its due day. Each plan is
// a transaction of its own; one that fails does not stop the others.
func EndPlans(ctx context.Context, db *store.DB, by models.Actor) (kept, broken int, err error) {
	after := ""
	for {
		plans, listErr := fees.ActivePlans(db.View(ctx), after, planPage)
		if listErr != nil {
			return kept, broken, errors.Join(err, listErr)
		}
		for _, p := range plans {
			after = p.ID
			status := ""
			writeErr := db.Write(ctx, func(tx *store.Tx) (err error) {
				status, err = endPlan(tx, by, p.ID)
				return err
			})
			err = errors.Join(err, writeErr)
			switch {
			case writeErr != nil:
			case status == fees.PlanKept:
				kept++
			case status == fees.PlanBroken:
				broken++
			}
		}
		if len(plans) < planPage {
			return kept, broken, err
		}
	}
}

// endPlan ends a plan if it is kept or broken and returns its new status, or ""
// if it continues.
func endPlan(tx *store.Tx, by models.Actor, id string) (string, error) {
	plan, err := fees.LockPlan(tx, id)
	if err != nil || plan.Status != fees.PlanActive {
		return "", err
	}
	p, err := ProgressOf(tx, plan)
	if err != nil {
		return "", err
	}
	status := ""
	if p.SettledFen >= p.TotalFen {
		status = fees.PlanKept
	}
	for _, x := range p.Parts {
		if x.UnpaidFen > 0 && tx.Today() > x.DueOn.Plus(p.BreakDays) {
			status = fees.PlanBroken
		}
	}
	if status == "" {
		return "", nil
	}
	if _, err := fees.EndPlan(tx, &plan, status); err != nil {
		return "", err
	}
	if status == fees.PlanBroken {
		if err := reopen(tx, p.Bills); err != nil {
			return "", err
		}
	}
	return status, office.Audit(tx, by, "plan."+status, "plan", id, map[string]any{
		"room": plan.RoomID, "settled_fen": p.SettledFen, "total_fen": plan.TotalFen,
	})
}

// reopen sets the bills of a broken plan to the status that matches their
// figures. A bill that was paid while late fee was frozen may owe late fee
// again.
func reopen(tx *store.Tx, before []BillState) error {
	ids := make([]string, len(before))
	for i := range before {
		ids[i] = before[i].ID
	}
	bills, err := fees.LockBills(tx, ids)
	if err != nil {
		return err
	}
	states, err := States(tx, bills, tx.Today())
	if err != nil {
		return err
	}
	for i := range states {
		now := states[i].Bill
		if now.Status = statusOf(&states[i]); now.Status == bills[i].Status {
			continue
		}
		if err := fees.AdjustBill(tx, &bills[i], &now); err != nil {
			return err
		}
	}
	return nil
}
