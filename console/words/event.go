package words

import "wuyepay/models/proof"

// Events are the reasons why a notification of WeChat settled nothing.
var Events = map[string]string{
	proof.EventUnknownOrder: "我方无此订单", proof.EventMismatch: "与订单不符", proof.EventMalformed: "内容不完整",
	proof.EventNotSuccess: "不是支付成功的通知", proof.EventOtherPayment: "订单已由另一笔交易支付",
	proof.EventUnknownRefund: "我方无此退款", proof.EventRefundMismatch: "与退款不符", proof.EventRefundState: "与退款的状态矛盾",
	proof.EventForeign: "其他业务的交易", proof.EventOther: "其他类型的通知",
}

// EventDetails are the details of these reasons: what did not match.
var EventDetails = map[string]string{
	"merchant differs from the order's": "商户号与订单不同", "sub-merchant differs from the order's": "子商户号与订单不同",
	"app differs from the order's": "小程序与订单不同", "amount differs from the order's": "金额与订单不同",
	"currency differs from the order's": "币种不是人民币", "payer differs from the order's": "付款人与下单人不同",
	"no such order": "没有这个订单号", "no transaction id": "缺少微信交易号", "no success time": "缺少支付时间",
	"no such refund": "没有这个退款单号", "amount differs from the refund's": "退款金额与我方退款不同", "order's amount differs from the refund's": "订单总金额不同",
	"merchant differs from the refund's": "商户号与退款不同", "sub-merchant differs from the refund's": "子商户号与退款不同",
	"order differs from the refund's":       "订单号与退款不同",
	"transaction differs from the refund's": "微信交易号与退款不同", "refund id differs from the refund's": "微信退款单号与已知的不同",
	"no refund id":         "缺少微信退款单号",
	"no such refund state": "微信给出的退款状态无法识别", "it was never sent": "我方从未发出该退款", "closed, but it had succeeded": "说已关闭，但此前已到账",
	"abnormal, but it had been closed": "说退款异常，但此前已关闭", "it was closed, and its amount has gone back otherwise": "此前已关闭，款项已另行退还",
	"it was closed, and its prepayment is spent": "此前已关闭，预存已被使用", "its bills no longer have the money": "账单上已没有这笔款项",
	"the order is paid by another transaction": "订单已由另一笔交易支付", "the transaction is booked already": "该交易已为其他订单入账",
}
