package pay

import (
	"wuyepay/sandbox/core"
	"wuyepay/sandbox/pay/apiv3"
)

// payerOut is the payer of an order.
type payerOut struct {
	OpenID    string `json:"openid,omitempty"`
	SpOpenID  string `json:"sp_openid,omitempty"`
	SubOpenID string `json:"sub_openid,omitempty"`
}

// amountOut is the amount of an order.
type amountOut struct {
	Total         int64  `json:"total"`
	PayerTotal    *int64 `json:"payer_total,omitempty"`
	Currency      string `json:"currency"`
	PayerCurrency string `json:"payer_currency,omitempty"`
}

// sceneOut is the scene of an order.
type sceneOut struct {
	DeviceID string `json:"device_id"`
}

// promotionOut is a coupon that was used.
type promotionOut struct {
	CouponID            string `json:"coupon_id"`
	Name                string `json:"name"`
	Scope               string `json:"scope"`
	Type                string `json:"type"`
	Amount              int64  `json:"amount"`
	StockID             string `json:"stock_id"`
	WechatpayContribute int64  `json:"wechatpay_contribute"`
	MerchantContribute  int64  `json:"merchant_contribute"`
	OtherContribute     int64  `json:"other_contribute"`
	Currency            string `json:"currency"`
}

// orderOut is an order in a query and in a notification. The direct and the partner
// form have different fields.
type orderOut struct {
	AppID          string         `json:"appid,omitempty"`
	MchID          string         `json:"mchid,omitempty"`
	SpAppID        string         `json:"sp_appid,omitempty"`
	SpMchID        string         `json:"sp_mchid,omitempty"`
	SubAppID       string         `json:"sub_appid,omitempty"`
	SubMchID       string         `json:"sub_mchid,omitempty"`
	OutTradeNo     string         `json:"out_trade_no"`
	TransactionID  string         `json:"transaction_id,omitempty"`
	TradeType      string         `json:"trade_type,omitempty"`
	TradeState     TradeState     `json:"trade_state"`
	TradeStateDesc string         `json:"trade_state_desc"`
	BankType       string         `json:"bank_type,omitempty"`
	Attach         string         `json:"attach,omitempty"`
	SuccessTime    string         `json:"success_time,omitempty"`
	Payer          *payerOut      `json:"payer,omitempty"`
	Amount         amountOut      `json:"amount"`
	Scene          *sceneOut      `json:"scene_info,omitempty"`
	Promotion      []promotionOut `json:"promotion_detail,omitempty"`
}

// out returns the order for a reply. The caller holds mu.
func (o *order) out() orderOut {
	r := &o.rec
	v := orderOut{
		OutTradeNo: r.OutTradeNo, TradeState: r.State, TradeStateDesc: stateWords[r.State],
		Amount: amountOut{Total: r.TotalFen, Currency: "CNY"},
	}
	if o.m.Partner {
		v.SpAppID, v.SpMchID, v.SubAppID, v.SubMchID = r.AppID, r.MchID, r.SubAppID, r.SubMchID
		v.Payer = &payerOut{SpOpenID: r.OpenID, SubOpenID: r.SubOpenID}
	} else {
		v.AppID, v.MchID = r.AppID, r.MchID
		v.Payer = &payerOut{OpenID: r.OpenID}
	}
	if r.DeviceID != "" {
		v.Scene = &sceneOut{r.DeviceID}
	}
	if !o.paid() {
		return v
	}
	v.TransactionID, v.TradeType, v.BankType = r.TransactionID, "JSAPI", r.BankType
	v.Attach, v.SuccessTime = r.Attach, core.FormatTime(r.PaidAt)
	payerTotal := r.PayerTotalFen
	v.Amount.PayerTotal, v.Amount.PayerCurrency = &payerTotal, "CNY"
	if coupon := r.TotalFen - payerTotal; coupon > 0 {
		v.Promotion = []promotionOut{{
			CouponID: "109519", Name: "免充值立减", Scope: "GLOBAL", Type: "NOCASH", Amount: coupon,
			StockID: "931386", MerchantContribute: coupon, Currency: "CNY",
		}}
	}
	return v
}

// serveQueryByNo answers a direct merchant by out_trade_no, in every state of the
// order.
func (s *Service) serveQueryByNo(c *apiv3.Call) (any, error) {
	if e := directQuery(c); e != nil {
		return nil, e
	}
	return s.show(s.find(c.Merchant, c.Request.PathValue("no")), "")
}

// serveQueryByID answers a direct merchant by transaction id, which an order has only
// after its payment.
func (s *Service) serveQueryByID(c *apiv3.Call) (any, error) {
	if e := directQuery(c); e != nil {
		return nil, e
	}
	return s.show(s.findPaid(c.Merchant, c.Request.PathValue("id")), "")
}

// servePartnerQueryByNo answers a provider by out_trade_no.
func (s *Service) servePartnerQueryByNo(c *apiv3.Call) (any, error) {
	if e := partnerQuery(c); e != nil {
		return nil, e
	}
	return s.show(s.find(c.Merchant, c.Request.PathValue("no")), c.Request.URL.Query().Get("sub_mchid"))
}

// servePartnerQueryByID answers a provider by transaction id.
func (s *Service) servePartnerQueryByID(c *apiv3.Call) (any, error) {
	if e := partnerQuery(c); e != nil {
		return nil, e
	}
	return s.show(s.findPaid(c.Merchant, c.Request.PathValue("id")), c.Request.URL.Query().Get("sub_mchid"))
}

// directQuery checks the parameters of a direct merchant's query.
func directQuery(c *apiv3.Call) *apiv3.Error {
	mchID := c.Request.URL.Query().Get("mchid")
	switch {
	case mchID == "":
		return apiv3.ParamError("mchid", nil, "必填参数缺失")
	case mchID != c.Merchant.MchID:
		return merchantMismatch("mchid")
	case c.Merchant.Partner:
		return apiv3.NoAuth("服务商商户号请使用服务商查单接口")
	}
	return nil
}

// partnerQuery checks the parameters of a provider's query.
func partnerQuery(c *apiv3.Call) *apiv3.Error {
	q := c.Request.URL.Query()
	if q.Get("sp_mchid") == "" || q.Get("sub_mchid") == "" {
		return apiv3.ParamError("sub_mchid", nil, "sp_mchid与sub_mchid必填")
	}
	return partnership(c, q.Get("sp_mchid"), q.Get("sub_mchid"))
}

// show answers a query about an order, which may be nil. A subMchID of "" stands for
// any tenant.
func (s *Service) show(o *order, subMchID string) (any, error) {
	if o == nil {
		return nil, orderNotExist()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if subMchID != "" && subMchID != o.rec.SubMchID {
		return nil, orderNotExist()
	}
	o.expire(s.core.Now())
	return o.out(), nil
}
