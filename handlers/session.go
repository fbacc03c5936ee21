package handlers

import (
	"context"
	"errors"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/wechat"
)

// sessionValid is how long an owner stays signed in.
const sessionValid = 30 * 24 * time.Hour

// wechatBudget bounds the calls to WeChat that an answer waits for; the phone has
// its answer within ten seconds.
const wechatBudget = 8 * time.Second

// Refusals of signing in and of giving a phone number.
var (
	ErrLoginCode = models.Refusal(models.KindUnauthorized, "LOGIN_CODE_INVALID", "登录凭证无效或已过期，请重新进入小程序")
	ErrPhoneCode = models.Refusal(models.KindUnprocessable, "PHONE_CODE_INVALID", "手机号授权无效或已过期，请重新授权")
	// ErrWechatDown has the code of payment.ErrUnavailable: for the phone it is one
	// case, but nobody can have been charged here.
	ErrWechatDown = models.Refusal(models.KindUnavailable, "WECHAT_UNAVAILABLE", "微信服务暂时无法使用，请稍后再试")
	ErrBlocked    = models.Refusal(models.KindForbidden, "USER_BLOCKED", "该微信账号已被限制使用")
)

// fromWechat turns what the mini-program's server API refused into an answer.
func fromWechat(err error, badCode *models.Error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, wechat.ErrCodeInvalid):
		return badCode.Because(err)
	case errors.Is(err, wechat.ErrUserBlocked):
		return ErrBlocked.Because(err)
	}
	return ErrWechatDown.Because(err)
}

// LoginIn is the code of wx.login.
type LoginIn struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"128" example:"dev-wang" doc:"From wx.login; valid once, for five minutes"`
	}
}

// LoginOut signs a person in.
type LoginOut struct {
	Body struct {
		Token     string        `json:"token" doc:"Send it as Authorization: Bearer"`
		ExpiresAt string        `json:"expires_at" format:"date-time"`
		User      UserView      `json:"user"`
		Rooms     []RoomSummary `json:"rooms"`
	}
}

// UserView is who is signed in.
type UserView struct {
	ID          string `json:"id"`
	PhoneMasked string `json:"phone_masked" example:"138****0000" doc:"Empty until the phone number was given"`
}

// Login signs a person in by the code of wx.login.
func (a *API) Login(ctx context.Context, in *LoginIn) (*LoginOut, error) {
	asking, cancel := context.WithTimeout(ctx, wechatBudget)
	defer cancel()
	identity, err := a.Mini.Login(asking, in.Body.Code)
	if err := fromWechat(err, ErrLoginCode); err != nil {
		return nil, err
	}
	out := &LoginOut{}
	var expires models.Time
	var u estate.User
	err = a.DB.Write(ctx, func(tx *store.Tx) (err error) {
		if u, err = estate.EnsureUser(tx, a.AppID, identity.OpenID, identity.UnionID); err != nil {
			return err
		}
		out.Body.Token, expires, err = office.StartSession(tx, office.SessionUser, u.ID, sessionValid)
		return err
	})
	if err != nil {
		return nil, err
	}
	out.Body.ExpiresAt = *instant(expires)
	out.Body.User.ID = u.ID
	if out.Body.User.PhoneMasked, err = a.maskedPhone(ctx, u); err != nil {
		return nil, err
	}
	out.Body.Rooms, err = a.summaries(ctx, u.ID)
	return out, err
}

func (a *API) maskedPhone(ctx context.Context, u estate.User) (string, error) {
	phone, err := estate.UserPhone(a.DB.View(ctx), u)
	return models.MaskPhone(phone), err
}

// PhoneIn is the code of the getPhoneNumber button.
type PhoneIn struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"128" example:"phone-13800000000" doc:"From getPhoneNumber; not the code of wx.login"`
	}
}

// PhoneOut is the phone number, masked, and the rooms registered to it.
type PhoneOut struct {
	Body struct {
		PhoneMasked string        `json:"phone_masked"`
		Rooms       []RoomSummary `json:"rooms"`
	}
}

// Phone takes the phone number that WeChat vouches for and binds the rooms
// registered to it.
func (a *API) Phone(ctx context.Context, in *PhoneIn) (*PhoneOut, error) {
	asking, cancel := context.WithTimeout(ctx, wechatBudget)
	defer cancel()
	phone, err := a.Mini.Phone(asking, in.Body.Code)
	if err := fromWechat(err, ErrPhoneCode); err != nil {
		return nil, err
	}
	u := user(ctx)
	if err := billing.BindByPhone(ctx, a.DB, u.ID, phone); err != nil {
		return nil, err
	}
	out := &PhoneOut{}
	out.Body.PhoneMasked = models.MaskPhone(phone)
	out.Body.Rooms, err = a.summaries(ctx, u.ID)
	return out, err
}
