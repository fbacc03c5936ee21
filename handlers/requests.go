package handlers

import (
	"context"
	"net/http"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/office"
)

// Request is what an owner asked for, and the answer.
type Request struct {
	ID        string        `json:"id"`
	Kind      string        `json:"kind" enum:"waiver,instalment,dispute,promise"`
	RoomID    string        `json:"room_id"`
	BillIDs   []string      `json:"bill_ids"`
	Status    string        `json:"status" enum:"open,approved,rejected"`
	Reason    string        `json:"reason,omitempty" enum:"amount,period,service,quality,not_mine,other" doc:"Of a dispute: what it is about"`
	Text      string        `json:"text"`
	AmountFen models.Fen    `json:"amount_fen,omitempty" doc:"Of a waiver: late fee asked to be waived; absent: all that is due on the day of decision"`
	PayOn     string        `json:"pay_on,omitempty" format:"date" doc:"Of a promise"`
	Parts     []RequestPart `json:"parts,omitempty" doc:"Of an instalment plan"`
	Note      string        `json:"note" doc:"The answer; empty while open"`
	CreatedAt *string       `json:"created_at" format:"date-time"`
	DecidedAt *string       `json:"decided_at" format:"date-time" doc:"null while open"`
}

// RequestPart is a part of an instalment plan that is asked for.
type RequestPart struct {
	DueOn     string     `json:"due_on" format:"date"`
	AmountFen models.Fen `json:"amount_fen" minimum:"1" maximum:"100000000000"`
}

func requestView(r *fees.Request) (Request, error) {
	out := Request{
		ID: r.ID, Kind: r.Kind, RoomID: r.RoomID, BillIDs: r.BillIDs, Status: r.Status, Reason: r.Reason, Text: r.Text,
		AmountFen: r.AmountFen, PayOn: r.PayOn.String(), Note: r.Note, CreatedAt: instant(r.CreatedAt), DecidedAt: instant(r.DecidedAt),
	}
	if out.BillIDs == nil {
		out.BillIDs = []string{}
	}
	parts, err := r.PartList()
	for _, p := range parts {
		out.Parts = append(out.Parts, RequestPart{p.DueOn.String(), p.AmountFen})
	}
	return out, err
}

// RequestOut is one request.
type RequestOut struct {
	Status int
	Body   Request
}

// ask takes a request and shows it.
func (a *API) ask(ctx context.Context, in billing.NewRequest) (*RequestOut, error) {
	r, err := a.Requests.SubmitAsOwner(ctx, user(ctx), in)
	if err != nil {
		return nil, err
	}
	body, err := requestView(&r)
	return &RequestOut{Status: http.StatusCreated, Body: body}, err
}

// DisputeIn says what is wrong with a bill.
type DisputeIn struct {
	BillIn
	Body struct {
		Kind string `json:"kind" enum:"amount,period,service,quality,not_mine,other"`
		Text string `json:"text" minLength:"1" maxLength:"500"`
	}
}

// Dispute marks a bill as disputed: nobody is reminded of it until staff answer.
func (a *API) Dispute(ctx context.Context, in *DisputeIn) (*RequestOut, error) {
	b, err := fees.BillByID(a.DB.View(ctx), in.BillID)
	if err != nil {
		return nil, err
	}
	return a.ask(ctx, billing.NewRequest{
		Kind: fees.RequestDispute, RoomID: b.RoomID, BillIDs: []string{b.ID}, Reason: in.Body.Kind, Text: in.Body.Text,
	})
}

// PromiseIn is the day by which somebody wants to pay.
type PromiseIn struct {
	RoomIn
	Body struct {
		PayOn string `json:"pay_on" format:"date" doc:"From tomorrow, at most 60 days away"`
		Text  string `json:"text" maxLength:"500" required:"false"`
	}
}

// Promise takes a promise to pay: the next reminder comes on the day before.
func (a *API) Promise(ctx context.Context, in *PromiseIn) (*RequestOut, error) {
	on, err := models.ParseDate(in.Body.PayOn)
	if err != nil {
		return nil, billing.ErrPromiseDay
	}
	return a.ask(ctx, billing.NewRequest{Kind: fees.RequestPromise, RoomID: in.RoomID, PayOn: on, Text: in.Body.Text})
}

// WaiverIn asks for late fee to be waived.
type WaiverIn struct {
	RoomIn
	Body struct {
		BillIDs   []string   `json:"bill_ids" minItems:"1" maxItems:"200"`
		Reason    string     `json:"reason" minLength:"1" maxLength:"500"`
		AmountFen models.Fen `json:"amount_fen" minimum:"0" maximum:"100000000000" required:"false" doc:"0 or absent: all late fee that is due on the day of decision"`
	}
}

// Waiver asks for late fee to be waived.
func (a *API) Waiver(ctx context.Context, in *WaiverIn) (*RequestOut, error) {
	return a.ask(ctx, billing.NewRequest{
		Kind: fees.RequestWaiver, RoomID: in.RoomID, BillIDs: in.Body.BillIDs, Text: in.Body.Reason, AmountFen: in.Body.AmountFen,
	})
}

// InstalmentIn asks to pay bills in parts.
type InstalmentIn struct {
	RoomIn
	Body struct {
		BillIDs []string      `json:"bill_ids" minItems:"1" maxItems:"200"`
		Parts   []RequestPart `json:"parts" minItems:"2" maxItems:"24" doc:"Their sum is exactly what is due of the bills today"`
		Text    string        `json:"text" maxLength:"500" required:"false"`
	}
}

// Instalment asks to pay bills in parts.
func (a *API) Instalment(ctx context.Context, in *InstalmentIn) (*RequestOut, error) {
	ask := billing.NewRequest{Kind: fees.RequestInstalment, RoomID: in.RoomID, BillIDs: in.Body.BillIDs, Text: in.Body.Text}
	for _, p := range in.Body.Parts {
		on, err := models.ParseDate(p.DueOn)
		if err != nil {
			return nil, billing.ErrPlanParts
		}
		ask.Parts = append(ask.Parts, fees.RequestPart{DueOn: on, AmountFen: p.AmountFen})
	}
	return a.ask(ctx, ask)
}

// ListRequestsIn chooses a page.
type ListRequestsIn struct {
	PageIn
	Cursor string `query:"cursor" pattern:"^[0-9A-Z]{26}$" patternDescription:"上一页的 next_cursor" doc:"next_cursor of the page before"`
}

// RequestsOut is a page of requests, newest first.
type RequestsOut struct {
	Body struct {
		Requests   []Request `json:"requests"`
		NextCursor string    `json:"next_cursor,omitempty"`
	}
}

// ListRequests lists what the user asked for, newest first. What others asked for
// the same room is theirs.
func (a *API) ListRequests(ctx context.Context, in *ListRequestsIn) (*RequestsOut, error) {
	list, err := fees.Requests(a.DB.View(ctx), fees.RequestFilter{
		Scope: office.AllRooms(), AskedBy: user(ctx).ID, After: in.Cursor, Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	out := &RequestsOut{}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Body.NextCursor = list[in.Limit-1].ID
	}
	out.Body.Requests = make([]Request, len(list))
	for i := range list {
		if out.Body.Requests[i], err = requestView(&list[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
