package console

import (
	"wuyepay/billing"
	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// limitationList is a page of 诉讼时效预警: open bills that come near the limit of
// three years, or are past it.
type limitationList struct {
	Past  bool // only those past the limit
	Rows  []limitationRow
	Pager pager
}

type limitationRow struct {
	models.LimitationLine
	Limit models.Date
	Flag  billing.LimitationFlag
	Left  int // days to the limit; negative: past it
}

func (c *call) limitationFilter() (models.LimitationFilter, bool) {
	f := models.LimitationFilter{Scope: c.scope(), DueBy: billing.LimitationDueBy(c.view.Today())}
	past := c.r.URL.Query().Get("past") != ""
	if past {
		f.DueBy = billing.LimitationPastBy(c.view.Today())
	}
	return f, past
}

func (c *call) limitationRow(l models.LimitationLine) limitationRow {
	l.OwnerName = c.ownerName(l.OwnerName)
	limit := billing.LimitationOf(l.Bill.DueOn)
	return limitationRow{l, limit, billing.LimitationOn(l.Bill.DueOn, c.view.Today()), int(limit - c.view.Today())}
}

func (c *call) limitation() error {
	f, past := c.limitationFilter()
	f.After, f.Limit = c.r.URL.Query().Get("after"), pageSize+1
	lines, err := c.view.OldBills(f)
	if err != nil {
		return err
	}
	out := limitationList{Past: past}
	lines, out.Pager = cut(c, lines, models.LimitationLine.Cursor)
	for _, l := range lines {
		out.Rows = append(out.Rows, c.limitationRow(l))
	}
	return c.render("limitation", "诉讼时效预警", out)
}

func (c *call) exportLimitation() error {
	f, _ := c.limitationFilter()
	header := []string{"房号", "业主", "管家", "费项", "账期起", "账期止", "应缴日", "时效届满日", "剩余天数", "状态", "尚欠本金（元）"}
	return c.export("诉讼时效预警", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.LimitationLine, error) {
			f.After, f.Limit = after, limit
			return c.view.OldBills(f)
		}
		return eachPage(read, models.LimitationLine.Cursor, func(l models.LimitationLine) error {
			r := c.limitationRow(l)
			return b.Row(r.Room.Code, r.OwnerName, r.Room.Steward, r.Bill.Item, day(r.Bill.PeriodStart), day(r.Bill.PeriodEnd), day(r.Bill.DueOn), day(r.Limit), r.Left,
				limitationWords[r.Flag], sheet.Yuan(r.Bill.OutstandingFen()))
		})
	})
}

var limitationWords = map[billing.LimitationFlag]string{billing.LimitationFar: "未临近", billing.LimitationNear: "即将届满", billing.LimitationPast: "可能已届满"}
