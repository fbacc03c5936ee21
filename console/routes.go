package console

import "net/http"

// route is a page or an action: what it is called by, what it needs, what it does.
type route struct {
	pattern string
	need    permission
	handle  func(*call) error
}

// routes is all that the console answers to.
func (c *console) routes() []route {
	return []route{
		{"GET /staff/static/{hash}/{file...}", permNone, (*call).static},
		{"GET /staff/login", permNone, (*call).signInPage},
		{"POST /staff/login", permNone, (*call).signIn},
		{"POST /staff/logout", permSelf, (*call).signOut},
		{"GET /staff/password", permSelf, (*call).passwordPage},
		{"POST /staff/password", permSelf, (*call).changePassword},

		{"GET /staff/{$}", permSelf, (*call).dashboard},

		{"GET /staff/rooms", permRooms, (*call).rooms},
		{"GET /staff/rooms/export", permRooms, (*call).exportRooms},
		{"GET /staff/rooms/{id}", permRooms, (*call).account},
		{"GET /staff/rooms/{id}/allocation", permRooms, (*call).allocation},
		{"GET /staff/rooms/{id}/prepaid", permRooms, (*call).prepaid},
		{"POST /staff/rooms/{id}/prepaid", permPrepaidMove, (*call).movePrepaid},
		{"POST /staff/rooms/{id}/prepaid/refund", permRequests, (*call).askRefund},
		{"GET /staff/rooms/{id}/meters", permMeters, (*call).roomMeters},
		{"GET /staff/meters", permMeters, (*call).meterPlaces},
		{"GET /staff/meters/sheet", permMeters, (*call).meterSheet},
		{"POST /staff/meters/sheet", permMetersEdit, (*call).enterReadings},
		{"POST /staff/meters/{id}/replace", permMetersEdit, (*call).replaceMeter},
		{"POST /staff/meters/{id}/multiplier", permMetersEdit, (*call).changeMultiplier},
		{"POST /staff/meters/{id}/digits", permMetersEdit, (*call).setDigits},
		{"POST /staff/meters/{id}/doubt", permMetersEdit, (*call).doubtReading},
		{"GET /staff/rooms/{id}/bills/export", permRooms, (*call).exportBills},
		{"GET /staff/rooms/{id}/payments/export", permRooms, (*call).exportPayments},

		{"GET /staff/rooms/{id}/statement", permRooms, (*call).statement},
		{"GET /staff/rooms/{id}/statement.pdf", permRooms, (*call).statementPDF},
		{"GET /staff/rooms/{id}/transfer", permHolders, (*call).transferPage},
		{"POST /staff/rooms/{id}/transfer", permHolders, (*call).transfer},
		{"GET /staff/rooms/{id}/owner", permHolders, (*call).renamePage},
		{"POST /staff/rooms/{id}/owner", permHolders, (*call).rename},
		{"GET /staff/arrears", permRooms, (*call).ledger},
		{"GET /staff/arrears/sums", permRooms, (*call).ledgerSumsPage},
		{"GET /staff/arrears/export", permRooms, (*call).exportLedger},
		{"GET /staff/limitation", permRooms, (*call).limitation},
		{"GET /staff/limitation/export", permRooms, (*call).exportLimitation},
		{"GET /staff/rooms/{id}/tenants", permRooms, (*call).tenants},
		{"POST /staff/rooms/{id}/tenants", permHolders, (*call).addTenant},
		{"POST /staff/rooms/{id}/tenants/{tenure}/end", permHolders, (*call).endTenant},
		{"GET /staff/reports", permRooms, (*call).reports},
		{"GET /staff/reports/export", permRooms, (*call).exportReport},
		{"GET /staff/transfers", permRooms, (*call).transfers},
		{"GET /staff/transfers/export", permRooms, (*call).exportTransfers},

		{"GET /staff/rooms/{id}/ask", permRequests, (*call).askPage},
		{"POST /staff/rooms/{id}/ask", permRequests, (*call).ask},
		{"GET /staff/requests", permRequests, (*call).requests},
		{"GET /staff/requests/export", permRequests, (*call).exportRequests},
		{"GET /staff/requests/{id}", permRequests, (*call).request},
		{"POST /staff/requests/{id}", permRequests, (*call).decide},

		{"GET /staff/tariffs", permBilling, (*call).tariffs},
		{"GET /staff/tariffs/export", permBilling, (*call).exportTariffs},
		{"GET /staff/tariffs/new", permBilling, (*call).newTariffPage},
		{"POST /staff/tariffs/new", permBilling, (*call).addTariff},
		{"GET /staff/tariffs/{id}", permBilling, (*call).tariffPage},
		{"POST /staff/tariffs/{id}", permBilling, (*call).changeTariff},
		{"GET /staff/billing", permBilling, (*call).billingRuns},
		{"POST /staff/billing", permBilling, (*call).startRun},
		{"GET /staff/billing/export", permBilling, (*call).exportRuns},
		{"POST /staff/billing/day", permApprove, (*call).setBillDay},
		{"GET /staff/billing/{id}", permBilling, (*call).billingRun},
		{"GET /staff/billing/{id}/export", permBilling, (*call).exportOddities},
		{"POST /staff/billing/{id}/publish", permBilling, (*call).publishRun},
		{"POST /staff/billing/{id}/redraft", permBilling, (*call).redraftRun},
		{"POST /staff/billing/{id}/discard", permBilling, (*call).discardRun},
		{"GET /staff/charges", permBilling, (*call).charges},
		{"GET /staff/charges/export", permBilling, (*call).exportCharges},
		{"GET /staff/charges/new", permBilling, (*call).newChargePage},
		{"POST /staff/charges/new", permBilling, (*call).addCharge},
		{"GET /staff/charges/{id}", permBilling, (*call).charge},
		{"POST /staff/charges/{id}/void", permBilling, (*call).askVoidCharge},
		{"POST /staff/charges/{id}/decide", permApprove, (*call).decideVoidCharge},
		{"GET /staff/vacancies", permRooms, (*call).vacancies},
		{"POST /staff/vacancies", permRooms, (*call).askVacancy},
		{"GET /staff/vacancies/export", permRooms, (*call).exportVacancies},
		{"POST /staff/vacancies/{id}", permApprove, (*call).decideVacancy},

		{"GET /staff/orders", permOrders, (*call).orders},
		{"GET /staff/orders/export", permOrders, (*call).exportOrders},
		{"GET /staff/orders/{no}", permOrders, (*call).order},
		{"POST /staff/orders/{no}/end-exception", permReconcileRun, (*call).endException},

		{"GET /staff/reconcile", permReconcile, (*call).calendar},
		{"GET /staff/reconcile/export", permReconcile, (*call).exportCalendar},
		{"GET /staff/reconcile/{day}", permReconcile, (*call).reconciledDay},
		{"GET /staff/reconcile/{day}/export", permReconcile, (*call).exportFindings},
		{"POST /staff/reconcile/{day}", permReconcileRun, (*call).reconcileAgain},
		{"GET /staff/events", permReconcile, (*call).events},
		{"GET /staff/events/export", permReconcile, (*call).exportEvents},

		{"GET /staff/orders/{no}/receipt", permOrders, (*call).orderReceipt},
		{"GET /staff/receipts", permOrders, (*call).receipts},
		{"GET /staff/receipts/export", permOrders, (*call).exportReceipts},
		{"GET /staff/receipts/{id}", permOrders, (*call).receiptPDF},
		{"GET /staff/invoices", permInvoices, (*call).invoices},
		{"GET /staff/invoices/export", permInvoices, (*call).exportInvoices},
		{"GET /staff/invoices/{id}", permInvoices, (*call).invoice},
		{"POST /staff/invoices/{id}", permInvoices, (*call).decideInvoice},

		{"GET /staff/audit", permAudit, (*call).audit},
		{"GET /staff/audit/export", permAudit, (*call).exportAudit},

		{"GET /staff/people", permStaff, (*call).people},
		{"GET /staff/people/export", permStaff, (*call).exportPeople},
		{"GET /staff/people/new", permStaffEdit, (*call).newPersonPage},
		{"POST /staff/people/new", permStaffEdit, (*call).addPerson},
		{"POST /staff/people/{id}/disable", permStaffEdit, (*call).disablePerson},
		{"POST /staff/people/{id}/enable", permStaffEdit, (*call).enablePerson},

		{"GET /staff/settings", permSettings, (*call).settings},

		{"/staff/", permSelf, (*call).notFound},
	}
}

// connectionAddr is the address at the other end of the connection.
func connectionAddr(r *http.Request) string { return hostOf(r.RemoteAddr) }
