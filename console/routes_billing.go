package console

// billingRoutes are how bills come about.
var billingRoutes = []route{
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
}
