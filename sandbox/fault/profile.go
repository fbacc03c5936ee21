package fault

import "time"

// profile is what a bad day looks like: each kind at its own share of the
// overall probability, on the routes where it hurts.
var profile = []struct {
	kind  Kind
	route Route
	delay time.Duration
}{
	{TimeoutAfter, RoutePrepay, 2 * time.Second},
	{TimeoutBefore, RoutePrepay, 2 * time.Second},
	{SystemErrorAfter, RoutePrepay, 0},
	{Frequency, RoutePrepay, 0},
	{CutAfter, RoutePrepay, 0},
	{BadGateway, RouteQuery, 0},
	{Forged, RouteQuery, 0},
	{Unsigned, RouteQuery, 0},
	{SystemErrorAfter, RouteClose, 0},
	{CutAfter, RouteClose, 0},
	{SystemErrorAfter, RouteRefund, 0},
	{CutAfter, RouteRefund, 0},
	{SignTest, RouteRefundQuery, 0},
	{WrongHash, RouteTradeBill, 0},
	{HalfBill, RouteBillDownload, 0},
	{SystemError, RouteSubscribe, 0},
	{Late, RouteNotifyPayment, 300 * time.Millisecond},
	{Lost, RouteNotifyPayment, 0},
	{Repeated, RouteNotifyPayment, 0},
	{Reordered, RouteNotifyPayment, time.Second},
	{Forged, RouteNotifyPayment, 0},
	{SignTest, RouteNotifyPayment, 0},
	{Stale, RouteNotifyPayment, 0},
	{Truncated, RouteNotifyPayment, 0},
	{WrongTotal, RouteNotifyPayment, 0},
	{Repeated, RouteNotifyRefund, 0},
	{Lost, RouteNotifyRefund, 0},
}

// InjectProfile adds a set of random faults over all routes for a drill. Each
// strikes a matching call with the probability given; the same seed gives the
// same chances call by call.
func (fs *Set) InjectProfile(seed int64, probability float64) error {
	for i, p := range profile {
		_, err := fs.Inject(Fault{Kind: p.kind, Route: p.route, Delay: p.delay,
			Probability: probability, Seed: seed + int64(i)})
		if err != nil {
			return err
		}
	}
	return nil
}
