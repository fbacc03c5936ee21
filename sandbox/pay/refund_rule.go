package pay

import (
	"time"

	"wuyepay/sandbox/pay/apiv3"
)

// The limits of the refunds of one order.
const (
	maxRefunds   = 50
	refundWindow = 365 * 24 * time.Hour
)

// refundRule is the body of POST /v3/refund/domestic/refunds
// (pay.weixin.qq.com/doc/v3/merchant/4012791862).
var refundRule = apiv3.Object(map[string]apiv3.Rule{
	"transaction_id": apiv3.TextOf(32),
	"out_trade_no":   apiv3.Matching(outTradeNoForm),
	"out_refund_no":  apiv3.Required(apiv3.Matching(outRefundNoForm)),
	"reason":         apiv3.TextOf(80),
	"notify_url":     {Kind: apiv3.Text, Max: 256, Check: validNotifyURL},
	"funds_account":  {Kind: apiv3.Text, OneOf: []string{"AVAILABLE", "UNSETTLED"}},
	"sub_mchid":      apiv3.TextOf(32),
	"amount": apiv3.Required(apiv3.Object(map[string]apiv3.Rule{
		"refund":   apiv3.Required(apiv3.AtLeast(1)),
		"total":    apiv3.Required(apiv3.AtLeast(1)),
		"currency": apiv3.Required(currencyRule),
		"from": apiv3.ListOf(0, apiv3.Object(map[string]apiv3.Rule{
			"account": apiv3.Required(apiv3.Rule{Kind: apiv3.Text, OneOf: []string{"AVAILABLE", "UNAVAILABLE"}}),
			"amount":  apiv3.Required(apiv3.AtLeast(1)),
		})),
	})),
	"goods_detail": apiv3.ListOf(0, apiv3.Object(map[string]apiv3.Rule{
		"merchant_goods_id": apiv3.Required(apiv3.TextOf(32)), "wechatpay_goods_id": apiv3.TextOf(32),
		"goods_name": apiv3.TextOf(256), "unit_price": apiv3.Required(apiv3.AtLeast(0)),
		"refund_amount": apiv3.Required(apiv3.AtLeast(0)), "refund_quantity": apiv3.Required(apiv3.AtLeast(1)),
	})),
})

// refundNotExist refuses an order or refund that does not exist.
func refundNotExist(message string) *apiv3.Error {
	return &apiv3.Error{Status: 404, Code: "RESOURCE_NOT_EXISTS", Numeric: 268512771, Message: message}
}

// admit checks a new refund against the order. The caller holds mu.
func (o *order) admit(f *refund, totalFen int64, now time.Time, spacing time.Duration) *apiv3.Error {
	o.expire(now)
	switch {
	case !o.paid():
		return apiv3.InvalidRequest(268449641, "订单状态不支持退款：订单未支付或已关闭")
	case totalFen != o.rec.TotalFen:
		return apiv3.InvalidRequest(268435464, "订单金额与原订单不一致，请核实后再试")
	case now.Sub(o.rec.PaidAt) > refundWindow:
		return apiv3.InvalidRequest(268435464, "订单已超过可退款的最大期限")
	case f.rec.AmountFen > o.rec.TotalFen-o.rec.RefundedFen:
		return apiv3.InvalidRequest(268435464, "申请退款金额大于订单剩余可退金额")
	case len(o.refunds) >= maxRefunds:
		return apiv3.InvalidRequest(268435464, "同一笔订单最多支持50次部分退款")
	}
	if n := len(o.refunds); n > 0 && now.Sub(o.refunds[n-1].rec.CreatedAt) < spacing {
		return apiv3.ErrFrequency
	}
	return nil
}
