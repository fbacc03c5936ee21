package sandbox

import "context"

// OpenID returns the openid of a named user of the mini-program. It is the one
// that a login with the code "dev-" + name returns, and counts as issued from now
// on.
func (s *Server) OpenID(name string) string { return s.users.OpenID(name) }

// MintLoginCode returns a one-time wx.login code for a user. A new openid is
// issued, and an empty one is made up.
func (s *Server) MintLoginCode(openID string) string { return s.mini.MintLoginCode(openID) }

// MintPhoneCode returns a one-time getPhoneNumber code for a phone number.
func (s *Server) MintPhoneCode(phone string) string { return s.mini.MintPhoneCode(phone) }

// InvalidateTokens makes every access token issued so far fail with errcode
// 40001, 40014 or 42001; 0 stands for 40001. The next fetch returns a new token.
func (s *Server) InvalidateTokens(errcode int) { s.mini.InvalidateTokens(errcode) }

// GrantSubscription plays the owner who taps 允许 n times for a template: each tap
// allows one message. A popup event is pushed if there is a message URL. It returns
// [ErrNotFound] if the template is not the mini-program's.
func (s *Server) GrantSubscription(openID, templateID string, n int) error {
	return s.mini.GrantSubscription(openID, templateID, n)
}

// Quota returns how many messages of a template a user still accepts.
func (s *Server) Quota(openID, templateID string) int { return s.users.Quota(openID, templateID) }

// Messages returns the messages that reached a user's phone, oldest first. An
// empty openid stands for all users.
func (s *Server) Messages(openID string) []Message { return s.users.Messages(openID) }

// SetMessageURL sets where events are pushed from now on; it overrides
// Config.MessageURL. With a URL the sandbox also pushes by itself: a sent event
// after each message and a popup event after each grant.
func (s *Server) SetMessageURL(address string) { s.mini.SetMessageURL(address) }

// CheckMessageURL makes WeChat's check of a server: a signed GET whose echostr
// must come back unchanged.
func (s *Server) CheckMessageURL(ctx context.Context, address string) error {
	return s.mini.CheckMessageURL(ctx, address)
}

// PushEvent sends an event to the message URL, up to three times until the host
// answers "success" or nothing with status 200.
func (s *Server) PushEvent(ctx context.Context, e Event) error { return s.mini.PushEvent(ctx, e) }
