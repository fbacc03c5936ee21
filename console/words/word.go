package words

import (
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
)

func OrDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

var Bands = map[fees.AgingBucket]string{fees.BandNotDue: "未到应缴日", fees.Band30: "0–30 天", fees.Band90: "31–90 天", fees.Band180: "91–180 天",
	fees.Band365: "181–365 天", fees.BandOver: "365 天以上", fees.BandDue: "已到应缴日"}

// PrepaidItem says what prepayment is kept for.
func PrepaidItem(item string) string {
	if item == "" {
		return "通用"
	}
	return item
}

var Receipts = map[string]string{receipts.ReceiptIssued: "有效", receipts.ReceiptVoid: "已作废"}

var Refunds = map[string]string{
	money.RefundAsked: "待审批", money.RefundRejected: "已驳回", money.RefundSending: "待发出", money.RefundProcessing: "微信处理中",
	money.RefundSuccess: "已到账", money.RefundClosed: "已关闭", money.RefundAbnormal: "退款异常",
}

var RefundTones = map[string]string{
	money.RefundAsked: "blue", money.RefundRejected: "secondary", money.RefundSending: "orange", money.RefundProcessing: "orange",
	money.RefundSuccess: "green", money.RefundClosed: "secondary", money.RefundAbnormal: "red",
}

var Requests = map[string]string{
	fees.RequestWaiver: "减免违约金", fees.RequestCorrection: "更正账单", fees.RequestVoid: "作废账单",
	fees.RequestInstalment: "分期缴费", fees.RequestDispute: "账单异议", fees.RequestPromise: "承诺缴费日",
	fees.RequestRefund: "退还预存",
}

var RequestStates = map[string]string{fees.RequestOpen: "待审批", fees.RequestApproved: "已同意", fees.RequestRejected: "未同意"}

var Entries = map[string]string{fees.EntryWaiver: "减免违约金", fees.EntryCorrection: "更正本金", fees.EntryVoid: "作废", fees.EntryDiscount: "优惠"}

var Plans = map[string]string{fees.PlanActive: "进行中", fees.PlanKept: "已完成", fees.PlanBroken: "已终止"}

var Methods = map[string]string{fees.MethodArea: "按面积", fees.MethodFixed: "固定", fees.MethodMeter: "按表", fees.MethodShared: "公摊", fees.MethodOneOff: "一次性"}

var PrepaidTo = map[string]string{estate.PrepaidStays: "随房屋转给新业主", estate.PrepaidFormer: "转出，应退原业主"}

// Of is the Chinese of a code; a code without one is shown as it is, so that
// nothing new is hidden from staff.
func Of(known map[string]string, code string) string {
	if w, ok := known[code]; ok {
		return w
	}
	return OrDash(code)
}

var Roles = map[string]string{
	office.RoleCashier: "收费员", office.RoleSteward: "管家", office.RoleFinance: "财务", office.RoleManager: "项目经理", office.RoleAdmin: "管理员",
}

// Holders are the ways in which a phone is bound to a room.
var Holders = map[string]string{
	estate.RoleOwner: "业主", estate.RoleFamily: "家属", estate.RoleTenant: "租户", estate.RolePayer: "代缴人",
	"phone": "微信手机号验证", "form": "房号姓名核对",
}

var Orders = map[string]string{
	money.OrderPending: "待支付", money.OrderPaid: "已支付", money.OrderClosed: "已关闭", money.OrderException: "异常待核",
	money.OrderRefunding: "退款中", money.OrderRefunded: "已退款", money.OrderPartRefunded: "部分退款",
}

// OrderTones are the colours of the states, as Tabler calls them.
var OrderTones = map[string]string{
	money.OrderPending: "blue", money.OrderPaid: "green", money.OrderClosed: "secondary", money.OrderException: "red",
	money.OrderRefunding: "orange", money.OrderRefunded: "secondary", money.OrderPartRefunded: "orange",
}

var Bills = map[string]string{
	fees.BillUnpaid: "未缴", fees.BillPartial: "部分已缴", fees.BillPaid: "已缴清", fees.BillVoid: "已作废",
}

var Learned = map[string]string{
	money.LearnedByCallback: "微信支付通知", money.LearnedByQuery: "主动查询", money.LearnedByReconcile: "对账补记",
	money.LearnedByDesk: "收款台登记", money.LearnedByBank: "银行回盘",
}

var Settlements = map[string]string{estate.LateFeeFirst: "先应缴日早的账单，同一账单先违约金后本金", estate.PrincipalFirst: "先应缴日早的账单，同一账单先本金后违约金"}
