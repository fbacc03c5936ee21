package console

import (
	"slices"

	"wuyepay/models"
)

// permission is something that a role may open or do. Each route names the one it
// needs.
type permission string

const (
	permNone         permission = ""              // nobody has to be signed in
	permSelf         permission = "self"          // whoever is signed in
	permNames        permission = "names"         // owners' names in full
	permRooms        permission = "rooms"         // 房产与业主, of the staff's own scope
	permOrders       permission = "orders"        // 订单, of the staff's own scope
	permTakings      permission = "takings"       // sums over all rooms
	permReconcile    permission = "reconcile"     // 微信对账 and 异常通知
	permReconcileRun permission = "reconcile_run" // 重新对账
	permAudit        permission = "audit"         // 操作日志
	permStaff        permission = "staff"         // list of accounts
	permStaffEdit    permission = "staff_edit"    // add, disable, new password
	permRequests     permission = "requests"      // 申请与审批: see, ask and, by kind, decide; of the staff's own scope
	permMeters       permission = "meters"        // 抄表: see
	permMetersEdit   permission = "meters_edit"   // type readings, replace a meter
	permPrepaidMove  permission = "prepaid_move"  // 预存改变用途
	permBilling      permission = "billing"       // 收费标准, 账单批次, 公摊, 一次性收费
	permApprove      permission = "approve"       // 自动出账日, and to approve 空置 and 作废公摊
	permSettings     permission = "settings"      // 设置检查
	permInvoices     permission = "invoices"      // 发票申请
	permHolders      permission = "holders"       // 过户, 更正姓名, 租户
	permDesk         permission = "desk"          // 收款台, 收款流水, 冲正, 日结; who may undo or close what is in the operation
	permCollect      permission = "collect"       // 托收: agreements, batches, files

	permRefundAsk     permission = "refund_ask"     // 申请退款
	permRefundApprove permission = "refund_approve" // 审批退款
	permRefundKeep    permission = "refund_keep"    // 跟进退款: send now, by hand, give up
)

// granted is which role may do what. Stewards have no permission whose page shows
// more than their own rooms.
var granted = map[string][]permission{
	models.RoleCashier: {permSelf, permDesk, permMeters, permMetersEdit, permPrepaidMove, permNames, permRooms, permRequests, permOrders, permTakings, permRefundAsk},
	models.RoleSteward: {permSelf, permMeters, permMetersEdit, permNames, permRooms, permRequests, permOrders},
	models.RoleFinance: {permSelf, permDesk, permCollect, permMeters, permPrepaidMove, permNames, permRooms, permRequests, permOrders, permTakings, permReconcile, permReconcileRun, permHolders, permBilling, permRefundAsk, permRefundKeep, permInvoices},
	models.RoleManager: {permSelf, permDesk, permCollect, permMeters, permMetersEdit, permPrepaidMove, permNames, permRooms, permRequests, permOrders, permTakings, permReconcile, permReconcileRun, permAudit, permStaff, permHolders, permBilling, permApprove,
		permRefundAsk, permRefundApprove, permRefundKeep, permInvoices},
	models.RoleAdmin: {permSelf, permDesk, permCollect, permMeters, permMetersEdit, permPrepaidMove, permNames, permRooms, permRequests, permOrders, permTakings, permReconcile, permReconcileRun, permAudit, permStaff,
		permStaffEdit, permSettings, permHolders, permBilling, permApprove, permRefundAsk, permRefundApprove, permRefundKeep, permInvoices},
}

// may tells whether the member of staff has a permission.
func may(s models.Staff, p permission) bool {
	return p == permNone || slices.Contains(granted[s.Role], p)
}
