package sandbox

import (
	"errors"
	"net/http"
)

func (s *controls) controlLoginCode(r *http.Request) (any, error) {
	var in struct {
		OpenID string `json:"openid"`
		Name   string `json:"name"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if in.Name != "" {
		in.OpenID = s.users.openID(in.Name)
	}
	return map[string]string{"code": s.mini.MintLoginCode(in.OpenID)}, nil
}

func (s *controls) controlPhoneCode(r *http.Request) (any, error) {
	var in struct {
		Phone string `json:"phone"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if !mobileNumber(in.Phone) {
		return nil, errors.Join(errControl, errors.New("not a mobile number"))
	}
	return map[string]string{"code": s.mini.MintPhoneCode(in.Phone)}, nil
}

func (s *controls) controlTokens(r *http.Request) (any, error) {
	var in struct {
		ErrCode int `json:"errcode"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	s.mini.InvalidateTokens(in.ErrCode)
	return nil, nil
}

// controlQuota shows what is left by template key, which is what people know.
func (s *controls) controlQuota(r *http.Request) (any, error) {
	openID := r.URL.Query().Get("openid")
	if !s.users.issued(openID) {
		return nil, ErrNotFound
	}
	quota := map[string]int{}
	for _, t := range s.mini.templates {
		quota[t.Key] = s.users.quota(openID, t.ID)
	}
	return quota, nil
}

func (s *controls) controlGrant(r *http.Request) (any, error) {
	var in struct {
		OpenID     string `json:"openid"`
		TemplateID string `json:"template_id"`
		N          int    `json:"n"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.mini.GrantSubscription(in.OpenID, in.TemplateID, max(in.N, 1))
}

// controlMessages answers an empty list rather than null.
func (s *controls) controlMessages(r *http.Request) (any, error) {
	return append([]Message{}, s.users.messages(r.URL.Query().Get("openid"))...), nil
}

// controlMessageURL sets where events go; with "check" it makes the server
// check first and keeps the old address if that fails.
func (s *controls) controlMessageURL(r *http.Request) (any, error) {
	var in struct {
		URL   string `json:"url"`
		Check bool   `json:"check"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if in.Check {
		if err := s.mini.CheckMessageURL(r.Context(), in.URL); err != nil {
			return nil, err
		}
	}
	s.mini.SetMessageURL(in.URL)
	return nil, nil
}

func (s *controls) controlEvent(r *http.Request) (any, error) {
	var in Event
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.mini.PushEvent(r.Context(), in)
}
