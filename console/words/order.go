package words

import (
	"wuyepay/models/money"
	"wuyepay/models/receipts"
)

// Orders are the states of an order.
var Orders = map[string]string{
	money.OrderPending: "待支付", money.OrderPaid: "已支付", money.OrderClosed: "已关闭", money.OrderException: "异常待核",
	money.OrderRefunding: "退款中", money.OrderRefunded: "已退款", money.OrderPartRefunded: "部分退款",
}

// OrderTones are the colours of these states, as Tabler calls them.
var OrderTones = map[string]string{
	money.OrderPending: "blue", money.OrderPaid: "green", money.OrderClosed: "secondary", money.OrderException: "red",
	money.OrderRefunding: "orange", money.OrderRefunded: "secondary", money.OrderPartRefunded: "orange",
}

// Learned are the ways in which a payment became known.
var Learned = map[string]string{
	money.LearnedByCallback: "微信支付通知", money.LearnedByQuery: "主动查询", money.LearnedByReconcile: "对账补记",
	money.LearnedByDesk: "收款台登记", money.LearnedByBank: "银行回盘",
}

// Receipts are the states of a receipt.
var Receipts = map[string]string{receipts.ReceiptIssued: "有效", receipts.ReceiptVoid: "已作废"}

// Refunds are the states of a refund.
var Refunds = map[string]string{
	money.RefundAsked: "待审批", money.RefundRejected: "已驳回", money.RefundSending: "待发出", money.RefundProcessing: "微信处理中",
	money.RefundSuccess: "已到账", money.RefundClosed: "已关闭", money.RefundAbnormal: "退款异常",
}

// RefundTones are the colours of these states, as Tabler calls them.
var RefundTones = map[string]string{
	money.RefundAsked: "blue", money.RefundRejected: "secondary", money.RefundSending: "orange", money.RefundProcessing: "orange",
	money.RefundSuccess: "green", money.RefundClosed: "secondary", money.RefundAbnormal: "red",
}
