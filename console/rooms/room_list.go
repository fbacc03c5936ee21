package rooms

import (
	"github.com/shopspring/decimal"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/estate"
)

// roomList is the page 房产与业主.
type roomList struct {
	Query string
	Own   string // estate.OwnPrice or estate.OwnCycle
	Rows  []ui.RoomRow
	Pager ui.Pager
}

// ownChoices are what rooms may have of their own.
var ownChoices = []ui.Option{{Value: estate.OwnPrice, Text: "自己的单价"}, {Value: estate.OwnCycle, Text: "自己的缴费周期"}}

// roomFilter returns what the query asks for.
func roomFilter(c *ui.Call) (estate.RoomFilter, error) {
	q := c.R.URL.Query()
	own, err := c.QueryOption("own", ownChoices)
	return estate.RoomFilter{Scope: c.Scope(), Text: q.Get("q"), CommunityID: q.Get("community"), Kind: q.Get("kind"), Own: own}, err
}

// List shows a page of 房产与业主.
func List(c *ui.Call) error {
	f, err := roomFilter(c)
	if err != nil {
		return err
	}
	f.After, f.Limit = c.R.URL.Query().Get("after"), ui.PageSize+1
	lines, err := estate.RoomLines(c.View, f)
	if err != nil {
		return err
	}
	out := roomList{Query: f.Text, Own: f.Own}
	lines, out.Pager = ui.Cut(c, lines, estate.RoomLine.Cursor)
	for _, l := range lines {
		row, err := c.RoomRow(l)
		if err != nil {
			return err
		}
		out.Rows = append(out.Rows, row)
	}
	return c.Render("rooms/room_list", "房产与业主", out)
}

// ExportList sends the list as a workbook.
func ExportList(c *ui.Call) error {
	f, err := roomFilter(c)
	if err != nil {
		return err
	}
	header := []string{"小区", "房号", "楼栋", "单元", "门牌", "业主", "手机（已隐藏）", "物业类型", "建筑面积㎡", "自己的单价", "自己的缴费周期", "状态", "管家", "欠费本金（元）", "预存余额（元）"}
	return c.Export("房产与业主", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]estate.RoomLine, error) {
			f.After, f.Limit = after, limit
			return estate.RoomLines(c.View, f)
		}
		return ui.EachPage(read, estate.RoomLine.Cursor, func(l estate.RoomLine) error {
			r, err := c.RoomRow(l)
			if err != nil {
				return err
			}
			return b.Row(r.Community, r.Code, r.Building, r.Unit, r.Number, r.OwnerName, r.Phone, r.Kind, areaCell(r.Area),
				areaCell(r.Price), words.Cycle(r.Cycle),
				words.Of(words.Occupancy, r.Occupancy), r.Steward, sheet.Yuan(r.OwedFen), sheet.Yuan(r.PrepaidFen))
		})
	})
}

// areaCell returns an area as a cell, or a blank one if the area is no number.
func areaCell(area string) any {
	d, err := decimal.NewFromString(area)
	if err != nil {
		return nil
	}
	return d
}
