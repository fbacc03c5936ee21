package wechatpay

import (
	"encoding/json"
	"errors"
	"time"
)

// The states of a transaction (trade_state). USERPAYING, PAYERROR and REVOKED are those
// of code-scan payments and should not appear for mini-program orders. Treat USERPAYING
// as not yet final.
const (
	StateNotPay     = "NOTPAY"
	StateSuccess    = "SUCCESS"
	StateRefund     = "REFUND" // was paid; some refund, even a partial one, was accepted
	StateClosed     = "CLOSED"
	StateUserPaying = "USERPAYING"
	StatePayError   = "PAYERROR"
	StateRevoked    = "REVOKED"
)

// Transaction is what WeChat Pay knows about an order, from a query or from a
// notification. The caller has to compare amount, currency, merchant, app and payer
// with its own order before it books anything.
type Transaction struct {
	OutTradeNo     string // our order number
	TransactionID  string // WeChat's number; empty while unpaid
	AppID          string // partner mode: the service provider's app
	SubAppID       string // partner mode only
	MchID          string // partner mode: the service provider
	SubMchID       string // partner mode only
	OpenID         string // the payer under AppID; may be missing while unpaid
	SubOpenID      string // the payer under SubAppID, partner mode only
	State          string // one of the State constants
	StateText      string // WeChat's own wording for people
	Currency       string // CNY
	TradeType      string // JSAPI for mini programs
	BankType       string
	Attach         string
	TotalFen       int64     // order amount: credit this to the bill
	PayerTotalFen  int64     // what the payer gave, less coupons; 0 while unpaid
	PayerTotalSeen bool      // whether PayerTotalFen was present
	SuccessTime    time.Time // UTC; zero while unpaid
}

// Paid reports whether the order was paid at some time: SUCCESS, or REFUND which follows it.
func (t Transaction) Paid() bool { return t.State == StateSuccess || t.State == StateRefund }

// transactionWire is the union of the direct and the partner form
// (pay.weixin.qq.com/doc/v3/merchant/4012791859 and doc/v3/partner/4012760115).
type transactionWire struct {
	AppID          string `json:"appid"`
	SpAppID        string `json:"sp_appid"`
	SubAppID       string `json:"sub_appid"`
	MchID          string `json:"mchid"`
	SpMchID        string `json:"sp_mchid"`
	SubMchID       string `json:"sub_mchid"`
	OutTradeNo     string `json:"out_trade_no"`
	TransactionID  string `json:"transaction_id"`
	TradeType      string `json:"trade_type"`
	TradeState     string `json:"trade_state"`
	TradeStateDesc string `json:"trade_state_desc"`
	BankType       string `json:"bank_type"`
	Attach         string `json:"attach"`
	SuccessTime    string `json:"success_time"`
	Payer          struct {
		OpenID    string `json:"openid"`
		SpOpenID  string `json:"sp_openid"`
		SubOpenID string `json:"sub_openid"`
	} `json:"payer"`
	Amount struct {
		Total      *int64 `json:"total"`
		PayerTotal *int64 `json:"payer_total"`
		Currency   string `json:"currency"`
	} `json:"amount"`
}

// decodeTransaction reads one transaction and refuses a paid one that lacks what booking needs.
func decodeTransaction(data []byte) (Transaction, error) {
	var w transactionWire
	if err := json.Unmarshal(data, &w); err != nil {
		return Transaction{}, errors.New("transaction is not the expected JSON")
	}
	t := Transaction{
		OutTradeNo: w.OutTradeNo, TransactionID: w.TransactionID,
		AppID: first(w.AppID, w.SpAppID), SubAppID: w.SubAppID,
		MchID: first(w.MchID, w.SpMchID), SubMchID: w.SubMchID,
		OpenID: first(w.Payer.OpenID, w.Payer.SpOpenID), SubOpenID: w.Payer.SubOpenID,
		State: w.TradeState, StateText: w.TradeStateDesc, Currency: w.Amount.Currency,
		TradeType: w.TradeType, BankType: w.BankType, Attach: w.Attach,
	}
	if w.Amount.Total != nil {
		t.TotalFen = *w.Amount.Total
	}
	if w.Amount.PayerTotal != nil {
		t.PayerTotalFen, t.PayerTotalSeen = *w.Amount.PayerTotal, true
	}
	if w.SuccessTime != "" {
		at, err := time.Parse(time.RFC3339, w.SuccessTime)
		if err != nil {
			return Transaction{}, errors.New("success_time is not RFC 3339")
		}
		t.SuccessTime = at.UTC()
	}
	if t.OutTradeNo == "" || t.State == "" {
		return Transaction{}, errors.New("transaction lacks out_trade_no or trade_state")
	}
	if t.Paid() && (t.TransactionID == "" || w.Amount.Total == nil || t.SuccessTime.IsZero()) {
		return Transaction{}, errors.New("paid transaction lacks its number, amount or time")
	}
	return t, nil
}

// first returns the first value that is not empty.
func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
