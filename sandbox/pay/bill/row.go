package bill

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/pay"
	"wuyepay/sandbox/pay/merchant"
)

// row builds a line of a bill: values behind backticks, commas between, CRLF at the
// end. Its buffer is used again for the next line.
type row struct{ buf []byte }

// start begins a line.
func (r *row) start() { r.buf = r.buf[:0] }

// end ends the line. The bytes are valid until start.
func (r *row) end() []byte {
	r.buf = append(r.buf, "\r\n"...)
	return r.buf
}

// open begins the next value.
func (r *row) open() {
	if len(r.buf) > 0 {
		r.buf = append(r.buf, ',')
	}
	r.buf = append(r.buf, '`')
}

// text writes values as they are.
func (r *row) text(values ...string) {
	for _, v := range values {
		r.open()
		r.buf = append(r.buf, v...)
	}
}

// number writes a whole number.
func (r *row) number(n int64) {
	r.open()
	r.buf = strconv.AppendInt(r.buf, n, 10)
}

// time writes a time; a zero time leaves the value blank.
func (r *row) time(t time.Time) {
	r.open()
	if !t.IsZero() {
		r.buf = t.In(core.Shanghai).AppendFormat(r.buf, billTime)
	}
}

// yuan writes fen with two decimals.
func (r *row) yuan(fen int64) {
	r.open()
	r.buf = appendYuan(r.buf, fen)
}

// fee writes fen with the five decimals of the column 手续费.
func (r *row) fee(fen int64) {
	r.yuan(fen)
	r.buf = append(r.buf, "000"...)
}

// appendYuan writes fen as yuan by integers alone.
func appendYuan(buf []byte, fen int64) []byte {
	if fen < 0 {
		buf, fen = append(buf, '-'), -fen
	}
	buf = strconv.AppendInt(buf, fen/100, 10)
	return append(buf, '.', byte('0'+fen%100/10), byte('0'+fen%10))
}

// percent returns a fee rate as the bill has it, e.g. 0.60%.
func percent(basisPoints int) string {
	return fmt.Sprintf("%d.%02d%%", basisPoints/100, basisPoints%100)
}

// order writes the columns that all three bills begin with.
func (r *row) order(m *merchant.Merchant, line pay.Line) {
	e := line.Entry
	state := "SUCCESS"
	if e.IsRefund() {
		state = "REFUND"
	}
	r.time(e.At)
	r.text(e.AppID, m.MchID, cmp.Or(e.SubMchID, "0"), e.DeviceID, e.TransactionID, e.OutTradeNo,
		e.OpenID, "JSAPI", state, e.BankType, "CNY")
	r.yuan(e.SettleFen)
	r.yuan(0) // pre-charged coupons are not simulated
}

// refundTimes writes the two columns that only the refund bill has.
func (r *row) refundTimes(line pay.Line) {
	r.time(line.Entry.At)
	r.time(line.SuccessAt)
}

// refundWords are the bill's own names for the state of a refund. They differ from
// those of the API.
var refundWords = map[pay.RefundStatus]string{
	pay.RefundProcessing: "PROCESSING", pay.RefundSuccess: "SUCCESS", pay.RefundClosed: "FAIL", pay.RefundAbnormal: "CHANGE",
}

// refund writes the refund columns. A payment has zeros there.
func (r *row) refund(line pay.Line) {
	e := line.Entry
	if !e.IsRefund() {
		r.text("0", "0", "0.00", "0.00", "", "")
		return
	}
	r.text(e.RefundID, e.OutRefundNo)
	r.yuan(e.SettleRefundFen)
	r.yuan(0)
	r.text("ORIGINAL", refundWords[line.Status])
}

// goods writes the columns that all three bills end with.
func (r *row) goods(line pay.Line, rate string, withRefund bool) {
	e := line.Entry
	r.text(billText.Replace(e.Description), billText.Replace(e.Attach))
	r.fee(e.FeeFen)
	r.text(rate)
	r.yuan(e.TotalFen)
	if withRefund {
		r.yuan(e.RefundFen)
	}
	r.text("")
}
