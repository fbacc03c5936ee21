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
	Rows  []ui.RoomRow
	Pager ui.Pager
}

// List shows a page of 房产与业主.
func List(c *ui.Call) error {
	q := c.R.URL.Query()
	lines, err := estate.RoomLines(c.View, estate.RoomFilter{Scope: c.Scope(), Text: q.Get("q"), After: q.Get("after"),
		Limit: ui.PageSize + 1})
	if err != nil {
		return err
	}
	out := roomList{Query: q.Get("q")}
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
	text := c.R.URL.Query().Get("q")
	header := []string{"小区", "房号", "楼栋", "单元", "门牌", "业主", "手机（已隐藏）", "物业类型", "建筑面积㎡", "状态", "管家", "欠费本金（元）", "预存余额（元）"}
	return c.Export("房产与业主", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]estate.RoomLine, error) {
			return estate.RoomLines(c.View, estate.RoomFilter{Scope: c.Scope(), Text: text, After: after, Limit: limit})
		}
		return ui.EachPage(read, estate.RoomLine.Cursor, func(l estate.RoomLine) error {
			r, err := c.RoomRow(l)
			if err != nil {
				return err
			}
			return b.Row(r.Community, r.Code, r.Building, r.Unit, r.Number, r.OwnerName, r.Phone, r.Kind, areaCell(r.Area),
				words.Of(occupancyWords, r.Occupancy), r.Steward, sheet.Yuan(r.OwedFen), sheet.Yuan(r.PrepaidFen))
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
