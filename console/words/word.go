package words

import "wuyepay/models"

func OrDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

var Bands = map[models.Band]string{models.BandNotDue: "未到应缴日", models.Band30: "0–30 天", models.Band90: "31–90 天", models.Band180: "91–180 天",
	models.Band365: "181–365 天", models.BandOver: "365 天以上", models.BandDue: "已到应缴日"}

// PrepaidItem says what prepayment is kept for.
func PrepaidItem(item string) string {
	if item == "" {
		return "通用"
	}
	return item
}

var Receipts = map[string]string{models.ReceiptIssued: "有效", models.ReceiptVoid: "已作废"}

var Refunds = map[string]string{
	models.RefundAsked: "待审批", models.RefundRejected: "已驳回", models.RefundSending: "待发出", models.RefundProcessing: "微信处理中",
	models.RefundSuccess: "已到账", models.RefundClosed: "已关闭", models.RefundAbnormal: "退款异常",
}

var RefundTones = map[string]string{
	models.RefundAsked: "blue", models.RefundRejected: "secondary", models.RefundSending: "orange", models.RefundProcessing: "orange",
	models.RefundSuccess: "green", models.RefundClosed: "secondary", models.RefundAbnormal: "red",
}

var Requests = map[string]string{
	models.RequestWaiver: "减免违约金", models.RequestCorrection: "更正账单", models.RequestVoid: "作废账单",
	models.RequestInstalment: "分期缴费", models.RequestDispute: "账单异议", models.RequestPromise: "承诺缴费日",
	models.RequestRefund: "退还预存",
}

var RequestStates = map[string]string{models.RequestOpen: "待审批", models.RequestApproved: "已同意", models.RequestRejected: "未同意"}

var Entries = map[string]string{models.EntryWaiver: "减免违约金", models.EntryCorrection: "更正本金", models.EntryVoid: "作废", models.EntryDiscount: "优惠"}

var Plans = map[string]string{models.PlanActive: "进行中", models.PlanKept: "已完成", models.PlanBroken: "已终止"}

var Methods = map[string]string{models.MethodArea: "按面积", models.MethodFixed: "固定", models.MethodMeter: "按表", models.MethodShared: "公摊", models.MethodOneOff: "一次性"}

var PrepaidTo = map[string]string{models.PrepaidStays: "随房屋转给新业主", models.PrepaidFormer: "转出，应退原业主"}

// Of is the Chinese of a code; a code without one is shown as it is, so that
// nothing new is hidden from staff.
func Of(known map[string]string, code string) string {
	if w, ok := known[code]; ok {
		return w
	}
	return OrDash(code)
}

var Roles = map[string]string{
	models.RoleCashier: "收费员", models.RoleSteward: "管家", models.RoleFinance: "财务", models.RoleManager: "项目经理", models.RoleAdmin: "管理员",
}

// Holders are the ways in which a phone is bound to a room.
var Holders = map[string]string{
	models.RoleOwner: "业主", models.RoleFamily: "家属", models.RoleTenant: "租户", models.RolePayer: "代缴人",
	"phone": "微信手机号验证", "form": "房号姓名核对",
}

var Orders = map[string]string{
	models.OrderPending: "待支付", models.OrderPaid: "已支付", models.OrderClosed: "已关闭", models.OrderException: "异常待核",
	models.OrderRefunding: "退款中", models.OrderRefunded: "已退款", models.OrderPartRefunded: "部分退款",
}

// OrderTones are the colours of the states, as Tabler calls them.
var OrderTones = map[string]string{
	models.OrderPending: "blue", models.OrderPaid: "green", models.OrderClosed: "secondary", models.OrderException: "red",
	models.OrderRefunding: "orange", models.OrderRefunded: "secondary", models.OrderPartRefunded: "orange",
}

var Bills = map[string]string{
	models.BillUnpaid: "未缴", models.BillPartial: "部分已缴", models.BillPaid: "已缴清", models.BillVoid: "已作废",
}

var Learned = map[string]string{
	models.LearnedByCallback: "微信支付通知", models.LearnedByQuery: "主动查询", models.LearnedByReconcile: "对账补记",
	models.LearnedByDesk: "收款台登记", models.LearnedByBank: "银行回盘",
}

var Settlements = map[string]string{models.LateFeeFirst: "先应缴日早的账单，同一账单先违约金后本金", models.PrincipalFirst: "先应缴日早的账单，同一账单先本金后违约金"}
