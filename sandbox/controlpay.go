package sandbox

import (
	"encoding/json"
	"net/http"
)

func (s *Server) controlPay(r *http.Request) (any, error) {
	var in struct {
		OutTradeNo string `json:"out_trade_no"`
		CouponFen  int64  `json:"coupon_fen"`
		NoNotify   bool   `json:"no_notify"`
		BankType   string `json:"bank_type"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return s.PayWith(in.OutTradeNo, PayOptions{in.CouponFen, in.NoNotify, in.BankType})
}

func (s *Server) controlRequestPayment(r *http.Request) (any, error) {
	var in PaymentRequest
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return s.RequestPayment(in)
}

func (s *Server) controlOrder(r *http.Request) (any, error) { return s.Order(r.PathValue("no")) }

// controlAttempts tells an unknown order from one never notified.
func (s *Server) controlAttempts(r *http.Request) (any, error) {
	if _, err := s.Order(r.PathValue("no")); err != nil {
		return nil, err
	}
	return append([]Attempt{}, s.Attempts(r.PathValue("no"))...), nil
}

func (s *Server) controlRenotify(r *http.Request) (any, error) {
	return nil, s.Renotify(r.PathValue("no"))
}

func (s *Server) controlRefund(r *http.Request) (any, error) { return s.Refund(r.PathValue("no")) }

func (s *Server) controlFinishRefund(r *http.Request) (any, error) {
	var in struct {
		Status RefundStatus `json:"status"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.FinishRefund(r.PathValue("no"), in.Status)
}

func (s *Server) controlSeed(r *http.Request) (any, error) {
	var in Seed
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.SeedOrders(in)
}

func (s *Server) controlBill(r *http.Request) (any, error) {
	var in struct {
		State BillState `json:"state"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.SetBillState(r.PathValue("date"), in.State)
}

// controlBooks streams the books as JSON lines, so that their size does not
// matter: all orders, or those paid on ?date=.
func (s *Server) controlBooks(w http.ResponseWriter, r *http.Request) {
	books := s.Books()
	if date := r.URL.Query().Get("date"); date != "" {
		books = s.transactions(date)
	}
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	encoder := json.NewEncoder(w)
	for t := range books {
		if encoder.Encode(t) != nil {
			return // the reader is gone
		}
	}
}
