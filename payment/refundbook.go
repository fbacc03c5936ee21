package payment

import "wuyepay/models"

// refundBook is our refunds as reconciliation looks them up.
var refundBook = RefundBook{
	Day: func(view *models.Tx, merchant string, on models.Date, fn func(models.RefundOfDay) error) error {
		return view.EachRefundOfDay(merchant, on, fn)
	},
	ByNo: func(view *models.Tx, refundNo string) (models.RefundOfDay, error) {
		return view.RefundOfDayByNo(refundNo)
	},
}
