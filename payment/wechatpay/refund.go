package wechatpay

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"
)

// The states of a refund.
const (
	RefundProcessing = "PROCESSING"
	RefundSuccess    = "SUCCESS"
	RefundClosed     = "CLOSED"   // refused for good; a new number may be tried
	RefundAbnormal   = "ABNORMAL" // the payer's account cannot take it: staff must act at the merchant platform
)

// RefundRequest describes a refund. Store it before calling: after ErrUnknown the same
// request with the same OutRefundNo must be repeated, and cannot pay twice. WeChat Pay
// accepts it within one year of the payment, at most 50 partial refunds an order, one a
// minute.
type RefundRequest struct {
	OutTradeNo  string // our order number
	OutRefundNo string // our refund number, at most 64 of 0-9 A-Z a-z _ - | * @
	RefundFen   int64  // at least 1, at most TotalFen
	TotalFen    int64  // the whole order
	Reason      string // shown to the payer; cleaned and cut to 80 characters
	NotifyURL   string // optional
}

// Refund is what WeChat Pay knows about a refund, from a call or a notification. The
// fields that a notification lacks (Channel, CreatedAt, settlement) are then empty.
type Refund struct {
	RefundID         string
	OutRefundNo      string
	TransactionID    string
	OutTradeNo       string
	MchID            string // notifications only
	SubMchID         string // notifications only
	Status           string // one of the Refund constants
	Channel          string
	ReceivedAccount  string // where the money went; personal data, keep it out of logs
	FundsAccount     string
	TotalFen         int64 // of the order
	RefundFen        int64 // of this refund
	PayerTotalFen    int64
	PayerRefundFen   int64 // what the payer gets back, less coupons
	SettledRefundFen int64 // what the merchant is charged
	CreatedAt        time.Time
	SuccessTime      time.Time // UTC; zero until SUCCESS
}

type refundWire struct {
	RefundID      string `json:"refund_id"`
	OutRefundNo   string `json:"out_refund_no"`
	TransactionID string `json:"transaction_id"`
	OutTradeNo    string `json:"out_trade_no"`
	MchID         string `json:"mchid"`
	SpMchID       string `json:"sp_mchid"`
	SubMchID      string `json:"sub_mchid"`
	Status        string `json:"status"`        // replies
	RefundStatus  string `json:"refund_status"` // notifications: the same thing under another name
	Channel       string `json:"channel"`
	Received      string `json:"user_received_account"`
	FundsAccount  string `json:"funds_account"`
	CreateTime    string `json:"create_time"`
	SuccessTime   string `json:"success_time"`
	Amount        struct {
		Total            *int64 `json:"total"`
		Refund           *int64 `json:"refund"`
		PayerTotal       int64  `json:"payer_total"`
		PayerRefund      int64  `json:"payer_refund"`
		SettlementRefund int64  `json:"settlement_refund"`
	} `json:"amount"`
}

var outRefundNoPattern = regexp.MustCompile(`^[0-9A-Za-z_\-|*@]{1,64}$`)

func (r RefundRequest) fault() string {
	switch {
	case !outTradeNoPattern.MatchString(r.OutTradeNo):
		return "out_trade_no is malformed"
	case !outRefundNoPattern.MatchString(r.OutRefundNo):
		return "out_refund_no is malformed"
	case r.RefundFen < 1 || r.TotalFen < 1 || r.RefundFen > r.TotalFen:
		return "refund must be positive and at most the total"
	case r.NotifyURL != "" && !validNotifyURL(r.NotifyURL):
		return "notify_url must be an absolute http(s) URL without query"
	}
	return ""
}

// Refund requests a refund (pay.weixin.qq.com/doc/v3/merchant/4012791862). Success
// means accepted, not paid back: read Status, then wait for the notification or query.
func (c *Client) Refund(ctx context.Context, r RefundRequest) (Refund, error) {
	if fault := r.fault(); fault != "" {
		return Refund{}, refused(opRefund, fault)
	}
	request := refunddomestic.CreateRequest{
		OutTradeNo: core.String(r.OutTradeNo), OutRefundNo: core.String(r.OutRefundNo),
		Amount: &refunddomestic.AmountReq{
			Refund: core.Int64(r.RefundFen), Total: core.Int64(r.TotalFen), Currency: core.String("CNY"),
		},
	}
	if reason := cleanText(r.Reason, 80); reason != "" {
		request.Reason = core.String(reason)
	}
	if r.NotifyURL != "" {
		request.NotifyUrl = core.String(r.NotifyURL)
	}
	if c.partner() {
		request.SubMchid = core.String(c.cfg.SubMchID)
	}
	body, err := c.post(ctx, opRefund, "/v3/refund/domestic/refunds", request)
	if err != nil {
		return Refund{}, err
	}
	return refundReply(opRefund, body, r.OutRefundNo)
}

// QueryRefund returns a refund by our number. ErrRefundNotExist means that it was never
// accepted.
func (c *Client) QueryRefund(ctx context.Context, outRefundNo string) (Refund, error) {
	if !outRefundNoPattern.MatchString(outRefundNo) {
		return Refund{}, refused(opQueryRefund, "out_refund_no is malformed")
	}
	path := "/v3/refund/domestic/refunds/" + url.PathEscape(outRefundNo)
	if c.partner() {
		path += "?sub_mchid=" + url.QueryEscape(c.cfg.SubMchID)
	}
	body, err := c.get(ctx, opQueryRefund, path)
	if err != nil {
		return Refund{}, err
	}
	return refundReply(opQueryRefund, body, outRefundNo)
}

// refundReply reads a reply and checks that it is about the refund that was asked for.
func refundReply(op string, body []byte, outRefundNo string) (Refund, error) {
	refund, err := decodeRefund(body)
	if err != nil {
		return Refund{}, &Error{Op: op, Kind: ErrUnknown, Reason: err.Error()}
	}
	if refund.OutRefundNo != outRefundNo {
		return Refund{}, &Error{Op: op, Kind: ErrUnknown, Reason: "reply is about another refund"}
	}
	return refund, nil
}

// decodeRefund reads the reply form and the notification form of a refund.
func decodeRefund(data []byte) (Refund, error) {
	var w refundWire
	if err := json.Unmarshal(data, &w); err != nil {
		return Refund{}, errors.New("refund is not the expected JSON")
	}
	r := Refund{
		RefundID: w.RefundID, OutRefundNo: w.OutRefundNo, TransactionID: w.TransactionID, OutTradeNo: w.OutTradeNo,
		MchID: first(w.MchID, w.SpMchID), SubMchID: w.SubMchID, Status: first(w.Status, w.RefundStatus),
		Channel: w.Channel, ReceivedAccount: w.Received, FundsAccount: w.FundsAccount,
		PayerTotalFen: w.Amount.PayerTotal, PayerRefundFen: w.Amount.PayerRefund, SettledRefundFen: w.Amount.SettlementRefund,
	}
	if r.OutRefundNo == "" || r.Status == "" || w.Amount.Refund == nil || w.Amount.Total == nil {
		return Refund{}, errors.New("refund lacks its number, state or amounts")
	}
	r.TotalFen, r.RefundFen = *w.Amount.Total, *w.Amount.Refund
	for _, f := range []struct {
		text string
		into *time.Time
	}{{w.CreateTime, &r.CreatedAt}, {w.SuccessTime, &r.SuccessTime}} {
		if f.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, f.text)
		if err != nil {
			return Refund{}, errors.New("refund time is not RFC 3339")
		}
		*f.into = at.UTC()
	}
	return r, nil
}
