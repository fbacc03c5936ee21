package sandbox

import (
	"encoding/json"
	"net/http"
)

func (s *controls) controlPay(r *http.Request) (any, error) {
	var in struct {
		OutTradeNo string `json:"out_trade_no"`
		CouponFen  int64  `json:"coupon_fen"`
		NoNotify   bool   `json:"no_notify"`
		BankType   string `json:"bank_type"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return s.pay.PayWith(in.OutTradeNo, PayOptions{in.CouponFen, in.NoNotify, in.BankType})
}

func (s *controls) controlRequestPayment(r *http.Request) (any, error) {
	var in PaymentRequest
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return s.pay.RequestPayment(in)
}

func (s *controls) controlOrder(r *http.Request) (any, error) { return s.pay.Order(r.PathValue("no")) }

// controlAttempts tells an unknown order from one never notified.
func (s *controls) controlAttempts(r *http.Request) (any, error) {
	if _, err := s.pay.Order(r.PathValue("no")); err != nil {
		return nil, err
	}
	return append([]Attempt{}, s.pay.Attempts(r.PathValue("no"))...), nil
}

func (s *controls) controlRenotify(r *http.Request) (any, error) {
	return nil, s.pay.Renotify(r.PathValue("no"))
}

func (s *controls) controlRefund(r *http.Request) (any, error) {
	return s.pay.Refund(r.PathValue("no"))
}

func (s *controls) controlFinishRefund(r *http.Request) (any, error) {
	var in struct {
		Status RefundStatus `json:"status"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.pay.FinishRefund(r.PathValue("no"), in.Status)
}

func (s *controls) controlSeed(r *http.Request) (any, error) {
	var in Seed
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.pay.SeedOrders(in)
}

func (s *controls) controlBill(r *http.Request) (any, error) {
	var in struct {
		State BillState `json:"state"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.bills.SetBillState(r.PathValue("date"), in.State)
}

// controlBooks streams the books as JSON lines, so that their size does not
// matter: all orders, or those paid on ?date=.
func (s *controls) controlBooks(w http.ResponseWriter, r *http.Request) {
	books := s.pay.Books()
	if date := r.URL.Query().Get("date"); date != "" {
		books = s.pay.transactions(date)
	}
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	encoder := json.NewEncoder(w)
	for t := range books {
		if encoder.Encode(t) != nil {
			return // the reader is gone
		}
	}
}
