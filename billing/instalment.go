package billing

import (
	"fmt"
	"slices"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Terms of instalment plans.
const (
	// DefaultBreakDays is how many days after its due day a part may be paid
	// before the plan is broken. For example, a part due 1 Mar may be paid
	// until 8 Mar; on 9 Mar the plan breaks.
	DefaultBreakDays = 7
	maxBreakDays     = 90
	maxParts         = 24
	maxPlanDays      = 2 * 366 // from the day the plan is made to its last part
)

// Refusals of instalment plans.
var (
	// ErrPlanSum: the parts do not add up to what is due.
	ErrPlanSum = models.Refusal(models.KindUnprocessable, "PLAN_SUM", "各期金额之和须等于所选账单的应缴总额")
	// ErrPlanParts: too few or too many parts, or days out of order.
	ErrPlanParts = models.Invalid("PLAN_PARTS", fmt.Sprintf("分期须为 2 至 %d 期，日期须依次在今天之后、两年之内，金额须大于 0", maxParts))
	// ErrPlanBreak: break days out of range.
	ErrPlanBreak = models.Invalid("PLAN_BREAK_DAYS", fmt.Sprintf("宽限天数须在 0 至 %d 之间", maxBreakDays))
	// ErrPlanTwice: a bill is in another active plan.
	ErrPlanTwice = models.Refusal(models.KindConflict, "PLAN_EXISTS", "所选账单已在另一个分期计划中")
)

// validatePlan refuses parts that are no plan for the bills. The parts must add
// up to what is due today. If late fee grows until the decision, the last part
// grows with it.
func validatePlan(tx *store.Tx, breakDays int, states []BillState, parts []fees.RequestPart) error {
	if breakDays < 0 || breakDays > maxBreakDays {
		return ErrPlanBreak
	}
	if len(parts) < 2 || len(parts) > maxParts {
		return ErrPlanParts
	}
	covers, sum, last := coveredBy(states), models.Fen(0), tx.Today()
	for _, p := range parts {
		if p.AmountFen <= 0 || p.AmountFen > models.MaxFen || p.DueOn <= last || p.DueOn > tx.Today()+maxPlanDays {
			return ErrPlanParts
		}
		sum, last = sum.Plus(p.AmountFen), p.DueOn
	}
	for i := range states {
		if plan := activePlan(&states[i]); plan != nil {
			return ErrPlanTwice
		}
	}
	switch {
	case covers == 0:
		return ErrNothingOwed
	case covers != sum:
		return ErrPlanSum.With(map[string]models.Fen{"total_fen": covers})
	}
	return nil
}

// coveredBy returns what is due of the bills together.
func coveredBy(states []BillState) (sum models.Fen) {
	for i := range states {
		sum = sum.Plus(states[i].DueFen)
	}
	return sum
}

// activePlan returns the active plan that a bill is in, or nil.
func activePlan(s *BillState) *fees.Plan {
	for i := range s.History.Plans {
		if p := &s.History.Plans[i]; p.Status == fees.PlanActive {
			return p
		}
	}
	return nil
}

// InPlan reports whether the bill is being paid in instalments.
func (s *BillState) InPlan() bool { return activePlan(s) != nil }

// grantPlan makes the plan of a request that is being approved. Late fee that
// accrued since the request is added to the last part, so that the parts are
// what the plan covers. If something was paid in the meantime the parts no
// longer match, and grantPlan returns [ErrPlanSum].
func (d *Decision) grantPlan(tx *store.Tx, r *fees.Request, states []BillState, by models.Actor) error {
	parts, err := r.PartList()
	if err != nil {
		return err
	}
	breakDays := r.BreakDays
	if d.BreakDays != 0 {
		breakDays = d.BreakDays
	}
	sum := models.Fen(0)
	for _, p := range parts {
		sum = sum.Plus(p.AmountFen)
	}
	if more := coveredBy(states) - sum; more > 0 && len(parts) > 0 && sameBills(states, r) {
		parts[len(parts)-1].AmountFen += more
	}
	if err := validatePlan(tx, breakDays, states, parts); err != nil {
		return err
	}
	p := fees.Plan{
		CommunityID: r.CommunityID, RoomID: r.RoomID, RequestID: r.ID, TotalFen: coveredBy(states), Frozen: d.Frozen || r.Frozen,
		BreakDays: breakDays,
	}
	var bills []fees.PlanBill
	for i := range states {
		if s := &states[i]; s.DueFen > 0 {
			bills = append(bills, fees.PlanBill{
				BillID: s.ID, PrincipalFen: s.OutstandingFen(), LateFeeFen: s.LateDueFen, SettledFen: s.SettledFen(),
			})
		}
	}
	rows := make([]fees.PlanPart, len(parts))
	for i, x := range parts {
		rows[i] = fees.PlanPart{DueOn: x.DueOn, AmountFen: x.AmountFen}
	}
	if err := fees.InsertPlan(tx, &p, bills, rows); err != nil {
		return err
	}
	return office.Audit(tx, by, "plan.made", "plan", p.ID, map[string]any{
		"room": p.RoomID, "total_fen": p.TotalFen, "parts": len(rows), "frozen": p.Frozen,
	})
}

// sameBills reports whether only time has changed the bills since the request:
// none of them was settled or adjusted.
func sameBills(states []BillState, r *fees.Request) bool {
	return !slices.ContainsFunc(states, func(s BillState) bool {
		return slices.ContainsFunc(s.History.Allocations, func(a money.Allocation) bool { return !a.CreatedAt.Before(r.CreatedAt.Time) }) ||
			slices.ContainsFunc(s.History.Entries, func(e fees.BillEntry) bool { return !e.CreatedAt.Before(r.CreatedAt.Time) })
	})
}
