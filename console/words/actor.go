package words

import (
	"strings"

	"wuyepay/models"
)

// actions are the words of what the audit log records.
var actions = map[string]string{
	"desk.taken": "收款台收款", "desk.reversed": "收款冲正", "desk.closed": "日结",
	"mandate.made": "登记托收协议", "mandate.ended": "终止托收协议", "collection.made": "生成托收批次", "collection.cancelled": "撤销托收批次",
	"collection.exported": "导出银行文件", "collection.answered": "导入银行回盘", "collection.paid": "托收成功", "collection.failed": "托收失败",
	"order.created": "创建订单", "order.paid": "订单入账", "order.closed": "关闭订单", "order.exception": "标记异常", "order.exception_ended": "结束异常订单",
	"binding.added": "绑定房产", "binding.removed": "解除绑定", "room.changed": "修改房产资料",
	"binding.changed": "变更绑定", "room.transferred": "房屋过户", "owner.renamed": "更正业主姓名", "tenant.added": "登记租户", "tenant.ended": "结束租赁",
	"meters.read": "抄表", "meter.added": "登记新表", "meter.replaced": "换表", "meter.multiplier": "改倍率", "meter.digits": "登记表位数",
	"reading.estimated": "读数标为估抄", "reading.withdrawal_asked": "申请撤回读数", "reading.withdrawn": "撤回读数",
	"reading.withdrawal_refused": "不同意撤回读数", "billing_run.gaps": "选择补出以前日期",
	"prepaid.moved": "预存改变用途", "community.settlement": "改变冲抵顺序",
	"finding.settled": "差异已补记", "finding.surplus": "差异已转预存", "finding.gone": "差异已消失",
	"finding.surplus_room": "差异登记为多收款", "finding.suspense": "差异登记为待查款", "finding.accepted": "接受差异", "finding.asked_surplus": "申请登记为多收款",
	"finding.asked_suspense": "申请登记为待查款", "finding.refused": "驳回差异处理申请", "suspense.asked": "申请认领待查款", "suspense.moved": "待查款存入预存",
	"merchant_rule.set": "指定收款商户", "merchant_rule.dropped": "取消指定商户",
	"reconciliation.signed": "对账签核", "reconciliation.reopened": "对账签核失效",
	"request.asked": "提交申请", "request.approved": "同意申请", "request.rejected": "不同意申请", "bill.waiver": "减免违约金", "bill.correction": "更正账单",
	"bill.void": "作废账单", "bill.discount": "账单优惠", "plan.made": "分期生效", "plan.kept": "分期完成", "plan.broken": "分期终止",
	"billing_run.made": "核算账单批次", "billing_run.published": "发布账单批次", "billing_run.redrafted": "重新核算批次",
	"billing_run.discarded": "放弃账单批次", "bills.issued": "出账", "shadow.started": "新旧系统对账",
	"tariff.added": "新增收费标准", "tariff.changed": "导入修改收费标准", "tariff.ended": "结束收费标准", "charge.shared": "公摊出账", "charge.one_off": "一次性收费出账",
	"charge.void_asked": "申请作废公摊", "charge.void_approved": "同意作废公摊", "charge.void_refused": "驳回作废公摊", "vacancy.requested": "空置登记",
	"vacancy.approved": "同意空置",
	"vacancy.refused":  "驳回空置", "vacancy.ended": "提前结束空置", "community.bill_day": "设置自动出账日",
	"late_rule.requested": "申请调整违约金规则", "late_rule.approved": "同意调整违约金规则", "late_rule.refused": "驳回调整违约金规则",
	"owner.phone":    "修改业主电话",
	"receipt.voided": "收据作废", "receipt.issued_late": "补开收据", "invoice.asked": "申请发票", "invoice.issued": "登记发票", "invoice.refused": "不予开票",
	"share.made": "分享账单代缴", "share.revoked": "撤销分享",
	"reconciliation.asked": "重新对账", "community.added": "新建小区",
	"import.uploaded": "上传导入文件", "import.committed": "确认导入", "import.discarded": "放弃导入", "import.back_asked": "申请撤回导入",
	"import.taking_back": "撤回导入", "import.taken_back": "导入已撤回", "import.back_refused": "不撤回导入", "import.file_taken": "下载导入的原文件",
	"import.rooms": "导入房产业主", "import.arrears": "导入期初欠费", "import.tariffs": "导入收费标准", "import.meters": "导入抄表数据",
	"import.holidays": "导入节假日", "holiday.set": "登记节假日", "holiday.dropped": "删除节假日",
	"refund.asked": "申请退款", "refund.approved": "同意退款", "refund.rejected": "驳回退款", "refund.processing": "微信已受理退款", "refund.success": "退款到账",
	"refund.closed": "退款关闭", "refund.abnormal": "退款异常", "refund.by_hand": "人工处理退款", "refund.to_pay": "待人工退款", "bill.refunded": "账单退款",
	"staff.added": "添加员工", "staff.disabled": "停用员工", "staff.enabled": "恢复员工", "staff.password": "修改密码",
	"staff.signed_in": "登录", "staff.signed_out": "退出登录", "list.exported": "导出列表", "evidence.erased": "清除过期凭证",
	"shipment.retried": "重新上传发货信息",
	"developer.made":   "登记建设单位", "developer.changed": "更正建设单位资料", "developer.rooms": "未售房屋归建设单位",
	"desk.group_taken": "合并收款", "desk.group_reversed": "合并收款冲正",
	"slip.made": "开服务单", "slip.redrawn": "修改服务单", "slip.offered": "发出服务单", "slip.recalled": "撤回服务单", "slip.cancelled": "取消服务单",
	"slip.declined": "业主拒绝服务单", "slip.signed": "服务单签字",
}

// Action returns the word of an action in the audit log.
func Action(code string) string { return Of(actions, code) }

// Actor returns who did something: staff by name, the program by the part that ran, and
// owners without a name.
func Actor(kind, name string) string {
	switch kind {
	case models.ActorUser:
		return "业主（小程序）"
	case models.ActorSystem:
		return "系统 · " + Of(systems, name)
	}
	return OrDash(name)
}

// systems are the parts of the program that act by themselves.
var systems = map[string]string{
	"wechat-callback": "微信支付通知", "wechat-query": "订单查询", "reconcile": "自动对账", "checkout": "下单", "reminder": "催缴提醒", "billing": "自动出账",
	"discounts":    "年付优惠",
	"command line": "命令行", "evidence": "凭证清理", "plans": "分期检查", "demo": "演示数据",
	"refunds": "退款办理", "surplus": "多付退回",
}

// ResolvedBy returns who settled a finding: a name, or the part of the program.
func ResolvedBy(name string) string {
	if name == "" {
		return "—"
	}
	return strings.TrimSpace(Of(systems, name))
}
