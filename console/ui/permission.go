package ui

import (
	"slices"

	"wuyepay/models/office"
)

// Permission is something that a role may open or do. Each route names the one it needs.
type Permission string

// The permissions. Their values appear in templates.
const (
	PermNone         Permission = ""              // nobody has to be signed in
	PermSelf         Permission = "self"          // anybody who has signed in
	PermNames        Permission = "names"         // owners' names in full
	PermRooms        Permission = "rooms"         // 房产与业主, of the staff's own scope
	PermOrders       Permission = "orders"        // 订单, of the staff's own scope
	PermTakings      Permission = "takings"       // sums over all rooms
	PermReconcile    Permission = "reconcile"     // 微信对账 and 异常通知
	PermReconcileRun Permission = "reconcile_run" // 重新对账
	PermAudit        Permission = "audit"         // 操作日志
	PermStaff        Permission = "staff"         // list of staff
	PermStaffEdit    Permission = "staff_edit"    // add, disable, new password
	PermRequests     Permission = "requests"      // 申请与审批: see, ask and, by kind, decide; of the staff's own scope
	PermMeters       Permission = "meters"        // 抄表: see
	PermMetersEdit   Permission = "meters_edit"   // type readings, replace a meter
	PermPrepaidMove  Permission = "prepaid_move"  // 预存改变用途
	PermBilling      Permission = "billing"       // 收费标准, 账单批次, 公摊, 一次性收费
	PermApprove      Permission = "approve"       // 自动出账日, and to approve 空置 and 作废公摊
	PermSettings     Permission = "settings"      // 设置检查
	PermInvoices     Permission = "invoices"      // 发票申请
	PermHolders      Permission = "holders"       // 过户, 更正姓名, 租户
	PermDesk         Permission = "desk"          // 收款台, 收款流水, 冲正, 日结; payment decides who may undo or close what
	PermCollect      Permission = "collect"       // 托收: agreements, batches, files

	PermRefundAsk     Permission = "refund_ask"     // 申请退款
	PermRefundApprove Permission = "refund_approve" // 审批退款
	PermRefundKeep    Permission = "refund_keep"    // 跟进退款: send now, pay by hand, abandon
)

// granted are the permissions of each role. Stewards have none whose page shows more than
// their own rooms.
var granted = map[string][]Permission{
	office.RoleCashier: {PermSelf, PermDesk, PermMeters, PermMetersEdit, PermPrepaidMove, PermNames, PermRooms, PermRequests,
		PermOrders, PermTakings, PermRefundAsk},
	office.RoleSteward: {PermSelf, PermMeters, PermMetersEdit, PermNames, PermRooms, PermRequests, PermOrders},
	office.RoleFinance: {PermSelf, PermDesk, PermCollect, PermMeters, PermPrepaidMove, PermNames, PermRooms, PermRequests, PermOrders,
		PermTakings, PermReconcile, PermReconcileRun, PermHolders, PermBilling, PermRefundAsk, PermRefundKeep, PermInvoices},
	office.RoleManager: {PermSelf, PermDesk, PermCollect, PermMeters, PermMetersEdit, PermPrepaidMove, PermNames, PermRooms,
		PermRequests, PermOrders, PermTakings, PermReconcile, PermReconcileRun, PermAudit, PermStaff, PermHolders, PermBilling,
		PermApprove, PermRefundAsk, PermRefundApprove, PermRefundKeep, PermInvoices},
	office.RoleAdmin: {PermSelf, PermDesk, PermCollect, PermMeters, PermMetersEdit, PermPrepaidMove, PermNames, PermRooms,
		PermRequests, PermOrders, PermTakings, PermReconcile, PermReconcileRun, PermAudit, PermStaff, PermStaffEdit, PermSettings,
		PermHolders, PermBilling, PermApprove, PermRefundAsk, PermRefundApprove, PermRefundKeep, PermInvoices},
}

// may reports whether the member of staff has the permission.
func may(s office.Staff, p Permission) bool {
	return p == PermNone || slices.Contains(granted[s.Role], p)
}

// MayApprove reports whether the member of staff may approve what others registered:
// vacancies, and that a charge is made void.
func MayApprove(s office.Staff) bool { return may(s, PermApprove) }
