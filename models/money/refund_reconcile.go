package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// NoteRefundAccepted keeps when WeChat accepted a refund, the first time we learn it.
func NoteRefundAccepted(tx *store.Tx, no string, at models.Time) error {
	_, err := tx.Exec("UPDATE refunds SET accepted_at = ? WHERE no = ? AND accepted_at = 0", at, no)
	return err
}

// refundsOfDay reads refunds as reconciliation sees them. What WeChat could not
// bring to the payer stays abnormal there, also when staff have paid it by hand.
const refundsOfDay = `SELECT no, COALESCE(refund_id, ''), order_no, amount_fen, accepted_at,
	CASE WHEN hand_name <> '' THEN 'ABNORMAL' WHEN status = 'success' THEN 'SUCCESS' WHEN status = 'closed' THEN 'CLOSED'
	WHEN status = 'abnormal' THEN 'ABNORMAL' ELSE 'PROCESSING' END FROM refunds `

func scanRefundOfDay(scan func(...any) error) (r RefundOfDay, err error) {
	var accepted models.Time
	err = scan(&r.RefundNo, &r.RefundID, &r.OrderNo, &r.AmountFen, &accepted, &r.Status)
	r.On = accepted.Date()
	return r, err
}

// EachRefundOfDay streams a merchant's refunds that WeChat accepted on a day. Those
// of which we have not learned the day are not among them.
func EachRefundOfDay(tx *store.Tx, merchant string, on models.Date, fn func(RefundOfDay) error) error {
	return tx.QueryRows(func(scan func(...any) error) error {
		r, err := scanRefundOfDay(scan)
		if err != nil {
			return err
		}
		return fn(r)
	}, refundsOfDay+"WHERE merchant = ? AND accepted_at >= ? AND accepted_at < ? AND channel = 'wechat'", merchant, models.At(on.Start()), models.At((on + 1).Start()))
}

// RefundOfDayByNo finds a refund that was sent to WeChat by its number. Its day may
// not be known; [models.ErrNotFound] for one that was never sent.
func RefundOfDayByNo(tx *store.Tx, no string) (r RefundOfDay, err error) {
	found := false
	err = tx.QueryRows(func(scan func(...any) error) (err error) {
		found = true
		r, err = scanRefundOfDay(scan)
		return err
	}, refundsOfDay+"WHERE no = ? AND channel = 'wechat' AND status NOT IN ('asked','rejected')", no)
	if err == nil && !found {
		err = models.ErrNotFound
	}
	return r, err
}

// RefundOfDay is our side of a refund row of WeChat's trade bill: a refund that
// WeChat has accepted. Status is in WeChat's words: PROCESSING, SUCCESS, CLOSED or
// ABNORMAL.
type RefundOfDay struct {
	RefundNo  string // out_refund_no
	RefundID  string // WeChat's; empty where its answer was lost
	OrderNo   string
	AmountFen models.Fen
	Status    string
	On        models.Date // the day on which WeChat accepted it
}
