package user

import "time"

// Message is a subscribe message that reached a phone.
type Message struct {
	MsgID      int64             `json:"msgid"`
	OpenID     string            `json:"openid"`
	TemplateID string            `json:"template_id"`
	Key        string            `json:"key"` // of the template
	Title      string            `json:"title"`
	Page       string            `json:"page,omitempty"`
	Values     map[string]string `json:"values"`  // by keyword name
	SentAt     time.Time         `json:"sent_at"` // business time
}
