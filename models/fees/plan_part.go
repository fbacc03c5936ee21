package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// PlanPart is a part of a plan, numbered from 1 in the order of the dates. AmountFen
// is what is to be paid by DueOn beyond the parts before it, in fen.
type PlanPart struct {
	ID        string
	PlanID    string
	Number    int
	DueOn     models.Date
	AmountFen models.Fen
}

// PlanBill is what a plan covers of a bill, as it was owed when the plan was made, in
// fen. SettledFen is [Bill.SettledFen] of that moment.
type PlanBill struct {
	PlanID       string
	BillID       string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	SettledFen   models.Fen
}

var (
	planPartTable = store.NewTable[PlanPart]("plan_parts")
	planBillTable = store.NewTable[PlanBill]("plan_bills")
)

// PlanParts returns the parts of a plan in order.
func PlanParts(tx *store.Tx, planID string) ([]PlanPart, error) {
	return store.G[PlanPart](tx).Where("plan_id = ?", planID).Order("number").Find(tx.Context())
}

// PlanBills returns what a plan covers, by bill id.
func PlanBills(tx *store.Tx, planID string) ([]PlanBill, error) {
	return store.G[PlanBill](tx).Where("plan_id = ?", planID).Order("bill_id").Find(tx.Context())
}
