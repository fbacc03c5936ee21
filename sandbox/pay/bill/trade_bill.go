package bill

import (
	"bufio"
	"cmp"
	"strings"

	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay"
	"wuyepay/sandbox/pay/apiv3"
	"wuyepay/sandbox/pay/merchant"
)

// The columns of the three trade bills (pay.weixin.qq.com/doc/v3/merchant/4013071227).
const (
	headOrder = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识," +
		"交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
	headRefund = "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态," +
		"商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
	headAll     = headOrder + headRefund
	headSuccess = headOrder + "商品名称,商户数据包,手续费,费率,订单金额,费率备注"
	headRefunds = headOrder + "退款申请时间,退款成功时间," + headRefund

	sumHeadAll     = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
	sumHeadSuccess = "总交易单数,应结订单总金额,手续费总金额,订单总金额"
)

// billTime is the form of a time in a bill.
const billTime = "2006-01-02 15:04:05"

// serveTradeBill answers /v3/bill/tradebill.
func (s *Service) serveTradeBill(c *apiv3.Call) (any, error) {
	kind := cmp.Or(c.Request.URL.Query().Get("bill_type"), "ALL")
	if kind != "ALL" && kind != "SUCCESS" && kind != "REFUND" {
		return nil, apiv3.ParamError("bill_type", kind, "取值不在允许范围内")
	}
	packed, e := tarType(c)
	if e != nil {
		return nil, e
	}
	date, e := s.billDay(c)
	if e != nil {
		return nil, e
	}
	subMchID := c.Request.URL.Query().Get("sub_mchid")
	if subMchID != "" && !c.Merchant.Partner {
		return nil, apiv3.NoAuth("该商户号不是服务商")
	}
	snapshot := s.pay.Snapshot(c.Merchant, date).Only(kind, subMchID)
	if snapshot.Empty() {
		return nil, noStatement()
	}
	return s.issue(c, s.edited(fault.RouteTradeBill, c.Merchant, s.tradeBill(c.Merchant, kind, snapshot)), packed)
}

// tradeBill writes one of the three trade bills.
func (s *Service) tradeBill(m *merchant.Merchant, kind string, rows pay.DaySnapshot) file {
	rate := percent(s.core.Config.FeeBasisPoints)
	return lines(func(w *bufio.Writer) {
		head, sumHead := headAll, sumHeadAll
		switch kind {
		case "SUCCESS":
			head, sumHead = headSuccess, sumHeadSuccess
		case "REFUND":
			head = headRefunds
		}
		w.WriteString(head + "\r\n")
		var sum sum
		var row row
		for line := range rows.Each() {
			sum.add(line.Entry)
			row.start()
			row.order(m, line)
			if kind == "REFUND" {
				row.refundTimes(line)
			}
			if kind != "SUCCESS" {
				row.refund(line)
			}
			row.goods(line, rate, kind != "SUCCESS")
			w.Write(row.end())
		}
		w.WriteString(sumHead + "\r\n")
		row.start()
		sum.write(&row, kind)
		w.Write(row.end())
	})
}

// sum is the summary row. A refund row counts as a trade.
type sum struct {
	count                                     int64
	settle, refundSettle, fee, total, refunds int64
}

// add adds a row.
func (b *sum) add(e *pay.Entry) {
	b.count++
	b.settle += e.SettleFen
	b.refundSettle += e.SettleRefundFen
	b.fee += e.FeeFen
	b.total += e.TotalFen
	b.refunds += e.RefundFen
}

// write writes the sums in the order of the summary header.
func (b *sum) write(row *row, kind string) {
	row.number(b.count)
	row.yuan(b.settle)
	if kind == "SUCCESS" {
		row.fee(b.fee)
		row.yuan(b.total)
		return
	}
	row.yuan(b.refundSettle)
	row.yuan(0)
	row.fee(b.fee)
	row.yuan(b.total)
	row.yuan(b.refunds)
}

// billText escapes a user's text as WeChat does. A comma would end the column.
var billText = strings.NewReplacer(",", `\ `, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)
