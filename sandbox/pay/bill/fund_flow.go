package bill

import (
	"bufio"
	"cmp"

	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay"
	"wuyepay/sandbox/pay/apiv3"
	"wuyepay/sandbox/pay/merchant"
)

// The columns of the fund flow and of its summary.
const (
	headFundFlow = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元)," +
		"账户结余(元),资金变更提交申请人,备注,业务凭证号"
	sumHeadFundFlow = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
)

// serveFundFlowBill answers /v3/bill/fundflowbill.
func (s *Service) serveFundFlowBill(c *apiv3.Call) (any, error) {
	account := cmp.Or(c.Request.URL.Query().Get("account_type"), "BASIC")
	if account != "BASIC" && account != "OPERATION" && account != "FEES" {
		return nil, apiv3.ParamError("account_type", account, "取值不在允许范围内")
	}
	packed, e := tarType(c)
	if e != nil {
		return nil, e
	}
	date, e := s.billDay(c)
	if e != nil {
		return nil, e
	}
	snapshot := s.pay.Snapshot(c.Merchant, date)
	// All money is in the basic account; the other two never move.
	if account != "BASIC" || snapshot.Empty() {
		return nil, noStatement()
	}
	flow := fundFlow(c.Merchant, snapshot, s.pay.NetBefore(c.Merchant, date))
	return s.issue(c, s.edited(fault.RouteFundFlowBill, c.Merchant, flow), packed)
}

// fundFlow writes the flow of the basic account. A payment and its fee are two lines. A
// refund is one, less the fee that it gives back.
func fundFlow(m *merchant.Merchant, rows pay.DaySnapshot, balance int64) file {
	return lines(func(w *bufio.Writer) {
		flow := flowWriter{w: w, m: m, balance: balance}
		w.WriteString(headFundFlow + "\r\n")
		for line := range rows.Each() {
			flow.write(line)
		}
		w.WriteString(sumHeadFundFlow + "\r\n")
		flow.row.start()
		flow.row.number(flow.ins + flow.outs)
		flow.row.number(flow.ins)
		flow.row.yuan(flow.inFen)
		flow.row.number(flow.outs)
		flow.row.yuan(flow.outFen)
		w.Write(flow.row.end())
	})
}

// flowWriter keeps the running balance.
type flowWriter struct {
	w       *bufio.Writer
	m       *merchant.Merchant
	row     row
	balance int64

	ins, outs, inFen, outFen int64
}

// write writes a bill line as one or two movements of money.
func (f *flowWriter) write(line pay.Line) {
	e := line.Entry
	if e.IsRefund() {
		fee := -e.FeeFen
		note := "退款总金额" + YuanText(e.SettleRefundFen) + "元;含手续费" + YuanText(fee) + "元"
		f.line(line, e.RefundID, "退款", "退款", -(e.SettleRefundFen - fee), note, e.OutRefundNo)
		return
	}
	f.line(line, e.TransactionID, "交易", "交易", e.SettleFen, "结算总金额"+YuanText(e.SettleFen)+"元", e.OutTradeNo)
	if e.FeeFen > 0 {
		f.line(line, e.TransactionID, "交易手续费", "扣除交易手续费", -e.FeeFen, "", e.OutTradeNo)
	}
}

// line writes one movement. A positive fen is money in, a negative one money out.
func (f *flowWriter) line(line pay.Line, business, name, kind string, fen int64, note, voucher string) {
	e := line.Entry
	f.balance += fen
	direction, amount := "收入", fen
	if fen < 0 {
		direction, amount = "支出", -fen
		f.outs++
		f.outFen += amount
	} else {
		f.ins++
		f.inFen += amount
	}
	r := &f.row
	r.start()
	r.time(e.At)
	r.text(business, e.TransactionID, name, kind, direction)
	r.yuan(amount)
	r.yuan(f.balance)
	r.text(f.m.MchID+"API", note, voucher)
	f.w.Write(r.end())
}

// YuanText returns fen as yuan, for remarks and people.
func YuanText(fen int64) string { return string(appendYuan(nil, fen)) }
