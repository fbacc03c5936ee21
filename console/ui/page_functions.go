package ui

import (
	"html/template"

	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
)

// functions are those that every template may call.
var functions = template.FuncMap{
	"yuan":         words.Yuan,
	"rate":         models.RateTextOf,
	"latetext":     words.LateRule,
	"share":        models.ShareTextOf,
	"date":         func(d models.Date) string { return words.OrDash(d.String()) },
	"at":           words.At,
	"minute":       words.Minute,
	"role":         func(s string) string { return words.Of(words.Roles, s) },
	"orderstate":   func(s string) string { return words.Of(words.Orders, s) },
	"ordertone":    func(s string) string { return words.OrderTones[s] },
	"billstate":    func(s string) string { return words.Of(words.Bills, s) },
	"channel":      func(s string) string { return words.Of(money.ChannelNames, s) },
	"learned":      func(s string) string { return words.Of(words.Learned, s) },
	"action":       words.Action,
	"actor":        words.Actor,
	"settlement":   func(s string) string { return words.Of(words.Settlements, s) },
	"prepaiditem":  words.PrepaidItem,
	"dash":         words.OrDash,
	"refundstate":  func(s string) string { return words.Of(words.Refunds, s) },
	"refundtone":   func(s string) string { return words.RefundTones[s] },
	"band":         func(b fees.AgingBucket) string { return words.Bands[b] },
	"who":          words.Actor,
	"request":      func(s string) string { return words.Of(words.Requests, s) },
	"requeststate": func(s string) string { return words.Of(words.RequestStates, s) },
	"planstate":    func(s string) string { return words.Of(words.Plans, s) },
	"entry":        func(s string) string { return words.Of(words.Entries, s) },
	"receiptstate": func(s string) string { return words.Of(words.Receipts, s) },
}
