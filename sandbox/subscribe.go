package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// firstMsgID gives message ids WeChat's 13 digits.
const firstMsgID = 3_000_000_000_000

type subscribeIn struct {
	ToUser           string                   `json:"touser"`
	TemplateID       string                   `json:"template_id"`
	Page             string                   `json:"page"`
	Data             map[string]subscribeItem `json:"data"`
	MiniprogramState string                   `json:"miniprogram_state"`
	Lang             string                   `json:"lang"`
}

// subscribeItem takes strings only, as WeChat does; SDKs also send a colour.
type subscribeItem struct {
	Value string `json:"value"`
	Color string `json:"color"`
}

// serveSubscribe answers subscribe/send. Every check comes before the quota:
// a refused message costs the owner's one agreement nothing.
func (s *Server) serveSubscribe(c *appCall) (any, error) {
	var in subscribeIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	u, ok := s.phones.users.get(in.ToUser)
	if !ok {
		return nil, &appError{40003, "invalid openid"}
	}
	template, ok := s.template(in.TemplateID)
	if !ok {
		return nil, &appError{40037, "invalid template_id"}
	}
	if e := in.check(template); e != nil {
		return nil, e
	}
	m := Message{
		OpenID: u.openID, TemplateID: template.ID, Key: template.Key, Title: template.Title,
		Page: in.Page, Values: map[string]string{}, SentAt: s.now(),
	}
	for _, k := range template.Keywords {
		m.Values[k.Name] = in.Data[k.Name].Value
	}
	ticket, ok := s.receiveMessage(u, &m)
	if !ok {
		return nil, &appError{43101, "user refuse to accept the msg"}
	}
	if err := s.store.wait(ticket); err != nil {
		return nil, err
	}
	s.pushSent(m)
	return struct {
		appOK
		MsgID int64 `json:"msgid"`
	}{okReply, m.MsgID}, nil
}

// check looks at the message; SDKs send empty strings for what they leave out.
func (in *subscribeIn) check(template Template) *appError {
	if strings.HasPrefix(in.Page, "/") || strings.Contains(in.Page, "://") {
		return &appError{41030, "invalid page"}
	}
	states := []string{"", "developer", "trial", "formal"}
	langs := []string{"", "zh_CN", "en_US", "zh_HK", "zh_TW"}
	if !slices.Contains(states, in.MiniprogramState) || !slices.Contains(langs, in.Lang) {
		return &appError{47001, "data format error"}
	}
	for _, k := range template.Keywords {
		if e := checkKeyword(k.Name, in.Data[k.Name].Value); e != nil {
			return e
		}
	}
	return nil
}

// receiveMessage spends one agreement and keeps the message, both or neither.
func (s *Server) receiveMessage(u *user, m *Message) (uint64, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.quota[m.TemplateID] <= 0 {
		return 0, false
	}
	u.quota[m.TemplateID]--
	m.MsgID = firstMsgID + s.sequence.Add(1)
	u.messages = append(u.messages, *m)
	s.phones.inbox.append(*m)
	s.store.queue(recordUser, u.record())
	return s.store.queue(recordMessage, m), true
}

// GrantSubscription is the owner tapping 允许 n times for a template: each
// tap is good for one send. It pushes the popup event if there is a message
// URL. ErrNotFound if the template is not the mini-program's.
func (s *Server) GrantSubscription(openID, templateID string, n int) error {
	if _, ok := s.template(templateID); !ok {
		return fmt.Errorf("template: %w", ErrNotFound)
	}
	if n < 1 {
		return fmt.Errorf("sandbox: cannot grant %d sends", n)
	}
	u := s.issueUser(openID, "")
	u.mu.Lock()
	u.quota[templateID] += n
	ticket := s.store.queue(recordUser, u.record())
	u.mu.Unlock()
	if err := s.store.wait(ticket); err != nil {
		return err
	}
	s.pushLater(Event{Kind: EventPopup, OpenID: openID, TemplateID: templateID, Status: "accept"})
	return nil
}

// Quota is how many sends of a template a user still accepts.
func (s *Server) Quota(openID, templateID string) int {
	u, ok := s.phones.users.get(openID)
	if !ok {
		return 0
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.quota[templateID]
}
