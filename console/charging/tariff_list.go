package charging

import (
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// tariffList is the page 收费标准.
type tariffList struct {
	Groups []tariffGroup
	Export string
}

// tariffGroup has the tariffs of a community.
type tariffGroup struct {
	Community estate.Community
	Rows      []tariffLine
}

// tariffLine is a version of a tariff, with the room if it is for a single one.
type tariffLine struct {
	fees.Tariff
	Room  string
	State string // now, later or over
}

// Tariffs shows 收费标准 of all communities.
func Tariffs(c *ui.Call) error {
	groups, err := tariffGroups(c)
	if err != nil {
		return err
	}
	return c.Render("charging/tariff_list", "收费标准", tariffList{Groups: groups, Export: "/staff/tariffs/export"})
}

func tariffGroups(c *ui.Call) ([]tariffGroup, error) {
	communities, err := estate.Communities(c.View, "", ui.MaxCommunities)
	if err != nil {
		return nil, err
	}
	var out []tariffGroup
	for _, m := range communities {
		list, err := fees.Tariffs(c.View, m.ID)
		if err != nil {
			return nil, err
		}
		rows, err := tariffLines(c, list)
		if err != nil {
			return nil, err
		}
		out = append(out, tariffGroup{Community: m, Rows: rows})
	}
	return out, nil
}

// tariffLines returns versions of tariffs with their rooms and states.
func tariffLines(c *ui.Call, list []fees.Tariff) ([]tariffLine, error) {
	var ids []string
	for _, t := range list {
		if t.RoomID != "" {
			ids = append(ids, t.RoomID)
		}
	}
	rooms, err := estate.RoomsByID(c.View, ids)
	if err != nil {
		return nil, err
	}
	out := make([]tariffLine, len(list))
	for i, t := range list {
		out[i] = tariffLine{Tariff: t, Room: rooms[t.RoomID].Code, State: "now"}
		switch today := c.View.Today(); {
		case t.FromOn > today:
			out[i].State = "later"
		case t.ToOn != 0 && t.ToOn < today:
			out[i].State = "over"
		}
	}
	return out, nil
}

// For returns which rooms the tariff is for.
func (t tariffLine) For() string {
	switch {
	case t.Room != "":
		return "房号 " + t.Room
	case t.RoomKind != "":
		return t.RoomKind
	}
	return "全部"
}

// Due returns when the bills are due.
func (t tariffLine) Due() string { return dueText(t.Tariff) }

// Amount returns the price or the tiers.
func (t tariffLine) Amount() string {
	if t.Tiers != "" {
		return words.Tiers(t.Tiers)
	}
	return words.OrDash(t.Price)
}

// ExportTariffs sends all tariffs as a workbook.
func ExportTariffs(c *ui.Call) error {
	header := []string{"小区", "收费项目", "适用物业类型", "房号", "计费方式", "单价", "阶梯", "缴费周期", "周期起始月", "缴费截止日", "缴费期限", "违约金日利率", "宽限天数", "违约金上限",
		"空置比例", "未售比例", "优惠比例", "优惠截止", "起始日期", "截止日期"}
	return c.Export("收费标准", "", header, func(b *ui.Workbook) error {
		groups, err := tariffGroups(c)
		if err != nil {
			return err
		}
		for _, g := range groups {
			for _, t := range g.Rows {
				if err := b.Row(g.Community.Name, t.Item, t.RoomKind, t.Room, words.Of(words.Methods, t.Method), t.Price, t.Tiers,
					words.Of(words.Cycles, t.Cycle), t.CycleStart, t.DueDay, t.DueAfterDays, models.RateTextOf(t.LateRate), t.GraceDays,
					models.ShareTextOf(t.LateCap), models.ShareTextOf(t.VacantShare), models.ShareTextOf(t.UnsoldShare),
					models.ShareTextOf(t.DiscountShare), t.DiscountUntil, t.FromOn.String(), t.ToOn.String()); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
