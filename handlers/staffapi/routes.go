package staffapi

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"wuyepay/models/office"
)

// Routes registers the calls of staff: one list of method, path, permission and
// operation. What a call may refuse beside the usual stands at its end.
func (a *API) Routes(api huma.API) {
	a.sessionRoutes(api)
	a.importRoutes(api)
}

// sessionRoutes are the calls about who asks.
func (a *API) sessionRoutes(api huma.API) {
	login := a.open("staffLogin", http.MethodPost, "/session", "登录", "凭用户名和密码换取令牌。当天输错次数与网页登录合并计算。")
	login.Middlewares = huma.Middlewares{a.fromAddress}
	Handle(api, a, login, a.Login, office.ErrBadSignIn, office.ErrLockedOut)
	Handle(api, a, Empty(a.SignedIn(api, "staffLogout", http.MethodDelete, "/session", office.PermSelf, "退出登录",
		"令牌立即失效。")), a.Logout)
	Handle(api, a, a.SignedIn(api, "staffMe", http.MethodGet, "/me", office.PermSelf, "我是谁",
		"当前登录的员工、角色和可见的小区。"), a.Me)
}
