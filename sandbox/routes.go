package sandbox

import "net/http"

// routes is everything the listener answers: both WeChat hosts, the control
// calls and the phone page. The hosts need no telling apart, their paths differ.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	pay := func(pattern string, route Route, handle payHandler) {
		mux.HandleFunc(pattern, s.pay(route, handle))
	}
	pay("POST /v3/pay/transactions/jsapi", RoutePrepay, s.servePrepay)
	pay("GET /v3/pay/transactions/out-trade-no/{no}", RouteQuery, s.serveQueryByNo)
	pay("GET /v3/pay/transactions/id/{id}", RouteQuery, s.serveQueryByID)
	pay("POST /v3/pay/transactions/out-trade-no/{no}/close", RouteClose, s.serveClose)
	pay("POST /v3/pay/partner/transactions/jsapi", RoutePrepay, s.servePartnerPrepay)
	pay("GET /v3/pay/partner/transactions/out-trade-no/{no}", RouteQuery, s.servePartnerQueryByNo)
	pay("GET /v3/pay/partner/transactions/id/{id}", RouteQuery, s.servePartnerQueryByID)
	pay("POST /v3/pay/partner/transactions/out-trade-no/{no}/close", RouteClose, s.servePartnerClose)
	pay("POST /v3/refund/domestic/refunds", RouteRefund, s.serveRefund)
	pay("GET /v3/refund/domestic/refunds/{no}", RouteRefundQuery, s.serveRefundQuery)
	pay("GET /v3/certificates", RouteCertificates, s.serveCertificates)
	pay("GET /v3/bill/tradebill", RouteTradeBill, s.serveTradeBill)
	pay("GET /v3/bill/fundflowbill", RouteFundFlowBill, s.serveFundFlowBill)
	mux.HandleFunc("GET /v3/billdownload/file", s.serveBillFile)
	mux.HandleFunc("/v3/", func(w http.ResponseWriter, _ *http.Request) {
		writePlain(w, &apiError{status: 404, code: "RESOURCE_NOT_EXISTS", message: "请求的资源不存在"})
	})

	app := func(pattern string, route Route, handle appHandler) {
		mux.HandleFunc(pattern, s.app(route, handle))
	}
	app("GET /sns/jscode2session", RouteLogin, s.serveLogin)
	app("GET /cgi-bin/token", RouteToken, s.serveToken)
	app("POST /cgi-bin/stable_token", RouteStableToken, s.serveStableToken)
	app("POST /wxa/business/getuserphonenumber", RoutePhone, s.withToken(s.servePhone))
	app("POST /cgi-bin/message/subscribe/send", RouteSubscribe, s.withToken(s.serveSubscribe))
	app("POST /wxa/generate_urllink", RouteURLLink, s.withToken(s.serveURLLink))
	app("POST /wxa/generatescheme", RouteScheme, s.withToken(s.serveScheme))
	app("POST /wxa/getwxacodeunlimit", RouteQRCode, s.withToken(s.serveQRCode))
	app("POST /wxa/sec/order/upload_shipping_info", RouteShipping, s.withToken(s.serveShipping))
	app("POST /wxa/sec/order/is_trade_managed", RouteTradeManaged, s.withToken(s.serveTradeManaged))

	// A web page elsewhere must not press the sandbox's buttons.
	guard := http.NewCrossOriginProtection()
	mux.Handle("/sandbox/control/", guard.Handler(s.controlRoutes()))
	page := guard.Handler(s.pageRoutes())
	mux.Handle("GET /{$}", page)
	mux.Handle("POST /sandbox/phone/", page)
	return mux
}

var (
	payRoutes = []Route{RoutePrepay, RouteQuery, RouteClose, RouteRefund, RouteRefundQuery,
		RouteCertificates, RouteTradeBill, RouteFundFlowBill}
	appRoutes = []Route{RouteLogin, RouteToken, RouteStableToken, RoutePhone, RouteSubscribe,
		RouteURLLink, RouteScheme, RouteQRCode, RouteShipping, RouteTradeManaged}
	noticeRoutes = []Route{RouteNotifyPayment, RouteNotifyRefund}
	allRoutes    = concat(payRoutes, []Route{RouteBillDownload}, appRoutes, noticeRoutes, []Route{RouteMessagePush})
)

func concat(lists ...[]Route) (all []Route) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
