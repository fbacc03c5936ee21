package billing

import (
	"fmt"
	"strings"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// Refusals of adjustments; nothing is changed then.
var (
	ErrSamePerson    = models.Refusal(models.KindForbidden, "SAME_PERSON", "申请人不能审批自己的申请，请由另一位同事审批")
	ErrNoReason      = models.Invalid("REASON_MISSING", "请填写原因")
	ErrWaiverTooMuch = models.Refusal(models.KindUnprocessable, "WAIVER_TOO_MUCH", "减免金额超过应缴违约金")
	ErrNothingWaived = models.Refusal(models.KindUnprocessable, "NOTHING_TO_WAIVE", "没有可以减免的违约金")
	ErrCorrection    = models.Refusal(models.KindUnprocessable, "CORRECTION_OUT_OF_RANGE", "更正后的金额不正确：不能为负，不能低于优惠与系统启用前已缴之和，也不能与现在相同")
	ErrDiscount      = models.Refusal(models.KindUnprocessable, "DISCOUNT_OUT_OF_RANGE", "优惠金额应大于 0，且不超过账单本金")
)

// Approval is on whose word a bill is adjusted, and why. Who approves is never who
// asked, except for the program itself, which follows a rule of a tariff.
type Approval struct {
	Asked     models.Actor
	Approved  models.Actor
	Reason    string
	RequestID string // of the approved request, or empty
}

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

// Adjustment is a change of a bill besides money, not yet made. AmountFen is, by
// kind: late fee to give up (waiver), the principal as it should be (correction),
// principal to give up (discount); nothing for a void.
type Adjustment struct {
	Kind      string // models.EntryWaiver …
	BillID    string
	AmountFen models.Fen
}

// Effect is what an adjustment does to a bill. CreditFen goes to the room's
// prepayment: money paid that the bill no longer asks for.
type Effect struct {
	Kind         string
	Before       BillState
	After        BillState
	CreditFen    models.Fen
	UnwaivedFen  models.Fen // waived late fee that does not even arise any more
	principalFen models.Fen // of the entry
	lateFeeFen   models.Fen // of the entry
	credits      []money.Allocation
}

// Adjust makes an adjustment: one entry, its lines in the journal, and the running
// totals of the bill. The kinds, and what each does to late fee:
//
//   - waiver 减免 gives up late fee that is due today, never more
//     ([ErrWaiverTooMuch]). It counts from today. Late fee goes on accruing on the
//     principal as before. Nothing moves in the journal: late fee is earned when it
//     is paid.
//   - correction 更正 puts the principal right, up or down. A mistake counts from
//     the bill's beginning: late fee, and its cap, are computed anew as if the
//     right principal had been billed at once, with every payment on its own day.
//   - discount 优惠 gives up principal, also from the bill's beginning; the cap stays
//     a share of the principal before discount.
//   - void 作废 takes the bill back with its late fee; the same room, item and period
//     may be billed again.
//
// Money is never edited away. Where the bill was paid more principal than it now
// asks for, or more late fee than has now accrued, allocations of the opposite sign
// take the difference off the bill, newest payment first, and it is credited to the
// room's prepayment. Those count from today: until today the money was on the bill.
// A waiver outlives a correction as far as there is late fee to waive; what is
// waived beyond that is taken back by an entry of its own, after paid late fee was
// credited.
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
	if a.Kind != fees.EntryWaiver { // it could take away what is on its way back
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

// effectOf is the arithmetic of [Adjust]; it is pure.
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

func checkWaiver(s BillState, amount models.Fen) error {
	switch {
	case s.LateDueFen == 0:
		return ErrNothingWaived
	case amount <= 0 || amount > s.LateDueFen:
		return ErrWaiverTooMuch.With(map[string]models.Fen{"late_fee_due_fen": s.LateDueFen})
	}
	return nil
}

// balance takes off the bill what it no longer asks for and finds its new status.
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
	e.credits = takeBack(h.Allocations, principal, late, on)
	reversed.Allocations = append(append([]money.Allocation{}, h.Allocations...), e.credits...)
	if e.After, err = StateOf(after, reversed, today); err != nil {
		return err
	}
	e.After.Status = statusOf(&e.After)
	return nil
}

// statusOf is the status that fits the figures of a bill.
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

// takeBack makes the allocations that take principal and late fee off a bill again,
// one for each payment, newest first.
func takeBack(before []money.Allocation, principal, late models.Fen, on models.Date) []money.Allocation {
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
