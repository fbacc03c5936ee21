package console

import (
	"strings"

	"wuyepay/models"
)

// word is the Chinese of a code; a code without one is shown as it is, so that
// nothing new is hidden from staff.
func word(words map[string]string, code string) string {
	if w, ok := words[code]; ok {
		return w
	}
	return orDash(code)
}

var roleWords = map[string]string{
	models.RoleCashier: "收费员", models.RoleSteward: "管家", models.RoleFinance: "财务", models.RoleManager: "项目经理", models.RoleAdmin: "管理员",
}

// holderWords are the ways in which a phone is bound to a room.
var holderWords = map[string]string{
	models.RoleOwner: "业主", models.RoleFamily: "家属", models.RoleTenant: "租户", models.RolePayer: "代缴人",
	"phone": "微信手机号验证", "form": "房号姓名核对",
}

var orderWords = map[string]string{
	models.OrderPending: "待支付", models.OrderPaid: "已支付", models.OrderClosed: "已关闭", models.OrderException: "异常待核",
	models.OrderRefunding: "退款中", models.OrderRefunded: "已退款", models.OrderPartRefunded: "部分退款",
}

// orderTones are the colours of the states, as Tabler calls them.
var orderTones = map[string]string{
	models.OrderPending: "blue", models.OrderPaid: "green", models.OrderClosed: "secondary", models.OrderException: "red",
	models.OrderRefunding: "orange", models.OrderRefunded: "secondary", models.OrderPartRefunded: "orange",
}

var billWords = map[string]string{
	models.BillUnpaid: "未缴", models.BillPartial: "部分已缴", models.BillPaid: "已缴清", models.BillVoid: "已作废",
}

// dayWords are the states of a cashier's day.
var dayWords = map[string]string{models.DeskDayOpen: "未日结", models.DeskDayClosed: "已日结"}

// collectionWords are the states of a batch of bank collection and of its lines.
var collectionWords = map[string]string{
	models.CollectionMade: "待导出", models.CollectionSent: "待回盘", models.CollectionAnswered: "已回盘", models.CollectionCancelled: "已撤销",
	models.AskWaiting: "等待银行", models.AskPaid: "成功", models.AskFailed: "失败",
}

var learnedWords = map[string]string{
	models.LearnedByCallback: "微信支付通知", models.LearnedByQuery: "主动查询", models.LearnedByReconcile: "对账补记",
	models.LearnedByDesk: "收款台登记", models.LearnedByBank: "银行回盘",
}

var prepaidWords = map[string]string{
	models.PrepaidTopup: "预存", models.PrepaidSurplus: "多付转入", models.PrepaidMoved: "改变用途", models.PrepaidOffset: "抵扣账单", models.PrepaidRefund: "退回",
	models.PrepaidCredit: "账单更正转入",
}

var templateWords = map[string]string{
	models.TemplateBillReady: "账单通知", models.TemplateDueSoon: "缴费提醒", models.TemplateOverdue: "催缴通知",
	models.TemplatePaymentReceived: "缴费成功", models.TemplateRequestDecided: "申请结果",
}

var noticeWords = map[string]string{
	models.NoticeQueued: "等待发送", models.NoticeSending: "发送中", models.NoticeSent: "已发送", models.NoticeSkipped: "未发送", models.NoticeFailed: "发送失败",
}

var reasonWords = map[string]string{
	"": "", "settled": "已无欠费", "stale": "已过当天", "no_quota": "业主没有剩余的订阅次数", "not_subscribed": "业主未订阅或次数已用完",
	"unbound": "已解除绑定", "template": "模板或内容未被微信接受", "openid": "该用户不属于本小程序", "refused": "微信拒绝发送",
	"unavailable": "微信暂时不可用", "credential": "小程序凭据未被接受", "orders_unknown": "有订单结果未明，先不催缴", "closed": "不在发送时段", "promised": "业主已承诺缴费日",
	models.NoticeUnknown: "结果未知，可能已送达，不再重发",
}

var occupancyWords = map[string]string{models.Occupied: "已入住", models.Vacant: "空置", models.Unsold: "未售"}

var settlementWords = map[string]string{models.LateFeeFirst: "先应缴日早的账单，同一账单先违约金后本金", models.PrincipalFirst: "先应缴日早的账单，同一账单先本金后违约金"}

var importWords = map[string]string{"rooms": "房产业主", "arrears": "期初欠费", "tariffs": "收费标准", "meters": "抄表数据"}

var stepWords = map[string]string{
	"due_minus_10": "到期前 10 天", "due_day": "到期当天", "overdue_1": "逾期第 1 天", "overdue_9": "逾期第 9 天", "overdue_15": "逾期第 15 天",
	"payment_received": "缴费后", models.StepPrepaidShort: "预存不足", "request_decided": "申请答复", "promise": "承诺日前一天", "plan_part": "分期到期", "refund_done": "退款到账",
}

var subjectWords = map[string]string{
	"order": "订单", "room": "房产", "staff": "员工", "finding": "对账差异", "reconciliation": "对账", "community": "小区", "import": "导入",
	"list": "列表", "evidence": "微信凭证", "bill": "账单", "payment": "缴费", "tariff": "收费标准", "billing_run": "账单批次", "charge": "公摊与一次性收费", "request": "申请", "plan": "分期计划",
	"desk_day": "日结", "collection_batch": "托收批次", "mandate": "托收协议",
	"finding_booking": "待查款",
	"refund":          "退款",
	"receipt":         "收据",
}

var actionWords = map[string]string{
	"desk.taken": "收款台收款", "desk.reversed": "收款冲正", "desk.closed": "日结",
	"mandate.made": "登记托收协议", "mandate.ended": "终止托收协议", "collection.made": "生成托收批次", "collection.cancelled": "撤销托收批次",
	"collection.exported": "导出银行文件", "collection.answered": "导入银行回盘", "collection.paid": "托收成功", "collection.failed": "托收失败",
	"order.created": "创建订单", "order.paid": "订单入账", "order.closed": "关闭订单", "order.exception": "标记异常", "order.exception_ended": "结束异常订单",
	"binding.added": "绑定房产", "binding.removed": "解除绑定", "room.changed": "修改房产资料",
	"binding.changed": "变更绑定", "room.transferred": "房屋过户", "owner.renamed": "更正业主姓名", "tenant.added": "登记租户", "tenant.ended": "结束租赁",
	"meters.read": "抄表", "meter.added": "登记新表", "meter.replaced": "换表", "meter.multiplier": "改倍率", "meter.digits": "登记表位数", "reading.estimated": "读数标为估抄",
	"prepaid.moved": "预存改变用途", "community.settlement": "改变冲抵顺序",
	"finding.settled": "差异已补记", "finding.surplus": "差异已转预存", "finding.gone": "差异已消失",
	"finding.surplus_room": "差异登记为多收款", "finding.suspense": "差异登记为待查款", "finding.accepted": "接受差异", "finding.asked_surplus": "申请登记为多收款",
	"finding.asked_suspense": "申请登记为待查款", "finding.refused": "驳回差异处理申请", "suspense.asked": "申请认领待查款", "suspense.moved": "待查款存入预存",
	"merchant_rule.set": "指定收款商户", "merchant_rule.dropped": "取消指定商户",
	"reconciliation.signed": "对账签核", "reconciliation.reopened": "对账签核失效",
	"request.asked": "提交申请", "request.approved": "同意申请", "request.rejected": "不同意申请", "bill.waiver": "减免违约金", "bill.correction": "更正账单",
	"bill.void": "作废账单", "bill.discount": "账单优惠", "plan.made": "分期生效", "plan.kept": "分期完成", "plan.broken": "分期终止",
	"billing_run.made": "核算账单批次", "billing_run.published": "发布账单批次", "billing_run.redrafted": "重新核算批次", "billing_run.discarded": "放弃账单批次", "bills.issued": "出账",
	"tariff.added": "新增收费标准", "tariff.changed": "导入修改收费标准", "tariff.ended": "结束收费标准", "charge.shared": "公摊出账", "charge.one_off": "一次性收费出账",
	"charge.void_asked": "申请作废公摊", "charge.void_approved": "同意作废公摊", "charge.void_refused": "驳回作废公摊", "vacancy.requested": "空置登记", "vacancy.approved": "同意空置",
	"vacancy.refused": "驳回空置", "vacancy.ended": "提前结束空置", "community.bill_day": "设置自动出账日",
	"receipt.voided": "收据作废", "receipt.issued_late": "补开收据", "invoice.asked": "申请发票", "invoice.issued": "登记发票", "invoice.refused": "不予开票",
	"share.made": "分享账单代缴", "share.revoked": "撤销分享",
	"reconciliation.asked": "重新对账", "community.added": "新建小区",
	"import.rooms": "导入房产业主", "import.arrears": "导入期初欠费", "import.tariffs": "导入收费标准", "import.meters": "导入抄表数据",
	"refund.asked": "申请退款", "refund.approved": "同意退款", "refund.rejected": "驳回退款", "refund.processing": "微信已受理退款", "refund.success": "退款到账",
	"refund.closed": "退款关闭", "refund.abnormal": "退款异常", "refund.by_hand": "人工处理退款", "refund.to_pay": "待人工退款", "bill.refunded": "账单退款",
	"staff.added": "添加员工", "staff.disabled": "停用员工", "staff.enabled": "恢复员工", "staff.password": "修改密码",
	"staff.signed_in": "登录", "staff.signed_out": "退出登录", "list.exported": "导出列表", "evidence.erased": "清除过期凭证", "shipment.retried": "重新上传发货信息",
}

func actionWord(code string) string { return word(actionWords, code) }

// actorWord says who did something: staff by name, the program by what ran, owners
// without a name.
func actorWord(kind, name string) string {
	switch kind {
	case models.ActorUser:
		return "业主（小程序）"
	case models.ActorSystem:
		return "系统 · " + word(systemWords, name)
	}
	return orDash(name)
}

var systemWords = map[string]string{
	"wechat-callback": "微信支付通知", "wechat-query": "订单查询", "reconcile": "自动对账", "checkout": "下单", "reminder": "催缴提醒", "billing": "自动出账", "discounts": "年付优惠",
	"command line": "命令行", "evidence": "凭证清理", "plans": "分期检查", "demo": "演示数据",
	"refunds": "退款办理", "surplus": "多付退回",
}

// outcomeWords turn what a job says of itself into Chinese; what it says in other
// words stays as it is.
var outcomeWords = strings.NewReplacer("asked about ", "查询 ", " orders", " 个订单", "queued ", "待发 ", "sent ", "已发 ", ", ", "，", " messages", " 条",
	" merchants", " 个商户", " differences", " 条差异", " days made up for", " 天补做", "first start: nothing to make up for", "首次启动，没有需要补做的")

// resolvedBy says who settled a finding.
func resolvedBy(name string) string {
	if name == "" {
		return "—"
	}
	return strings.TrimSpace(word(systemWords, name))
}
