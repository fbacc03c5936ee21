package billing

import (
	"fmt"
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// Refusals of adjustments. An adjustment that is refused changes nothing.
var (
	// ErrSamePerson: one person asked and approved.
	ErrSamePerson = models.Refusal(models.KindForbidden, "SAME_PERSON", "申请人不能审批自己的申请，请由另一位同事审批")
	// ErrNoReason: the reason is empty or too long.
	ErrNoReason = models.Invalid("REASON_MISSING", "请填写原因")
	// ErrWaiverTooMuch: more than the late fee that is due.
	ErrWaiverTooMuch = models.Refusal(models.KindUnprocessable, "WAIVER_TOO_MUCH", "减免金额超过应缴违约金")
	// ErrNothingWaived: no late fee is due.
	ErrNothingWaived = models.Refusal(models.KindUnprocessable, "NOTHING_TO_WAIVE", "没有可以减免的违约金")
	// ErrCorrection: the new principal is negative, the same, or less than
	// discount and opening payment together.
	ErrCorrection = models.Refusal(models.KindUnprocessable, "CORRECTION_OUT_OF_RANGE", "更正后的金额不正确：不能为负，不能低于优惠与系统启用前已缴之和，也不能与现在相同")
	// ErrRuleNotMilder: the late-fee rule would ask for more than the one that the bill has.
	ErrRuleNotMilder = models.Refusal(models.KindUnprocessable, "RULE_NOT_MILDER", "已出账单的违约金规则只能改轻，不能加重")
	// ErrDiscount: not above 0, or more than the principal.
	ErrDiscount = models.Refusal(models.KindUnprocessable, "DISCOUNT_OUT_OF_RANGE", "优惠金额应大于 0，且不超过账单本金")
)

// Approval holds who asked for an adjustment, who approved it, and why. The two
// are always different persons, except where the program itself follows a rule
// of a tariff, such as an early-payment discount.
type Approval struct {
	Asked     models.Actor
	Approved  models.Actor
	Reason    string
	RequestID string // of the approved request; empty if there was none
}

// check refuses an approval by the person who asked or by an owner, and one
// without a reason.
func (m Approval) check() error {
	system := m.Asked.Kind == models.ActorSystem && m.Approved.Kind == models.ActorSystem
	switch {
	case m.Asked.Kind == "" || m.Approved.Kind == "":
		return fmt.Errorf("billing: adjustment without an actor")
	case !system && m.Asked.Kind == m.Approved.Kind && m.Asked.ID == m.Approved.ID:
		return ErrSamePerson
	case m.Approved.Kind == models.ActorUser:
		return models.ErrForbidden // nobody lowers their own bill from a phone
	case strings.TrimSpace(m.Reason) == "":
		return ErrNoReason
	}
	return nil
}

// Adjustment is a change of a bill that is not money. The meaning of AmountFen
// depends on the kind:
//
//   - waiver: the late fee to give up
//   - correction: the right principal, not the difference
//   - discount: the principal to give up
//   - void: not used
//
// With a Rule, a correction puts the late-fee rule of the bill right and leaves its
// principal.
type Adjustment struct {
	Kind      string // fees.EntryWaiver, fees.EntryCorrection, fees.EntryDiscount or fees.EntryVoid
	BillID    string
	AmountFen models.Fen
	Rule      *estate.LateRule
}

// Effect holds what an adjustment does to a bill. CreditFen is money that was
// paid for the bill and that the bill no longer asks for; it goes to the room's
// prepayment.
type Effect struct {
	Kind         string
	Before       BillState
	After        BillState
	CreditFen    models.Fen
	UnwaivedFen  models.Fen // part of earlier waivers that is taken back, because that late fee no longer arises
	principalFen models.Fen // of the entry
	lateFeeFen   models.Fen // of the entry
	ruleBefore   string     // of the entry, if the late-fee rule changes
	ruleAfter    string
	credits      []money.Allocation
}

// Adjust makes an adjustment: it writes one entry, its lines in the journal,
// and the running totals of the bill. The kinds, and what each does to late
// fee:
//
//   - waiver 减免 waives late fee that is due today, never more
//     ([ErrWaiverTooMuch]). It counts from today. Late fee keeps accruing on the
//     principal as before. The journal has no line for it, because late fee is
//     revenue only once it is paid.
//   - correction 更正 sets the principal right, up or down. It counts from the day
//     of issue: late fee and its cap are recomputed as if the right principal had
//     been billed at once, with every payment on its own day.
//     With a rule it replaces the late-fee rule by a milder one, as if the bill had been
//     issued with that ([ErrRuleNotMilder]).
//   - discount 优惠 lowers the principal, also from the day of issue. The cap stays a
//     share of the principal before the discount.
//   - void 作废 withdraws the bill and its late fee. The same room, fee item and
//     period can be billed again.
//
// Rows about money are never edited. If the bill was paid more principal than
// it now asks for, or more late fee than has now accrued, allocations with the
// opposite sign take the difference off the bill, newest payment first, and the
// difference is credited to the room's prepayment. These allocations count from
// today, because until today the money was on the bill. For example, a bill of
// 110.02 yuan that was paid and is corrected to 100.00 credits 10.02 and the
// late fee that was paid on it.
//
// A correction keeps an earlier waiver as far as there is late fee to waive.
// The rest of the waiver is taken back by an entry of its own, after late fee
// that was paid has been credited.
//
// Adjust returns [models.ErrNotFound] for an unknown bill, [ErrBillVoid] for a
// void one and [ErrBillRefunding] while a refund of the bill is under way.
func Adjust(tx *store.Tx, m Approval, a Adjustment) (Effect, error) {
	if err := m.check(); err != nil {
		return Effect{}, err
	}
	bills, err := fees.LockBills(tx, []string{a.BillID})
	if err != nil {
		return Effect{}, err
	}
	if len(bills) == 0 {
		return Effect{}, models.ErrNotFound
	}
	// All kinds but a waiver can credit paid money, which a refund may be sending back.
	if a.Kind != fees.EntryWaiver {
		moving, err := money.BillRefunding(tx, a.BillID)
		if err == nil && moving {
			err = ErrBillRefunding
		}
		if err != nil {
			return Effect{}, err
		}
	}
	states, err := States(tx, bills, tx.Today())
	if err != nil {
		return Effect{}, err
	}
	e, err := effectOf(states[0], a, tx.Today())
	if err != nil {
		return e, err
	}
	return e, e.book(tx, m)
}

// effectOf computes the effect of an adjustment. It is pure: the preview of a
// request and [Adjust] both use it.
func effectOf(s BillState, a Adjustment, today models.Date) (Effect, error) {
	e := Effect{Kind: a.Kind, Before: s}
	if s.Status == fees.BillVoid {
		return e, ErrBillVoid
	}
	b := s.Bill
	b.EntryCount++
	switch a.Kind {
	case fees.EntryWaiver:
		if err := checkWaiver(s, a.AmountFen); err != nil {
			return e, err
		}
		b.WaivedLateFeeFen += a.AmountFen
		e.lateFeeFen = -a.AmountFen
	case fees.EntryCorrection:
		if a.Rule != nil {
			return e, e.correctRule(b, *a.Rule, today)
		}
		if a.AmountFen == b.PrincipalFen || a.AmountFen < b.DiscountFen+b.OpeningPaidFen || a.AmountFen > models.MaxFen || a.AmountFen < 0 {
			return e, ErrCorrection
		}
		e.principalFen = a.AmountFen - b.PrincipalFen
		b.PrincipalFen = a.AmountFen
	case fees.EntryDiscount:
		if a.AmountFen <= 0 || a.AmountFen > b.PrincipalFen-b.DiscountFen-b.OpeningPaidFen {
			return e, ErrDiscount
		}
		e.principalFen = -a.AmountFen
		b.DiscountFen += a.AmountFen
	case fees.EntryVoid:
		e.principalFen = -(b.PrincipalFen - b.DiscountFen - b.OpeningPaidFen)
		b.Status = fees.BillVoid
	default:
		return e, fmt.Errorf("billing: no adjustment of kind %q", a.Kind)
	}
	return e, e.balance(b, today)
}

// correctRule computes the effect of a milder late-fee rule.
func (e *Effect) correctRule(b fees.Bill, rule estate.LateRule, today models.Date) error {
	was, err := b.LateRule()
	if err != nil {
		return err
	}
	if !rule.MilderThan(was) {
		return ErrRuleNotMilder
	}
	e.ruleBefore = b.RuleText()
	b.SetLateRule(rule)
	e.ruleAfter = b.RuleText()
	return e.balance(b, today)
}

// checkWaiver refuses a waiver of more than the late fee that is due.
func checkWaiver(s BillState, amount models.Fen) error {
	switch {
	case s.LateDueFen == 0:
		return ErrNothingWaived
	case amount <= 0 || amount > s.LateDueFen:
		return ErrWaiverTooMuch.With(map[string]models.Fen{"late_fee_due_fen": s.LateDueFen})
	}
	return nil
}

// balance takes off the bill the money that it no longer asks for and sets its
// new status. It computes in two steps: principal first, because late fee
// depends on the principal that remains; then late fee, once it is known how
// much has accrued.
func (e *Effect) balance(b fees.Bill, today models.Date) error {
	h := e.Before.History
	on := max(today, h.lastOn())
	keep := b.PrincipalFen - b.DiscountFen
	if b.Status == fees.BillVoid {
		keep = b.OpeningPaidFen
	}
	principal := max(0, b.PaidPrincipalFen-keep)
	after := b
	after.PaidPrincipalFen -= principal
	reversed := h
	if principal > 0 {
		reversed.Allocations = append(append([]money.Allocation{}, h.Allocations...), money.Allocation{
			PrincipalFen: -principal, EffectiveOn: on,
		})
	}
	s, err := StateOf(after, reversed, today)
	if err != nil {
		return err
	}
	late := after.PaidLateFeeFen
	if b.Status != fees.BillVoid {
		late = max(0, after.PaidLateFeeFen+after.WaivedLateFeeFen-s.Late.Accrued).Min(after.PaidLateFeeFen)
		e.UnwaivedFen = max(0, after.PaidLateFeeFen-late+after.WaivedLateFeeFen-s.Late.Accrued)
	}
	after.PaidLateFeeFen -= late
	after.WaivedLateFeeFen -= e.UnwaivedFen
	if e.UnwaivedFen > 0 {
		after.EntryCount++
	}
	e.CreditFen = principal + late
	e.credits = reversals(h.Allocations, principal, late, on)
	reversed.Allocations = append(append([]money.Allocation{}, h.Allocations...), e.credits...)
	if e.After, err = StateOf(after, reversed, today); err != nil {
		return err
	}
	e.After.Status = statusOf(&e.After)
	return nil
}

// statusOf returns the status that matches the figures of a bill.
func statusOf(s *BillState) string {
	switch {
	case s.Status == fees.BillVoid:
		return fees.BillVoid
	case s.DueFen == 0:
		return fees.BillPaid
	case s.PaidPrincipalFen == 0 && s.PaidLateFeeFen == 0:
		return fees.BillUnpaid
	}
	return fees.BillPartial
}

// reversals returns the allocations that take principal and late fee off a
// bill, one for each payment, newest payment first.
func reversals(before []money.Allocation, principal, late models.Fen, on models.Date) []money.Allocation {
	type paid struct{ principal, late models.Fen }
	left := map[string]*paid{}
	var order []string // of payments, as they came
	for _, a := range before {
		p := left[a.PaymentID]
		if p == nil {
			p = &paid{}
			left[a.PaymentID] = p
			order = append(order, a.PaymentID)
		}
		p.principal += a.PrincipalFen
		p.late += a.LateFeeFen
	}
	var out []money.Allocation
	for i := len(order) - 1; i >= 0 && principal+late > 0; i-- {
		p := left[order[i]]
		x, y := principal.Min(p.principal), late.Min(p.late)
		if x+y == 0 {
			continue
		}
		principal, late = principal-x, late-y
		out = append(out, money.Allocation{PaymentID: order[i], PrincipalFen: -x, LateFeeFen: -y, EffectiveOn: on})
	}
	return out
}
