package sandbox

func concat(lists ...[]Route) (all []Route) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

var (
	payRoutes = []Route{RoutePrepay, RouteQuery, RouteClose, RouteRefund, RouteRefundQuery,
		RouteCertificates, RouteTradeBill, RouteFundFlowBill}
	appRoutes = []Route{RouteLogin, RouteToken, RouteStableToken, RoutePhone, RouteSubscribe,
		RouteURLLink, RouteScheme, RouteQRCode, RouteShipping, RouteTradeManaged}
	noticeRoutes = []Route{RouteNotifyPayment, RouteNotifyRefund}
	allRoutes    = concat(payRoutes, []Route{RouteBillDownload}, appRoutes, noticeRoutes, []Route{RouteMessagePush})
)
