package console

import (
	"github.com/shopspring/decimal"

	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// roomList is a page of 房产与业主.
type roomList struct {
	Query string
	Rows  []roomRow
	Pager pager
}

type roomRow struct {
	models.RoomLine
	OwnerName string // masked where the role may not read it
	Phone     string // always masked
}

func (c *call) rooms() error {
	q := c.r.URL.Query()
	lines, err := c.view.RoomLines(models.RoomFilter{Scope: c.scope(), Text: q.Get("q"), After: q.Get("after"), Limit: pageSize + 1})
	if err != nil {
		return err
	}
	out := roomList{Query: q.Get("q")}
	lines, out.Pager = cut(c, lines, models.RoomLine.Cursor)
	for _, l := range lines {
		row, err := c.roomRow(l)
		if err != nil {
			return err
		}
		out.Rows = append(out.Rows, row)
	}
	return c.render("rooms", "房产与业主", out)
}

func (c *call) roomRow(l models.RoomLine) (roomRow, error) {
	phone, err := c.view.OwnerPhone(l.Owner)
	return roomRow{RoomLine: l, OwnerName: c.ownerName(l.Owner.Name), Phone: models.MaskPhone(phone)}, err
}

// ownerName is an owner's name as the role may read it.
func (c *call) ownerName(name string) string {
	if c.can(permNames) {
		return name
	}
	return models.MaskName(name)
}

func (c *call) exportRooms() error {
	text := c.r.URL.Query().Get("q")
	header := []string{"小区", "房号", "楼栋", "单元", "门牌", "业主", "手机（已隐藏）", "物业类型", "建筑面积㎡", "状态", "管家", "欠费本金（元）", "预存余额（元）"}
	return c.export("房产与业主", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.RoomLine, error) {
			return c.view.RoomLines(models.RoomFilter{Scope: c.scope(), Text: text, After: after, Limit: limit})
		}
		return eachPage(read, models.RoomLine.Cursor, func(l models.RoomLine) error {
			r, err := c.roomRow(l)
			if err != nil {
				return err
			}
			return b.Row(r.Community, r.Code, r.Building, r.Unit, r.Number, r.OwnerName, r.Phone, r.Kind, areaCell(r.Area), word(occupancyWords, r.Occupancy),
				r.Steward, sheet.Yuan(r.OwedFen), sheet.Yuan(r.PrepaidFen))
		})
	})
}

// areaCell is an area as a cell: exact text, or blank.
func areaCell(area string) any {
	d, err := decimal.NewFromString(area)
	if err != nil {
		return nil
	}
	return d
}
