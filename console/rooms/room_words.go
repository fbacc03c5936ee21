package rooms

import (
	"wuyepay/models/messages"
	"wuyepay/models/money"
)

// prepaidWords are the kinds of an entry of prepayment.
var prepaidWords = map[string]string{
	money.PrepaidTopup: "预存", money.PrepaidSurplus: "多付转入", money.PrepaidMoved: "改变用途", money.PrepaidOffset: "抵扣账单",
	money.PrepaidRefund: "退回",
	money.PrepaidCredit: "账单更正转入",
}

// templateWords are the messages that an owner can get.
var templateWords = map[string]string{
	messages.TemplateBillReady: "账单通知", messages.TemplateDueSoon: "缴费提醒", messages.TemplateOverdue: "催缴通知",
	messages.TemplatePaymentReceived: "缴费成功", messages.TemplateRequestDecided: "申请结果",
}

// noticeWords are the states of a message.
var noticeWords = map[string]string{
	messages.NoticeQueued: "等待发送", messages.NoticeSending: "发送中", messages.NoticeSent: "已发送", messages.NoticeSkipped: "未发送",
	messages.NoticeFailed: "发送失败",
}

// reasonWords are the reasons why a message was not sent.
var reasonWords = map[string]string{
	"": "", "settled": "已无欠费", "stale": "已过当天", "no_quota": "业主没有剩余的订阅次数", "not_subscribed": "业主未订阅或次数已用完",
	"unbound": "已解除绑定", "template": "模板或内容未被微信接受", "openid": "该用户不属于本小程序", "refused": "微信拒绝发送",
	"unavailable": "微信暂时不可用", "credential": "小程序凭据未被接受", "orders_unknown": "有订单结果未明，先不催缴", "closed": "不在发送时段", "promised": "业主已承诺缴费日",
	messages.NoticeUnknown: "结果未知，可能已送达，不再重发",
}

// stepWords are the occasions of a message.
var stepWords = map[string]string{
	"due_minus_10": "到期前 10 天", "due_day": "到期当天", "overdue_1": "逾期第 1 天", "overdue_9": "逾期第 9 天", "overdue_15": "逾期第 15 天",
	"payment_received": "缴费后", messages.StepPrepaidShort: "预存不足", "request_decided": "申请答复", "promise": "承诺日前一天", "plan_part": "分期到期",
	"refund_done": "退款到账",
}
