package pay

import (
	"net/http"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay/apiv3"
	"wuyepay/sandbox/pay/merchant"
	"wuyepay/sandbox/pay/notice"
	"wuyepay/sandbox/user"
)

// Service places, pays and refunds orders and keeps the books.
type Service struct {
	core      *core.Core
	merchants *merchant.Set
	users     *user.Set
	notices   *notice.Sender
	host      *apiv3.Host
	books     books
	replayed  replayed // only while the state file is read
}

// New returns a service without orders.
func New(k *core.Core, m *merchant.Set, u *user.Set, n *notice.Sender, h *apiv3.Host) *Service {
	return &Service{core: k, merchants: m, users: u, notices: n, host: h}
}

// Routes adds the calls about orders, refunds and certificates.
func (s *Service) Routes(mux *http.ServeMux) {
	on := func(pattern string, route fault.Route, handle apiv3.Handler) {
		mux.HandleFunc(pattern, s.host.Handle(route, handle))
	}
	on("POST /v3/pay/transactions/jsapi", fault.RoutePrepay, s.servePrepay)
	on("GET /v3/pay/transactions/out-trade-no/{no}", fault.RouteQuery, s.serveQueryByNo)
	on("GET /v3/pay/transactions/id/{id}", fault.RouteQuery, s.serveQueryByID)
	on("POST /v3/pay/transactions/out-trade-no/{no}/close", fault.RouteClose, s.serveClose)
	on("POST /v3/pay/partner/transactions/jsapi", fault.RoutePrepay, s.servePartnerPrepay)
	on("GET /v3/pay/partner/transactions/out-trade-no/{no}", fault.RouteQuery, s.servePartnerQueryByNo)
	on("GET /v3/pay/partner/transactions/id/{id}", fault.RouteQuery, s.servePartnerQueryByID)
	on("POST /v3/pay/partner/transactions/out-trade-no/{no}/close", fault.RouteClose, s.servePartnerClose)
	on("POST /v3/refund/domestic/refunds", fault.RouteRefund, s.serveRefund)
	on("GET /v3/refund/domestic/refunds/{no}", fault.RouteRefundQuery, s.serveRefundQuery)
	on("GET /v3/certificates", fault.RouteCertificates, s.serveCertificates)
}
