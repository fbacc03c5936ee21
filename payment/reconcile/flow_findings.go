package reconcile

import (
	"context"
	"errors"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// flowFindings are the differences between WeChat's two bills. Rows of one kind
// beyond [maxOdd] become one finding with their sum.
type flowFindings struct {
	m  *payment.Merchant
	on models.Date
	b  *flowBook

	bad      map[uint64]flowWant // by key, while they are few
	missing  oddSum
	differed oddSum
}

// oddSum is how many rows of a kind there are, and what they come to.
type oddSum struct {
	n          int
	want, have int64 // 1/1000 fen
}

func (o *oddSum) add(w flowWant) {
	o.n++
	o.want += w.net
	o.have += w.got * milli
}

// fits reports whether the account moved by what the trade bill says. The account
// knows whole fen only.
func (w *flowWant) fits() bool {
	d := w.got*milli - w.net
	return d < milli && d > -milli
}

// findings compares what was joined. The trade bill is read once more for the
// numbers of the rows that differ: the book kept none.
func (b *flowBook) findings(ctx context.Context, m *payment.Merchant, on models.Date, bill *wechatpay.BillFile) ([]proof.Finding, error) {
	f := &flowFindings{m: m, on: on, b: b, bad: map[uint64]flowWant{}}
	if b.sums.state == proof.FlowPartner {
		return nil, nil
	}
	if b.sums.state != proof.FlowCompared {
		return f.noBill(), nil
	}
	for i := range b.wants {
		w := b.wants[i]
		if w.fits() {
			continue
		}
		sum := &f.differed
		if w.rows == 0 {
			sum = &f.missing
		}
		if sum.add(w); sum.n <= maxOdd {
			f.bad[w.key] = w
		}
	}
	out := f.extra()
	if f.missing.n > maxOdd {
		out = append(out, f.many(proof.FindingFlowMissing, f.missing))
	}
	if f.differed.n > maxOdd {
		out = append(out, f.many(proof.FindingFlowAmount, f.differed))
	}
	few, err := f.few(ctx, bill)
	return append(out, few...), err
}

// noBill is the day's trade without any fund-flow bill: one finding for all of it.
func (f *flowFindings) noBill() []proof.Finding {
	var all oddSum
	for _, w := range f.b.wants {
		all.add(w)
	}
	if all.n == 0 {
		return nil
	}
	return []proof.Finding{f.many(proof.FindingFlowMissing, all)}
}

func (f *flowFindings) many(kind string, s oddSum) proof.Finding {
	return proof.Finding{
		Merchant: f.m.Name, BillOn: f.on, Kind: kind, OursFen: wholeFen(s.want), TheirsFen: wholeFen(s.have),
		Resolution: proof.ResolutionOpen,
		Evidence: FindingSides{
			Trade: &FindingSide{Amount: wholeFen(s.want).String(), Note: rowsText(s.n)},
			Flow:  &FindingSide{Amount: wholeFen(s.have).String(), Note: f.b.sums.state},
		}.text(),
	}
}

// extra are moves of trade that the trade bill does not have.
func (f *flowFindings) extra() []proof.Finding {
	if f.b.extraNum > maxOdd {
		return []proof.Finding{{
			Merchant: f.m.Name, BillOn: f.on, Kind: proof.FindingFlowExtra, TheirsFen: f.b.extraFen, Resolution: proof.ResolutionOpen,
			Evidence: FindingSides{Flow: &FindingSide{Amount: f.b.extraFen.String(), Note: rowsText(f.b.extraNum)}}.text(),
		}}
	}
	var out []proof.Finding
	place := map[string]int{} // several moves may have one number: together they are one finding
	for i := range f.b.extra {
		r := &f.b.extra[i]
		amount := models.Fen(r.AmountFen)
		if r.Direction == wechatpay.FlowExpense {
			amount = -amount
		}
		number := payment.CleanToken(r.BusinessID)
		if at, ok := place[number]; ok {
			out[at].TheirsFen += amount
			continue
		}
		place[number] = len(out)
		out = append(out, proof.Finding{
			Merchant: f.m.Name, BillOn: f.on, Kind: proof.FindingFlowExtra, OrderNo: payment.CleanToken(r.VoucherNo), TransactionID: number,
			TheirsFen: amount, Resolution: proof.ResolutionOpen,
			Evidence: FindingSides{
				Flow: &FindingSide{At: short(r.Time), State: short(r.Type), Number: number, Amount: amount.String(), Note: short(r.Remark)},
			}.text(),
		})
	}
	return out
}

var errEnough = errors.New("payment: all numbers found")

// few are the rows that differ, one finding each.
func (f *flowFindings) few(ctx context.Context, bill *wechatpay.BillFile) ([]proof.Finding, error) {
	if len(f.bad) == 0 || bill == nil {
		return nil, nil
	}
	var out []proof.Finding
	_, err := bill.Rows(ctx, func(row *wechatpay.TradeRow) error {
		number := row.TransactionID
		if row.State == wechatpay.RowRefund {
			number = row.RefundID
		}
		w, ok := f.bad[flowKey(number)]
		if !ok {
			return nil
		}
		kind, sum := proof.FindingFlowAmount, f.differed
		if w.rows == 0 {
			kind, sum = proof.FindingFlowMissing, f.missing
		}
		delete(f.bad, w.key)
		if sum.n <= maxOdd {
			out = append(out, proof.Finding{
				Merchant: f.m.Name, BillOn: f.on, Kind: kind, OrderNo: payment.CleanToken(row.OutTradeNo),
				TransactionID: payment.CleanToken(number),
				OursFen:       wholeFen(w.net), TheirsFen: models.Fen(w.got), Resolution: proof.ResolutionOpen,
				Evidence: FindingSides{
					Trade: tradeSide(row), Flow: &FindingSide{Amount: models.Fen(w.got).String(), Note: rowsText(int(w.rows))},
				}.text(),
			})
		}
		if len(f.bad) == 0 {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return out, err
}
