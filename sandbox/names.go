package sandbox

import (
	"wuyepay/sandbox/core"
	"wuyepay/sandbox/mini"
	"wuyepay/sandbox/pay"
	"wuyepay/sandbox/pay/bill"
	"wuyepay/sandbox/pay/merchant"
	"wuyepay/sandbox/pay/notice"
	"wuyepay/sandbox/user"
)

// What a sandbox is configured with.
type (
	// Config is [core.Config].
	Config = core.Config
	// Merchant is [core.Merchant]: a merchant of Config.
	Merchant = core.Merchant
	// Mode is [core.Mode]: the keys that WeChat Pay signs with for a merchant.
	Mode = core.Mode
	// Template is [core.Template]: a subscribe-message template of Config.
	Template = core.Template
	// Keyword is [core.Keyword]: a placeholder of a Template.
	Keyword = core.Keyword
	// MerchantCredentials is [merchant.Credentials]: one merchant's part of Credentials.
	MerchantCredentials = merchant.Credentials
)

// What the WeChat Pay side shows and accepts.
type (
	// Transaction is [pay.Transaction]: an order in the books.
	Transaction = pay.Transaction
	// TradeState is [pay.TradeState]: the state of an order.
	TradeState = pay.TradeState
	// Refund is [pay.Refund]: a refund in the books.
	Refund = pay.Refund
	// RefundStatus is [pay.RefundStatus]: the state of a refund.
	RefundStatus = pay.RefundStatus
	// PayOptions are [pay.PayOptions]: what varies one payment.
	PayOptions = pay.PayOptions
	// PaymentRequest is [pay.PaymentRequest]: the parameters of wx.requestPayment.
	PaymentRequest = pay.PaymentRequest
	// Seed is [pay.Seed]: many paid orders of one day.
	Seed = pay.Seed
	// Attempt is [notice.Attempt]: one delivery of a notification.
	Attempt = notice.Attempt
	// BillState is [bill.State]: what overrides the clock for a day's bills.
	BillState = bill.State
	// BillEdit is [bill.Edit]: a change of every bill.
	BillEdit = bill.Edit
)

// What the mini-program's side shows and accepts.
type (
	// Message is [user.Message]: a subscribe message that reached a phone.
	Message = user.Message
	// Event is [mini.Event]: a message push event.
	Event = mini.Event
)

// Modes of a merchant.
const (
	ModePublicKey   = core.ModePublicKey
	ModeCertificate = core.ModeCertificate
	ModeBoth        = core.ModeBoth
)

// States of an order.
const (
	NotPay   = pay.NotPay
	Paid     = pay.Paid
	Refunded = pay.Refunded
	Closed   = pay.Closed
)

// States of a refund.
const (
	RefundProcessing = pay.RefundProcessing
	RefundSuccess    = pay.RefundSuccess
	RefundAbnormal   = pay.RefundAbnormal
	RefundClosed     = pay.RefundClosed
)

// States of a day's bills.
const (
	BillAuto     = bill.Auto
	BillReady    = bill.Ready
	BillCreating = bill.Creating
)

// Kinds of message push events.
const (
	EventPopup  = mini.EventPopup
	EventChange = mini.EventChange
	EventSent   = mini.EventSent
)

// Errors of the methods of [Server].
var (
	ErrNotFound      = core.ErrNotFound
	ErrOrderPaid     = pay.ErrOrderPaid
	ErrOrderClosed   = pay.ErrOrderClosed
	ErrPrepayExpired = pay.ErrPrepayExpired
	ErrPaySign       = pay.ErrPaySign
)
