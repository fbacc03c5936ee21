package fault

import "slices"

// The kinds by what they spoil.
var (
	effectKinds = []Kind{Slow, TimeoutBefore, TimeoutAfter, CutBefore,
		CutAfter, Frequency, SystemError, SystemErrorAfter, BadGateway,
		BadGatewayAfter, Error, Truncated}
	signatureKinds = []Kind{Forged, SignTest, Stale, WrongSerial}
	deliveryKinds  = []Kind{Late, Lost, Repeated, Truncated, Reordered}
	contentKinds   = []Kind{WrongTotal, WrongMchID, WrongOrder, NoResource}
)

// suits reports whether a route can show a kind of fault.
func suits(kind Kind, route Route) bool {
	in := func(kinds ...Kind) bool { return slices.Contains(kinds, kind) }
	switch {
	case slices.Contains(payRoutes, route):
		bill := route == RouteTradeBill || route == RouteFundFlowBill
		return in(effectKinds...) || in(signatureKinds...) || in(Unsigned) || bill && in(WrongHash)
	case route == RouteBillDownload:
		return in(effectKinds...) || in(HalfBill)
	case slices.Contains(appRoutes, route):
		return in(effectKinds...)
	case route == RouteNotifyPayment:
		return in(signatureKinds...) || in(deliveryKinds...) || in(contentKinds...) || in(WrongAppID)
	case route == RouteNotifyRefund:
		return in(signatureKinds...) || in(deliveryKinds...) || in(contentKinds...)
	case route == RouteMessagePush:
		return in(Forged, Late, Lost, Repeated)
	}
	return false
}

// Kind is one way to spoil a call or a callback.
type Kind string

// Kinds for calls of the API. In a kind with "after" the effect was applied before the
// answer was spoiled. The caller cannot know that, and has to repeat the call or ask.
const (
	Slow             Kind = "slow"           // the right answer after Delay
	TimeoutBefore    Kind = "timeout-before" // no effect, no answer for Delay (default 1 min)
	TimeoutAfter     Kind = "timeout-after"  // effect, then no answer
	CutBefore        Kind = "cut-before"     // connection reset, no effect
	CutAfter         Kind = "cut-after"      // effect, then connection reset
	Frequency        Kind = "frequency"      // 429 FREQUENCY_LIMITED; errcode 45009
	SystemError      Kind = "system-error"   // 500 SYSTEM_ERROR; errcode -1
	SystemErrorAfter Kind = "system-error-after"
	BadGateway       Kind = "bad-gateway" // 502 with an HTML body
	BadGatewayAfter  Kind = "bad-gateway-after"
	Error            Kind = "error"      // Status and Code, or ErrCode, of the Fault
	Unsigned         Kind = "unsigned"   // the right answer without signature headers
	WrongHash        Kind = "wrong-hash" // a bill reply whose hash is not the file's
	HalfBill         Kind = "half-bill"  // half the file, well-formed HTTP
)

// Kinds for replies of the API and for callbacks.
const (
	Forged      Kind = "forged"       // a well-formed signature of another key
	SignTest    Kind = "signtest"     // WECHATPAY/SIGNTEST/... probe
	Stale       Kind = "stale"        // properly signed, ten minutes old
	WrongSerial Kind = "wrong-serial" // an unknown Wechatpay-Serial
	Truncated   Kind = "truncated"    // half the body, then the connection ends
)

// Kinds for callbacks only. The kinds with "wrong" are properly signed.
const (
	Late       Kind = "late"        // sent after Delay (real time)
	Lost       Kind = "lost"        // this event is never sent
	Repeated   Kind = "repeated"    // sent Count times at once
	Reordered  Kind = "reordered"   // held back until the next event is sent, or for Delay
	WrongTotal Kind = "wrong-total" // one fen more than was paid
	WrongMchID Kind = "wrong-mchid"
	WrongAppID Kind = "wrong-appid"
	WrongOrder Kind = "wrong-order" // an out_trade_no of no order
	NoResource Kind = "no-resource" // signed envelope without its resource
)
