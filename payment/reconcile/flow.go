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

// flowSums is what the fund-flow bill moved on a day, in fen. Fees and refunds that leave
// the account count as positive: a fee given back lowers fee, a refund that is closed
// lowers returned. Other moves are withdrawals and the like, which are no differences.
// The state is one of the Flow states of package proof.
type flowSums struct {
	state             string
	payments, refunds int
	paid, returned    models.Fen
	fee               models.Fen
	otherIn, otherOut models.Fen
	sha1              string
}

// net returns payments less refunds less fees. Other moves are not in it.
func (s *flowSums) net() models.Fen { return s.paid - s.returned - s.fee }

// flowWant is what a row of the trade bill must move on the account, and what the
// fund-flow bill has as moved: takings less fee, or a refund less the fee given
// back, over however many rows of that bill. A million of them are 32 MB.
type flowWant struct {
	key  uint64
	net  int64 // 1/1000 fen
	got  int64 // fen
	rows int32

	foreign bool // another business's: no finding, whatever moved
}

// flowBook joins both of WeChat's bills by their common number: the transaction's,
// or the refund's.
type flowBook struct {
	wants []flowWant
	index []uint32 // open addressing; 0 is free, else the place in wants plus one
	sums  flowSums

	merchant *payment.Merchant // whose rule tells foreign moves apart
	foreign  flowSums          // the part of sums that another business moved

	extra    []wechatpay.FlowRow
	extraNum int
	extraFen models.Fen
}

// flowKey returns the hash of a number under a seed of this process. It must not be
// stored: the next process has another seed.
func flowKey(number string) uint64 { return maphash.String(keySeeds[0], number) }

// expect notes what a row of the trade bill must move: the settled amount less the fee,
// or for a refund, as a negative amount, what is returned less the fee given back.
// For example, 129.49 yuan with a fee of 0.77694 must bring 128.71306.
func (b *flowBook) expect(row *wechatpay.TradeRow, foreign bool) {
	number, net := row.TransactionID, row.SettledFen*milli-row.FeeMilliFen
	if row.State == wechatpay.RowRefund {
		number, net = row.RefundID, max(row.FeeMilliFen, -row.FeeMilliFen)-row.ReturnedFen*milli
	}
	b.wants = append(b.wants, flowWant{key: flowKey(number), net: net, foreign: foreign})
}

// build makes the index, once all of the trade bill is known. At most half of it is
// used, so that a free place ends every search. A number that is there twice wants
// both amounts.
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
			w.net = 0 // counted with the first
			continue
		}
		b.index[at] = uint32(i) + 1
	}
}

// place returns where in the index a key is, or would be. It must not be called before
// build.
func (b *flowBook) place(key uint64) uint64 {
	mask := uint64(len(b.index) - 1) //nolint:gosec // a power of two, at least 16
	at := key & mask
	for b.index[at] != 0 && b.wants[b.index[at]-1].key != key {
		at = (at + 1) & mask
	}
	return at
}

// read adds each row of the fund-flow bill to what the trade bill wants of its number.
// Takings and fee are two rows with one number, and a refund and the fee given back are
// one row; WeChat does not promise either, so only the sum of a number counts.
//
// The sums are complete only if read returns without an error, because the bill is
// proven by its last line.
func (b *flowBook) read(ctx context.Context, bill *wechatpay.FlowFile) error {
	b.build()
	b.sums.sha1 = bill.SHA1
	_, err := bill.Rows(ctx, func(row *wechatpay.FlowRow) error {
		amount := row.AmountFen
		if row.Direction == wechatpay.FlowExpense {
			amount = -amount
		}
		known, foreign := false, b.merchant.ForeignNumber(row.VoucherNo)
		if n := b.index[b.place(flowKey(row.BusinessID))]; n != 0 {
			w := &b.wants[n-1]
			w.got += amount
			w.rows++
			known, foreign = true, w.foreign
		}
		if foreign {
			b.foreign.add(row, models.Fen(amount), true)
		}
		b.add(row, models.Fen(amount), known || foreign)
		return nil
	})
	return err
}

// add adds a move, negative for money that leaves the account, to the day's sums by its
// type (业务类型). A type that we do not know counts as trade if the trade bill has its
// number, else as another move, such as a withdrawal. A move of trade that the trade
// bill does not have is extra.
func (b *flowBook) add(row *wechatpay.FlowRow, amount models.Fen, known bool) {
	if trade := b.sums.add(row, amount, known); trade && !known {
		b.extraNum++
		b.extraFen += amount
		if b.extraNum <= maxOdd {
			b.extra = append(b.extra, *row)
		}
	}
}

// add adds a move to the sums by its type, and reports whether it is trade.
func (s *flowSums) add(row *wechatpay.FlowRow, amount models.Fen, known bool) bool {
	switch {
	case strings.Contains(row.Type, "手续费"):
		s.fee -= amount
	case row.Type == "交易":
		s.paid += amount
		s.payments++
	case strings.HasPrefix(row.Type, "退款"): // 退款关闭 returns one
		s.returned -= amount
		if amount < 0 {
			s.refunds++
		}
	case known && amount > 0:
		s.paid += amount
	case known:
		s.returned -= amount
	case amount > 0:
		s.otherIn += amount
		return false
	default:
		s.otherOut -= amount
		return false
	}
	return true
}

// flowBill downloads the fund-flow bill of a day in Asia/Shanghai. Its state is one of
// the Flow states of package proof. Without an error and without a file, the state is
// the reason.
//
// It returns [payment.ErrBillCreating] while WeChat is still making the bill. If WeChat
// refuses the bill, that is a state and not an error: the run goes on with the trade
// bill alone.
func flowBill(ctx context.Context, m *payment.Merchant, on models.Date) (*wechatpay.FlowFile, string, error) {
	if m.Config.SubMchID != "" {
		// The bill is of the provider's own account; a sub-merchant's money goes to its
		// own.
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
