package wechatpay

import (
	"context"
	"crypto/rand"
	"strconv"
)

// PayParams are the arguments of wx.requestPayment.
type PayParams struct {
	TimeStamp string `json:"timeStamp"` // unix seconds
	NonceStr  string `json:"nonceStr"`
	Package   string `json:"package"`  // prepay_id=…
	SignType  string `json:"signType"` // RSA
	PaySign   string `json:"paySign"`
}

// PayParams signs a prepay id for the phone, under the mini-program that will call
// wx.requestPayment, whosever it is in partner mode
// (pay.weixin.qq.com/doc/v3/merchant/4012791898). It costs one RSA signature and no
// network. Success on the phone does not prove a payment: query.
func (c *Client) PayParams(prepayID string) (PayParams, error) {
	if prepayID == "" {
		return PayParams{}, refused("pay params", "prepay_id missing")
	}
	p := PayParams{
		TimeStamp: strconv.FormatInt(c.now().Unix(), 10),
		NonceStr:  rand.Text(),
		Package:   "prepay_id=" + prepayID,
		SignType:  "RSA",
	}
	signed, err := c.api.Sign(context.Background(), payMessage(c.cfg.AppID, p))
	if err != nil {
		return PayParams{}, refused("pay params", "cannot sign")
	}
	p.PaySign = signed.Signature
	return p, nil
}

// payMessage returns the text that the signature covers, one value a line.
func payMessage(appID string, p PayParams) string {
	return appID + "\n" + p.TimeStamp + "\n" + p.NonceStr + "\n" + p.Package + "\n"
}
