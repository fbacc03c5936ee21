package control

import (
	"encoding/json"
	"net/http"

	"wuyepay/sandbox/pay"
	"wuyepay/sandbox/pay/bill"
	"wuyepay/sandbox/pay/notice"
)

// controlPay pays an order.
func (s *Control) controlPay(r *http.Request) (any, error) {
	var in struct {
		OutTradeNo string `json:"out_trade_no"`
		CouponFen  int64  `json:"coupon_fen"`
		NoNotify   bool   `json:"no_notify"`
		BankType   string `json:"bank_type"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return s.Pay.PayWith(in.OutTradeNo, pay.PayOptions{CouponFen: in.CouponFen, NoNotify: in.NoNotify, BankType: in.BankType})
}

// controlRequestPayment pays an order by the parameters of wx.requestPayment.
func (s *Control) controlRequestPayment(r *http.Request) (any, error) {
	var in pay.PaymentRequest
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return s.Pay.RequestPayment(in)
}

// controlOrder shows an order.
func (s *Control) controlOrder(r *http.Request) (any, error) { return s.Pay.Order(r.PathValue("no")) }

// controlAttempts shows the deliveries of an order. An unknown order is not found, one
// that was never notified has an empty list.
func (s *Control) controlAttempts(r *http.Request) (any, error) {
	if _, err := s.Pay.Order(r.PathValue("no")); err != nil {
		return nil, err
	}
	return append([]notice.Attempt{}, s.Pay.Attempts(r.PathValue("no"))...), nil
}

// controlRenotify sends the notifications of an order once more.
func (s *Control) controlRenotify(r *http.Request) (any, error) {
	return nil, s.Pay.Renotify(r.PathValue("no"))
}

// controlRefund shows a refund.
func (s *Control) controlRefund(r *http.Request) (any, error) {
	return s.Pay.Refund(r.PathValue("no"))
}

// controlFinishRefund decides a refund.
func (s *Control) controlFinishRefund(r *http.Request) (any, error) {
	var in struct {
		Status pay.RefundStatus `json:"status"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.Pay.FinishRefund(r.PathValue("no"), in.Status)
}

// controlSeed adds seeded orders.
func (s *Control) controlSeed(r *http.Request) (any, error) {
	var in pay.Seed
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.Pay.SeedOrders(in)
}

// controlBill sets the state of a day's bills.
func (s *Control) controlBill(r *http.Request) (any, error) {
	var in struct {
		State bill.State `json:"state"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, s.Bills.SetBillState(r.PathValue("date"), in.State)
}

// controlBooks streams the books as JSON lines, so that their size does not matter: all
// orders, or those that were paid on ?date=.
func (s *Control) controlBooks(w http.ResponseWriter, r *http.Request) {
	books := s.Pay.Books()
	if date := r.URL.Query().Get("date"); date != "" {
		books = s.Pay.PaidOn(date)
	}
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	encoder := json.NewEncoder(w)
	for t := range books {
		if encoder.Encode(t) != nil {
			return // the reader has gone
		}
	}
}
