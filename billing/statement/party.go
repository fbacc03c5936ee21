package statement

import (
	"io"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
	"wuyepay/paper"
)

// PartyStatement is the account of a party over all rooms that it holds or held: the
// statement of each room, and their sums. The balances add up: what the party owes is what
// its rooms owe.
type PartyStatement struct {
	Owner      estate.Owner
	From, To   models.Date
	Rooms      []Statement // in order of their codes
	OpeningFen models.Fen
	ChargeFen  models.Fen
	PaidFen    models.Fen
	BookedFen  models.Fen
	LateDueFen models.Fen
	ClosingFen models.Fen
	PrepaidFen models.Fen
}

// OfParty returns the account of an owner over all of its rooms between two days. It
// returns [ErrSpan] as [Of] does.
func OfParty(tx *store.Tx, ownerID string, from, to models.Date) (PartyStatement, error) {
	p := PartyStatement{From: from, To: min(to, tx.Today())}
	var err error
	if p.Owner, err = estate.OwnerByID(tx, ownerID); err != nil {
		return p, err
	}
	rooms, err := estate.RoomsOfOwner(tx, ownerID)
	if err != nil {
		return p, err
	}
	for _, room := range rooms {
		holders, err := Holders(tx, room.ID)
		if err != nil {
			return p, err
		}
		for _, h := range holders {
			if h.Visibility.OwnerID != ownerID {
				continue
			}
			s, err := Of(tx, room, h.Visibility, from, to)
			if err != nil {
				return p, err
			}
			p.add(s)
		}
	}
	return p, nil
}

func (p *PartyStatement) add(s Statement) {
	p.Rooms = append(p.Rooms, s)
	p.OpeningFen = p.OpeningFen.Plus(s.OpeningFen)
	p.ChargeFen = p.ChargeFen.Plus(s.ChargeFen)
	p.PaidFen = p.PaidFen.Plus(s.PaidFen)
	p.BookedFen = p.BookedFen.Plus(s.BookedFen)
	p.LateDueFen = p.LateDueFen.Plus(s.LateDueFen)
	p.ClosingFen = p.ClosingFen.Plus(s.ClosingFen)
	p.PrepaidFen = p.PrepaidFen.Plus(s.PrepaidFen)
}

// WritePDF writes the statement as PDF: the sums, a line for each room, then the movements
// of each room.
func (p PartyStatement) WritePDF(w io.Writer, about Party) error {
	d := paper.New("物业费对账单 "+about.Owner, about.Community+" "+about.Owner+" 对账单 "+p.From.String()+" 至 "+p.To.String())
	d.Line("物业费对账单", 18, paper.Center)
	d.Space(6)
	d.Facts([][2]string{{"小区", about.Community}, {"单位", about.Owner}, {"期间", p.From.String() + " 至 " + p.To.String()},
		{"制表时间", about.MadeAt.In(models.Shanghai).Format("2006-01-02 15:04")}})
	d.Rule()
	d.Facts([][2]string{{"期初余额", BalanceText(p.OpeningFen)}, {"本期增加", grouped(p.ChargeFen) + " 元"}, {"本期缴费及减少", grouped(p.PaidFen) + " 元"},
		{"期末账面余额", BalanceText(p.BookedFen)}, {"截至期末未缴违约金", grouped(p.LateDueFen) + " 元"}, {"期末余额（含违约金）", BalanceText(p.ClosingFen)}})
	d.Line("各房屋汇总　金额单位：元", 9, paper.Left)
	p.summary(d)
	d.Line("明细　金额单位：元", 9, paper.Left)
	p.details(d)
	for _, note := range []string{
		"余额为应缴本金减去预存余额：正数为应缴，负数为结余。各房屋余额之和即为合计。",
		"房屋售出（过户）后，过户日以前的账单仍由原单位承担，列在该房屋名下。"} {
		d.Line("注："+note, 8, paper.Left)
	}
	_, err := d.WriteTo(w)
	return err
}

// summary draws a line for each room, and their sums.
func (p PartyStatement) summary(d *paper.Doc) {
	cells := func(name string, opening, charge, paid, booked, late, closing models.Fen) []string {
		return []string{name, grouped(opening), amountText(charge), amountText(paid), grouped(booked), amountText(late), grouped(closing)}
	}
	var rows []paper.Row
	for _, s := range p.Rooms {
		rows = append(rows, paper.Row{
			Cells: cells(s.Room.Code, s.OpeningFen, s.ChargeFen, s.PaidFen, s.BookedFen, s.LateDueFen, s.ClosingFen),
		})
	}
	rows = append(rows, paper.Row{Cells: cells("合计", p.OpeningFen, p.ChargeFen, p.PaidFen, p.BookedFen, p.LateDueFen, p.ClosingFen),
		Strong: true})
	d.Table([]paper.Column{
		{Title: "房号", Width: 22},
		{Title: "期初", Width: 13, Align: paper.Right},
		{Title: "增加应缴", Width: 13, Align: paper.Right},
		{Title: "缴费或减少", Width: 13, Align: paper.Right},
		{Title: "期末账面", Width: 13, Align: paper.Right},
		{Title: "未缴违约金", Width: 13, Align: paper.Right},
		{Title: "期末余额", Width: 13, Align: paper.Right},
	}, rows)
}

// details draws the movements of each room that has any.
func (p PartyStatement) details(d *paper.Doc) {
	var rows []paper.Row
	for _, s := range p.Rooms {
		if len(s.Lines) == 0 {
			continue
		}
		rows = append(rows, paper.Row{
			Cells:  []string{s.Room.Code + "　期初余额 " + grouped(s.OpeningFen) + "，期末账面余额 " + grouped(s.BookedFen)},
			Strong: true, Wide: true,
		})
		for _, l := range s.Lines {
			rows = append(rows, paper.Row{
				Cells: []string{l.On.String(), l.Text(), l.Period(), amountText(l.ChargeFen), amountText(l.PaidFen), grouped(l.BalanceFen)},
			})
		}
	}
	if len(rows) == 0 {
		d.Line("本期没有变动。", 9, paper.Left)
		return
	}
	d.Table([]paper.Column{
		{Title: "日期", Width: 11.5},
		{Title: "摘要", Width: 30},
		{Title: "账期", Width: 22.5},
		{Title: "增加应缴", Width: 11.5, Align: paper.Right},
		{Title: "缴费或减少", Width: 11.5, Align: paper.Right},
		{Title: "余额", Width: 13, Align: paper.Right},
	}, rows)
}
