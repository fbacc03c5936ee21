package fault

// Route names a call of the simulated API, or a kind of callback.
type Route string

// The routes. A [Fault] names the one that it spoils.
const (
	RoutePrepay       Route = "prepay" // JSAPI order, direct and partner
	RouteQuery        Route = "query"  // by either number
	RouteClose        Route = "close"
	RouteRefund       Route = "refund"
	RouteRefundQuery  Route = "refund-query"
	RouteCertificates Route = "certificates"
	RouteTradeBill    Route = "trade-bill"
	RouteFundFlowBill Route = "fund-flow-bill"
	RouteBillDownload Route = "bill-download"

	RouteLogin        Route = "login" // jscode2session
	RouteToken        Route = "token"
	RouteStableToken  Route = "stable-token"
	RoutePhone        Route = "phone"
	RouteSubscribe    Route = "subscribe-send"
	RouteURLLink      Route = "url-link"
	RouteScheme       Route = "scheme"
	RouteQRCode       Route = "qr-code"
	RouteShipping     Route = "shipping" // upload_shipping_info
	RouteTradeManaged Route = "trade-managed"

	RouteNotifyPayment Route = "notify-payment" // callbacks
	RouteNotifyRefund  Route = "notify-refund"
	RouteMessagePush   Route = "message-push"
)

// concat returns the routes of all lists in one.
func concat(lists ...[]Route) (all []Route) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// The routes by what answers them, and AllRoutes in the order of the control call that
// counts them.
var (
	payRoutes = []Route{RoutePrepay, RouteQuery, RouteClose, RouteRefund, RouteRefundQuery,
		RouteCertificates, RouteTradeBill, RouteFundFlowBill}
	appRoutes = []Route{RouteLogin, RouteToken, RouteStableToken, RoutePhone, RouteSubscribe,
		RouteURLLink, RouteScheme, RouteQRCode, RouteShipping, RouteTradeManaged}
	noticeRoutes = []Route{RouteNotifyPayment, RouteNotifyRefund}
	AllRoutes    = concat(payRoutes, []Route{RouteBillDownload}, appRoutes, noticeRoutes, []Route{RouteMessagePush})
)
