package console

import "strings"

// menuItem is a line of the menu.
type menuItem struct {
	Path   string
	Text   string
	Icon   string
	Group  string // heading above it: set on the first that is shown of its group
	Active bool
	need   permission
}

// menuGroups are the parts of the menu, in order.
var menuGroups = []struct {
	Name  string
	Items []menuItem
}{
	{"", []menuItem{
		{Path: "/staff/", Text: "工作台", Icon: "home", need: permSelf},
	}},
	{"业主与欠费", []menuItem{
		{Path: "/staff/rooms", Text: "房产与业主", Icon: "building", need: permRooms},
		{Path: "/staff/arrears", Text: "欠费台账", Icon: "list", need: permRooms},
		{Path: "/staff/requests", Text: "申请与审批", Icon: "list", need: permRequests},
		{Path: "/staff/reports", Text: "收费率报表", Icon: "scale", need: permRooms},
	}},
	{"计费出账", []menuItem{
		{Path: "/staff/meters", Text: "抄表", Icon: "gauge", need: permMeters},
		{Path: "/staff/billing", Text: "账单批次", Icon: "receipt", need: permBilling},
		{Path: "/staff/tariffs", Text: "收费标准", Icon: "list", need: permBilling},
		{Path: "/staff/charges", Text: "公摊与一次性", Icon: "scale", need: permBilling},
		{Path: "/staff/vacancies", Text: "空置登记", Icon: "building", need: permRooms},
	}},
	{"收款", []menuItem{
		{Path: "/staff/desk", Text: "收款台", Icon: "receipt", need: permDesk},
		{Path: "/staff/dayclose", Text: "日结", Icon: "scale", need: permDesk},
		{Path: "/staff/collection", Text: "银行托收", Icon: "receipt", need: permCollect},
		{Path: "/staff/takings", Text: "收款日报", Icon: "list", need: permTakings},
		{Path: "/staff/orders", Text: "订单", Icon: "receipt", need: permOrders},
		{Path: "/staff/refunds", Text: "退款", Icon: "left", need: permOrders},
		{Path: "/staff/receipts", Text: "收据", Icon: "receipt", need: permOrders},
		{Path: "/staff/invoices", Text: "发票申请", Icon: "list", need: permInvoices},
	}},
	{"微信对账", []menuItem{
		{Path: "/staff/reconcile", Text: "微信对账", Icon: "scale", need: permReconcile},
		{Path: "/staff/findings", Text: "对账差异", Icon: "list", need: permReconcile},
		{Path: "/staff/events", Text: "异常通知", Icon: "bell", need: permReconcile},
		{Path: "/staff/evidence", Text: "微信凭证", Icon: "list", need: permReconcile},
		{Path: "/staff/merchants", Text: "商户", Icon: "gear", need: permReconcile},
	}},
	{"管理", []menuItem{
		{Path: "/staff/audit", Text: "操作日志", Icon: "list", need: permAudit},
		{Path: "/staff/people", Text: "员工", Icon: "users", need: permStaff},
		{Path: "/staff/settings", Text: "设置检查", Icon: "gear", need: permSettings},
	}},
}

// menu is what the member of staff may open.
func (c *call) menu() []menuItem {
	var out []menuItem
	at := c.r.URL.Path
	for _, g := range menuGroups {
		heading := g.Name
		for _, m := range g.Items {
			if c.staff.ID == "" || !c.can(m.need) {
				continue
			}
			m.Group, heading = heading, ""
			m.Active = at == m.Path || (m.Path != homePath && strings.HasPrefix(at, m.Path+"/"))
			out = append(out, m)
		}
	}
	return out
}
