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
// it covers, the sum of its parts.
//
// Frozen: while the plan is active or kept its bills bear no late fee from the day
// after MadeOn; a broken one loses that from the beginning.
//
// It is broken when a part is unpaid BreakDays after its date. For example, with a
// part due on 15 April and seven days, money of 22 April keeps the plan and on 23
// April it is broken. EndedOn is the day it was kept or broken.
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
	EndedOn     models.Date
	CreatedAt   models.Time
	UpdatedAt   models.Time
}

var planTable = store.NewTable[Plan]("plans")

// InsertPlan adds an active plan with its bills and parts, and notes it on the bills.
// It fills in ids, and numbers the parts from 1 in the order given.
func InsertPlan(tx *store.Tx, p *Plan, bills []PlanBill, parts []PlanPart) error {
	p.ID, p.Status, p.MadeOn, p.CreatedAt, p.UpdatedAt = models.NewID(), PlanActive, tx.Today(), tx.Now, tx.Now
	if err := store.G[Plan](tx).Create(tx.Context(), p); err != nil {
		return err
	}
	ids := make([]string, len(bills))
	for i := range bills {
		bills[i].PlanID, ids[i] = p.ID, bills[i].BillID
	}
	if err := planBillTable.Insert(tx, bills...); err != nil {
		return err
	}
	for i := range parts {
		parts[i].ID, parts[i].PlanID, parts[i].Number = models.NewID(), p.ID, i+1
	}
	if err := planPartTable.Insert(tx, parts...); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE bills SET plan_id = ?, updated_at = ? WHERE id IN ("+store.Placeholders(len(ids))+")",
		append([]any{p.ID, tx.Now}, store.Args(ids)...)...)
	return err
}

var endPlan = planTable.Update("status, ended_on, updated_at", "id = ? AND status = 'active'")

// EndPlan moves an active plan to kept or broken. It returns false if the plan has
// ended.
func EndPlan(tx *store.Tx, p *Plan, status string) (bool, error) {
	ended := *p
	ended.Status, ended.EndedOn, ended.UpdatedAt = status, tx.Today(), tx.Now
	ok, err := endPlan.Guarded(tx, &ended, p.ID)
	if ok {
		*p = ended
	}
	return ok, err
}

// LockPlan reads a plan for a change.
func LockPlan(tx *store.Tx, id string) (Plan, error) {
	return planTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

// PlansOfRoom returns the plans of a room, newest first.
func PlansOfRoom(tx *store.Tx, roomID string) ([]Plan, error) {
	return store.G[Plan](tx).Where("room_id = ?", roomID).Order("id DESC").Find(tx.Context())
}

// ActivePlans returns active plans in ascending order of id, those after one of them
// (empty: from the first).
func ActivePlans(tx *store.Tx, after string, limit int) ([]Plan, error) {
	return store.G[Plan](tx).Where("status = ? AND id > ?", PlanActive, after).Order("id").Limit(limit).Find(tx.Context())
}

// ActivePlansOfRooms returns the active plans of the rooms, oldest first.
func ActivePlansOfRooms(tx *store.Tx, roomIDs []string) ([]Plan, error) {
	return store.G[Plan](tx).Where("status = ? AND room_id IN ?", PlanActive, roomIDs).Order("id").Find(tx.Context())
}

// PlanOfPart returns the plan that a part belongs to.
func PlanOfPart(tx *store.Tx, partID string) (Plan, error) {
	return store.G[Plan](tx).Where("id IN (SELECT plan_id FROM plan_parts WHERE id = ?)", partID).Take(tx.Context())
}

// PlansOfBills returns the plans that the bills are or were in, by bill id, oldest
// first.
func PlansOfBills(tx *store.Tx, billIDs []string) (map[string][]Plan, error) {
	type planOfBill struct {
		Plan
		BillID string
	}
	out := map[string][]Plan{}
	err := store.EachIn(tx, billIDs, func(p *planOfBill) error {
		out[p.BillID] = append(out[p.BillID], p.Plan)
		return nil
	}, nil, "SELECT "+planTable.Of("p")+", b.bill_id FROM plan_bills b JOIN plans p ON p.id = b.plan_id WHERE b.bill_id (IN) ORDER BY p.id")
	return out, err
}
