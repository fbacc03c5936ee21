package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// RefundOfDay is the books' side of a refund row of WeChat's trade bill: a refund that
// WeChat has accepted. Status is in WeChat's words: PROCESSING, SUCCESS, CLOSED or
// ABNORMAL (https://pay.weixin.qq.com, 申请交易账单, 退款状态).
type RefundOfDay struct {
	RefundNo  string // out_refund_no
	RefundID  string // WeChat's; empty where its answer was lost
	OrderNo   string
	AmountFen models.Fen
	Status    string
	On        models.Date `gorm:"-"` // the day on which WeChat accepted it; none: not known
}

// acceptedRefund is a row of refundsOfDay.
type acceptedRefund struct {
	RefundOfDay
	AcceptedAt models.Time
}

func (r *acceptedRefund) ofDay() RefundOfDay {
	r.On = r.AcceptedAt.Date()
	return r.RefundOfDay
}

// refundsOfDay selects refunds as reconciliation sees them. What WeChat could not
// bring to the payer stays abnormal there, also when staff have paid it by hand.
const refundsOfDay = `SELECT no AS refund_no, COALESCE(refund_id, '') AS refund_id, order_no, amount_fen, accepted_at,
	CASE WHEN hand_name <> '' THEN 'ABNORMAL' WHEN status = 'success' THEN 'SUCCESS' WHEN status = 'closed' THEN 'CLOSED'
	WHEN status = 'abnormal' THEN 'ABNORMAL' ELSE 'PROCESSING' END AS status FROM refunds `

// EachRefundOfDay calls fn with a merchant's refunds that WeChat accepted on a day, one
// after the other. Those whose day is not known are not among them.
func EachRefundOfDay(tx *store.Tx, merchant string, on models.Date, fn func(RefundOfDay) error) error {
	return store.Each(tx, func(r *acceptedRefund) error { return fn(r.ofDay()) },
		refundsOfDay+"WHERE merchant = ? AND accepted_at >= ? AND accepted_at < ? AND channel = 'wechat'",
		merchant, models.At(on.Start()), models.At((on + 1).Start()))
}

// RefundOfDayByNo returns a refund that was sent to WeChat by its number. Its day may
// not be known. It fails with [models.ErrNotFound] for one that was never sent.
func RefundOfDayByNo(tx *store.Tx, no string) (RefundOfDay, error) {
	r, err := store.Row[acceptedRefund](tx, refundsOfDay+"WHERE no = ? AND channel = 'wechat' AND status NOT IN ('asked','rejected')", no)
	return r.ofDay(), err
}

// NoteRefundAccepted keeps when WeChat accepted a refund, the first time it is known.
func NoteRefundAccepted(tx *store.Tx, no string, at models.Time) error {
	_, err := tx.Exec("UPDATE refunds SET accepted_at = ? WHERE no = ? AND accepted_at = 0", at, no)
	return err
}
