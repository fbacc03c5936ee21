package wechatpay

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	partner "github.com/wechatpay-apiv3/wechatpay-go/services/partnerpayments/jsapi"
	direct "github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"
)

// Order describes an order for WeChat Pay. Store it before calling Prepay: after
// ErrUnknown the same Order must be sent again word for word. After any change WeChat
// Pay answers ErrParamsChanged.
type Order struct {
	OutTradeNo  string    // 6-32 of 0-9 A-Z a-z _ - | *, unique per merchant for ever
	Description string    // shown to the payer; cleaned and cut to 127 characters
	OpenID      string    // the person who pays, under Config.AppID
	NotifyURL   string    // full URL without query; https in production
	Attach      string    // at most 128 characters, comes back in query, notification and bill
	TotalFen    int64     // at least 1
	ExpiresAt   time.Time // whole seconds; WeChat Pay raises anything below one minute from now to one minute
}

var outTradeNoPattern = regexp.MustCompile(`^[0-9A-Za-z_\-|*]{6,32}$`)

// fault returns what is wrong with the order, or "".
func (o Order) fault() string {
	switch {
	case !outTradeNoPattern.MatchString(o.OutTradeNo):
		return "out_trade_no must be 6-32 of 0-9 A-Z a-z _ - | *"
	case o.TotalFen < 1:
		return "amount must be positive"
	case o.OpenID == "" || len(o.OpenID) > 128:
		return "payer openid missing or too long"
	case cleanText(o.Description, 127) == "":
		return "description missing"
	case utf8.RuneCountInString(o.Attach) > 128 || cleanText(o.Attach, 128) != o.Attach:
		return "attach too long or with unsupported characters"
	case !validNotifyURL(o.NotifyURL):
		return "notify_url must be an absolute http(s) URL without query, at most 255 characters"
	}
	return ""
}

// Prepay creates the order. For an order that exists with the same parameters it
// returns a new prepay id (pay.weixin.qq.com/doc/v3/merchant/4012791856). The id is
// valid for two hours. A call costs one RSA signature.
func (c *Client) Prepay(ctx context.Context, o Order) (string, error) {
	if fault := o.fault(); fault != "" {
		return "", refused(opPrepay, fault)
	}
	path, request := c.prepayRequest(o)
	body, err := c.post(ctx, opPrepay, path, request)
	if err != nil {
		return "", err
	}
	var reply struct {
		PrepayID string `json:"prepay_id"`
	}
	// 202 and other unexpected replies have no id. A missing one must never reach the phone as "prepay_id=".
	if json.Unmarshal(body, &reply) != nil || reply.PrepayID == "" {
		return "", &Error{Op: opPrepay, Kind: ErrUnknown, Reason: "reply without prepay_id"}
	}
	return reply.PrepayID, nil
}

// Query returns an order in every state it may have. ErrOrderNotExist means that WeChat
// Pay never accepted it. A reply about another order or merchant is ErrUnknown.
func (c *Client) Query(ctx context.Context, outTradeNo string) (Transaction, error) {
	if !outTradeNoPattern.MatchString(outTradeNo) {
		return Transaction{}, refused(opQuery, "out_trade_no is malformed")
	}
	body, err := c.get(ctx, opQuery, c.orderPath(outTradeNo)+"?"+c.merchantQuery())
	if err != nil {
		return Transaction{}, err
	}
	t, err := decodeTransaction(body)
	if err != nil {
		return Transaction{}, &Error{Op: opQuery, Kind: ErrUnknown, Reason: err.Error()}
	}
	if t.OutTradeNo != outTradeNo || (t.MchID != "" && t.MchID != c.cfg.MchID) {
		return Transaction{}, &Error{Op: opQuery, Kind: ErrUnknown, Reason: "reply is about another order"}
	}
	return t, nil
}

// CloseOrder closes an unpaid order; closing it again succeeds. After ErrOrderPaid
// query and settle instead.
func (c *Client) CloseOrder(ctx context.Context, outTradeNo string) error {
	if !outTradeNoPattern.MatchString(outTradeNo) {
		return refused(opClose, "out_trade_no is malformed")
	}
	var request any = direct.CloseRequest{Mchid: core.String(c.cfg.MchID)}
	if c.partner() {
		request = partner.CloseRequest{SpMchid: core.String(c.cfg.MchID), SubMchid: core.String(c.cfg.SubMchID)}
	}
	_, err := c.post(ctx, opClose, c.orderPath(outTradeNo)+"/close", request)
	return err
}

// orderPath returns the resource of an order. A number may hold | and *, so it is
// escaped.
func (c *Client) orderPath(outTradeNo string) string {
	if c.partner() {
		return "/v3/pay/partner/transactions/out-trade-no/" + url.PathEscape(outTradeNo)
	}
	return "/v3/pay/transactions/out-trade-no/" + url.PathEscape(outTradeNo)
}

// merchantQuery returns the query string that names the merchant.
func (c *Client) merchantQuery() string {
	if c.partner() {
		return url.Values{"sp_mchid": {c.cfg.MchID}, "sub_mchid": {c.cfg.SubMchID}}.Encode()
	}
	return url.Values{"mchid": {c.cfg.MchID}}.Encode()
}

// validNotifyURL reports whether WeChat Pay accepts a callback address.
func validNotifyURL(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && len(raw) <= 255 && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" &&
		u.Path != "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil
}

// cleanText returns a text that APIv3 accepts: no control characters, only characters
// of up to three UTF-8 bytes, at most limit characters. A rare surname such as 𠮷
// becomes □. The same text always has the same result, so a repetition is identical.
func cleanText(s string, limit int) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.TrimSpace(s) {
		if n == limit {
			break
		}
		switch {
		case r < ' ' || r >= 0x7f && r < 0xa0:
			r = ' '
		case r > 0xffff || r == utf8.RuneError:
			r = '□'
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
