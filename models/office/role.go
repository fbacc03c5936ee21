package office

import "slices"

// Roles of staff.
const (
	RoleCashier = "cashier" // 收费员
	RoleSteward = "steward" // 管家: sees only their own rooms, see [Scope]
	RoleFinance = "finance" // 财务
	RoleManager = "manager" // 项目经理
	RoleAdmin   = "admin"   // 管理员
)

// StaffRoles lists the roles.
var StaffRoles = []string{RoleCashier, RoleSteward, RoleFinance, RoleManager, RoleAdmin}

// Permission is something that a role may open or do. Routes of the console and
// operations ask for one by [Staff.Can]; what it needs besides, such as that the person
// who approves is not the one who asked, is the operation's own rule.
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
	PermBilling      Permission = "billing"       // 收费标准, 违约金规则, 账单批次, 公摊, 一次性收费
	PermApprove      Permission = "approve"       // 自动出账日, and to approve 空置, 作废公摊 and 违约金规则
	PermSettings     Permission = "settings"      // 设置检查
	PermHolidays     Permission = "holidays"      // 节假日: see, add and remove
	PermInvoices     Permission = "invoices"      // 发票申请
	PermHolders      Permission = "holders"       // 过户, 更正姓名, 租户
	PermRoomsEdit    Permission = "rooms_edit"    // 房产资料: price, area, kind, cycle, steward; 登记号码 of owners
	PermPhones       Permission = "phones"        // further phone numbers of owners, of the staff's own scope
	PermDesk         Permission = "desk"          // 收款台, 收款流水, 冲正 of another, one's own 日结
	PermCollect      Permission = "collect"       // 托收: agreements, batches, files
	PermImports      Permission = "imports"       // 导入: files in, previews, commit, asking to take back
	PermImportBack   Permission = "import_back"   // to agree that an import of arrears is taken back

	PermSlips     Permission = "slips"      // 有偿服务单: draw, offer, recall, cancel; of the staff's own scope
	PermSlipPaper Permission = "slip_paper" // 登记纸质签字 of a slip that another drew

	PermDecideEntry Permission = "decide_entry" // 审批减免, 更正, 作废; 答复付款承诺
	PermDecideTerms Permission = "decide_terms" // 审批分期, 账单异议, 退还预存
	PermReverseOwn  Permission = "reverse_own"  // 冲正 what one entered oneself, and close another's day

	PermRefundAsk     Permission = "refund_ask"     // 申请退款
	PermRefundApprove Permission = "refund_approve" // 审批退款
	PermRefundKeep    Permission = "refund_keep"    // 跟进退款: send now, pay by hand, abandon
)

// granted holds the permissions of each role: who may do what stands here and nowhere
// else. Stewards have none whose page shows more than their own rooms.
var granted = map[string][]Permission{
	RoleCashier: {PermSelf, PermPhones, PermSlips, PermSlipPaper, PermDesk, PermMeters, PermMetersEdit, PermPrepaidMove, PermNames,
		PermRooms, PermRequests, PermOrders, PermTakings, PermRefundAsk},
	RoleSteward: {PermSelf, PermPhones, PermSlips, PermMeters, PermMetersEdit, PermNames, PermRooms, PermRequests, PermOrders},
	RoleFinance: {PermSelf, PermRoomsEdit, PermPhones, PermImports, PermSlips, PermSlipPaper, PermDesk, PermCollect,
		PermMeters, PermPrepaidMove, PermNames, PermRooms, PermRequests, PermOrders, PermTakings, PermReconcile, PermReconcileRun,
		PermHolders, PermBilling,
		PermDecideEntry, PermReverseOwn, PermRefundAsk, PermRefundKeep, PermInvoices},
	RoleManager: {PermSelf, PermRoomsEdit, PermPhones, PermImports, PermImportBack, PermSlips, PermSlipPaper, PermDesk, PermCollect,
		PermMeters, PermMetersEdit, PermPrepaidMove, PermNames, PermRooms, PermRequests, PermOrders, PermTakings, PermReconcile,
		PermReconcileRun,
		PermAudit, PermStaff,
		PermHolidays, PermHolders, PermBilling, PermApprove, PermDecideEntry, PermDecideTerms, PermReverseOwn, PermRefundAsk,
		PermRefundApprove, PermRefundKeep, PermInvoices},
	RoleAdmin: {PermSelf, PermRoomsEdit, PermPhones, PermImports, PermImportBack, PermSlips, PermSlipPaper, PermDesk, PermCollect,
		PermMeters, PermMetersEdit, PermPrepaidMove, PermNames, PermRooms, PermRequests, PermOrders, PermTakings, PermReconcile,
		PermReconcileRun,
		PermAudit, PermStaff,
		PermStaffEdit, PermSettings, PermHolidays, PermHolders, PermBilling, PermApprove, PermDecideEntry, PermDecideTerms, PermReverseOwn,
		PermRefundAsk, PermRefundApprove, PermRefundKeep, PermInvoices},
}

// Can reports whether the member of staff has the permission.
func (s Staff) Can(p Permission) bool {
	return p == PermNone || slices.Contains(granted[s.Role], p)
}
