package handlers

import (
	"context"
	"errors"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
)

// Timeline is what happened to an order, and who made it.
type Timeline struct {
	Payer  Payer    `json:"payer"`
	Events []Moment `json:"events" doc:"Oldest first"`
}

// Payer is who made an order.
type Payer struct {
	Role        string `json:"role" enum:"me,bound,share" doc:"me: whoever asks; bound: somebody else bound to the room; share: somebody by a share"`
	Label       string `json:"label" doc:"Of a share that you made: whom you meant it for; else empty"`
	PhoneMasked string `json:"phone_masked" doc:"Of somebody by a share, for others than them; empty if they never gave it"`
}

// Moment is one thing that happened to an order.
type Moment struct {
	Kind     string  `json:"kind" enum:"ordered,placed,charged,told,booked,receipt,receipt_voided,refund,closed,exception,invoice"`
	At       *string `json:"at" format:"date-time"`
	Text     string  `json:"text" doc:"For the owner's eyes"`
	Evidence string  `json:"evidence" doc:"A number by which it can be looked up: order, prepay id, WeChat's transaction id, receipt, invoice; may be empty"`
}

// TimelineOut is a timeline.
type TimelineOut struct{ Body Timeline }

// Timeline tells what happened to an order, to the person who made it and to the owner.
func (a *API) Timeline(ctx context.Context, in *OrderIn) (*TimelineOut, error) {
	o, err := a.visible(ctx, in.No)
	if err != nil {
		return nil, err
	}
	moments, err := a.Pay.Timeline(ctx, o.No)
	if err != nil {
		return nil, err
	}
	out := &TimelineOut{Body: Timeline{Events: make([]Moment, len(moments))}}
	for i, m := range moments {
		out.Body.Events[i] = Moment{Kind: m.Kind, At: instant(m.At), Text: m.Text, Evidence: m.Evidence}
	}
	out.Body.Payer, err = a.payer(ctx, o)
	return out, err
}

func (a *API) payer(ctx context.Context, o money.Order) (Payer, error) {
	me := user(ctx).ID
	if o.UserID == me {
		return Payer{Role: "me"}, nil
	}
	view := a.DB.View(ctx)
	s, err := receipts.ShareOfOrder(view, o.No)
	if errors.Is(err, models.ErrNotFound) {
		return Payer{Role: "bound"}, nil
	}
	if err != nil {
		return Payer{}, err
	}
	p := Payer{Role: "share", PhoneMasked: s.PhoneMasked}
	if s.SharedBy == me {
		p.Label = s.Label
	}
	return p, nil
}
