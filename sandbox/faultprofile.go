package sandbox

import "time"

// profile is what a bad day looks like: each kind at its own share of the
// overall probability, on the routes where it hurts.
var profile = []struct {
	kind  FaultKind
	route Route
	delay time.Duration
}{
	{FaultTimeoutAfter, RoutePrepay, 2 * time.Second},
	{FaultTimeoutBefore, RoutePrepay, 2 * time.Second},
	{FaultSystemErrorAfter, RoutePrepay, 0},
	{FaultFrequency, RoutePrepay, 0},
	{FaultCutAfter, RoutePrepay, 0},
	{FaultBadGateway, RouteQuery, 0},
	{FaultForged, RouteQuery, 0},
	{FaultUnsigned, RouteQuery, 0},
	{FaultSystemErrorAfter, RouteClose, 0},
	{FaultCutAfter, RouteClose, 0},
	{FaultSystemErrorAfter, RouteRefund, 0},
	{FaultCutAfter, RouteRefund, 0},
	{FaultSignTest, RouteRefundQuery, 0},
	{FaultWrongHash, RouteTradeBill, 0},
	{FaultHalfBill, RouteBillDownload, 0},
	{FaultSystemError, RouteSubscribe, 0},
	{FaultLate, RouteNotifyPayment, 300 * time.Millisecond},
	{FaultLost, RouteNotifyPayment, 0},
	{FaultRepeated, RouteNotifyPayment, 0},
	{FaultReordered, RouteNotifyPayment, time.Second},
	{FaultForged, RouteNotifyPayment, 0},
	{FaultSignTest, RouteNotifyPayment, 0},
	{FaultStale, RouteNotifyPayment, 0},
	{FaultTruncated, RouteNotifyPayment, 0},
	{FaultWrongTotal, RouteNotifyPayment, 0},
	{FaultRepeated, RouteNotifyRefund, 0},
	{FaultLost, RouteNotifyRefund, 0},
}

// injectProfile adds a set of random faults over all routes for a drill. Each
// strikes a matching call with the probability given; the same seed gives the
// same chances call by call.
func (fs *faultSet) injectProfile(seed int64, probability float64) error {
	for i, p := range profile {
		_, err := fs.inject(Fault{Kind: p.kind, Route: p.route, Delay: p.delay,
			Probability: probability, Seed: seed + int64(i)})
		if err != nil {
			return err
		}
	}
	return nil
}
