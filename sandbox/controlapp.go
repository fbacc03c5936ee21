package sandbox

import (
	"errors"
	"net/http"
)

func (s *Server) controlLoginCode(r *http.Request) (any, error) {
	var in struct {
		OpenID string `json:"openid"`
		Name   string `json:"name"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if in.Name != "" {
		in.OpenID = s.OpenID(in.Name)
	}
	return map[string]string{"code": s.MintLoginCode(in.OpenID)}, nil
}

func (s *Server) controlPhoneCode(r *http.Request) (any, error) {
	var in struct {
		Phone string `json:"phone"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if !phoneCode.MatchString("phone-" + in.Phone) {
		return nil, errors.Join(errControl, errors.New("not a mobile number"))
	}
	return map[string]string{"code": s.MintPhoneCode(in.Phone)}, nil
}

func (s *Server) controlTokens(r *http.Request) (any, error) {
	var in struct {
		ErrCode int `json:"errcode"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	s.InvalidateTokens(in.ErrCode)
	return nil, nil
}

// controlQuota shows what is left by template key, which is what people know.
func (s *Server) controlQuota(r *http.Request) (any, error) {
	openID := r.URL.Query().Get("openid")
	if !s.phones.issued(openID) {
		return nil, ErrNotFound
	}
	quota := map[string]int{}
	for _, t := range s.cfg.Templates {
		quota[t.Key] = s.Quota(openID, t.ID)
	}
	return quota, nil
}

func (s *Server) controlGrant(r *http.Request) (any, error) {
	var in struct {
		OpenID     string `json:"openid"`
		TemplateID string `json:"template_id"`
		N          int    `json:"n"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.GrantSubscription(in.OpenID, in.TemplateID, max(in.N, 1))
}

// controlMessages answers an empty list rather than null.
func (s *Server) controlMessages(r *http.Request) (any, error) {
	return append([]Message{}, s.Messages(r.URL.Query().Get("openid"))...), nil
}

// controlMessageURL sets where events go; with "check" it makes the server
// check first and keeps the old address if that fails.
func (s *Server) controlMessageURL(r *http.Request) (any, error) {
	var in struct {
		URL   string `json:"url"`
		Check bool   `json:"check"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if in.Check {
		if err := s.CheckMessageURL(r.Context(), in.URL); err != nil {
			return nil, err
		}
	}
	s.SetMessageURL(in.URL)
	return nil, nil
}

func (s *Server) controlEvent(r *http.Request) (any, error) {
	var in Event
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.PushEvent(r.Context(), in)
}
