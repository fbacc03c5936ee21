package mini

import (
	"fmt"
	"slices"
	"strings"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/user"
)

// subscribeIn is a request to send a subscribe message.
type subscribeIn struct {
	ToUser           string                   `json:"touser"`
	TemplateID       string                   `json:"template_id"`
	Page             string                   `json:"page"`
	Data             map[string]subscribeItem `json:"data"`
	MiniprogramState string                   `json:"miniprogram_state"`
	Lang             string                   `json:"lang"`
}

// subscribeItem is the value of a keyword. WeChat takes strings only; an SDK also sends
// a colour.
type subscribeItem struct {
	Value string `json:"value"`
	Color string `json:"color"`
}

// serveSubscribe answers subscribe/send. Every check comes before the quota: a refused
// message does not spend what the owner allowed.
func (s *Service) serveSubscribe(c *call) (any, error) {
	var in subscribeIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if !s.users.Issued(in.ToUser) {
		return nil, &refusal{40003, "invalid openid"}
	}
	template, ok := s.Template(in.TemplateID)
	if !ok {
		return nil, &refusal{40037, "invalid template_id"}
	}
	if e := in.check(template); e != nil {
		return nil, e
	}
	m := user.Message{
		OpenID: in.ToUser, TemplateID: template.ID, Key: template.Key, Title: template.Title,
		Page: in.Page, Values: map[string]string{}, SentAt: s.core.Now(),
	}
	for _, k := range template.Keywords {
		m.Values[k.Name] = in.Data[k.Name].Value
	}
	ticket, ok := s.users.Receive(&m)
	if !ok {
		return nil, &refusal{43101, "user refuse to accept the msg"}
	}
	if err := s.core.Store.Wait(ticket); err != nil {
		return nil, err
	}
	s.pushSent(m)
	return struct {
		appOK
		MsgID int64 `json:"msgid"`
	}{okReply, m.MsgID}, nil
}

// check checks the message. An SDK sends empty strings for what it leaves out.
func (in *subscribeIn) check(template core.Template) *refusal {
	if strings.HasPrefix(in.Page, "/") || strings.Contains(in.Page, "://") {
		return &refusal{41030, "invalid page"}
	}
	states := []string{"", "developer", "trial", "formal"}
	langs := []string{"", "zh_CN", "en_US", "zh_HK", "zh_TW"}
	if !slices.Contains(states, in.MiniprogramState) || !slices.Contains(langs, in.Lang) {
		return &refusal{47001, "data format error"}
	}
	for _, k := range template.Keywords {
		if e := checkKeyword(k.Name, in.Data[k.Name].Value); e != nil {
			return e
		}
	}
	return nil
}

// GrantSubscription plays the owner who taps 允许 n times for a template: each tap allows
// one message. It pushes a popup event if there is a message URL. It returns
// [core.ErrNotFound] if the template is not the mini-program's.
func (s *Service) GrantSubscription(openID, templateID string, n int) error {
	if _, ok := s.Template(templateID); !ok {
		return fmt.Errorf("template: %w", core.ErrNotFound)
	}
	if n < 1 {
		return fmt.Errorf("sandbox: cannot grant %d sends", n)
	}
	if err := s.core.Store.Wait(s.users.Grant(openID, templateID, n)); err != nil {
		return err
	}
	s.pushLater(Event{Kind: EventPopup, OpenID: openID, TemplateID: templateID, Status: "accept"})
	return nil
}
