package control

import (
	"errors"
	"net/http"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/mini"
	"wuyepay/sandbox/user"
)

// controlLoginCode makes a login code.
func (s *Control) controlLoginCode(r *http.Request) (any, error) {
	var in struct {
		OpenID string `json:"openid"`
		Name   string `json:"name"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if in.Name != "" {
		in.OpenID = s.Users.OpenID(in.Name)
	}
	return map[string]string{"code": s.Mini.MintLoginCode(in.OpenID)}, nil
}

// controlPhoneCode makes a phone code.
func (s *Control) controlPhoneCode(r *http.Request) (any, error) {
	var in struct {
		Phone string `json:"phone"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if !mini.MobileNumber(in.Phone) {
		return nil, errors.Join(errControl, errors.New("not a mobile number"))
	}
	return map[string]string{"code": s.Mini.MintPhoneCode(in.Phone)}, nil
}

// controlTokens invalidates the access tokens.
func (s *Control) controlTokens(r *http.Request) (any, error) {
	var in struct {
		ErrCode int `json:"errcode"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	s.Mini.InvalidateTokens(in.ErrCode)
	return nil, nil
}

// controlQuota shows what is left by template key.
func (s *Control) controlQuota(r *http.Request) (any, error) {
	openID := r.URL.Query().Get("openid")
	if !s.Users.Issued(openID) {
		return nil, core.ErrNotFound
	}
	quota := map[string]int{}
	for _, t := range s.Mini.Templates {
		quota[t.Key] = s.Users.Quota(openID, t.ID)
	}
	return quota, nil
}

// controlGrant allows messages.
func (s *Control) controlGrant(r *http.Request) (any, error) {
	var in struct {
		OpenID     string `json:"openid"`
		TemplateID string `json:"template_id"`
		N          int    `json:"n"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.Mini.GrantSubscription(in.OpenID, in.TemplateID, max(in.N, 1))
}

// controlMessages shows messages; none are an empty list, not null.
func (s *Control) controlMessages(r *http.Request) (any, error) {
	return append([]user.Message{}, s.Users.Messages(r.URL.Query().Get("openid"))...), nil
}

// controlMessageURL sets where events go. With "check" it makes the server check first
// and keeps the old address if that fails.
func (s *Control) controlMessageURL(r *http.Request) (any, error) {
	var in struct {
		URL   string `json:"url"`
		Check bool   `json:"check"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if in.Check {
		if err := s.Mini.CheckMessageURL(r.Context(), in.URL); err != nil {
			return nil, err
		}
	}
	s.Mini.SetMessageURL(in.URL)
	return nil, nil
}

// controlEvent pushes an event.
func (s *Control) controlEvent(r *http.Request) (any, error) {
	var in mini.Event
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.Mini.PushEvent(r.Context(), in)
}
