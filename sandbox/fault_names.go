package sandbox

import (
	"wuyepay/sandbox/fault"
)

// Fault is [fault.Fault]: what spoils matching calls or callbacks.
type Fault = fault.Fault

// FaultKind is [fault.Kind]: one way to spoil a call or a callback.
type FaultKind = fault.Kind

// Route is [fault.Route]: a call of the simulated API, or a kind of callback.
type Route = fault.Route

// Routes of the API and of the callbacks; package fault says what each is.
const (
	RoutePrepay        = fault.RoutePrepay
	RouteQuery         = fault.RouteQuery
	RouteClose         = fault.RouteClose
	RouteRefund        = fault.RouteRefund
	RouteRefundQuery   = fault.RouteRefundQuery
	RouteCertificates  = fault.RouteCertificates
	RouteTradeBill     = fault.RouteTradeBill
	RouteFundFlowBill  = fault.RouteFundFlowBill
	RouteBillDownload  = fault.RouteBillDownload
	RouteLogin         = fault.RouteLogin
	RouteToken         = fault.RouteToken
	RouteStableToken   = fault.RouteStableToken
	RoutePhone         = fault.RoutePhone
	RouteSubscribe     = fault.RouteSubscribe
	RouteURLLink       = fault.RouteURLLink
	RouteScheme        = fault.RouteScheme
	RouteQRCode        = fault.RouteQRCode
	RouteShipping      = fault.RouteShipping
	RouteTradeManaged  = fault.RouteTradeManaged
	RouteNotifyPayment = fault.RouteNotifyPayment
	RouteNotifyRefund  = fault.RouteNotifyRefund
	RouteMessagePush   = fault.RouteMessagePush
)

// Kinds of faults; package fault says what each does.
const (
	FaultSlow             = fault.Slow
	FaultTimeoutBefore    = fault.TimeoutBefore
	FaultTimeoutAfter     = fault.TimeoutAfter
	FaultCutBefore        = fault.CutBefore
	FaultCutAfter         = fault.CutAfter
	FaultFrequency        = fault.Frequency
	FaultSystemError      = fault.SystemError
	FaultSystemErrorAfter = fault.SystemErrorAfter
	FaultBadGateway       = fault.BadGateway
	FaultBadGatewayAfter  = fault.BadGatewayAfter
	FaultError            = fault.Error
	FaultUnsigned         = fault.Unsigned
	FaultWrongHash        = fault.WrongHash
	FaultHalfBill         = fault.HalfBill
	FaultForged           = fault.Forged
	FaultSignTest         = fault.SignTest
	FaultStale            = fault.Stale
	FaultWrongSerial      = fault.WrongSerial
	FaultTruncated        = fault.Truncated
	FaultLate             = fault.Late
	FaultLost             = fault.Lost
	FaultRepeated         = fault.Repeated
	FaultReordered        = fault.Reordered
	FaultWrongTotal       = fault.WrongTotal
	FaultWrongMchID       = fault.WrongMchID
	FaultWrongAppID       = fault.WrongAppID
	FaultWrongOrder       = fault.WrongOrder
	FaultNoResource       = fault.NoResource
)
