package reconcile

import (
	"context"
	"errors"
	"hash/maphash"
	"strings"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// flowSums is what the fund-flow bill moved on a day. Net is in less refunds less
// fees; other moves are withdrawals and the like.
type flowSums struct {
	state             string
	payments, refunds int
	paid, returned    models.Fen
	fee               models.Fen
	otherIn, otherOut models.Fen
	sha1              string
}

func (s *flowSums) net() models.Fen { return s.paid - s.returned - s.fee }

// flowWant is what a row of the trade bill must move on the account, and what the
// fund-flow bill says it moved: takings less fee, or a refund less the fee given
// back, over however many rows of that bill. A million of them are 32 MB.
type flowWant struct {
	key  uint64
	net  int64 // 1/1000 fen
	got  int64 // fen
	rows int32
}

// flowBook joins both of WeChat's bills by their common number: the transaction's,
// or the refund's.
type flowBook struct {
	wants []flowWant
	index []uint32 // open addressing; 0 is free, else the place in wants plus one
	sums  flowSums

	extra    []wechatpay.FlowRow
	extraNum int
	extraFen models.Fen
}

func flowKey(number string) uint64 { return maphash.String(keySeeds[0], number) }

// expect notes a row of the trade bill.
func (b *flowBook) expect(row *wechatpay.TradeRow) {
	number, net := row.TransactionID, row.SettledFen*milli-row.FeeMilliFen
	if row.State == wechatpay.RowRefund {
		number, net = row.RefundID, max(row.FeeMilliFen, -row.FeeMilliFen)-row.ReturnedFen*milli
	}
	b.wants = append(b.wants, flowWant{key: flowKey(number), net: net})
}

// build makes the index, once all of the trade bill is known. A number that is
// there twice wants both amounts.
func (b *flowBook) build() {
	size := 16
	for size < 2*len(b.wants) {
		size *= 2
	}
	b.index = make([]uint32, size)
	for i := range b.wants {
		w := &b.wants[i]
		at := b.place(w.key)
		if n := b.index[at]; n != 0 {
			b.wants[n-1].net += w.net
			w.net = 0 // told by the first
			continue
		}
		b.index[at] = uint32(i) + 1
	}
}

// place is where a key is, or would be.
func (b *flowBook) place(key uint64) uint64 {
	mask := uint64(len(b.index) - 1) //nolint:gosec // a power of two, at least 16
	at := key & mask
	for b.index[at] != 0 && b.wants[b.index[at]-1].key != key {
		at = (at + 1) & mask
	}
	return at
}

// read streams the fund-flow bill past the wants.
func (b *flowBook) read(ctx context.Context, bill *wechatpay.FlowFile) error {
	b.build()
	b.sums.sha1 = bill.SHA1
	_, err := bill.Rows(ctx, func(row *wechatpay.FlowRow) error {
		amount := row.AmountFen
		if row.Direction == wechatpay.FlowExpense {
			amount = -amount
		}
		known := false
		if n := b.index[b.place(flowKey(row.BusinessID))]; n != 0 {
			w := &b.wants[n-1]
			w.got += amount
			w.rows++
			known = true
		}
		b.add(row, models.Fen(amount), known)
		return nil
	})
	return err
}

// add sorts a move into the day's sums. A move of trade that the trade bill does not
// have is extra.
func (b *flowBook) add(row *wechatpay.FlowRow, amount models.Fen, known bool) {
	trade := true
	switch {
	case strings.Contains(row.Type, "手续费"):
		b.sums.fee -= amount
	case row.Type == "交易":
		b.sums.paid += amount
		b.sums.payments++
	case strings.HasPrefix(row.Type, "退款"): // 退款关闭 gives one back
		b.sums.returned -= amount
		if amount < 0 {
			b.sums.refunds++
		}
	case known && amount > 0:
		b.sums.paid += amount
	case known:
		b.sums.returned -= amount
	default:
		trade = false
		if amount > 0 {
			b.sums.otherIn += amount
		} else {
			b.sums.otherOut -= amount
		}
	}
	if trade && !known {
		b.extraNum++
		b.extraFen += amount
		if b.extraNum <= maxOdd {
			b.extra = append(b.extra, *row)
		}
	}
}

// flowBill gets the fund-flow bill of a day. What is being made is waited for as the
// trade bill is.
func flowBill(ctx context.Context, m *payment.Merchant, on models.Date) (*wechatpay.FlowFile, string, error) {
	if m.Config.SubMchID != "" {
		// The bill is of the provider's own account; a sub-merchant's money goes to its own.
		return nil, proof.FlowPartner, nil
	}
	file, err := m.Client.FundFlowBill(ctx, on.String())
	switch {
	case errors.Is(err, wechatpay.ErrNoStatement):
		return nil, proof.FlowNone, nil
	case errors.Is(err, wechatpay.ErrStatementCreating):
		return nil, "", payment.ErrBillCreating
	case errors.Is(err, wechatpay.ErrRefused):
		return nil, proof.FlowRefused, nil
	case err != nil:
		return nil, "", err
	}
	return file, proof.FlowCompared, nil
}
