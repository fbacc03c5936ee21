package sandbox

import "time"

// Route names a call of the simulated API, or a kind of callback.
type Route string

// Routes of the API and of the callbacks; a Fault names the one it spoils.
const (
	RoutePrepay       Route = "prepay" // JSAPI order, direct and partner
	RouteQuery        Route = "query"  // by either number
	RouteClose        Route = "close"
	RouteRefund       Route = "refund"
	RouteRefundQuery  Route = "refund-query"
	RouteCertificates Route = "certificates"
	RouteTradeBill    Route = "trade-bill"
	RouteFundFlowBill Route = "fund-flow-bill"
	RouteBillDownload Route = "bill-download"

	RouteLogin        Route = "login" // jscode2session
	RouteToken        Route = "token"
	RouteStableToken  Route = "stable-token"
	RoutePhone        Route = "phone"
	RouteSubscribe    Route = "subscribe-send"
	RouteURLLink      Route = "url-link"
	RouteScheme       Route = "scheme"
	RouteQRCode       Route = "qr-code"
	RouteShipping     Route = "shipping" // upload_shipping_info
	RouteTradeManaged Route = "trade-managed"

	RouteNotifyPayment Route = "notify-payment" // callbacks
	RouteNotifyRefund  Route = "notify-refund"
	RouteMessagePush   Route = "message-push"
)

// FaultKind is one way to spoil a call or a callback.
type FaultKind string

// Kinds for API calls; "after" means the effect was applied before the answer
// was spoiled, so the caller cannot know and must repeat or ask.
const (
	FaultSlow             FaultKind = "slow"           // answers rightly, after Delay
	FaultTimeoutBefore    FaultKind = "timeout-before" // no effect, no answer for Delay (default 1 min)
	FaultTimeoutAfter     FaultKind = "timeout-after"  // effect, then no answer
	FaultCutBefore        FaultKind = "cut-before"     // connection reset, no effect
	FaultCutAfter         FaultKind = "cut-after"      // effect, then connection reset
	FaultFrequency        FaultKind = "frequency"      // 429 FREQUENCY_LIMITED; errcode 45009
	FaultSystemError      FaultKind = "system-error"   // 500 SYSTEM_ERROR; errcode -1
	FaultSystemErrorAfter FaultKind = "system-error-after"
	FaultBadGateway       FaultKind = "bad-gateway" // 502 with an HTML body
	FaultBadGatewayAfter  FaultKind = "bad-gateway-after"
	FaultError            FaultKind = "error"      // Status and Code, or ErrCode, of the Fault
	FaultUnsigned         FaultKind = "unsigned"   // right answer without signature headers
	FaultWrongHash        FaultKind = "wrong-hash" // a bill reply whose hash is not the file's
	FaultHalfBill         FaultKind = "half-bill"  // half the file, well-formed HTTP
)

// Kinds for API replies and callbacks alike.
const (
	FaultForged      FaultKind = "forged"       // a well-formed signature of another key
	FaultSignTest    FaultKind = "signtest"     // WECHATPAY/SIGNTEST/... probe
	FaultStale       FaultKind = "stale"        // rightly signed, ten minutes old
	FaultWrongSerial FaultKind = "wrong-serial" // a Wechatpay-Serial nobody knows
	FaultTruncated   FaultKind = "truncated"    // half the body, then the connection ends
)

// Kinds for callbacks only. The wrong-... kinds are properly signed.
const (
	FaultLate       FaultKind = "late"        // sent after Delay (real time)
	FaultLost       FaultKind = "lost"        // this event is never sent
	FaultRepeated   FaultKind = "repeated"    // sent Count times at once, whatever is answered
	FaultReordered  FaultKind = "reordered"   // held back until the next event was sent, or Delay
	FaultWrongTotal FaultKind = "wrong-total" // one fen more than was paid
	FaultWrongMchID FaultKind = "wrong-mchid"
	FaultWrongAppID FaultKind = "wrong-appid"
	FaultWrongOrder FaultKind = "wrong-order" // an out_trade_no nobody placed
	FaultNoResource FaultKind = "no-resource" // signed envelope without its resource
)

// Fault spoils calls that match it. One-shot faults hit the next Times
// matching calls; faults with a Probability hit each match by chance.
type Fault struct {
	ID         string    `json:"id,omitempty"` // given by Inject
	Kind       FaultKind `json:"kind"`
	Route      Route     `json:"route,omitempty"`        // "" is every route that can show the kind
	Merchant   string    `json:"merchant,omitempty"`     // by name; "" is all
	OutTradeNo string    `json:"out_trade_no,omitempty"` // "" is all
	Times      int       `json:"times,omitempty"`        // 0 is once, or no limit with a Probability
	// Probability in (0,1]; 0 means every match. Seed makes the chances repeat.
	Probability float64 `json:"probability,omitempty"`
	Seed        int64   `json:"seed,omitempty"`

	Delay   time.Duration `json:"delay,omitempty"`   // ns in JSON; for slow, timeout-*, late, reordered
	Count   int           `json:"count,omitempty"`   // for repeated; 0 is 3
	Status  int           `json:"status,omitempty"`  // for error on WeChat Pay calls
	Code    string        `json:"code,omitempty"`    // for error on WeChat Pay calls, e.g. NOT_ENOUGH
	ErrCode int           `json:"errcode,omitempty"` // for error on mini-program calls, e.g. 43108

	Hits int `json:"hits"` // how often it struck, filled by Faults
}
