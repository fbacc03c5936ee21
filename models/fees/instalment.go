package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// States of a [Plan].
const (
	PlanActive = "active"
	PlanKept   = "kept"   // everything it covers is settled
	PlanBroken = "broken" // a part stayed unpaid: as if there had been no plan
)

// Plan is an instalment plan 分期: bills of a room paid in parts. TotalFen is what
// it covers, the sum of its parts. Frozen: while the plan is active or kept its
// bills bear no late fee from the day after MadeOn; a broken one loses that from
// the beginning. It is broken when a part is unpaid BreakDays after its date.
type Plan struct {
	ID          string
	CommunityID string
	RoomID      string
	RequestID   string
	Status      string
	TotalFen    models.Fen
	Frozen      bool
	BreakDays   int
	MadeOn      models.Date
	EndedOn     models.Date // the day it was kept or broken
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

// PlanBill is what a plan covers of a bill, as it was owed when the plan was made.
// SettledFen is [Bill.SettledFen] of that moment.
type PlanBill struct {
	PlanID       string
	BillID       string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	SettledFen   models.Fen
}

// PlanPart is a part of a plan, numbered from 1 in the order of the dates.
type PlanPart struct {
	ID        string
	PlanID    string
	Number    int
	DueOn     models.Date
	AmountFen models.Fen
}

const planColumns = "id, community_id, room_id, request_id, status, total_fen, frozen, break_days, made_on, ended_on, created_at, updated_at"

func (p *Plan) dest() []any {
	return []any{&p.ID, &p.CommunityID, &p.RoomID, &p.RequestID, &p.Status, &p.TotalFen, &p.Frozen, &p.BreakDays, &p.MadeOn, &p.EndedOn, &p.CreatedAt, &p.UpdatedAt}
}

// InsertPlan adds an active plan with its bills and parts, and notes it on the bills.
func InsertPlan(tx *store.Tx, p *Plan, bills []PlanBill, parts []PlanPart) error {
	p.ID, p.Status, p.MadeOn, p.CreatedAt, p.UpdatedAt = models.NewID(), PlanActive, tx.Today(), tx.Now, tx.Now
	_, err := tx.Exec("INSERT INTO plans ("+planColumns+") VALUES ("+store.Placeholders(12)+")", p.ID, p.CommunityID, p.RoomID, p.RequestID, p.Status, p.TotalFen, p.Frozen,
		p.BreakDays, p.MadeOn, p.EndedOn, p.CreatedAt, p.UpdatedAt)
	if err != nil {
		return err
	}
	var rows [][]any
	ids := make([]any, len(bills))
	for i, b := range bills {
		rows, ids[i] = append(rows, []any{p.ID, b.BillID, b.PrincipalFen, b.LateFeeFen, b.SettledFen}), b.BillID
	}
	if _, err := tx.InsertRows(false, "plan_bills", "plan_id, bill_id, principal_fen, late_fee_fen, settled_fen", rows); err != nil {
		return err
	}
	rows = nil
	for i := range parts {
		parts[i].ID, parts[i].PlanID, parts[i].Number = models.NewID(), p.ID, i+1
		rows = append(rows, []any{parts[i].ID, p.ID, i + 1, parts[i].DueOn, parts[i].AmountFen})
	}
	if _, err := tx.InsertRows(false, "plan_parts", "id, plan_id, number, due_on, amount_fen", rows); err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE bills SET plan_id = ?, updated_at = ? WHERE id IN ("+store.Placeholders(len(ids))+")", append([]any{p.ID, tx.Now}, ids...)...)
	return err
}

// EndPlan moves an active plan to kept or broken; false if it has ended.
func EndPlan(tx *store.Tx, p *Plan, status string) (bool, error) {
	ok, err := tx.ExecGuarded("UPDATE plans SET status = ?, ended_on = ?, updated_at = ? WHERE id = ? AND status = 'active'", status, tx.Today(), tx.Now, p.ID)
	if err == nil && ok {
		p.Status, p.EndedOn, p.UpdatedAt = status, tx.Today(), tx.Now
	}
	return ok, err
}

func plans(tx *store.Tx, query string, args ...any) ([]Plan, error) {
	var out []Plan
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Plan{})
		return scan(out[len(out)-1].dest()...)
	}, query, args...)
	return out, err
}

// PlansOfRoom gives the plans of a room, newest first.
func PlansOfRoom(tx *store.Tx, roomID string) ([]Plan, error) {
	return plans(tx, "SELECT "+planColumns+" FROM plans WHERE room_id = ? ORDER BY id DESC", roomID)
}

// ActivePlans gives active plans in the order of their ids.
func ActivePlans(tx *store.Tx, after string, limit int) ([]Plan, error) {
	return plans(tx, "SELECT "+planColumns+" FROM plans WHERE status = 'active' AND id > ? ORDER BY id LIMIT ?", after, limit)
}

// ActivePlansOfRooms gives the active plans of the rooms.
func ActivePlansOfRooms(tx *store.Tx, roomIDs []string) ([]Plan, error) {
	return plans(tx, "SELECT "+planColumns+" FROM plans WHERE status = 'active' AND room_id IN ("+store.Placeholders(len(roomIDs))+") ORDER BY id", store.Args(roomIDs)...)
}

// LockPlan reads a plan for a change.
func LockPlan(tx *store.Tx, id string) (Plan, error) {
	var p Plan
	return p, tx.QueryRow(p.dest(), "SELECT "+planColumns+" FROM plans WHERE id = ?"+store.ForUpdate, id)
}

// PlanOfPart finds the plan that a part belongs to.
func PlanOfPart(tx *store.Tx, partID string) (Plan, error) {
	var p Plan
	return p, tx.QueryRow(p.dest(), "SELECT "+planColumns+" FROM plans WHERE id IN (SELECT plan_id FROM plan_parts WHERE id = ?)", partID)
}

// PlanBills gives what a plan covers.
func PlanBills(tx *store.Tx, planID string) ([]PlanBill, error) {
	var out []PlanBill
	err := tx.QueryRows(func(scan func(...any) error) error {
		var b PlanBill
		if err := scan(&b.PlanID, &b.BillID, &b.PrincipalFen, &b.LateFeeFen, &b.SettledFen); err != nil {
			return err
		}
		out = append(out, b)
		return nil
	}, "SELECT plan_id, bill_id, principal_fen, late_fee_fen, settled_fen FROM plan_bills WHERE plan_id = ? ORDER BY bill_id", planID)
	return out, err
}

// PlanParts gives the parts of a plan in order.
func PlanParts(tx *store.Tx, planID string) ([]PlanPart, error) {
	var out []PlanPart
	err := tx.QueryRows(func(scan func(...any) error) error {
		var p PlanPart
		if err := scan(&p.ID, &p.PlanID, &p.Number, &p.DueOn, &p.AmountFen); err != nil {
			return err
		}
		out = append(out, p)
		return nil
	}, "SELECT id, plan_id, number, due_on, amount_fen FROM plan_parts WHERE plan_id = ? ORDER BY number", planID)
	return out, err
}

// PlansOfBills gives the plans that the bills are or were in, by bill id, oldest
// first.
func PlansOfBills(tx *store.Tx, billIDs []string) (map[string][]Plan, error) {
	out := map[string][]Plan{}
	for len(billIDs) > 0 {
		n := min(len(billIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var p Plan
			var bill string
			if err := scan(append(p.dest(), &bill)...); err != nil {
				return err
			}
			out[bill] = append(out[bill], p)
			return nil
		}, "SELECT "+store.Prefixed("p", planColumns)+", b.bill_id FROM plan_bills b JOIN plans p ON p.id = b.plan_id WHERE b.bill_id IN ("+store.Placeholders(n)+") ORDER BY p.id",
			store.Args(billIDs[:n])...)
		if err != nil {
			return nil, err
		}
		billIDs = billIDs[n:]
	}
	return out, nil
}
