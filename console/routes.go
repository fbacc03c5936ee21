package console

import (
	"net/http"
	"slices"
)

// route is a page or an action: what it is called by, what it needs, what it does.
type route struct {
	pattern string
	need    permission
	handle  func(*call) error
}

// routes is all that the console answers to: the routes of each area, which stand in
// a file of their own.
func (*console) routes() []route {
	return slices.Concat(
		entryRoutes,
		roomRoutes,
		meterRoutes,
		holderRoutes,
		reportRoutes,
		requestRoutes,
		tariffRoutes,
		billingRoutes,
		deskRoutes,
		collectionRoutes,
		paymentRoutes,
		refundRoutes,
		receiptRoutes,
		companyRoutes,
		[]route{{"/staff/", permSelf, (*call).notFound}},
	)
}

// connectionAddr is the address at the other end of the connection.
func connectionAddr(r *http.Request) string { return hostOf(r.RemoteAddr) }
