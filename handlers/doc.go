// Package handlers is the JSON front door: the mini-program's API and WeChat's
// callbacks. It decodes, says who is asking, calls one domain operation and
// encodes; it holds no rule of the business. One file a resource.
//
// An operation returns a value or an error; only [Fail] turns errors into
// answers, in one switch from kind to status.
package handlers

import (
	"log/slog"

	"wuyepay/billing"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/reminder"
	"wuyepay/wechat"
)

// API holds what the operations need.
type API struct {
	DB       *store.DB
	Pay      *payment.Service
	Mini     *wechat.Client
	Reminder *reminder.Service
	Requests *billing.Requests
	AppID    string // of the mini-program: openids are under it
	Log      *slog.Logger
}
