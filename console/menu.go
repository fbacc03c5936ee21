package console

import (
	"wuyepay/console/ui"
	"wuyepay/models/office"
)

// menu is the menu in order. An item is shown to those who have its permission.
var menu = []ui.MenuGroup{
	{Name: "", Items: []ui.MenuItem{
		{Path: "/staff/", Text: "工作台", Icon: "home", Need: office.PermSelf},
	}},
	{Name: "业主与欠费", Items: []ui.MenuItem{
		{Path: "/staff/rooms", Text: "房产与业主", Icon: "building", Need: office.PermRooms},
		{Path: "/staff/parties", Text: "建设单位", Icon: "building", Need: office.PermTakings},
		{Path: "/staff/arrears", Text: "欠费台账", Icon: "list", Need: office.PermRooms},
		{Path: "/staff/requests", Text: "申请与审批", Icon: "list", Need: office.PermRequests},
		{Path: "/staff/reports", Text: "收费率报表", Icon: "scale", Need: office.PermRooms},
	}},
	{Name: "计费出账", Items: []ui.MenuItem{
		{Path: "/staff/meters", Text: "抄表", Icon: "gauge", Need: office.PermMeters},
		{Path: "/staff/billing", Text: "账单批次", Icon: "receipt", Need: office.PermBilling},
		{Path: "/staff/shadow", Text: "新旧系统对账", Icon: "scale", Need: office.PermBilling},
		{Path: "/staff/tariffs", Text: "收费标准", Icon: "list", Need: office.PermBilling},
		{Path: "/staff/late-rules", Text: "违约金规则", Icon: "scale", Need: office.PermBilling},
		{Path: "/staff/charges", Text: "公摊与一次性", Icon: "scale", Need: office.PermBilling},
		{Path: "/staff/slips", Text: "有偿服务单", Icon: "list", Need: office.PermSlips},
		{Path: "/staff/vacancies", Text: "空置登记", Icon: "building", Need: office.PermRooms},
		{Path: "/staff/imports", Text: "导入", Icon: "download", Need: office.PermImports},
	}},
	{Name: "收款", Items: []ui.MenuItem{
		{Path: "/staff/desk", Text: "收款台", Icon: "receipt", Need: office.PermDesk},
		{Path: "/staff/dayclose", Text: "日结", Icon: "scale", Need: office.PermDesk},
		{Path: "/staff/collection", Text: "银行托收", Icon: "receipt", Need: office.PermCollect},
		{Path: "/staff/takings", Text: "收款日报", Icon: "list", Need: office.PermTakings},
		{Path: "/staff/orders", Text: "订单", Icon: "receipt", Need: office.PermOrders},
		{Path: "/staff/refunds", Text: "退款", Icon: "left", Need: office.PermOrders},
		{Path: "/staff/receipts", Text: "收据", Icon: "receipt", Need: office.PermOrders},
		{Path: "/staff/invoices", Text: "发票申请", Icon: "list", Need: office.PermInvoices},
	}},
	{Name: "微信对账", Items: []ui.MenuItem{
		{Path: "/staff/reconcile", Text: "微信对账", Icon: "scale", Need: office.PermReconcile},
		{Path: "/staff/findings", Text: "对账差异", Icon: "list", Need: office.PermReconcile},
		{Path: "/staff/events", Text: "异常通知", Icon: "bell", Need: office.PermReconcile},
		{Path: "/staff/evidence", Text: "微信凭证", Icon: "list", Need: office.PermReconcile},
		{Path: "/staff/merchants", Text: "商户", Icon: "gear", Need: office.PermReconcile},
	}},
	{Name: "管理", Items: []ui.MenuItem{
		{Path: "/staff/audit", Text: "操作日志", Icon: "list", Need: office.PermAudit},
		{Path: "/staff/holidays", Text: "节假日", Icon: "list", Need: office.PermHolidays},
		{Path: "/staff/people", Text: "员工", Icon: "users", Need: office.PermStaff},
		{Path: "/staff/settings", Text: "设置检查", Icon: "gear", Need: office.PermSettings},
	}},
}
