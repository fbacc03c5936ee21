package receipt

import (
	"io"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
	"wuyepay/paper"
)

// Document is a receipt with its frozen lines and names, as one reader may see it. Lines
// and Party are those of the moment of booking and numbering, never today's.
type Document struct {
	receipts.Receipt
	Party    receipts.ReceiptParty
	Lines    []receipts.ReceiptLine
	Owner    string // as the person who reads it may see it
	Room     string // as the person who reads it may see it
	URL      string // of the public page that reports whether it is genuine
	Replaced string // number of the receipt that replaces a void one; empty: none
}

// payerWords holds the payer's relation to the room, as the paper names it. A payer at the
// desk has none, and the paper leaves the line out.
var payerWords = map[string]string{
	estate.RoleOwner: "业主", estate.RoleFamily: "业主家属", estate.RoleTenant: "租户", estate.RolePayer: "代缴人", receipts.PayerShare: "受邀代缴人",
}

// WritePDF writes the receipt as A4. It needs a number: the methods of [Service] return
// only numbered documents. A void receipt is marked as such, because a copy of it that is
// printed later must not pass for a receipt.
func (p *Document) WritePDF(w io.Writer) error {
	no := p.Number()
	d := paper.New("收款收据 "+no, p.Party.Title+" 收款收据 No. "+no)
	if p.Status == receipts.ReceiptVoid {
		d.Mark("已作废")
	}
	d.Line("收 款 收 据", 20, paper.Center)
	d.Line("No. "+no, 11, paper.Center)
	d.Space(8)
	d.Facts(p.facts())
	d.Rule()
	d.Line("金额单位：元", 8, paper.Right)
	p.table(d)
	d.Space(4)
	d.Line("合计（大写）：人民币"+p.AmountFen.Capitals()+"　（小写）：¥ "+grouped(p.AmountFen), 12, paper.Left)
	d.Space(6)
	p.lateFees(d)
	p.foot(d)
	_, err := d.WriteTo(w)
	return err
}

// facts returns pairs of label and value about the payment: payee, owner, room, payer,
// channel and instants. Payer, cashier, transaction and order are left out where there are
// none: a payment at the desk has no order.
func (p *Document) facts() [][2]string {
	payer := payerWords[p.Party.PayerRole]
	if p.Party.Payer != "" {
		payer += "（" + p.Party.Payer + "）"
	}
	out := [][2]string{{"收款单位", p.Party.Title}, {"小区", p.Party.Community}, {"业主", p.Owner}, {"房屋", p.Room}}
	if payer != "" {
		out = append(out, [2]string{"缴款人", payer})
	}
	if p.Party.Cashier != "" {
		out = append(out, [2]string{"收款人", p.Party.Cashier})
	}
	out = append(out, [2]string{"收款方式", money.ChannelNames[p.Channel]}, [2]string{"收款时间", Minute(p.PaidAt)},
		[2]string{"开具时间", Minute(p.NumberedAt)})
	if p.TransactionID != "" {
		out = append(out, [2]string{"交易单号", p.TransactionID})
	}
	if p.OrderNo != "" {
		out = append(out, [2]string{"订单号", p.OrderNo})
	}
	return out
}

// Minute returns an instant as it stands on paper, in Asia/Shanghai: 2026-03-10 09:05.
func Minute(t models.Time) string { return t.In(models.Shanghai).Format("2006-01-02 15:04") }

// table writes the lines with their sums in yuan. Prepayment has no period and no late
// fee. The total in the last row is the frozen amount of the receipt, not the sum of the
// lines: [Audit] proves that they are equal.
func (p *Document) table(d *paper.Doc) {
	rows := make([]paper.Row, 0, len(p.Lines)+1)
	sum := receipts.ReceiptLine{}
	for _, l := range p.Lines {
		period, late := "", ""
		if l.Kind == receipts.ReceiptBill {
			period, late = periodText(l), grouped(l.LateFeeFen)
		}
		rows = append(rows, paper.Row{Cells: []string{LineName(l), period, grouped(l.PrincipalFen), late, grouped(l.TotalFen())}})
		sum.PrincipalFen, sum.LateFeeFen = sum.PrincipalFen.Plus(l.PrincipalFen), sum.LateFeeFen.Plus(l.LateFeeFen)
	}
	rows = append(rows, paper.Row{
		Cells: []string{"合计", "", grouped(sum.PrincipalFen), grouped(sum.LateFeeFen), grouped(p.AmountFen)}, Strong: true,
	})
	d.Table([]paper.Column{{Title: "收费项目", Width: 30}, {Title: "账期", Width: 28}, {Title: "本金", Width: 14, Align: paper.Right},
		{Title: "违约金", Width: 14, Align: paper.Right}, {Title: "小计", Width: 14, Align: paper.Right}}, rows)
}

// LineName returns what a line of a receipt is for, in Chinese. Prepayment without a fee
// item may be spent on any.
func LineName(l receipts.ReceiptLine) string {
	item := l.Item
	if item == "" {
		item = "通用"
	}
	switch l.Kind {
	case receipts.ReceiptPrepaid:
		return "预存（" + item + "）"
	case receipts.ReceiptSurplus:
		return "账单已由他处缴清，转入预存"
	case receipts.ReceiptRefund:
		return "退款扣减"
	}
	return l.Item
}

// foot writes how to verify the receipt, that it is not a tax invoice, and for a later
// version or a void receipt what happened to it. AmountFen plus RefundedFen is what the
// payer had paid.
func (p *Document) foot(d *paper.Doc) {
	notes := []string{"扫描左侧二维码，核对本收据的编号、金额和状态是否与网页一致。", "本收据由系统生成，是收款凭证，不是发票。需要发票请在小程序中申请。"}
	if p.Version > 1 {
		notes = append(notes, "本收据替换此前因退款作废的收据，金额为退款后的实收余额（原收 "+grouped(p.AmountFen+p.RefundedFen)+" 元，已退 "+grouped(p.RefundedFen)+" 元）。")
	}
	if p.Status == receipts.ReceiptVoid {
		text := "本收据已于 " + Minute(p.VoidedAt) + " 作废：" + p.VoidReason + "。"
		if p.Replaced != "" {
			text += "由 No. " + p.Replaced + " 替换。"
		}
		notes = append(notes, text)
	}
	d.Space(6)
	d.Rule()
	d.Code(p.URL, 92, notes)
	d.Line("收款单位（盖章）："+"　　　　　　　　　　　", 10, paper.Right)
}
