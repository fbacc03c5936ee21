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

// refundJoin is the refunds of a day, ours and those of the trade bill.
type refundJoin struct {
	theirs Sums
	ours   Sums
	known  map[string]money.RefundOfDay // ours that the bill has not shown yet
	rows   []wechatpay.TradeRow         // of the bill, not simply ours
}

// load takes our refunds of the day.
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

// take holds a row against ours.
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

// refundStateFits reports whether our state can be what the bill showed when it was
// made: it is never updated afterwards, so one in progress fits any.
func refundStateFits(ours, bill string) bool {
	switch strings.ToUpper(ours) {
	case "SUCCESS":
		return bill == "SUCCESS" || bill == "PROCESSING" || bill == ""
	case "CLOSED", "ABNORMAL":
		return bill != "SUCCESS"
	}
	return true
}

// findings are the refunds that differ.
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
		if strings.EqualFold(r.Status, "CLOSED") { // WeChat gave it up; its bill may leave it out
			continue
		}
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

// kindOfRefund says what differs between a refund of ours and its row; empty if
// nothing does.
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
