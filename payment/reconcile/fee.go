package reconcile

import (
	"strconv"
	"strings"

	"wuyepay/models"
	"wuyepay/models/proof"
	"wuyepay/payment"
	"wuyepay/payment/wechatpay"
)

// maxOdd is how many rows of one kind become a finding each. More of them mean that
// a rule of WeChat's has changed, and become one finding for the day. It applies to
// fees and to the fund-flow bill, not to payments and refunds: see [maxDifferences].
const maxOdd = 200

// feeCheck compares each row's fee with its own rate. WeChat charges on what the
// merchant gets (应结订单金额), and rounds half up to the fen or states five decimals of
// a yuan. Of a refund it returns nothing, or the refund's share, whose rounding
// depends on the refunds before it.
//
// Fees are counted in 1/1000 fen, which is the last of the five decimals.
type feeCheck struct {
	expectedMilli int64 // 1/1000 fen
	odd           []wechatpay.TradeRow
	oddCount      int
	oddWant       int64 // 1/1000 fen, of all odd rows
	oddHave       int64

	// The rate of the row before, so that a rate that repeats is parsed once.
	lastRate string
	lastPPM  int64
	lastOK   bool
}

// milli is the number of 1/1000 fen in a fen, and of 1/1,000,000 fen in 1/1000 fen.
const milli = 1000

// take checks a row and adds what its rate comes to. Without a rate that can be read
// there is nothing to compare with, and the fee as stated counts as expected. So does that
// of a foreign trade, which is not ours to question.
func (f *feeCheck) take(row *wechatpay.TradeRow, foreign bool) {
	if foreign {
		f.expectedMilli += feeOf(row)
		return
	}
	if row.Rate != f.lastRate || f.lastRate == "" {
		f.lastPPM, f.lastOK = ratePPM(row.Rate)
		f.lastRate = row.Rate
	}
	if row.State == wechatpay.RowRefund {
		f.takeRefund(row)
		return
	}
	if !f.lastOK { // a bill of an old form, or a row without a rate
		f.expectedMilli += row.FeeMilliFen
		return
	}
	want, fits := expectedFee(row.SettledFen, f.lastPPM, row.FeeMilliFen)
	f.expectedMilli += want
	if !fits {
		f.note(row, want)
	}
}

// takeRefund checks the fee that a refund returns. Only its size counts, whatever its
// sign in the bill, and as stated it counts as expected. A fen either way is allowed,
// because the rounding depends on earlier refunds, which may be in bills of other days.
func (f *feeCheck) takeRefund(row *wechatpay.TradeRow) {
	back := max(row.FeeMilliFen, -row.FeeMilliFen)
	f.expectedMilli -= back
	if !f.lastOK || back == 0 {
		return
	}
	want := row.ReturnedFen * f.lastPPM / milli
	if d := back - want; d > milli || d < -milli {
		f.note(row, -want)
	}
}

// feeOf returns the fee of a row in 1/1000 fen, negative for what a refund returns,
// whatever its sign in the bill.
func feeOf(row *wechatpay.TradeRow) int64 {
	if row.State == wechatpay.RowRefund {
		return -max(row.FeeMilliFen, -row.FeeMilliFen)
	}
	return row.FeeMilliFen
}

// note counts a row whose fee is odd and keeps it while they are few. The row is
// copied, because [wechatpay.BillFile.Rows] reuses it.
func (f *feeCheck) note(row *wechatpay.TradeRow, want int64) {
	f.oddCount++
	f.oddWant += want
	f.oddHave += row.FeeMilliFen
	if f.oddCount <= maxOdd {
		f.odd = append(f.odd, *row)
	}
}

// expectedFee returns the fee of an amount in 1/1000 fen, in the rounding that the
// bill's figure has, and whether that figure fits. For example, 129.49 yuan at 0.60%
// comes to 77.694 fen: 0.78000 and 0.77694 yuan both fit, 0.79000 does not.
func expectedFee(amountFen, ppm, statedMilli int64) (want int64, fits bool) {
	micro := amountFen * ppm             // 1/1,000,000 fen
	fen := (micro + 500_000) / 1_000_000 // half up to the fen
	if statedMilli == fen*milli {        // the usual bill
		return statedMilli, true
	}
	if d := statedMilli*milli - micro; statedMilli%milli != 0 && d < milli && d > -milli { // five decimals
		return statedMilli, true
	}
	return fen * milli, false
}

// ratePPM reads a rate such as 0.60% as parts per million: 6000. It reports false for a
// text without a percent sign, for 100% and more, and for more than four decimals,
// which parts per million cannot hold.
func ratePPM(text string) (int64, bool) {
	number, ok := strings.CutSuffix(strings.TrimSpace(text), "%")
	if !ok || number == "" {
		return 0, false
	}
	whole, fraction, _ := strings.Cut(number, ".")
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > 4 || len(whole) > 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(whole+(fraction + "0000")[:4], 10, 32)
	return int64(n), err == nil
}

// findings returns a finding for each odd fee of the day, or one with their sums if they
// are more than [maxOdd]. That one has no order number, so a later run finds it again by
// its kind alone. For a refund OursFen is negative, and TheirsFen has the sign that the
// bill has.
func (f *feeCheck) findings(m *payment.Merchant, on models.Date) []proof.Finding {
	if f.oddCount > maxOdd {
		return []proof.Finding{{
			Merchant: m.Name, BillOn: on, Kind: proof.FindingFee, OursFen: wholeFen(f.oddWant), TheirsFen: wholeFen(f.oddHave),
			Resolution: proof.ResolutionOpen,
			Evidence: FindingSides{
				Ours: &FindingSide{Fee: milliYuan(f.oddWant)}, Trade: &FindingSide{Fee: milliYuan(f.oddHave), Note: rowsText(f.oddCount)},
			}.text(),
		}}
	}
	out := make([]proof.Finding, 0, len(f.odd))
	for i := range f.odd {
		row := &f.odd[i]
		ppm, _ := ratePPM(row.Rate)
		want, _ := expectedFee(row.SettledFen, ppm, 0)
		if row.State == wechatpay.RowRefund {
			want = -row.ReturnedFen * ppm / milli
		}
		number := row.TransactionID
		if row.State == wechatpay.RowRefund {
			number = row.RefundID
		}
		out = append(out, proof.Finding{
			Merchant: m.Name, BillOn: on, Kind: proof.FindingFee, OrderNo: payment.CleanToken(row.OutTradeNo),
			TransactionID: payment.CleanToken(number), OursFen: wholeFen(want), TheirsFen: wholeFen(row.FeeMilliFen),
			Resolution: proof.ResolutionOpen,
			Evidence:   FindingSides{Ours: &FindingSide{Fee: milliYuan(want), Note: "rate x amount"}, Trade: tradeSide(row)}.text(),
		})
	}
	return out
}

// wholeFen rounds 1/1000 fen half away from zero to the fen.
func wholeFen(v int64) models.Fen {
	if v < 0 {
		return -wholeFen(-v)
	}
	return models.Fen((v + milli/2) / milli)
}

// rowsText returns a number of rows as the note of a side.
func rowsText(n int) string { return strconv.Itoa(n) + " rows" }
