package fault

import "time"

// profile is a bad day: the kinds on the routes where they hurt.
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

// InjectProfile adds the faults of a bad day on many routes. Each strikes a matching
// call with the same probability. The same seed repeats the same chances call by call.
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
