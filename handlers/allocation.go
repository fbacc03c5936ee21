package handlers

import (
	"context"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// AllocationIn is a sum that somebody thinks of paying for a room.
type AllocationIn struct {
	RoomIn
	AmountFen models.Fen `query:"amount_fen" required:"true" minimum:"1" maximum:"100000000000" doc:"What would be paid"`
}

// AllocationOut is what the sum would do.
type AllocationOut struct{ Body Allocation }

// Allocation says which bills a sum settles, in the order of the community's policy,
// and what is left for prepayment. It is the division that a payment of the sum
// makes; nothing is changed by asking.
type Allocation struct {
	RoomID      string           `json:"room_id"`
	AsOf        string           `json:"as_of" format:"date"`
	AmountFen   models.Fen       `json:"amount_fen"`
	Policy      string           `json:"policy" enum:"late_fee_first,principal_first" doc:"Inside one bill"`
	Bills       []AllocationLine `json:"bills" doc:"Earliest due first; only bills that the sum reaches"`
	PrepaidFen  models.Fen       `json:"prepaid_fen" doc:"What no bill takes: it goes to prepayment"`
	StillDueFen models.Fen       `json:"still_due_fen" doc:"What the room owes afterwards"`
}

// AllocationLine is what one bill takes of the sum.
type AllocationLine struct {
	BillID       string     `json:"bill_id"`
	Item         string     `json:"item"`
	PeriodStart  string     `json:"period_start" format:"date"`
	PeriodEnd    string     `json:"period_end" format:"date"`
	DueOn        string     `json:"due_on" format:"date"`
	DueFen       models.Fen `json:"due_fen" doc:"Owed before"`
	LateFeeFen   models.Fen `json:"late_fee_fen" doc:"Taken for late fee"`
	PrincipalFen models.Fen `json:"principal_fen" doc:"Taken for principal"`
	LeftFen      models.Fen `json:"left_fen" doc:"Owed afterwards"`
}

// Allocation shows how a sum would be divided, before it is paid.
func (a *API) Allocation(ctx context.Context, in *AllocationIn) (*AllocationOut, error) {
	view := a.DB.View(ctx)
	room, err := estate.BoundRoomOf(view, user(ctx).ID, in.RoomID)
	if err != nil {
		return nil, err
	}
	plan, err := billing.PreviewVisible(view, room, in.AmountFen)
	if err != nil {
		return nil, err
	}
	out := Allocation{RoomID: room.ID, AsOf: plan.AsOf.String(), AmountFen: plan.AmountFen, Policy: plan.Settlement,
		Bills: make([]AllocationLine, len(plan.Lines)), PrepaidFen: plan.PrepaidFen, StillDueFen: plan.StillDueFen}
	for i, s := range plan.Lines {
		out.Bills[i] = AllocationLine{
			BillID: s.Bill.ID, Item: s.Bill.Item, PeriodStart: s.Bill.PeriodStart.String(), PeriodEnd: s.Bill.PeriodEnd.String(),
			DueOn: s.Bill.DueOn.String(), DueFen: s.Bill.DueFen, LateFeeFen: s.LateFeeFen, PrincipalFen: s.PrincipalFen,
			LeftFen: s.LeftFen(),
		}
	}
	return &AllocationOut{Body: out}, nil
}
