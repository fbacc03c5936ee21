package counter

import (
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/money"
)

// takingsPage is the page 收款日报: the money of a day by channel, fee item and cashier.
type takingsPage struct {
	On          models.Date
	Community   string
	Communities []ui.Option
	Channels    []desk.ChannelTakings
	Items       []desk.ItemTakings
	Staff       []desk.StaffTakings
	InFen       models.Fen // what came in, less what was undone; without prepayment that settled bills
	Export      string
}

func takingsFilter(c *ui.Call) (desk.TakingsFilter, error) {
	f := desk.TakingsFilter{CommunityID: c.R.URL.Query().Get("community")}
	var err error
	if f.On, err = c.QueryDay("on"); err == nil && f.On.IsZero() {
		f.On = c.View.Today()
	}
	return f, err
}

// Takings shows 收款日报 of a day.
func Takings(c *ui.Call) error {
	f, err := takingsFilter(c)
	if err != nil {
		return err
	}
	p := takingsPage{On: f.On, Community: f.CommunityID, Export: c.URLWith("/staff/takings/export", c.R.URL.Query(), "after", "")}
	if p.Communities, err = c.CommunityOptions(); err != nil {
		return err
	}
	if p.Channels, err = desk.TakingsByChannel(c.View, f); err != nil {
		return err
	}
	for _, t := range p.Channels {
		if t.Channel != money.ChannelOffset {
			p.InFen = p.InFen.Plus(t.NetFen())
		}
	}
	if p.Items, err = desk.TakingsByItem(c.View, f); err != nil {
		return err
	}
	if p.Staff, err = desk.TakingsByStaff(c.View, f); err != nil {
		return err
	}
	return c.Render("counter/takings_report", "收款日报", p)
}

// ExportTakings sends the report as a workbook.
func ExportTakings(c *ui.Call) error {
	f, err := takingsFilter(c)
	if err != nil {
		return err
	}
	header := []string{"日期", "分类", "收款方式", "费项或收款员", "笔数", "金额（元）", "其中转入预存（元）", "冲正（元）", "净额（元）", "违约金（元）"}
	return c.Export("收款日报", "", header, func(b *ui.Workbook) error {
		channels, err := desk.TakingsByChannel(c.View, f)
		if err != nil {
			return err
		}
		for _, t := range channels {
			if err := b.Row(ui.DayCell(f.On), "收款方式", words.Of(money.ChannelNames, t.Channel), nil, t.Count, sheet.Yuan(t.SumFen),
				sheet.Yuan(t.SurplusFen), sheet.Yuan(t.ReversedFen), sheet.Yuan(t.NetFen()), nil); err != nil {
				return err
			}
		}
		items, err := desk.TakingsByItem(c.View, f)
		if err != nil {
			return err
		}
		for _, t := range items {
			if err := b.Row(ui.DayCell(f.On), "费项", words.Of(money.ChannelNames, t.Channel), t.Item, nil,
				sheet.Yuan(t.PrincipalFen+t.LateFeeFen), nil, nil, nil, sheet.Yuan(t.LateFeeFen)); err != nil {
				return err
			}
		}
		staff, err := desk.TakingsByStaff(c.View, f)
		if err != nil {
			return err
		}
		for _, t := range staff {
			if err := b.Row(ui.DayCell(f.On), "收款员", words.Of(money.ChannelNames, t.Channel), t.StaffName, t.Count, sheet.Yuan(t.SumFen),
				nil, nil, nil, nil); err != nil {
				return err
			}
		}
		return nil
	})
}
