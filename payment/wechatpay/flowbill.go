package wechatpay

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
)

// The directions of a fund-flow row.
const (
	FlowIncome  = "收入"
	FlowExpense = "支出"
)

// FlowRow is one movement on the merchant's account: a payment, its fee, a refund, or a
// fee that is returned.
type FlowRow struct {
	Time       string // 2006-01-02 15:04:05 Asia/Shanghai; see At
	BusinessID string // 微信支付业务单号: transaction or refund id
	FlowID     string // 资金流水单号
	Name       string // 业务名称
	Type       string // 业务类型: 交易, 退款, 扣除交易手续费, 退还交易手续费, …
	Direction  string // FlowIncome or FlowExpense
	AmountFen  int64  // always positive; Direction says which way
	BalanceFen int64  // of the account after the movement
	Applicant  string
	Remark     string
	VoucherNo  string // 业务凭证号: our out_trade_no or out_refund_no
}

// At parses Time, which is in Asia/Shanghai.
func (r *FlowRow) At() (time.Time, error) {
	return time.ParseInLocation(time.DateTime, r.Time, shanghai)
}

// FlowSummary is the last line of the bill, proven to agree with the rows.
type FlowSummary struct {
	Rows, Incomes, Expenses int
	IncomeFen, ExpenseFen   int64
}

// Rows reads the fund-flow bill under the same rules as BillFile.Rows.
func (b *FlowFile) Rows(ctx context.Context, fn func(*FlowRow) error) (FlowSummary, error) {
	return readFlows(ctx, b.op, b.open(), fn)
}

// readFlows is Rows over any reader.
func readFlows(ctx context.Context, op string, r io.Reader, fn func(*FlowRow) error) (FlowSummary, error) {
	f := &flowReader{fn: fn}
	scanner := &billScanner{op: op, summary: "资金流水总笔数", header: f.header, row: f.row, totals: f.totals}
	if err := scanner.scan(ctx, r); err != nil {
		return FlowSummary{}, err
	}
	return f.sum, nil
}

type flowReader struct {
	fn      func(*FlowRow) error
	texts   []textColumn
	amounts []amountColumn
	current FlowRow
	sum     FlowSummary
}

// header resolves the columns; all are required, the format has not changed. Only the parentheses vary.
func (f *flowReader) header(names []string) error {
	plain := make([]string, len(names))
	for i, name := range names {
		name, _, _ = strings.Cut(strings.ReplaceAll(name, "（", "("), "(")
		plain[i] = name
	}
	r := &f.current
	for _, c := range []struct {
		name string
		into *string
	}{
		{"记账时间", &r.Time}, {"微信支付业务单号", &r.BusinessID}, {"资金流水单号", &r.FlowID}, {"业务名称", &r.Name},
		{"业务类型", &r.Type}, {"收支类型", &r.Direction}, {"资金变更提交申请人", &r.Applicant}, {"备注", &r.Remark},
		{"业务凭证号", &r.VoucherNo},
	} {
		i := columnIndex(plain, c.name)
		if i < 0 {
			return errors.New("column " + c.name + " is missing")
		}
		f.texts = append(f.texts, textColumn{i, c.into})
	}
	for _, c := range []struct {
		name string
		into *int64
	}{{"收支金额", &r.AmountFen}, {"账户结余", &r.BalanceFen}} {
		i := columnIndex(plain, c.name)
		if i < 0 {
			return errors.New("column " + c.name + " is missing")
		}
		f.amounts = append(f.amounts, amountColumn{i, 2, c.into})
	}
	return nil
}

func (f *flowReader) row(fields []string) error {
	for _, c := range f.texts {
		*c.into = fields[c.index]
	}
	for _, c := range f.amounts {
		v, ok := parseDecimal(fields[c.index], c.places)
		if !ok {
			return errors.New("an amount is not a number")
		}
		*c.into = v
	}
	f.sum.Rows++
	added := false
	switch f.current.Direction {
	case FlowIncome:
		f.sum.Incomes++
		added = addTo(&f.sum.IncomeFen, f.current.AmountFen)
	case FlowExpense:
		f.sum.Expenses++
		added = addTo(&f.sum.ExpenseFen, f.current.AmountFen)
	default:
		return errors.New("neither 收入 nor 支出")
	}
	if !added {
		return errors.New("the sums overflow")
	}
	if err := f.fn(&f.current); err != nil {
		return &stopped{err}
	}
	return nil
}

func (f *flowReader) totals(values map[string]string) error {
	for _, c := range []struct {
		name   string
		ours   int64
		places int
	}{
		{"资金流水总笔数", int64(f.sum.Rows), 0},
		{"收入笔数", int64(f.sum.Incomes), 0}, {"收入金额", f.sum.IncomeFen, 2},
		{"支出笔数", int64(f.sum.Expenses), 0}, {"支出金额", f.sum.ExpenseFen, 2},
	} {
		text, has := values[c.name]
		if theirs, ok := parseDecimal(text, c.places); !has || text == "" || !ok || theirs != c.ours {
			return errors.New("summary " + c.name + " differs from the rows")
		}
	}
	return nil
}
