package sandbox

import "net/http"

// routes adds the calls of the mini-program's server API.
func (s *miniService) routes(mux *http.ServeMux) {
	on := func(pattern string, route Route, handle appHandler) {
		mux.HandleFunc(pattern, s.app(route, handle))
	}
	on("GET /sns/jscode2session", RouteLogin, s.serveLogin)
	on("GET /cgi-bin/token", RouteToken, s.serveToken)
	on("POST /cgi-bin/stable_token", RouteStableToken, s.serveStableToken)
	on("POST /wxa/business/getuserphonenumber", RoutePhone, s.withToken(s.servePhone))
	on("POST /cgi-bin/message/subscribe/send", RouteSubscribe, s.withToken(s.serveSubscribe))
	on("POST /wxa/generate_urllink", RouteURLLink, s.withToken(s.serveURLLink))
	on("POST /wxa/generatescheme", RouteScheme, s.withToken(s.serveScheme))
	on("POST /wxa/getwxacodeunlimit", RouteQRCode, s.withToken(s.serveQRCode))
	on("POST /wxa/sec/order/upload_shipping_info", RouteShipping, s.withToken(s.serveShipping))
	on("POST /wxa/sec/order/is_trade_managed", RouteTradeManaged, s.withToken(s.serveTradeManaged))
}
