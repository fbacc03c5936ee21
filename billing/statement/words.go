package statement

import (
	"wuyepay/billing/calc"
	"wuyepay/models/money"
)

// lineWords are the names of the kinds of line on paper.
var lineWords = map[string]string{LineBill: "账单", LineOpening: "期初欠费转入", LineCorrection: "账单更正", LineDiscount: "优惠", LineVoid: "账单作废",
	LineLateFee: "违约金（随缴费计入）", LinePayment: "缴费", LineRefund: "退款", LineReversal: "冲正", LineOffset: "预存抵扣账单", LineCredit: "多缴转入预存",
	LinePrepaidIn: "承接房屋预存余额", LinePrepaidOut: "过户转出预存余额", LineOther: "预存变动", LineBorne: "公司承担"}

// Text returns what a line is about, for people to read: its kind, then fee
// item, channel and amount where it has them.
func (l Line) Text() string {
	text := lineWords[l.Kind]
	if l.Item != "" {
		text += " " + l.Item
	}
	if name := money.ChannelNames[l.Channel]; name != "" {
		text += " " + name
	}
	if l.AmountFen != 0 {
		text += " " + grouped(l.AmountFen) + " 元"
	}
	return text
}

// Period returns the period of a line's bill, as 2026-03 if it is a whole
// month; empty if the line has no bill.
func (l Line) Period() string {
	if l.PeriodStart.IsZero() {
		return ""
	}
	y, m, _ := l.PeriodStart.Parts()
	if p := (calc.Period{Year: y, Month: m}); l.PeriodStart == p.First() && l.PeriodEnd == p.Last() {
		return p.String()
	}
	return l.PeriodStart.String() + " 至 " + l.PeriodEnd.String()
}
