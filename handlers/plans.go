package handlers

import (
	"context"
	"slices"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// Plan is an instalment plan of a room.
type Plan struct {
	ID        string     `json:"id"`
	Status    string     `json:"status" enum:"active,kept,broken"`
	BillIDs   []string   `json:"bill_ids"`
	TotalFen  models.Fen `json:"total_fen" doc:"What it covers: the sum of its parts"`
	Frozen    bool       `json:"frozen" doc:"While it is kept its bills bear no late fee"`
	BreakDays int        `json:"break_days" doc:"It is broken when a part is still unpaid so many days after its date"`
	MadeOn    string     `json:"made_on" format:"date"`
	EndedOn   *string    `json:"ended_on" format:"date" doc:"null while active"`
	Parts     []PlanPart `json:"parts"`
}

// PlanPart is a part of a plan.
type PlanPart struct {
	ID         string     `json:"id" doc:"plan_part_id of POST /orders"`
	DueOn      string     `json:"due_on" format:"date"`
	AmountFen  models.Fen `json:"amount_fen"`
	UnpaidFen  models.Fen `json:"unpaid_fen" doc:"0: paid"`
	PayableFen models.Fen `json:"payable_fen" doc:"expected_total_fen of an order for it: what is unpaid of it and of the parts before it; 0: nothing to pay"`
	Overdue    bool       `json:"overdue"`
}

// PlansOut is the plans of a room, newest first.
type PlansOut struct {
	Body struct {
		Plans []Plan `json:"plans"`
	}
}

// Plans lists the instalment plans of a room whose bills the user sees.
func (a *API) Plans(ctx context.Context, in *RoomIn) (*PlansOut, error) {
	view := a.DB.View(ctx)
	room, err := estate.BoundRoomOf(view, user(ctx).ID, in.RoomID)
	if err != nil {
		return nil, err
	}
	plans, err := fees.PlansOfRoom(view, room.ID)
	if err != nil {
		return nil, err
	}
	out := &PlansOut{}
	out.Body.Plans = []Plan{}
	for _, p := range plans {
		progress, err := billing.ProgressOf(view, p)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(progress.Bills, func(s billing.BillState) bool {
			return !fees.CanSee(room.BillVisibility, &s.Bill, view.Today())
		}) {
			out.Body.Plans = append(out.Body.Plans, planView(&progress))
		}
	}
	return out, nil
}

func planView(p *billing.PlanProgress) Plan {
	out := Plan{ID: p.ID, Status: p.Status, TotalFen: p.TotalFen, Frozen: p.Frozen, BreakDays: p.BreakDays, MadeOn: p.MadeOn.String(),
		Parts: make([]PlanPart, len(p.Parts)), BillIDs: make([]string, len(p.Bills))}
	if !p.EndedOn.IsZero() {
		on := p.EndedOn.String()
		out.EndedOn = &on
	}
	for i := range p.Bills {
		out.BillIDs[i] = p.Bills[i].ID
	}
	for i, x := range p.Parts {
		payable, err := p.Payable(x.ID)
		if err != nil { // paid, or the plan has ended
			payable = 0
		}
		if x.UnpaidFen == 0 {
			payable = 0
		}
		out.Parts[i] = PlanPart{
			ID: x.ID, DueOn: x.DueOn.String(), AmountFen: x.AmountFen, UnpaidFen: x.UnpaidFen, PayableFen: payable, Overdue: x.Overdue,
		}
	}
	return out
}
