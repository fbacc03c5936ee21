package reminder

import (
	"context"
	"maps"
	"slices"

	"wuyepay/models"
	"wuyepay/models/messages"
	"wuyepay/models/store"
)

// ErrUnknownTemplate refuses answers about a template that does not exist; its
// details name the key.
var ErrUnknownTemplate = models.Invalid("UNKNOWN_TEMPLATE", "未知的订阅消息模板")

// Subscription is a template that a user can agree to, and how many messages of it
// they may still be sent.
type Subscription struct {
	Key        string
	TemplateID string
	Remaining  int
}

// Subscriptions returns all templates in use, in a fixed order, with what the user
// has left of each.
func (s *Service) Subscriptions(ctx context.Context, userID string) ([]Subscription, error) {
	left, err := messages.Subscriptions(s.db.View(ctx), userID)
	if err != nil {
		return nil, err
	}
	out := make([]Subscription, 0, len(templateKeys))
	for _, key := range templateKeys {
		if t, ok := s.templates[key]; ok {
			out = append(out, Subscription{Key: key, TemplateID: t.ID, Remaining: left[key]})
		}
	}
	return out, nil
}

// RecordAnswers keeps what a person answered when the phone asked them
// (wx.requestSubscribeMessage), by our keys: each accept grants one message, any
// other answer none. It takes nothing away: what was granted before stays valid at
// WeChat too. An unknown key returns [ErrUnknownTemplate] and grants nothing at all.
//
// The phone's word is our count; WeChat's own events repeat it and are not counted.
// Should a count be too high, the first message that WeChat refuses corrects it.
func (s *Service) RecordAnswers(ctx context.Context, userID string, results map[string]string) error {
	keys := slices.Sorted(maps.Keys(results)) // one order for all, so that no two deadlock
	for _, key := range keys {
		if !slices.Contains(templateKeys, key) {
			return ErrUnknownTemplate.With(map[string]string{"template": key})
		}
	}
	keys = slices.DeleteFunc(keys, func(key string) bool { return results[key] != "accept" })
	if len(keys) == 0 {
		return nil
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		for _, key := range keys {
			if err := messages.AddSubscription(tx, userID, key, 1, messages.QuotaGranted, ""); err != nil {
				return err
			}
			// A receipt may have been waiting for this.
			if err := messages.WakeNotices(tx, userID, key, reasonNoQuota); err != nil {
				return err
			}
		}
		return nil
	})
}
