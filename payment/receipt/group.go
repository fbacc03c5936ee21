package receipt

import (
	"context"
	"io"
	"strconv"

	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
	"wuyepay/paper"
)

// GroupDocument is the receipt of one sum that a party has paid over several rooms: one
// paper with the lines of all rooms, each under the number of its own receipt.
type GroupDocument struct {
	Group     desk.DeskGroup
	Title     string // the payee
	Community string
	Owner     string
	Parts     []*Document
	Void      bool // the sum is undone
}

// GroupReceipt returns the receipt of a group. Receipts of its rooms without a number get
// theirs now. A group that is undone has the receipts that were void then.
func (s *Service) GroupReceipt(ctx context.Context, groupID string) (*GroupDocument, error) {
	view := s.DB.View(ctx)
	g, err := desk.DeskGroupByID(view, groupID)
	if err != nil {
		return nil, err
	}
	list, err := desk.GroupPayments(view, g.ID)
	if err != nil {
		return nil, err
	}
	owner, err := estate.OwnerByID(view, g.OwnerID)
	if err != nil {
		return nil, err
	}
	out := &GroupDocument{Group: g, Owner: owner.Name}
	for i := range list {
		versions, err := receipts.ReceiptsOfPayment(view, list[i].ID)
		if err != nil {
			return nil, err
		}
		if len(versions) == 0 {
			return nil, models.ErrNotFound
		}
		part, err := s.ReceiptByID(ctx, versions[0].ID)
		if err != nil {
			return nil, err
		}
		out.Parts = append(out.Parts, part)
		out.Title, out.Community = part.Party.Title, part.Party.Community
		out.Void = out.Void || part.Status == receipts.ReceiptVoid
	}
	return out, nil
}

// WritePDF writes the receipt as A4.
func (g *GroupDocument) WritePDF(w io.Writer) error {
	no := g.Group.No
	d := paper.New("收款收据 "+no, g.Title+" 合并收款收据 No. "+no)
	if g.Void {
		d.Mark("已作废")
	}
	d.Line("收 款 收 据", 20, paper.Center)
	d.Line("No. "+no+"（合并收款，"+strconv.Itoa(len(g.Parts))+" 套房屋）", 11, paper.Center)
	d.Space(8)
	d.Facts([][2]string{{"收款单位", g.Title}, {"小区", g.Community}, {"缴款单位", g.Owner}, {"收款方式", money.ChannelNames[g.Group.Channel]},
		{"收款日期", g.Group.DayOn.String()}, {"凭证号", g.Group.VoucherNo}, {"收款员", g.Group.StaffName}, {"登记时间", Minute(g.Group.CreatedAt)}})
	d.Rule()
	d.Line("金额单位：元", 8, paper.Right)
	var rows []paper.Row
	for _, part := range g.Parts {
		rows = append(rows, paper.Row{
			Cells:  []string{part.Room + "　收据 No. " + part.Number() + "　小计 " + grouped(part.AmountFen)},
			Strong: true, Wide: true,
		})
		for _, l := range part.Lines {
			rows = append(rows, paper.Row{Cells: []string{LineName(l), periodText(l), grouped(l.PrincipalFen), grouped(l.LateFeeFen),
				grouped(l.TotalFen())}})
		}
	}
	d.Table([]paper.Column{
		{Title: "收费项目", Width: 30},
		{Title: "账期", Width: 28},
		{Title: "本金", Width: 14, Align: paper.Right},
		{Title: "违约金", Width: 14, Align: paper.Right},
		{Title: "金额", Width: 14, Align: paper.Right},
	}, rows)
	d.Space(4)
	d.Line("合计（大写）：人民币"+g.Group.AmountFen.Capitals()+"　（小写）：¥ "+grouped(g.Group.AmountFen), 12, paper.Left)
	d.Space(8)
	d.Line("各房屋的收据号列在明细中，可以逐张打印并扫码核验。", 8, paper.Left)
	_, err := d.WriteTo(w)
	return err
}
