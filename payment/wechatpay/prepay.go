package wechatpay

import "time"

// prepayBody is the body of a prepay request, in the direct form
// (pay.weixin.qq.com/doc/v3/merchant/4012791856) or the partner's. The SDK's own
// types build a map for every object of it: 49 allocations instead of 7.
type prepayBody struct {
	AppID       string       `json:"appid,omitempty"`
	MchID       string       `json:"mchid,omitempty"`
	SpAppID     string       `json:"sp_appid,omitempty"`
	SpMchID     string       `json:"sp_mchid,omitempty"`
	SubAppID    string       `json:"sub_appid,omitempty"`
	SubMchID    string       `json:"sub_mchid,omitempty"`
	Description string       `json:"description"`
	OutTradeNo  string       `json:"out_trade_no"`
	TimeExpire  string       `json:"time_expire,omitempty"`
	Attach      string       `json:"attach,omitempty"`
	NotifyURL   string       `json:"notify_url"`
	Amount      prepayAmount `json:"amount"`
	Payer       prepayPayer  `json:"payer"`
}

type prepayAmount struct {
	Total    int64  `json:"total"` // fen
	Currency string `json:"currency"`
}

type prepayPayer struct {
	OpenID    string `json:"openid,omitempty"`
	SpOpenID  string `json:"sp_openid,omitempty"`
	SubOpenID string `json:"sub_openid,omitempty"`
}

// prepayRequest returns the direct or the partner form. In the partner form the payer is
// named under the app that the openid belongs to: the company's, or else the provider's.
func (c *Client) prepayRequest(o Order) (path string, body *prepayBody) {
	body = &prepayBody{Description: cleanText(o.Description, 127), OutTradeNo: o.OutTradeNo, Attach: o.Attach, NotifyURL: o.NotifyURL,
		Amount: prepayAmount{Total: o.TotalFen, Currency: "CNY"}}
	if !o.ExpiresAt.IsZero() {
		body.TimeExpire = formatExpiry(o.ExpiresAt).Format(time.RFC3339)
	}
	if c.partner() {
		body.SpAppID, body.SpMchID, body.SubAppID, body.SubMchID = c.cfg.ProviderApp(), c.cfg.MchID, c.cfg.SubAppID, c.cfg.SubMchID
		if c.cfg.SubAppID != "" {
			body.Payer.SubOpenID = o.OpenID
		} else {
			body.Payer.SpOpenID = o.OpenID
		}
		return "/v3/pay/partner/transactions/jsapi", body
	}
	body.AppID, body.MchID, body.Payer.OpenID = c.cfg.AppID, c.cfg.MchID, o.OpenID
	return "/v3/pay/transactions/jsapi", body
}
