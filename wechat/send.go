package wechat

import (
	"context"
	"strings"

	sdkcontext "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/miniprogram/subscribe"
)

// Message is a subscribe message to one person.
type Message struct {
	OpenID     string
	TemplateID string
	Page       string            // where a tap leads, with query; empty: nowhere
	Data       map[string]string // keyword (thing1, amount2, …) -> value already fitted by FitKeyword
}

// Send sends one message and spends one that the person allowed. After ErrUnavailable
// it may have arrived, and a repetition may spend a second one.
//
// It returns ErrNotSubscribed (do not repeat), ErrOpenID, ErrTemplate (also for an
// empty value, which WeChat refuses), ErrUnavailable, ErrCredential or ErrRefused.
func (c *Client) Send(ctx context.Context, m Message) error {
	const op = "send"
	if m.OpenID == "" {
		return &Error{Op: op, Kind: ErrOpenID, Reason: "empty"}
	}
	if m.TemplateID == "" || len(m.Data) == 0 {
		return &Error{Op: op, Kind: ErrTemplate, Reason: "template or data empty"}
	}
	data := make(map[string]*subscribe.DataItem, len(m.Data))
	for name, value := range m.Data {
		if strings.TrimSpace(value) == "" {
			return &Error{Op: op, Kind: ErrTemplate, Reason: "value of " + keywordType(name) + " is empty"}
		}
		data[name] = &subscribe.DataItem{Value: value}
	}
	message := &subscribe.Message{ToUser: m.OpenID, TemplateID: m.TemplateID, Page: m.Page, Data: data}
	return c.withToken(ctx, op, func(_ context.Context, sdk *sdkcontext.Context) error {
		// Send, not SendGetMsgID: only the errors of the former have an errcode.
		return subscribe.NewSubscribe(sdk).Send(message)
	})
}
