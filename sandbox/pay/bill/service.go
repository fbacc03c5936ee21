package bill

import (
	"net/http"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay"
	"wuyepay/sandbox/pay/apiv3"
)

// Service makes the bills of past days out of the books.
type Service struct {
	core   *core.Core
	host   *apiv3.Host
	pay    *pay.Service
	desk   desk
	editor editor
}

// New returns a service without bills.
func New(k *core.Core, h *apiv3.Host, p *pay.Service) *Service {
	return &Service{core: k, host: h, pay: p}
}

// Routes adds the calls about bills.
func (s *Service) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /v3/bill/tradebill", s.host.Handle(fault.RouteTradeBill, s.serveTradeBill))
	mux.HandleFunc("GET /v3/bill/fundflowbill", s.host.Handle(fault.RouteFundFlowBill, s.serveFundFlowBill))
	mux.HandleFunc("GET /v3/billdownload/file", s.serveBillFile)
}
