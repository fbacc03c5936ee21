package reconcile

import (
	"context"
	"errors"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// flowFindings are the differences between WeChat's two bills. More than [maxOdd] rows
// of one kind become one finding with their sums. In these findings OursFen is what
// the trade bill has, TheirsFen what the fund-flow bill has.
type flowFindings struct {
	m  *payment.Merchant
	on models.Date
	b  *flowBook

	bad      map[uint64]flowWant // by key, while they are few
	missing  oddSum
	differed oddSum
}

// oddSum is how many rows of a kind there are, what the trade bill wants of them, and
// what the account moved.
type oddSum struct {
	n          int
	want, have int64 // 1/1000 fen
}

// add counts a row of the trade bill. The account's whole fen become 1/1000 fen.
func (o *oddSum) add(w flowWant) {
	o.n++
	o.want += w.net
	o.have += w.got * milli
}

// fits reports whether the account moved by what the trade bill states, less than a fen
// more or less, because the account knows whole fen only. For example, 128.71306 yuan
// are wanted: 128.71 and 128.72 fit, 128.70 does not.
func (w *flowWant) fits() bool {
	d := w.got*milli - w.net
	return d < milli && d > -milli
}

// findings compares what was joined. The trade bill is read once more for the
// numbers of the rows that differ: the book kept none. A sub-merchant has no findings
// here, because the provider's account does not hold its money.
//
// Rows without any move are missing, rows with another amount differ. Both kinds have
// limits of their own, so that many of one do not hide the few of the other.
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
		if w.foreign || w.fits() {
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

// noBill returns one finding for all of the day's trade, which has no fund-flow bill:
// WeChat has none, or does not let this merchant have it. A day without trade has no
// finding.
func (f *flowFindings) noBill() []proof.Finding {
	var all oddSum
	for _, w := range f.b.wants {
		if !w.foreign {
			all.add(w)
		}
	}
	if all.n == 0 {
		return nil
	}
	return []proof.Finding{f.many(proof.FindingFlowMissing, all)}
}

// many returns one finding for many rows of a kind, with their number and sums. It has
// no order number, so a later run finds it again by its kind alone. Its note on the
// side of the fund-flow bill is the state of that bill.
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

// extra returns the moves of trade that the trade bill does not have, one finding for
// each number, or one for all of them if they are more than [maxOdd]. Money that leaves
// the account is negative. For example, a payment that comes in and its fee that goes out
// have one number, and their finding has what is left.
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

// errEnough ends the second reading of the trade bill early. That is safe, because the
// first reading has proven the bill.
var errEnough = errors.New("payment: all numbers found")

// few returns a finding for each row that differs, of the kinds that have at most
// [maxOdd] of them; many has the others. A number that the trade bill has twice is one
// finding, with the order of its first row.
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
