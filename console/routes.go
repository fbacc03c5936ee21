package console

import (
	"wuyepay/console/arrears"
	"wuyepay/console/bank"
	"wuyepay/console/charging"
	"wuyepay/console/counter"
	"wuyepay/console/holders"
	"wuyepay/console/imports"
	"wuyepay/console/meters"
	"wuyepay/console/orders"
	"wuyepay/console/overview"
	"wuyepay/console/papers"
	"wuyepay/console/parties"
	"wuyepay/console/reconciliation"
	"wuyepay/console/refunds"
	"wuyepay/console/requests"
	"wuyepay/console/rooms"
	"wuyepay/console/slips"
	"wuyepay/console/staff"
	"wuyepay/console/ui"
	"wuyepay/models/office"
)

// route is a page or an action: its pattern, the permission it needs, its handler.
type route struct {
	pattern string
	need    office.Permission
	handle  func(*ui.Call) error
}

// routes is all that the console answers to.
var routes = []route{
	// Files that pages load.
	{"GET /staff/static/{hash}/{file...}", office.PermNone, (*ui.Call).Static},

	// The way in, one's own password, and the accounts of staff.
	{"GET /staff/login", office.PermNone, staff.SignInPage},
	{"POST /staff/login", office.PermNone, staff.SignIn},
	{"POST /staff/logout", office.PermSelf, staff.SignOut},
	{"GET /staff/password", office.PermSelf, staff.PasswordPage},
	{"POST /staff/password", office.PermSelf, staff.ChangePassword},
	{"GET /staff/people", office.PermStaff, staff.List},
	{"GET /staff/people/export", office.PermStaff, staff.ExportList},
	{"GET /staff/people/new", office.PermStaffEdit, staff.NewPage},
	{"POST /staff/people/new", office.PermStaffEdit, staff.Add},
	{"POST /staff/people/{id}/disable", office.PermStaffEdit, staff.Disable},
	{"POST /staff/people/{id}/enable", office.PermStaffEdit, staff.Enable},

	// The first page, the audit log and the settings.
	{"GET /staff/{$}", office.PermSelf, overview.Dashboard},
	{"GET /staff/audit", office.PermAudit, overview.AuditLog},
	{"GET /staff/audit/export", office.PermAudit, overview.ExportAuditLog},
	{"GET /staff/settings", office.PermSettings, overview.Settings},
	{"GET /staff/holidays", office.PermHolidays, overview.Holidays},
	{"POST /staff/holidays", office.PermHolidays, overview.SetHoliday},
	{"POST /staff/holidays/{day}/drop", office.PermHolidays, overview.DropHoliday},
	{"GET /staff/holidays/export", office.PermHolidays, overview.ExportHolidays},

	// Rooms and their accounts.
	{"GET /staff/rooms", office.PermRooms, rooms.List},
	{"GET /staff/rooms/export", office.PermRooms, rooms.ExportList},
	{"GET /staff/rooms/{id}", office.PermRooms, rooms.Account},
	{"GET /staff/rooms/{id}/edit", office.PermRoomsEdit, rooms.EditPage},
	{"POST /staff/rooms/{id}/edit", office.PermRoomsEdit, rooms.Edit},
	{"GET /staff/rooms/{id}/changes/export", office.PermRooms, rooms.ExportChanges},
	{"GET /staff/rooms/{id}/allocation", office.PermRooms, rooms.Allocation},
	{"GET /staff/rooms/{id}/prepaid", office.PermRooms, rooms.Prepaid},
	{"POST /staff/rooms/{id}/prepaid", office.PermPrepaidMove, rooms.MovePrepaid},
	{"POST /staff/rooms/{id}/prepaid/refund", office.PermRequests, rooms.AskPrepaidRefund},
	{"GET /staff/rooms/{id}/bills/export", office.PermRooms, rooms.ExportBills},
	{"GET /staff/rooms/{id}/payments/export", office.PermRooms, rooms.ExportPayments},
	{"GET /staff/rooms/{id}/statement", office.PermRooms, rooms.Statement},
	{"GET /staff/rooms/{id}/statement.pdf", office.PermRooms, rooms.StatementPDF},

	// Who owns or rents a room, or that it is vacant.
	{"GET /staff/rooms/{id}/transfer", office.PermHolders, holders.TransferPage},
	{"POST /staff/rooms/{id}/transfer", office.PermHolders, holders.Transfer},
	{"GET /staff/rooms/{id}/owner", office.PermHolders, holders.RenamePage},
	{"POST /staff/rooms/{id}/owner", office.PermHolders, holders.Rename},
	{"GET /staff/rooms/{id}/phones", office.PermRooms, holders.Phones},
	{"POST /staff/rooms/{id}/phones", office.PermPhones, holders.ChangePhones},
	{"GET /staff/rooms/{id}/tenants", office.PermRooms, holders.Tenants},
	{"POST /staff/rooms/{id}/tenants", office.PermHolders, holders.AddTenant},
	{"POST /staff/rooms/{id}/tenants/{tenure}/end", office.PermHolders, holders.EndTenant},
	{"GET /staff/transfers", office.PermRooms, holders.Transfers},
	{"GET /staff/transfers/export", office.PermRooms, holders.ExportTransfers},
	{"GET /staff/vacancies", office.PermRooms, holders.Vacancies},
	{"POST /staff/vacancies", office.PermRooms, holders.AskVacancy},
	{"GET /staff/vacancies/export", office.PermRooms, holders.ExportVacancies},
	{"POST /staff/vacancies/{id}", office.PermApprove, holders.DecideVacancy},

	// Meters and their readings.
	{"GET /staff/rooms/{id}/meters", office.PermMeters, meters.RoomMeters},
	{"POST /staff/rooms/{id}/meters", office.PermMetersEdit, meters.Add},
	{"GET /staff/meters", office.PermMeters, meters.Places},
	{"GET /staff/meters/sheet", office.PermMeters, meters.Sheet},
	{"POST /staff/meters/sheet", office.PermMetersEdit, meters.EnterReadings},
	{"POST /staff/meters/{id}/replace", office.PermMetersEdit, meters.Replace},
	{"POST /staff/meters/{id}/multiplier", office.PermMetersEdit, meters.ChangeMultiplier},
	{"POST /staff/meters/{id}/digits", office.PermMetersEdit, meters.SetDigits},
	{"POST /staff/meters/{id}/doubt", office.PermMetersEdit, meters.DoubtReading},
	{"POST /staff/meters/{id}/withdraw", office.PermMetersEdit, meters.WithdrawReading},
	{"POST /staff/meters/{id}/withdraw/decide", office.PermDecideEntry, meters.DecideWithdrawal},

	// Tariffs, billing runs and charges: how bills come about.
	{"GET /staff/tariffs", office.PermBilling, charging.Tariffs},
	{"GET /staff/tariffs/export", office.PermBilling, charging.ExportTariffs},
	{"GET /staff/tariffs/new", office.PermBilling, charging.NewTariffPage},
	{"POST /staff/tariffs/new", office.PermBilling, charging.AddTariff},
	{"GET /staff/tariffs/{id}", office.PermBilling, charging.TariffPage},
	{"POST /staff/tariffs/{id}", office.PermBilling, charging.ChangeTariff},
	{"POST /staff/tariffs/{id}/end", office.PermBilling, charging.EndTariff},
	{"GET /staff/late-rules", office.PermBilling, charging.LateRules},
	{"POST /staff/late-rules", office.PermBilling, charging.AskLateRule},
	{"GET /staff/late-rules/export", office.PermBilling, charging.ExportLateRules},
	{"GET /staff/late-rules/{id}", office.PermBilling, charging.LateRule},
	{"POST /staff/late-rules/{id}", office.PermApprove, charging.DecideLateRule},
	{"GET /staff/billing", office.PermBilling, charging.Runs},
	{"POST /staff/billing", office.PermBilling, charging.StartRun},
	{"GET /staff/billing/export", office.PermBilling, charging.ExportRuns},
	{"POST /staff/billing/day", office.PermApprove, charging.SetBillDay},
	{"GET /staff/billing/{id}", office.PermBilling, charging.Run},
	{"GET /staff/billing/{id}/export", office.PermBilling, charging.ExportOddities},
	{"POST /staff/billing/{id}/publish", office.PermBilling, charging.PublishRun},
	{"POST /staff/billing/{id}/redraft", office.PermBilling, charging.RedraftRun},
	{"POST /staff/billing/{id}/gaps", office.PermBilling, charging.BillGaps},
	{"POST /staff/billing/{id}/discard", office.PermBilling, charging.DiscardRun},
	{"GET /staff/shadow", office.PermBilling, charging.Shadows},
	{"POST /staff/shadow", office.PermBilling, charging.StartShadow},
	{"GET /staff/shadow/export", office.PermBilling, charging.ExportShadows},
	{"GET /staff/shadow/{id}", office.PermBilling, charging.Shadow},
	{"GET /staff/shadow/{id}/export", office.PermBilling, charging.ExportShadow},
	{"GET /staff/charges", office.PermBilling, charging.Charges},
	{"GET /staff/charges/export", office.PermBilling, charging.ExportCharges},
	{"GET /staff/charges/new", office.PermBilling, charging.NewChargePage},
	{"POST /staff/charges/new", office.PermBilling, charging.AddCharge},
	{"GET /staff/charges/{id}", office.PermBilling, charging.Charge},
	{"POST /staff/charges/{id}/void", office.PermBilling, charging.AskVoidCharge},
	{"POST /staff/charges/{id}/decide", office.PermApprove, charging.DecideVoidCharge},

	// 有偿服务单: paid work, signed by the owner.
	{"GET /staff/slips", office.PermSlips, slips.List},
	{"GET /staff/slips/export", office.PermSlips, slips.ExportList},
	{"GET /staff/slips/new", office.PermSlips, slips.NewPage},
	{"POST /staff/slips/new", office.PermSlips, slips.Draw},
	{"GET /staff/slips/{id}", office.PermSlips, slips.Page},
	{"GET /staff/slips/{id}/edit", office.PermSlips, slips.EditPage},
	{"POST /staff/slips/{id}/edit", office.PermSlips, slips.Edit},
	{"GET /staff/slips/{id}/pdf", office.PermSlips, slips.PDF},
	{"POST /staff/slips/{id}/offer", office.PermSlips, slips.Offer},
	{"POST /staff/slips/{id}/recall", office.PermSlips, slips.Recall},
	{"POST /staff/slips/{id}/cancel", office.PermSlips, slips.Cancel},
	{"POST /staff/slips/{id}/paper", office.PermSlipPaper, slips.Paper},

	// What one person asks for and another decides.
	{"GET /staff/rooms/{id}/ask", office.PermRequests, requests.AskPage},
	{"POST /staff/rooms/{id}/ask", office.PermRequests, requests.Ask},
	{"GET /staff/requests", office.PermRequests, requests.List},
	{"GET /staff/requests/export", office.PermRequests, requests.ExportList},
	{"GET /staff/requests/{id}", office.PermRequests, requests.Request},
	{"POST /staff/requests/{id}", office.PermRequests, requests.Decide},

	// What is owed over many rooms.
	{"GET /staff/arrears", office.PermRooms, arrears.Ledger},
	{"GET /staff/arrears/sums", office.PermRooms, arrears.LedgerSums},
	{"GET /staff/arrears/export", office.PermRooms, arrears.ExportLedger},
	{"GET /staff/limitation", office.PermRooms, arrears.Limitation},
	{"GET /staff/limitation/export", office.PermRooms, arrears.ExportLimitation},
	{"GET /staff/reports", office.PermRooms, arrears.Report},
	{"GET /staff/reports/export", office.PermRooms, arrears.ExportReport},

	// Money at the desk, and its day.
	{"GET /staff/desk", office.PermDesk, counter.FindRoom},
	{"GET /staff/rooms/{id}/desk", office.PermDesk, counter.TakePage},
	{"POST /staff/rooms/{id}/desk", office.PermDesk, counter.Take},
	{"GET /staff/desk/payments", office.PermDesk, counter.Payments},
	{"GET /staff/desk/payments/export", office.PermDesk, counter.ExportPayments},
	{"GET /staff/desk/payments/{id}", office.PermDesk, counter.Payment},
	{"POST /staff/desk/payments/{id}/reverse", office.PermDesk, counter.Reverse},
	{"GET /staff/dayclose", office.PermDesk, counter.DayClose},
	{"POST /staff/dayclose", office.PermDesk, counter.CloseDay},
	{"GET /staff/dayclose/export", office.PermDesk, counter.ExportDay},
	{"GET /staff/takings", office.PermTakings, counter.Takings},
	{"GET /staff/takings/export", office.PermTakings, counter.ExportTakings},

	// 建设单位: the developer, its one account, one statement and one payment.
	{"GET /staff/parties", office.PermTakings, parties.List},
	{"POST /staff/parties", office.PermHolders, parties.Register},
	{"GET /staff/parties/{id}", office.PermTakings, parties.Page},
	{"POST /staff/parties/{id}", office.PermHolders, parties.Change},
	{"POST /staff/parties/{id}/hold", office.PermHolders, parties.Hold},
	{"GET /staff/parties/{id}/export", office.PermTakings, parties.Export},
	{"GET /staff/parties/{id}/statement", office.PermTakings, parties.Statement},
	{"GET /staff/parties/{id}/statement/export", office.PermTakings, parties.ExportStatement},
	{"GET /staff/parties/{id}/statement.pdf", office.PermTakings, parties.StatementPDF},
	{"GET /staff/parties/{id}/desk", office.PermDesk, parties.TakePage},
	{"POST /staff/parties/{id}/desk", office.PermDesk, parties.Take},
	{"GET /staff/groups/{id}", office.PermDesk, parties.Group},
	{"GET /staff/groups/{id}/receipt", office.PermDesk, parties.GroupReceipt},
	{"POST /staff/groups/{id}/reverse", office.PermDesk, parties.ReverseGroup},

	// 托收: what banks collect for the company.
	{"GET /staff/collection", office.PermCollect, bank.Batches},
	{"POST /staff/collection", office.PermCollect, bank.MakeBatch},
	{"GET /staff/collection/export", office.PermCollect, bank.ExportBatches},
	{"GET /staff/collection/{id}", office.PermCollect, bank.Batch},
	{"GET /staff/collection/{id}/export", office.PermCollect, bank.ExportBatch},
	{"POST /staff/collection/{id}/file", office.PermCollect, bank.BatchFile},
	{"POST /staff/collection/{id}/answer", office.PermCollect, bank.TakeAnswer},
	{"POST /staff/collection/{id}/cancel", office.PermCollect, bank.CancelBatch},
	{"GET /staff/mandates", office.PermCollect, bank.Mandates},
	{"POST /staff/mandates", office.PermCollect, bank.AddMandate},
	{"GET /staff/mandates/export", office.PermCollect, bank.ExportMandates},
	{"POST /staff/mandates/import", office.PermCollect, bank.ImportMandates},
	{"POST /staff/mandates/{id}/end", office.PermCollect, bank.EndMandate},

	// Files in: previewed, taken in, taken back.
	{"GET /staff/imports", office.PermImports, imports.List},
	{"POST /staff/imports", office.PermImports, imports.Upload},
	{"GET /staff/imports/export", office.PermImports, imports.ExportList},
	{"GET /staff/import-templates/{kind}", office.PermImports, imports.Template},
	{"GET /staff/imports/{id}", office.PermImports, imports.Page},
	{"GET /staff/imports/{id}/file", office.PermImports, imports.File},
	{"POST /staff/imports/{id}/commit", office.PermImports, imports.Commit},
	{"POST /staff/imports/{id}/discard", office.PermImports, imports.Discard},
	{"POST /staff/imports/{id}/back", office.PermImports, imports.TakeBack},
	{"POST /staff/imports/{id}/refuse", office.PermImports, imports.RefuseTakeBack},

	// Orders, and what was exchanged with WeChat about them.
	{"GET /staff/orders", office.PermOrders, orders.List},
	{"GET /staff/orders/export", office.PermOrders, orders.ExportList},
	{"GET /staff/orders/{no}", office.PermOrders, orders.Order},
	{"POST /staff/orders/{no}/end-exception", office.PermReconcileRun, orders.EndException},
	{"GET /staff/events", office.PermReconcile, orders.Events},
	{"GET /staff/events/export", office.PermReconcile, orders.ExportEvents},
	{"GET /staff/shipments", office.PermReconcile, orders.Shipments},
	{"GET /staff/shipments/export", office.PermReconcile, orders.ExportShipments},
	{"POST /staff/shipments/{no}/retry", office.PermReconcileRun, orders.RetryShipment},
	{"GET /staff/evidence", office.PermReconcile, orders.Evidence},
	{"GET /staff/evidence/export", office.PermReconcile, orders.ExportEvidence},
	{"GET /staff/evidence/{id}", office.PermReconcile, orders.EvidencePiece},

	// Money that goes back.
	{"GET /staff/orders/{no}/refund", office.PermRefundAsk, refunds.AskPage},
	{"POST /staff/orders/{no}/refund", office.PermRefundAsk, refunds.Ask},
	{"GET /staff/refunds", office.PermOrders, refunds.List},
	{"GET /staff/refunds/export", office.PermOrders, refunds.ExportList},
	{"GET /staff/refunds/{no}", office.PermOrders, refunds.Refund},
	{"POST /staff/refunds/{no}", office.PermRefundApprove, refunds.Decide},
	{"POST /staff/refunds/{no}/follow", office.PermRefundKeep, refunds.Follow},
	{"POST /staff/refunds/{no}/by-hand", office.PermRefundKeep, refunds.ByHand},
	{"POST /staff/refunds/{no}/give-up", office.PermRefundKeep, refunds.GiveUp},

	// Receipts and requests for invoices.
	{"GET /staff/orders/{no}/receipt", office.PermOrders, papers.OrderReceipt},
	{"GET /staff/receipts", office.PermOrders, papers.Receipts},
	{"GET /staff/receipts/export", office.PermOrders, papers.ExportReceipts},
	{"GET /staff/receipts/{id}", office.PermOrders, papers.ReceiptPDF},
	{"GET /staff/invoices", office.PermInvoices, papers.Invoices},
	{"GET /staff/invoices/export", office.PermInvoices, papers.ExportInvoices},
	{"GET /staff/invoices/{id}", office.PermInvoices, papers.Invoice},
	{"POST /staff/invoices/{id}", office.PermInvoices, papers.DecideInvoice},

	// 微信对账: the proof that money arrived.
	{"GET /staff/reconcile", office.PermReconcile, reconciliation.Calendar},
	{"GET /staff/reconcile/export", office.PermReconcile, reconciliation.ExportCalendar},
	{"GET /staff/reconcile/{day}", office.PermReconcile, reconciliation.Day},
	{"GET /staff/reconcile/{day}/export", office.PermReconcile, reconciliation.ExportDay},
	{"POST /staff/reconcile/{day}", office.PermReconcileRun, reconciliation.RunAgain},
	{"POST /staff/reconcile/{day}/sign", office.PermReconcileRun, reconciliation.SignOff},
	{"GET /staff/findings", office.PermReconcile, reconciliation.Findings},
	{"GET /staff/findings/export", office.PermReconcile, reconciliation.ExportFindings},
	{"GET /staff/findings/{id}", office.PermReconcile, reconciliation.Finding},
	{"POST /staff/findings/{id}", office.PermReconcileRun, reconciliation.WorkFinding},
	{"GET /staff/suspense", office.PermReconcile, reconciliation.Suspense},
	{"GET /staff/suspense/export", office.PermReconcile, reconciliation.ExportSuspense},
	{"POST /staff/suspense/{id}", office.PermReconcileRun, reconciliation.WorkSuspense},
	{"GET /staff/merchants", office.PermReconcile, reconciliation.Merchants},
	{"GET /staff/merchants/export", office.PermReconcile, reconciliation.ExportMerchantRules},
	{"POST /staff/merchants", office.PermApprove, reconciliation.WorkMerchantRule},

	// Any other address is not found.
	{"/staff/", office.PermSelf, (*ui.Call).NotFound},
}
