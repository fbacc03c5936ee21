package sandbox

import "net/http"

// routes adds the calls about orders, refunds and certificates.
func (s *payService) routes(mux *http.ServeMux) {
	on := func(pattern string, route Route, handle payHandler) {
		mux.HandleFunc(pattern, s.host.pay(route, handle))
	}
	on("POST /v3/pay/transactions/jsapi", RoutePrepay, s.servePrepay)
	on("GET /v3/pay/transactions/out-trade-no/{no}", RouteQuery, s.serveQueryByNo)
	on("GET /v3/pay/transactions/id/{id}", RouteQuery, s.serveQueryByID)
	on("POST /v3/pay/transactions/out-trade-no/{no}/close", RouteClose, s.serveClose)
	on("POST /v3/pay/partner/transactions/jsapi", RoutePrepay, s.servePartnerPrepay)
	on("GET /v3/pay/partner/transactions/out-trade-no/{no}", RouteQuery, s.servePartnerQueryByNo)
	on("GET /v3/pay/partner/transactions/id/{id}", RouteQuery, s.servePartnerQueryByID)
	on("POST /v3/pay/partner/transactions/out-trade-no/{no}/close", RouteClose, s.servePartnerClose)
	on("POST /v3/refund/domestic/refunds", RouteRefund, s.serveRefund)
	on("GET /v3/refund/domestic/refunds/{no}", RouteRefundQuery, s.serveRefundQuery)
	on("GET /v3/certificates", RouteCertificates, s.serveCertificates)
}
