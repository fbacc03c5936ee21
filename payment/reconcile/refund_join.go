package reconcile

import (
	"errors"
	"strings"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// refundJoin compares the refunds of a day, ours and those of the trade bill. A refund
// belongs to the day in Asia/Shanghai on which WeChat accepted it, which may be neither
// the day we sent it nor the day the payer got the money.
type refundJoin struct {
	theirs Sums
	ours   Sums
	known  map[string]money.RefundOfDay // ours that the bill has not shown yet
	rows   []wechatpay.TradeRow         // of the bill, that do not agree with ours
}

// load reads our refunds that WeChat accepted on the day. A refund whose day is not
// known, for example because WeChat's answer was lost, is looked up by its number if the
// bill has it. It returns errTooManyDifferences for more than [maxDifferences] refunds.
func (j *refundJoin) load(view *store.Tx, merchant string, on models.Date) error {
	j.known = map[string]money.RefundOfDay{}
	return money.EachRefundOfDay(view, merchant, on, func(r money.RefundOfDay) error {
		if len(j.known) >= maxDifferences {
			return errTooManyDifferences
		}
		j.ours.add(r.AmountFen)
		j.known[r.RefundNo] = r
		return nil
	})
}

// take compares a refund of the bill with ours of the same number. One that agrees in
// amount, order, state and day is done with; every other row is kept.
func (j *refundJoin) take(row *wechatpay.TradeRow, date string) error {
	j.theirs.add(models.Fen(row.RefundFen))
	r, ok := j.known[row.OutRefundNo]
	if ok && r.AmountFen == models.Fen(row.RefundFen) && r.OrderNo == row.OutTradeNo && refundStateFits(r.Status,
		row.RefundStatus) && strings.HasPrefix(row.Time, date) {
		delete(j.known, row.OutRefundNo)
		return nil
	}
	return keepRow(&j.rows, row)
}

// refundStateFits reports whether our state can follow from the one in the bill. A bill
// is never updated after it was made, so PROCESSING there fits every state of ours. If
// ours is still PROCESSING, any state of the bill fits, because WeChat's notification
// may still come. For example, SUCCESS there and CLOSED here do not fit.
func refundStateFits(ours, bill string) bool {
	switch strings.ToUpper(ours) {
	case "SUCCESS":
		return bill == "SUCCESS" || bill == "PROCESSING" || bill == ""
	case "CLOSED", "ABNORMAL":
		return bill != "SUCCESS"
	}
	return true
}

// findings returns the refunds that differ: first the rows of the bill, then our refunds
// that no row has shown. A refund that has a row is taken out of known, so that it is
// not a second finding of our side.
func (j *refundJoin) findings(view *store.Tx, m *payment.Merchant, on models.Date) ([]proof.Finding, error) {
	var out []proof.Finding
	for i := range j.rows {
		row := &j.rows[i]
		f := proof.Finding{
			Merchant: m.Name, BillOn: on, Kind: proof.FindingRefund, OrderNo: payment.CleanToken(row.OutTradeNo),
			TransactionID: payment.CleanToken(row.RefundID), TheirsFen: models.Fen(row.RefundFen), Resolution: proof.ResolutionOpen,
		}
		e := FindingSides{Trade: tradeSide(row)}
		ours, ok := j.known[row.OutRefundNo]
		if !ok {
			var err error
			ours, err = money.RefundOfDayByNo(view, row.OutRefundNo)
			if err != nil && !errors.Is(err, models.ErrNotFound) {
				return nil, err
			}
			ok = err == nil
		}
		if ok {
			delete(j.known, row.OutRefundNo)
			f.OursFen, e.Ours = ours.AmountFen, refundSide(&ours)
			f.Kind = kindOfRefund(&ours, row, on)
		}
		if f.Kind != "" {
			f.Evidence = e.text()
			out = append(out, f)
		}
	}
	for _, r := range j.known {
		if strings.EqualFold(r.Status, "CLOSED") { // refused by WeChat for good; its bill may leave it out
			continue
		}
		// WeChat's number is unknown where its answer was lost. Ours then keeps two refunds
		// of one order apart, because a finding's key has only this number and the order's.
		number := r.RefundID
		if number == "" {
			number = r.RefundNo
		}
		out = append(out, proof.Finding{
			Merchant: m.Name, BillOn: on, Kind: proof.FindingRefundOurs, OrderNo: r.OrderNo, TransactionID: number, OursFen: r.AmountFen,
			Resolution: proof.ResolutionOpen, Evidence: FindingSides{Ours: refundSide(&r)}.text(),
		})
	}
	return out, nil
}

// kindOfRefund returns what differs between a refund of ours and its row: the amount
// before the order and the state, and these before the day; empty if nothing differs.
// A refund of ours without a known day fits the day of the bill.
func kindOfRefund(r *money.RefundOfDay, row *wechatpay.TradeRow, on models.Date) string {
	switch {
	case r.AmountFen != models.Fen(row.RefundFen):
		return proof.FindingRefundAmount
	case r.OrderNo != row.OutTradeNo || !refundStateFits(r.Status, row.RefundStatus):
		return proof.FindingRefundState
	case !r.On.IsZero() && r.On != on || !strings.HasPrefix(row.Time, on.String()):
		return proof.FindingDay
	}
	return ""
}
