package sandbox

import (
	"bufio"
	"cmp"
)

const (
	headFundFlow    = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号"
	sumHeadFundFlow = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
)

// serveFundFlowBill answers /v3/bill/fundflowbill.
func (s *billService) serveFundFlowBill(c *payCall) (any, error) {
	account := cmp.Or(c.r.URL.Query().Get("account_type"), "BASIC")
	if account != "BASIC" && account != "OPERATION" && account != "FEES" {
		return nil, paramError("account_type", account, "取值不在允许范围内")
	}
	packed, e := c.tarType()
	if e != nil {
		return nil, e
	}
	date, e := s.billDay(c)
	if e != nil {
		return nil, e
	}
	snapshot := s.pay.snapshot(c.m, date)
	// All money is kept in the basic account; the other two never move.
	if account != "BASIC" || snapshot.empty() {
		return nil, noStatement()
	}
	return s.issue(c, s.edited(RouteFundFlowBill, c.m, fundFlow(c.m, snapshot, s.pay.netBefore(c.m, date))), packed)
}

// fundFlow writes the flow of the basic account: a payment and its fee are
// two lines, a refund is one, less the fee it gives back.
func fundFlow(m *merchant, rows daySnapshot, balance int64) billFile {
	return lines(func(w *bufio.Writer) {
		flow := flowWriter{w: w, m: m, balance: balance}
		w.WriteString(headFundFlow + "\r\n")
		for line := range rows.each() {
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

// flowWriter keeps the running balance while the lines go by.
type flowWriter struct {
	w       *bufio.Writer
	m       *merchant
	row     billRow
	balance int64

	ins, outs, inFen, outFen int64
}

// write enters one bill line as one or two movements of money.
func (f *flowWriter) write(line billLine) {
	e := line.entry
	if e.isRefund() {
		fee := -e.feeFen
		note := "退款总金额" + yuanText(e.settleRefundFen) + "元;含手续费" + yuanText(fee) + "元"
		f.line(line, e.refundID, "退款", "退款", -(e.settleRefundFen - fee), note, e.outRefundNo)
		return
	}
	f.line(line, e.transactionID, "交易", "交易", e.settleFen, "结算总金额"+yuanText(e.settleFen)+"元", e.outTradeNo)
	if e.feeFen > 0 {
		f.line(line, e.transactionID, "交易手续费", "扣除交易手续费", -e.feeFen, "", e.outTradeNo)
	}
}

// line writes one movement; the sign of fen says in or out.
func (f *flowWriter) line(line billLine, business, name, kind string, fen int64, note, voucher string) {
	e := line.entry
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
	r.time(e.at)
	r.text(business, e.transactionID, name, kind, direction)
	r.yuan(amount)
	r.yuan(f.balance)
	r.text(f.m.MchID+"API", note, voucher)
	f.w.Write(r.end())
}

// yuanText is fen as yuan for people and remarks.
func yuanText(fen int64) string { return string(appendYuan(nil, fen)) }
