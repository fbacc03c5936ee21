package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"wuyepay/sandbox"
)

// refund asks for a refund of some paid order, which another person decides.
func (w *worker) refund(s step) error {
	no := w.d.log.somePaid(s.chance[0])
	if no == "" {
		return nil
	}
	form := url.Values{"key": {w.d.nextKey()}, "way": {"all"}, "after": {"owed"}, "reason": {"演练"}, "do": {"send"}}
	if s.chance[1] < 0.7 {
		form.Set("way", "amount")
		form.Set("amount", yuan(int64(1+s.pick(2, 6000))))
	}
	if s.chance[3] < 0.3 {
		form.Set("after", "credited")
	}
	asked := w.d.cashier.post(w.ctx, "/staff/orders/"+no+"/refund", form)
	if !asked.done() {
		return nil
	}
	w.d.log.add("refunds asked for", 1)
	if again := w.d.cashier.once(w.ctx, http.MethodPost, "/staff/orders/"+no+"/refund", form); s.chance[4] < 0.2 && again.done() &&
		again.to != asked.to {
		return fmt.Errorf("a form asked twice: %s and %s", asked.to, again.to)
	}
	verdict := "approve"
	if s.chance[4] > 0.9 {
		verdict = "reject"
	}
	if own := w.d.cashier.once(w.ctx, http.MethodPost, asked.to, url.Values{"do": {"approve"}}); own.done() {
		return fmt.Errorf("%s was approved by who asked for it", asked.to)
	}
	decided := w.d.manager.post(w.ctx, asked.to, url.Values{"do": {verdict}, "note": {"演练核对"}})
	if decided.done() && s.chance[5] < 0.5 {
		w.d.finance.post(w.ctx, asked.to+"/follow", nil)
	}
	end := sandbox.RefundSuccess
	switch { // what happens to it at WeChat
	case s.chance[5] < 0.07:
		end = sandbox.RefundAbnormal
	case s.chance[5] < 0.12:
		end = sandbox.RefundClosed
	}
	_ = w.d.bed.box.FinishRefund(strings.TrimPrefix(asked.to, "/staff/refunds/"), end) // one that is not sent yet ends with the drill
	return nil
}

// finishAtWechat lets every refund that is still in progress at WeChat succeed.
func (d *drill) finishAtWechat() {
	for t := range d.bed.box.Books() {
		for _, r := range t.Refunds {
			if r.Status == sandbox.RefundProcessing {
				_ = d.bed.box.FinishRefund(r.OutRefundNo, sandbox.RefundSuccess) // it may have ended already
			}
		}
	}
}

func yuan(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }

// endRefunds ends refunds as staff do: it rejects those that are not decided, and pays
// by hand those that WeChat could not pay. It returns the number that is still open.
func (d *drill) endRefunds(ctx context.Context, raw *sql.DB) (open int, err error) {
	d.finishAtWechat()
	rows, err := raw.QueryContext(ctx, "SELECT no, status FROM refunds WHERE status NOT IN ('success','closed','rejected')")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	left := map[string]string{}
	for rows.Next() {
		var no, status string
		if err := rows.Scan(&no, &status); err != nil {
			return 0, err
		}
		left[no] = status
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	for no, status := range left {
		switch path := "/staff/refunds/" + no; status {
		case "asked":
			d.manager.post(ctx, path, url.Values{"do": {"reject"}, "note": {"演练结束"}})
		case "abnormal":
			if d.finance.post(ctx, path+"/by-hand", url.Values{"hand_note": {"演练：已转账退回"}}).done() {
				d.log.add("refunds paid by hand", 1)
			}
		}
	}
	return len(left), hurry(ctx, raw, "UPDATE refunds SET next_check_at = 1 WHERE status IN ('sending','processing')")
}

// ourRefund is a refund in our books.
type ourRefund struct {
	order  string
	amount int64
	status string
	byHand bool
}

// proveRefunds compares every refund of WeChat's with ours, and the other way round.
func (d *drill) proveRefunds(ctx context.Context, raw *sql.DB) error {
	rows, err := raw.QueryContext(ctx, "SELECT no, order_no, amount_fen, status, hand_name <> '' FROM refunds WHERE channel = 'wechat'")
	if err != nil {
		return err
	}
	defer rows.Close()
	ours := map[string]ourRefund{}
	for rows.Next() {
		var no string
		var r ourRefund
		if err := rows.Scan(&no, &r.order, &r.amount, &r.status, &r.byHand); err != nil {
			return err
		}
		ours[no] = r
	}
	if err := rows.Err(); err != nil {
		return err
	}
	v := &d.result
	for t := range d.bed.box.Books() {
		for _, theirs := range t.Refunds {
			r, known := ours[theirs.OutRefundNo]
			delete(ours, theirs.OutRefundNo)
			d.proveRefund(theirs, r, known)
		}
	}
	for no, r := range ours {
		if r.status == "success" && !r.byHand {
			v.fault(&v.doubled, "refund %s arrived, and WeChat never had it", no)
		}
	}
	return nil
}

func (d *drill) proveRefund(theirs sandbox.Refund, r ourRefund, known bool) {
	v := &d.result
	d.log.add("refunds at WeChat: "+string(theirs.Status), 1)
	arrived := theirs.Status == sandbox.RefundSuccess
	switch {
	case !known:
		v.fault(&v.lost, "refund %s is WeChat's alone", theirs.OutRefundNo)
	case theirs.OutTradeNo != r.order || theirs.AmountFen != r.amount:
		v.fault(&v.different, "refund %s: ours %d of %s, WeChat's %d of %s", theirs.OutRefundNo, r.amount, r.order, theirs.AmountFen,
			theirs.OutTradeNo)
	case arrived && (r.status != "success" || r.byHand):
		v.fault(&v.lost, "refund %s arrived and is %s here", theirs.OutRefundNo, r.status)
	case !arrived && r.status == "success" && !r.byHand:
		v.fault(&v.doubled, "refund %s is %s at WeChat, and arrived here", theirs.OutRefundNo, theirs.Status)
	case arrived:
		v.refunds++
		v.refundFen += r.amount
	}
}
