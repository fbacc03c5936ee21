package console

import (
	"wuyepay/models"
)

// tariffList is 收费标准.
type tariffList struct {
	Groups []tariffGroup
	Export string
}

// tariffGroup is the tariffs of a community.
type tariffGroup struct {
	Community models.Community
	Rows      []tariffLine
}

// tariffLine is a version of a tariff with the single room it is for, if it is.
type tariffLine struct {
	models.Tariff
	Room  string
	State string // now, later or over
}

func (c *call) tariffs() error {
	groups, err := c.tariffGroups()
	if err != nil {
		return err
	}
	return c.render("tariffs", "收费标准", tariffList{Groups: groups, Export: "/staff/tariffs/export"})
}

func (c *call) tariffGroups() ([]tariffGroup, error) {
	communities, err := c.view.Communities("", maxChoices)
	if err != nil {
		return nil, err
	}
	var out []tariffGroup
	for _, m := range communities {
		list, err := c.view.Tariffs(m.ID)
		if err != nil {
			return nil, err
		}
		rows, err := c.tariffLines(list)
		if err != nil {
			return nil, err
		}
		out = append(out, tariffGroup{Community: m, Rows: rows})
	}
	return out, nil
}

// tariffLines adds rooms and states to versions of tariffs.
func (c *call) tariffLines(list []models.Tariff) ([]tariffLine, error) {
	var ids []string
	for _, t := range list {
		if t.RoomID != "" {
			ids = append(ids, t.RoomID)
		}
	}
	rooms, err := c.view.RoomsByID(ids)
	if err != nil {
		return nil, err
	}
	out := make([]tariffLine, len(list))
	for i, t := range list {
		out[i] = tariffLine{Tariff: t, Room: rooms[t.RoomID].Code, State: "now"}
		switch today := c.view.Today(); {
		case t.FromOn > today:
			out[i].State = "later"
		case t.ToOn != 0 && t.ToOn < today:
			out[i].State = "over"
		}
	}
	return out, nil
}

// For says which rooms the tariff is for.
func (t tariffLine) For() string {
	switch {
	case t.Room != "":
		return "房号 " + t.Room
	case t.RoomKind != "":
		return t.RoomKind
	}
	return "全部"
}

// Due says when its bills are due.
func (t tariffLine) Due() string { return dueText(t.Tariff) }

// Amount is price or tiers.
func (t tariffLine) Amount() string {
	if t.Tiers != "" {
		return tiersText(t.Tiers)
	}
	return orDash(t.Price)
}

func (c *call) exportTariffs() error {
	header := []string{"小区", "收费项目", "适用物业类型", "房号", "计费方式", "单价", "阶梯", "缴费周期", "周期起始月", "缴费截止日", "缴费期限", "违约金日利率", "宽限天数", "违约金上限",
		"空置比例", "未售比例", "优惠比例", "优惠截止", "起始日期", "截止日期"}
	return c.export("收费标准", "", header, func(b *workbook) error {
		groups, err := c.tariffGroups()
		if err != nil {
			return err
		}
		for _, g := range groups {
			for _, t := range g.Rows {
				if err := b.Row(g.Community.Name, t.Item, t.RoomKind, t.Room, word(methodWords, t.Method), t.Price, t.Tiers, word(cycleWords, t.Cycle), t.CycleStart, t.DueDay,
					t.DueAfterDays, t.LateRate, t.GraceDays, t.LateCap, t.VacantShare, t.UnsoldShare, t.DiscountShare, t.DiscountUntil, t.FromOn.String(), t.ToOn.String()); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
