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
	permSettings     permission = "settings"      // 设置检查
)

// granted is which role may do what. Stewards have no permission whose page shows
// more than their own rooms.
var granted = map[string][]permission{
	models.RoleCashier: {permSelf, permNames, permRooms, permOrders, permTakings},
	models.RoleSteward: {permSelf, permNames, permRooms, permOrders},
	models.RoleFinance: {permSelf, permNames, permRooms, permOrders, permTakings, permReconcile, permReconcileRun},
	models.RoleManager: {permSelf, permNames, permRooms, permOrders, permTakings, permReconcile, permReconcileRun, permAudit, permStaff},
	models.RoleAdmin: {permSelf, permNames, permRooms, permOrders, permTakings, permReconcile, permReconcileRun, permAudit, permStaff,
		permStaffEdit, permSettings},
}

// may tells whether the member of staff has a permission.
func may(s models.Staff, p permission) bool {
	return p == permNone || slices.Contains(granted[s.Role], p)
}
