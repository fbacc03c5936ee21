package sandbox

import (
	"cmp"
	"fmt"
	"strconv"
	"time"
)

// billRow builds one line of a bill in a buffer that is used again for the
// next: values behind backticks, commas between, CRLF at the end.
type billRow struct{ buf []byte }

func (r *billRow) start() { r.buf = r.buf[:0] }

// end closes the line; the bytes are good until start.
func (r *billRow) end() []byte {
	r.buf = append(r.buf, "\r\n"...)
	return r.buf
}

// open begins the next value.
func (r *billRow) open() {
	if len(r.buf) > 0 {
		r.buf = append(r.buf, ',')
	}
	r.buf = append(r.buf, '`')
}

func (r *billRow) text(values ...string) {
	for _, v := range values {
		r.open()
		r.buf = append(r.buf, v...)
	}
}

func (r *billRow) number(n int64) {
	r.open()
	r.buf = strconv.AppendInt(r.buf, n, 10)
}

// time leaves the value blank when there is no time yet.
func (r *billRow) time(t time.Time) {
	r.open()
	if !t.IsZero() {
		r.buf = t.In(shanghai).AppendFormat(r.buf, billTime)
	}
}

// yuan writes fen with two decimals.
func (r *billRow) yuan(fen int64) {
	r.open()
	r.buf = appendYuan(r.buf, fen)
}

// fee writes fen with the five decimals of the 手续费 column.
func (r *billRow) fee(fen int64) {
	r.yuan(fen)
	r.buf = append(r.buf, "000"...)
}

// appendYuan prints fen as yuan by integers alone.
func appendYuan(buf []byte, fen int64) []byte {
	if fen < 0 {
		buf, fen = append(buf, '-'), -fen
	}
	buf = strconv.AppendInt(buf, fen/100, 10)
	return append(buf, '.', byte('0'+fen%100/10), byte('0'+fen%10))
}

// percent writes a fee rate as the bill does, e.g. 0.60%.
func percent(basisPoints int) string {
	return fmt.Sprintf("%d.%02d%%", basisPoints/100, basisPoints%100)
}

// order writes the columns all three bills begin with.
func (r *billRow) order(m *merchant, line billLine) {
	e := line.entry
	state := "SUCCESS"
	if e.isRefund() {
		state = "REFUND"
	}
	r.time(e.at)
	r.text(e.appID, m.MchID, cmp.Or(e.subMchID, "0"), e.deviceID, e.transactionID, e.outTradeNo,
		e.openID, "JSAPI", state, e.bankType, "CNY")
	r.yuan(e.settleFen)
	r.yuan(0) // pre-charged coupons are not imitated
}

// refundTimes are the two columns only the refund bill has.
func (r *billRow) refundTimes(line billLine) {
	r.time(line.entry.at)
	r.time(line.successAt)
}

// refundWords are the bill's own names for a refund's state at the time of
// writing; they are not the API's.
var refundWords = map[RefundStatus]string{
	RefundProcessing: "PROCESSING", RefundSuccess: "SUCCESS", RefundClosed: "FAIL", RefundAbnormal: "CHANGE",
}

// refund writes the refund columns; a payment has zeros there.
func (r *billRow) refund(line billLine) {
	e := line.entry
	if !e.isRefund() {
		r.text("0", "0", "0.00", "0.00", "", "")
		return
	}
	r.text(e.refundID, e.outRefundNo)
	r.yuan(e.settleRefundFen)
	r.yuan(0)
	r.text("ORIGINAL", refundWords[line.status])
}

// goods writes the columns all three bills end with.
func (r *billRow) goods(line billLine, rate string, withRefund bool) {
	e := line.entry
	r.text(billText.Replace(e.description), billText.Replace(e.attach))
	r.fee(e.feeFen)
	r.text(rate)
	r.yuan(e.totalFen)
	if withRefund {
		r.yuan(e.refundFen)
	}
	r.text("")
}
