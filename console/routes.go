package console

import (
	"wuyepay/console/arrears"
	"wuyepay/console/bank"
	"wuyepay/console/charging"
	"wuyepay/console/counter"
	"wuyepay/console/holders"
	"wuyepay/console/meters"
	"wuyepay/console/orders"
	"wuyepay/console/overview"
	"wuyepay/console/papers"
	"wuyepay/console/reconciliation"
	"wuyepay/console/refunds"
	"wuyepay/console/requests"
	"wuyepay/console/rooms"
	"wuyepay/console/staff"
	"wuyepay/console/ui"
)

// route is a page or an action: its pattern, the permission it needs, its handler.
type route struct {
	pattern string
	need    ui.Permission
	handle  func(*ui.Call) error
}

// routes is all that the console answers to.
var routes = []route{
	// Files that pages load.
	{"GET /staff/static/{hash}/{file...}", ui.PermNone, (*ui.Call).Static},

	// The way in, one's own password, and the accounts of staff.
	{"GET /staff/login", ui.PermNone, staff.SignInPage},
	{"POST /staff/login", ui.PermNone, staff.SignIn},
	{"POST /staff/logout", ui.PermSelf, staff.SignOut},
	{"GET /staff/password", ui.PermSelf, staff.PasswordPage},
	{"POST /staff/password", ui.PermSelf, staff.ChangePassword},
	{"GET /staff/people", ui.PermStaff, staff.List},
	{"GET /staff/people/export", ui.PermStaff, staff.ExportList},
	{"GET /staff/people/new", ui.PermStaffEdit, staff.NewPage},
	{"POST /staff/people/new", ui.PermStaffEdit, staff.Add},
	{"POST /staff/people/{id}/disable", ui.PermStaffEdit, staff.Disable},
	{"POST /staff/people/{id}/enable", ui.PermStaffEdit, staff.Enable},

	// The first page, the audit log and the settings.
	{"GET /staff/{$}", ui.PermSelf, overview.Dashboard},
	{"GET /staff/audit", ui.PermAudit, overview.AuditLog},
	{"GET /staff/audit/export", ui.PermAudit, overview.ExportAuditLog},
	{"GET /staff/settings", ui.PermSettings, overview.Settings},

	// Rooms and their accounts.
	{"GET /staff/rooms", ui.PermRooms, rooms.List},
	{"GET /staff/rooms/export", ui.PermRooms, rooms.ExportList},
	{"GET /staff/rooms/{id}", ui.PermRooms, rooms.Account},
	{"GET /staff/rooms/{id}/allocation", ui.PermRooms, rooms.Allocation},
	{"GET /staff/rooms/{id}/prepaid", ui.PermRooms, rooms.Prepaid},
	{"POST /staff/rooms/{id}/prepaid", ui.PermPrepaidMove, rooms.MovePrepaid},
	{"POST /staff/rooms/{id}/prepaid/refund", ui.PermRequests, rooms.AskPrepaidRefund},
	{"GET /staff/rooms/{id}/bills/export", ui.PermRooms, rooms.ExportBills},
	{"GET /staff/rooms/{id}/payments/export", ui.PermRooms, rooms.ExportPayments},
	{"GET /staff/rooms/{id}/statement", ui.PermRooms, rooms.Statement},
	{"GET /staff/rooms/{id}/statement.pdf", ui.PermRooms, rooms.StatementPDF},

	// Who owns or rents a room, or that it is vacant.
	{"GET /staff/rooms/{id}/transfer", ui.PermHolders, holders.TransferPage},
	{"POST /staff/rooms/{id}/transfer", ui.PermHolders, holders.Transfer},
	{"GET /staff/rooms/{id}/owner", ui.PermHolders, holders.RenamePage},
	{"POST /staff/rooms/{id}/owner", ui.PermHolders, holders.Rename},
	{"GET /staff/rooms/{id}/tenants", ui.PermRooms, holders.Tenants},
	{"POST /staff/rooms/{id}/tenants", ui.PermHolders, holders.AddTenant},
	{"POST /staff/rooms/{id}/tenants/{tenure}/end", ui.PermHolders, holders.EndTenant},
	{"GET /staff/transfers", ui.PermRooms, holders.Transfers},
	{"GET /staff/transfers/export", ui.PermRooms, holders.ExportTransfers},
	{"GET /staff/vacancies", ui.PermRooms, holders.Vacancies},
	{"POST /staff/vacancies", ui.PermRooms, holders.AskVacancy},
	{"GET /staff/vacancies/export", ui.PermRooms, holders.ExportVacancies},
	{"POST /staff/vacancies/{id}", ui.PermApprove, holders.DecideVacancy},

	// Meters and their readings.
	{"GET /staff/rooms/{id}/meters", ui.PermMeters, meters.RoomMeters},
	{"POST /staff/rooms/{id}/meters", ui.PermMetersEdit, meters.Add},
	{"GET /staff/meters", ui.PermMeters, meters.Places},
	{"GET /staff/meters/sheet", ui.PermMeters, meters.Sheet},
	{"POST /staff/meters/sheet", ui.PermMetersEdit, meters.EnterReadings},
	{"POST /staff/meters/{id}/replace", ui.PermMetersEdit, meters.Replace},
	{"POST /staff/meters/{id}/multiplier", ui.PermMetersEdit, meters.ChangeMultiplier},
	{"POST /staff/meters/{id}/digits", ui.PermMetersEdit, meters.SetDigits},
	{"POST /staff/meters/{id}/doubt", ui.PermMetersEdit, meters.DoubtReading},

	// Tariffs, billing runs and charges: how bills come about.
	{"GET /staff/tariffs", ui.PermBilling, charging.Tariffs},
	{"GET /staff/tariffs/export", ui.PermBilling, charging.ExportTariffs},
	{"GET /staff/tariffs/new", ui.PermBilling, charging.NewTariffPage},
	{"POST /staff/tariffs/new", ui.PermBilling, charging.AddTariff},
	{"GET /staff/tariffs/{id}", ui.PermBilling, charging.TariffPage},
	{"POST /staff/tariffs/{id}", ui.PermBilling, charging.ChangeTariff},
	{"POST /staff/tariffs/{id}/end", ui.PermBilling, charging.EndTariff},
	{"GET /staff/billing", ui.PermBilling, charging.Runs},
	{"POST /staff/billing", ui.PermBilling, charging.StartRun},
	{"GET /staff/billing/export", ui.PermBilling, charging.ExportRuns},
	{"POST /staff/billing/day", ui.PermApprove, charging.SetBillDay},
	{"GET /staff/billing/{id}", ui.PermBilling, charging.Run},
	{"GET /staff/billing/{id}/export", ui.PermBilling, charging.ExportOddities},
	{"POST /staff/billing/{id}/publish", ui.PermBilling, charging.PublishRun},
	{"POST /staff/billing/{id}/redraft", ui.PermBilling, charging.RedraftRun},
	{"POST /staff/billing/{id}/discard", ui.PermBilling, charging.DiscardRun},
	{"GET /staff/charges", ui.PermBilling, charging.Charges},
	{"GET /staff/charges/export", ui.PermBilling, charging.ExportCharges},
	{"GET /staff/charges/new", ui.PermBilling, charging.NewChargePage},
	{"POST /staff/charges/new", ui.PermBilling, charging.AddCharge},
	{"GET /staff/charges/{id}", ui.PermBilling, charging.Charge},
	{"POST /staff/charges/{id}/void", ui.PermBilling, charging.AskVoidCharge},
	{"POST /staff/charges/{id}/decide", ui.PermApprove, charging.DecideVoidCharge},

	// What one person asks for and another decides.
	{"GET /staff/rooms/{id}/ask", ui.PermRequests, requests.AskPage},
	{"POST /staff/rooms/{id}/ask", ui.PermRequests, requests.Ask},
	{"GET /staff/requests", ui.PermRequests, requests.List},
	{"GET /staff/requests/export", ui.PermRequests, requests.ExportList},
	{"GET /staff/requests/{id}", ui.PermRequests, requests.Request},
	{"POST /staff/requests/{id}", ui.PermRequests, requests.Decide},

	// What is owed over many rooms.
	{"GET /staff/arrears", ui.PermRooms, arrears.Ledger},
	{"GET /staff/arrears/sums", ui.PermRooms, arrears.LedgerSums},
	{"GET /staff/arrears/export", ui.PermRooms, arrears.ExportLedger},
	{"GET /staff/limitation", ui.PermRooms, arrears.Limitation},
	{"GET /staff/limitation/export", ui.PermRooms, arrears.ExportLimitation},
	{"GET /staff/reports", ui.PermRooms, arrears.Report},
	{"GET /staff/reports/export", ui.PermRooms, arrears.ExportReport},

	// Money at the desk, and its day.
	{"GET /staff/desk", ui.PermDesk, counter.FindRoom},
	{"GET /staff/rooms/{id}/desk", ui.PermDesk, counter.TakePage},
	{"POST /staff/rooms/{id}/desk", ui.PermDesk, counter.Take},
	{"GET /staff/desk/payments", ui.PermDesk, counter.Payments},
	{"GET /staff/desk/payments/export", ui.PermDesk, counter.ExportPayments},
	{"GET /staff/desk/payments/{id}", ui.PermDesk, counter.Payment},
	{"POST /staff/desk/payments/{id}/reverse", ui.PermDesk, counter.Reverse},
	{"GET /staff/dayclose", ui.PermDesk, counter.DayClose},
	{"POST /staff/dayclose", ui.PermDesk, counter.CloseDay},
	{"GET /staff/dayclose/export", ui.PermDesk, counter.ExportDay},
	{"GET /staff/takings", ui.PermTakings, counter.Takings},
	{"GET /staff/takings/export", ui.PermTakings, counter.ExportTakings},

	// 托收: what banks collect for the company.
	{"GET /staff/collection", ui.PermCollect, bank.Batches},
	{"POST /staff/collection", ui.PermCollect, bank.MakeBatch},
	{"GET /staff/collection/export", ui.PermCollect, bank.ExportBatches},
	{"GET /staff/collection/{id}", ui.PermCollect, bank.Batch},
	{"GET /staff/collection/{id}/export", ui.PermCollect, bank.ExportBatch},
	{"POST /staff/collection/{id}/file", ui.PermCollect, bank.BatchFile},
	{"POST /staff/collection/{id}/answer", ui.PermCollect, bank.TakeAnswer},
	{"POST /staff/collection/{id}/cancel", ui.PermCollect, bank.CancelBatch},
	{"GET /staff/mandates", ui.PermCollect, bank.Mandates},
	{"POST /staff/mandates", ui.PermCollect, bank.AddMandate},
	{"GET /staff/mandates/export", ui.PermCollect, bank.ExportMandates},
	{"POST /staff/mandates/import", ui.PermCollect, bank.ImportMandates},
	{"POST /staff/mandates/{id}/end", ui.PermCollect, bank.EndMandate},

	// Orders, and what was exchanged with WeChat about them.
	{"GET /staff/orders", ui.PermOrders, orders.List},
	{"GET /staff/orders/export", ui.PermOrders, orders.ExportList},
	{"GET /staff/orders/{no}", ui.PermOrders, orders.Order},
	{"POST /staff/orders/{no}/end-exception", ui.PermReconcileRun, orders.EndException},
	{"GET /staff/events", ui.PermReconcile, orders.Events},
	{"GET /staff/events/export", ui.PermReconcile, orders.ExportEvents},
	{"GET /staff/shipments", ui.PermReconcile, orders.Shipments},
	{"GET /staff/shipments/export", ui.PermReconcile, orders.ExportShipments},
	{"POST /staff/shipments/{no}/retry", ui.PermReconcileRun, orders.RetryShipment},
	{"GET /staff/evidence", ui.PermReconcile, orders.Evidence},
	{"GET /staff/evidence/export", ui.PermReconcile, orders.ExportEvidence},
	{"GET /staff/evidence/{id}", ui.PermReconcile, orders.EvidencePiece},

	// Money that goes back.
	{"GET /staff/orders/{no}/refund", ui.PermRefundAsk, refunds.AskPage},
	{"POST /staff/orders/{no}/refund", ui.PermRefundAsk, refunds.Ask},
	{"GET /staff/refunds", ui.PermOrders, refunds.List},
	{"GET /staff/refunds/export", ui.PermOrders, refunds.ExportList},
	{"GET /staff/refunds/{no}", ui.PermOrders, refunds.Refund},
	{"POST /staff/refunds/{no}", ui.PermRefundApprove, refunds.Decide},
	{"POST /staff/refunds/{no}/follow", ui.PermRefundKeep, refunds.Follow},
	{"POST /staff/refunds/{no}/by-hand", ui.PermRefundKeep, refunds.ByHand},
	{"POST /staff/refunds/{no}/give-up", ui.PermRefundKeep, refunds.GiveUp},

	// Receipts and requests for invoices.
	{"GET /staff/orders/{no}/receipt", ui.PermOrders, papers.OrderReceipt},
	{"GET /staff/receipts", ui.PermOrders, papers.Receipts},
	{"GET /staff/receipts/export", ui.PermOrders, papers.ExportReceipts},
	{"GET /staff/receipts/{id}", ui.PermOrders, papers.ReceiptPDF},
	{"GET /staff/invoices", ui.PermInvoices, papers.Invoices},
	{"GET /staff/invoices/export", ui.PermInvoices, papers.ExportInvoices},
	{"GET /staff/invoices/{id}", ui.PermInvoices, papers.Invoice},
	{"POST /staff/invoices/{id}", ui.PermInvoices, papers.DecideInvoice},

	// 微信对账: the proof that money arrived.
	{"GET /staff/reconcile", ui.PermReconcile, reconciliation.Calendar},
	{"GET /staff/reconcile/export", ui.PermReconcile, reconciliation.ExportCalendar},
	{"GET /staff/reconcile/{day}", ui.PermReconcile, reconciliation.Day},
	{"GET /staff/reconcile/{day}/export", ui.PermReconcile, reconciliation.ExportDay},
	{"POST /staff/reconcile/{day}", ui.PermReconcileRun, reconciliation.RunAgain},
	{"POST /staff/reconcile/{day}/sign", ui.PermReconcileRun, reconciliation.SignOff},
	{"GET /staff/findings", ui.PermReconcile, reconciliation.Findings},
	{"GET /staff/findings/export", ui.PermReconcile, reconciliation.ExportFindings},
	{"GET /staff/findings/{id}", ui.PermReconcile, reconciliation.Finding},
	{"POST /staff/findings/{id}", ui.PermReconcileRun, reconciliation.WorkFinding},
	{"GET /staff/suspense", ui.PermReconcile, reconciliation.Suspense},
	{"GET /staff/suspense/export", ui.PermReconcile, reconciliation.ExportSuspense},
	{"POST /staff/suspense/{id}", ui.PermReconcileRun, reconciliation.WorkSuspense},
	{"GET /staff/merchants", ui.PermReconcile, reconciliation.Merchants},
	{"GET /staff/merchants/export", ui.PermReconcile, reconciliation.ExportMerchantRules},
	{"POST /staff/merchants", ui.PermApprove, reconciliation.WorkMerchantRule},

	// Any other address is not found.
	{"/staff/", ui.PermSelf, (*ui.Call).NotFound},
}
