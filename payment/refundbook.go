package payment

import (
	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

// refundBook is our refunds as reconciliation looks them up.
var refundBook = RefundBook{
	Day: func(view *store.Tx, merchant string, on models.Date, fn func(money.RefundOfDay) error) error {
		return money.EachRefundOfDay(view, merchant, on, fn)
	},
	ByNo: func(view *store.Tx, refundNo string) (money.RefundOfDay, error) {
		return money.RefundOfDayByNo(view, refundNo)
	},
}
