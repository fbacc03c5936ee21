package console

import (
	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// takingsPage is 收款日报: a day's money by channel, fee item and cashier.
type takingsPage struct {
	On          models.Date
	Community   string
	Communities []choice
	Channels    []models.ChannelTakings
	Items       []models.ItemTakings
	Staff       []models.StaffTakings
	InFen       models.Fen // came in, less what was undone; prepayment that offset bills is no money that came in
	Export      string
}

func (c *call) takingsFilter() (models.TakingsFilter, error) {
	f := models.TakingsFilter{CommunityID: c.r.URL.Query().Get("community")}
	var err error
	if f.On, err = c.dayOf("on"); err == nil && f.On.IsZero() {
		f.On = c.view.Today()
	}
	return f, err
}

func (c *call) takings() error {
	f, err := c.takingsFilter()
	if err != nil {
		return err
	}
	p := takingsPage{On: f.On, Community: f.CommunityID, Export: c.with("/staff/takings/export", c.r.URL.Query(), "after", "")}
	if p.Communities, err = c.communityChoices(); err != nil {
		return err
	}
	if p.Channels, err = c.view.TakingsByChannel(f); err != nil {
		return err
	}
	for _, t := range p.Channels {
		if t.Channel != models.ChannelOffset {
			p.InFen = p.InFen.Plus(t.NetFen())
		}
	}
	if p.Items, err = c.view.TakingsByItem(f); err != nil {
		return err
	}
	if p.Staff, err = c.view.TakingsByStaff(f); err != nil {
		return err
	}
	return c.render("takings", "收款日报", p)
}

func (c *call) exportTakings() error {
	f, err := c.takingsFilter()
	if err != nil {
		return err
	}
	header := []string{"日期", "分类", "收款方式", "费项或收款员", "笔数", "金额（元）", "其中转入预存（元）", "冲正（元）", "净额（元）", "违约金（元）"}
	return c.export("收款日报", "", header, func(b *workbook) error {
		channels, err := c.view.TakingsByChannel(f)
		if err != nil {
			return err
		}
		for _, t := range channels {
			if err := b.Row(day(f.On), "收款方式", word(models.ChannelNames, t.Channel), nil, t.Count, sheet.Yuan(t.SumFen), sheet.Yuan(t.SurplusFen), sheet.Yuan(t.ReversedFen), sheet.Yuan(t.NetFen()), nil); err != nil {
				return err
			}
		}
		items, err := c.view.TakingsByItem(f)
		if err != nil {
			return err
		}
		for _, t := range items {
			if err := b.Row(day(f.On), "费项", word(models.ChannelNames, t.Channel), t.Item, nil, sheet.Yuan(t.PrincipalFen+t.LateFeeFen), nil, nil, nil, sheet.Yuan(t.LateFeeFen)); err != nil {
				return err
			}
		}
		staff, err := c.view.TakingsByStaff(f)
		if err != nil {
			return err
		}
		for _, t := range staff {
			if err := b.Row(day(f.On), "收款员", word(models.ChannelNames, t.Channel), t.StaffName, t.Count, sheet.Yuan(t.SumFen), nil, nil, nil, nil); err != nil {
				return err
			}
		}
		return nil
	})
}
