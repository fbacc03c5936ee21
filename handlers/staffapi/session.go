package staffapi

import (
	"context"
	"strings"
	"time"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// LoginIn is a name and a password.
type LoginIn struct {
	Body struct {
		Username string `json:"username" minLength:"1" maxLength:"64" example:"zhou" doc:"用户名"`
		Password string `json:"password" minLength:"1" maxLength:"200" doc:"密码"`
		Code     string `json:"code,omitempty" maxLength:"16" doc:"第二重验证的验证码；账号没有开启时不填"`
	}
}

// LoginOut signs a member of staff in.
type LoginOut struct {
	Body struct {
		Token     string    `json:"token" doc:"令牌，放在 Authorization: Bearer 中；只出现这一次"`
		ExpiresAt string    `json:"expires_at" format:"date-time" doc:"令牌何时失效"`
		Staff     StaffView `json:"staff" doc:"登录的员工"`
	}
}

// MeOut is who has signed in.
type MeOut struct {
	Body StaffView
}

// StaffView is a member of staff.
type StaffView struct {
	ID          string          `json:"id" doc:"员工编号"`
	Name        string          `json:"name" example:"周楠" doc:"姓名"`
	Role        string          `json:"role" enum:"cashier,steward,finance,manager,admin" doc:"角色：收费员、管家、财务、项目经理、管理员"`
	Communities []CommunityView `json:"communities" nullable:"false" doc:"可见的小区；管家只有自己负责房屋所在的小区"`
}

// CommunityView is a community.
type CommunityView struct {
	ID   string `json:"id" doc:"小区编号"`
	Name string `json:"name" example:"滨江花园" doc:"小区名称"`
}

// Login signs a member of staff in by name and password. Wrong passwords are counted
// together with those of the console.
func (a *API) Login(ctx context.Context, in *LoginIn) (*LoginOut, error) {
	s, err := office.Authenticate(ctx, a.DB, strings.TrimSpace(in.Body.Username), in.Body.Password, addressOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &LoginOut{}
	var expires models.Time
	err = a.DB.Write(ctx, func(tx *store.Tx) (err error) {
		out.Body.Token, expires, err = office.StartStaffSession(tx, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	out.Body.ExpiresAt = expires.In(models.Shanghai).Format(time.RFC3339)
	out.Body.Staff, err = a.view(ctx, s)
	return out, err
}

// Logout ends the session of the token.
func (a *API) Logout(ctx context.Context, _ *struct{}) (*struct{}, error) {
	c := ctx.Value(callerKey{}).(caller)
	return nil, a.DB.Write(ctx, func(tx *store.Tx) error { return office.EndStaffSession(tx, c.staff, c.token) })
}

// Me returns who has signed in.
func (a *API) Me(ctx context.Context, _ *struct{}) (*MeOut, error) {
	view, err := a.view(ctx, StaffOf(ctx))
	return &MeOut{Body: view}, err
}

func (a *API) view(ctx context.Context, s office.Staff) (StaffView, error) {
	list, err := estate.CommunitiesOf(a.DB.View(ctx), s.Scope())
	v := StaffView{ID: s.ID, Name: s.Name, Role: s.Role, Communities: make([]CommunityView, len(list))}
	for i, c := range list {
		v.Communities[i] = CommunityView{ID: c.ID, Name: c.Name}
	}
	return v, err
}
