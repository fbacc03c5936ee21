package mini

import (
	"net/http"
	"sync/atomic"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay"
	"wuyepay/sandbox/user"
)

// Service is the server API of the mini-program.
type Service struct {
	core       *core.Core
	users      *user.Set
	pay        *pay.Service
	Templates  []core.Template
	tokens     tokens
	codes      codes
	messageURL atomic.Pointer[string] // nil means no events
}

// New returns a service with the templates of the configuration.
func New(k *core.Core, u *user.Set, p *pay.Service) *Service {
	s := &Service{core: k, users: u, pay: p, Templates: TemplatesOf(k.Config)}
	s.SetMessageURL(k.Config.MessageURL)
	return s
}

// Routes adds the calls of the server API.
func (s *Service) Routes(mux *http.ServeMux) {
	on := func(pattern string, route fault.Route, handle handler) {
		mux.HandleFunc(pattern, s.app(route, handle))
	}
	on("GET /sns/jscode2session", fault.RouteLogin, s.serveLogin)
	on("GET /cgi-bin/token", fault.RouteToken, s.serveToken)
	on("POST /cgi-bin/stable_token", fault.RouteStableToken, s.serveStableToken)
	on("POST /wxa/business/getuserphonenumber", fault.RoutePhone, s.withToken(s.servePhone))
	on("POST /cgi-bin/message/subscribe/send", fault.RouteSubscribe, s.withToken(s.serveSubscribe))
	on("POST /wxa/generate_urllink", fault.RouteURLLink, s.withToken(s.serveURLLink))
	on("POST /wxa/generatescheme", fault.RouteScheme, s.withToken(s.serveScheme))
	on("POST /wxa/getwxacodeunlimit", fault.RouteQRCode, s.withToken(s.serveQRCode))
	on("POST /wxa/sec/order/upload_shipping_info", fault.RouteShipping, s.withToken(s.serveShipping))
	on("POST /wxa/sec/order/is_trade_managed", fault.RouteTradeManaged, s.withToken(s.serveTradeManaged))
}
