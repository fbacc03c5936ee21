package sandbox

import "net/http"

// routes adds the calls about bills.
func (s *billService) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /v3/bill/tradebill", s.host.pay(RouteTradeBill, s.serveTradeBill))
	mux.HandleFunc("GET /v3/bill/fundflowbill", s.host.pay(RouteFundFlowBill, s.serveFundFlowBill))
	mux.HandleFunc("GET /v3/billdownload/file", s.serveBillFile)
}
