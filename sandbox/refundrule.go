package sandbox

import "time"

const (
	maxRefunds   = 50
	refundWindow = 365 * 24 * time.Hour
)

// refundRule is the body of POST /v3/refund/domestic/refunds
// (pay.weixin.qq.com/doc/v3/merchant/4012791862).
var refundRule = object(map[string]rule{
	"transaction_id": textOf(32),
	"out_trade_no":   matching(outTradeNoForm),
	"out_refund_no":  required(matching(outRefundNoForm)),
	"reason":         textOf(80),
	"notify_url":     {kind: text, max: 256, check: validNotifyURL},
	"funds_account":  {kind: text, oneOf: []string{"AVAILABLE", "UNSETTLED"}},
	"sub_mchid":      textOf(32),
	"amount": required(object(map[string]rule{
		"refund":   required(atLeast(1)),
		"total":    required(atLeast(1)),
		"currency": required(currencyRule),
		"from": listOf(0, object(map[string]rule{
			"account": required(rule{kind: text, oneOf: []string{"AVAILABLE", "UNAVAILABLE"}}),
			"amount":  required(atLeast(1)),
		})),
	})),
	"goods_detail": listOf(0, object(map[string]rule{
		"merchant_goods_id": required(textOf(32)), "wechatpay_goods_id": textOf(32),
		"goods_name": textOf(256), "unit_price": required(atLeast(0)),
		"refund_amount": required(atLeast(0)), "refund_quantity": required(atLeast(1)),
	})),
})

func refundNotExist(message string) *apiError {
	return &apiError{status: 404, code: "RESOURCE_NOT_EXISTS", numeric: 268512771, message: message}
}

// admit checks a new refund against the order. mu held.
func (o *order) admit(f *refund, totalFen int64, now time.Time, spacing time.Duration) *apiError {
	o.expire(now)
	switch {
	case !o.paid():
		return invalidRequest(268449641, "订单状态不支持退款：订单未支付或已关闭")
	case totalFen != o.rec.TotalFen:
		return invalidRequest(268435464, "订单金额与原订单不一致，请核实后再试")
	case now.Sub(o.rec.PaidAt) > refundWindow:
		return invalidRequest(268435464, "订单已超过可退款的最大期限")
	case f.rec.AmountFen > o.rec.TotalFen-o.rec.RefundedFen:
		return invalidRequest(268435464, "申请退款金额大于订单剩余可退金额")
	case len(o.refunds) >= maxRefunds:
		return invalidRequest(268435464, "同一笔订单最多支持50次部分退款")
	}
	if n := len(o.refunds); n > 0 && now.Sub(o.refunds[n-1].rec.CreatedAt) < spacing {
		return errFrequency
	}
	return nil
}
