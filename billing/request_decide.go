package billing

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of a decision.
var (
	ErrRequestDecided = models.Refusal(models.KindConflict, "REQUEST_DECIDED", "该申请已有结果")
	ErrDecisionNote   = models.Invalid("DECISION_NOTE", "请填写审批意见，最多 500 个字")
)

// deciders holds the permission that deciding a kind of request needs. Finance
// may also decide what changes a bill by an entry; terms of payment and refunds
// need a manager.
var deciders = map[string]office.Permission{
	fees.RequestWaiver:     office.PermDecideEntry,
	fees.RequestCorrection: office.PermDecideEntry,
	fees.RequestVoid:       office.PermDecideEntry,
	fees.RequestPromise:    office.PermDecideEntry,
	fees.RequestInstalment: office.PermDecideTerms,
	fees.RequestDispute:    office.PermDecideTerms,
	fees.RequestRefund:     office.PermDecideTerms,
}

// MayDecide reports whether a member of staff may decide requests of a kind.
func MayDecide(by office.Staff, kind string) bool {
	need, known := deciders[kind]
	return known && by.Can(need)
}

// Decision is the answer to a request. AmountFen, if not 0, grants less of a
// waiver than was requested. Frozen and BreakDays are the terms granted to an
// instalment plan.
type Decision struct {
	RequestID string
	Approve   bool
	Note      string
	AmountFen models.Fen
	Frozen    bool
	BreakDays int // 0: as requested
}

// Decide approves or rejects a request and carries it out, in one transaction
// with the message to its author. It returns [models.ErrForbidden] if the role
// may not decide it, [ErrSamePerson], [ErrRequestDecided], [ErrDecisionNote],
// and the refusals of what was requested, as of today. A refused decision
// changes nothing.
func (s *Requests) Decide(ctx context.Context, by office.Staff, d Decision) (fees.Request, error) {
	var r fees.Request
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		if _, err := fees.ScopedRequest(tx, by.Scope(), d.RequestID); err != nil {
			return err
		}
		var err error
		if r, err = fees.LockRequest(tx, d.RequestID); err != nil {
			return err
		}
		if err := d.check(&r, by); err != nil {
			return err
		}
		if err := d.carryOut(tx, &r, by.Actor()); err != nil {
			return err
		}
		if s.Refund != nil && r.Kind == fees.RequestRefund && r.Status == fees.RequestApproved {
			if err := s.Refund(tx, &r, by.Actor()); err != nil {
				return err
			}
		}
		if s.Decided != nil {
			return s.Decided(tx, &r)
		}
		return nil
	})
	return r, err
}

// check refuses a decision by its author, role, note or amount.
func (d *Decision) check(r *fees.Request, by office.Staff) error {
	d.Note = strings.TrimSpace(d.Note)
	n := utf8.RuneCountInString(d.Note)
	switch {
	case !MayDecide(by, r.Kind):
		return models.ErrForbidden
	case r.Asked.Kind == models.ActorStaff && r.Asked.ID == by.ID:
		return ErrSamePerson
	case r.Status != fees.RequestOpen:
		return ErrRequestDecided
	case n == 0 || n > maxRequestText:
		return ErrDecisionNote
	case d.AmountFen < 0 || r.Kind == fees.RequestWaiver && r.AmountFen > 0 && d.AmountFen > r.AmountFen:
		return ErrWaiverTooMuch
	}
	return nil
}

// carryOut grants an approved request and records the decision.
func (d *Decision) carryOut(tx *store.Tx, r *fees.Request, by models.Actor) error {
	status := fees.RequestRejected
	if d.Approve {
		status = fees.RequestApproved
		if err := d.grant(tx, r, by); err != nil {
			return err
		}
	}
	ok, err := fees.DecideRequest(tx, r, status, d.Note, by)
	if err != nil {
		return err
	}
	if !ok {
		return ErrRequestDecided
	}
	if r.Kind == fees.RequestDispute {
		if err := fees.ClearDisputed(tx, r.BillIDs); err != nil {
			return err
		}
	}
	return office.Audit(tx, by, "request."+status, "request", r.ID, map[string]any{
		"kind": r.Kind, "room": r.RoomID, "amount_fen": r.AmountFen,
	})
}

// grant does what was requested. An upheld dispute and a promise change no
// figure: what follows from a dispute is a request of its own.
func (d *Decision) grant(tx *store.Tx, r *fees.Request, by models.Actor) error {
	if r.Kind == fees.RequestDispute || r.Kind == fees.RequestPromise {
		return nil
	}
	if r.Kind == fees.RequestRefund {
		return refundable(tx, r)
	}
	bills, err := fees.LockBills(tx, r.BillIDs)
	if err != nil {
		return err
	}
	states, err := States(tx, bills, tx.Today())
	if err != nil {
		return err
	}
	slices.SortFunc(states, dueFirst)
	m := Approval{Asked: r.Asked, Approved: by, Reason: r.Text, RequestID: r.ID}
	switch r.Kind {
	case fees.RequestInstalment:
		return d.grantPlan(tx, r, states, by)
	case fees.RequestWaiver:
		amount := r.AmountFen
		if d.AmountFen > 0 {
			amount = d.AmountFen
		}
		parts, err := waiverParts(states, amount)
		if err != nil {
			return err
		}
		return adjustAll(tx, m, parts)
	}
	return adjustAll(tx, m, []Adjustment{{Kind: entryKind[r.Kind], BillID: r.BillIDs[0], AmountFen: r.AmountFen}})
}

// adjustAll makes adjustments under one approval.
func adjustAll(tx *store.Tx, m Approval, list []Adjustment) error {
	for _, a := range list {
		if _, err := Adjust(tx, m, a); err != nil {
			return err
		}
	}
	return nil
}
