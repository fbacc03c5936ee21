package handlers

import (
	"context"

	"wuyepay/reminder"
)

// SubscriptionsOut is the templates that a phone may ask agreement for.
type SubscriptionsOut struct {
	Body struct {
		Templates []TemplateView `json:"templates"`
	}
}

// TemplateView is a template with how many messages may still be sent by it.
type TemplateView struct {
	Key        string `json:"key" example:"overdue"`
	TemplateID string `json:"template_id" doc:"For wx.requestSubscribeMessage"`
	Remaining  int    `json:"remaining" doc:"One agreement is one message"`
}

func subscriptionsOut(list []reminder.Subscription) *SubscriptionsOut {
	out := &SubscriptionsOut{}
	out.Body.Templates = make([]TemplateView, len(list))
	for i, s := range list {
		out.Body.Templates[i] = TemplateView{s.Key, s.TemplateID, s.Remaining}
	}
	return out
}

// Subscriptions lists the templates and what is left of each agreement.
func (a *API) Subscriptions(ctx context.Context, _ *struct{}) (*SubscriptionsOut, error) {
	list, err := a.Reminder.Subscriptions(ctx, user(ctx).ID)
	return subscriptionsOut(list), err
}

// SubscribeIn is what wx.requestSubscribeMessage answered, under our keys.
type SubscribeIn struct {
	Body struct {
		Results map[string]string `json:"results" maxProperties:"10" example:"{\"overdue\":\"accept\"}" doc:"accept grants one message; reject, ban and any other answer grant nothing"`
	}
}

// Subscribe takes the answers of wx.requestSubscribeMessage.
func (a *API) Subscribe(ctx context.Context, in *SubscribeIn) (*SubscriptionsOut, error) {
	u := user(ctx)
	if err := a.Reminder.RecordAnswers(ctx, u.ID, in.Body.Results); err != nil {
		return nil, err
	}
	return a.Subscriptions(ctx, nil)
}
