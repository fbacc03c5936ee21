package wechatpay

import (
	"context"
	"errors"
	"io"
	"time"
)

// The states of a row in the trade bill.
const (
	RowSuccess = "SUCCESS"
	RowRefund  = "REFUND"
	RowRevoked = "REVOKED"
)

// TradeRow is one line of the trade bill: a payment, or a refund that was accepted on
// that day, perhaps of an older order. Compare TotalFen with the order and RefundFen
// with the refund; SettledFen differs when the payer used a WeChat coupon.
type TradeRow struct {
	Time          string // 2006-01-02 15:04:05 Asia/Shanghai: paid, or refund accepted; see At
	AppID         string
	MchID         string
	SubMchID      string // "0" for a direct merchant
	TransactionID string
	OutTradeNo    string
	OpenID        string
	TradeType     string
	State         string // RowSuccess, RowRefund, RowRevoked
	Currency      string
	Attach        string
	RefundID      string // "0" on payment rows
	OutRefundNo   string // "0" on payment rows
	RefundType    string
	RefundStatus  string // as of the bill's making, never updated: SUCCESS, PROCESSING, FAIL, CHANGE
	Rate          string // as written, e.g. 0.60%
	TotalFen      int64  // 订单金额; 0 on refund rows
	SettledFen    int64  // 应结订单金额; 0 on refund rows
	RefundFen     int64  // 申请退款金额; 0 on payment rows
	ReturnedFen   int64  // 退款金额, less coupons; 0 on payment rows
	FeeMilliFen   int64  // 手续费 in 1/1000 fen (yuan with 5 decimals); negative when a fee is given back
}

// At parses Time, which is in Asia/Shanghai.
func (r *TradeRow) At() (time.Time, error) {
	return time.ParseInLocation(time.DateTime, r.Time, shanghai)
}

// Summary is the last line of the bill, proven to agree with the rows.
type Summary struct {
	Rows        int   // payments and refunds together
	Payments    int   // counted from the rows
	Refunds     int   // counted from the rows
	TotalFen    int64 // sum of 订单金额
	SettledFen  int64 // sum of 应结订单金额
	RefundFen   int64 // sum of 申请退款金额
	ReturnedFen int64 // sum of 退款金额
	FeeMilliFen int64 // sum of 手续费 in 1/1000 fen
}

// Rows calls fn for every row in the order of the file, which is not the order of time.
// Then it proves the bill: the summary exists, its count and sums agree with the rows,
// and nothing is cut off. Nothing that fn saw may count as complete before Rows
// returned without error.
//
// The row is reused; its strings may be kept. An error of fn ends the reading and is
// returned unchanged. Any fault of the bill is ErrBillCorrupt.
func (b *BillFile) Rows(ctx context.Context, fn func(*TradeRow) error) (Summary, error) {
	return readTrades(ctx, b.op, b.open(), fn)
}

// readTrades is Rows over any reader.
func readTrades(ctx context.Context, op string, r io.Reader, fn func(*TradeRow) error) (Summary, error) {
	t := &tradeReader{fn: fn}
	scanner := &billScanner{op: op, summary: "总交易单数", header: t.header, row: t.row, totals: t.totals}
	if err := scanner.scan(ctx, r); err != nil {
		return Summary{}, err
	}
	return t.sum, nil
}

// tradeReader maps columns by name, because WeChat Pay has added and moved columns over the years.
type tradeReader struct {
	fn      func(*TradeRow) error
	texts   []textColumn
	amounts []amountColumn
	current TradeRow
	sum     Summary
	feeAlt  int64 // fees of payments less the size of fees on refund rows, whatever their sign
}

type textColumn struct {
	index int
	into  *string
}

type amountColumn struct {
	index, places int
	into          *int64
}

// header finds the columns. Those that booking needs must exist; older bills lack some
// of the others.
func (t *tradeReader) header(names []string) error {
	r := &t.current
	texts := []struct {
		into  *string
		must  bool
		names []string
	}{
		{&r.Time, true, []string{"交易时间"}},
		{&r.AppID, true, []string{"公众账号ID"}},
		{&r.MchID, true, []string{"商户号"}},
		{&r.SubMchID, false, []string{"特约商户号", "子商户号"}},
		{&r.TransactionID, true, []string{"微信订单号"}},
		{&r.OutTradeNo, true, []string{"商户订单号"}},
		{&r.OpenID, false, []string{"用户标识"}},
		{&r.TradeType, false, []string{"交易类型"}},
		{&r.State, true, []string{"交易状态"}},
		{&r.Currency, false, []string{"货币种类"}},
		{&r.Attach, false, []string{"商户数据包"}},
		{&r.RefundID, false, []string{"微信退款单号"}},
		{&r.OutRefundNo, false, []string{"商户退款单号"}},
		{&r.RefundType, false, []string{"退款类型"}},
		{&r.RefundStatus, false, []string{"退款状态"}},
		{&r.Rate, false, []string{"费率"}},
	}
	for _, c := range texts {
		i := columnIndex(names, c.names...)
		if i >= 0 {
			t.texts = append(t.texts, textColumn{i, c.into})
		} else if c.must {
			return errors.New("column " + c.names[0] + " is missing")
		}
	}
	amounts := []struct {
		into   *int64
		places int
		must   bool
		names  []string
	}{
		{&r.TotalFen, 2, true, []string{"订单金额", "总金额"}},
		{&r.SettledFen, 2, false, []string{"应结订单金额", "订单金额", "总金额"}},
		{&r.RefundFen, 2, false, []string{"申请退款金额", "退款金额"}},
		{&r.ReturnedFen, 2, false, []string{"退款金额"}},
		{&r.FeeMilliFen, 5, false, []string{"手续费"}},
	}
	for _, c := range amounts {
		i := columnIndex(names, c.names...)
		if i >= 0 {
			t.amounts = append(t.amounts, amountColumn{i, c.places, c.into})
		} else if c.must {
			return errors.New("column " + c.names[0] + " is missing")
		}
	}
	return nil
}

// row fills the reused row and adds it to the sums.
func (t *tradeReader) row(fields []string) error {
	for _, c := range t.texts {
		*c.into = fields[c.index]
	}
	for _, c := range t.amounts {
		v, ok := parseDecimal(fields[c.index], c.places)
		if !ok {
			return errors.New("an amount is not a number")
		}
		*c.into = v
	}
	r := &t.current
	fee := r.FeeMilliFen
	t.sum.Rows++
	if r.State == RowRefund {
		t.sum.Refunds++
		fee = -max(fee, -fee)
	} else {
		t.sum.Payments++
	}
	if !addTo(&t.sum.TotalFen, r.TotalFen) || !addTo(&t.sum.SettledFen, r.SettledFen) ||
		!addTo(&t.sum.RefundFen, r.RefundFen) || !addTo(&t.sum.ReturnedFen, r.ReturnedFen) ||
		!addTo(&t.sum.FeeMilliFen, r.FeeMilliFen) || !addTo(&t.feeAlt, fee) {
		return errors.New("the sums overflow")
	}
	if err := t.fn(r); err != nil {
		return &stopped{err}
	}
	return nil
}

// totals compares WeChat Pay's own sums with ours.
func (t *tradeReader) totals(values map[string]string) error {
	count, ok := parseDecimal(values["总交易单数"], 0)
	if !ok || values["总交易单数"] == "" || count != int64(t.sum.Rows) {
		return errors.New("the summary counts other rows than the bill has")
	}
	checks := []struct {
		ours  int64
		names []string
	}{
		{t.sum.TotalFen, []string{"订单总金额", "总交易额"}},
		{t.sum.SettledFen, []string{"应结订单总金额"}},
		{t.sum.RefundFen, []string{"申请退款总金额"}},
		{t.sum.ReturnedFen, []string{"退款总金额", "总退款金额"}},
	}
	for i, c := range checks {
		found := false
		for _, name := range c.names {
			text, has := values[name]
			if !has {
				continue
			}
			found = true
			if theirs, ok := parseDecimal(text, 2); !ok || theirs != c.ours {
				return errors.New("summary " + name + " differs from the rows")
			}
		}
		if i == 0 && !found {
			return errors.New("the summary lacks 订单总金额")
		}
	}
	// The documents do not say whether a returned fee has a minus. Either reading is accepted, nothing else.
	if text, has := values["手续费总金额"]; has {
		theirs, ok := parseDecimal(text, 5)
		if !ok || (theirs != t.sum.FeeMilliFen && theirs != t.feeAlt) {
			return errors.New("summary 手续费总金额 differs from the rows")
		}
		t.sum.FeeMilliFen = theirs
	}
	return nil
}
