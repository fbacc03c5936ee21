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
		{"GET /staff/rooms/{id}/bills/export", permRooms, (*call).exportBills},
		{"GET /staff/rooms/{id}/payments/export", permRooms, (*call).exportPayments},

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
