package arrears

import (
	"wuyepay/billing"
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// limitationList is the page 诉讼时效预警: open bills near the limit of three years or past
// it.
type limitationList struct {
	Past  bool // only those past the limit
	Rows  []limitationRow
	Pager ui.Pager
}

type limitationRow struct {
	fees.LimitationLine
	Limit models.Date
	Flag  billing.LimitationFlag
	Left  int // days to the limit, negative past it
}

func limitationFilter(c *ui.Call) (fees.LimitationFilter, bool) {
	f := fees.LimitationFilter{Scope: c.Scope(), DueBy: billing.LimitationDueBy(c.View.Today())}
	past := c.R.URL.Query().Get("past") != ""
	if past {
		f.DueBy = billing.LimitationPastBy(c.View.Today())
	}
	return f, past
}

func newLimitationRow(c *ui.Call, l fees.LimitationLine) limitationRow {
	l.OwnerName = c.OwnerName(l.OwnerName)
	limit := billing.LimitationOf(l.Bill.DueOn)
	return limitationRow{l, limit, billing.LimitationOn(l.Bill.DueOn, c.View.Today()), int(limit - c.View.Today())}
}

// Limitation shows a page of 诉讼时效预警.
func Limitation(c *ui.Call) error {
	f, past := limitationFilter(c)
	f.After, f.Limit = c.R.URL.Query().Get("after"), ui.PageSize+1
	lines, err := fees.OldBills(c.View, f)
	if err != nil {
		return err
	}
	out := limitationList{Past: past}
	lines, out.Pager = ui.Cut(c, lines, fees.LimitationLine.Cursor)
	for _, l := range lines {
		out.Rows = append(out.Rows, newLimitationRow(c, l))
	}
	return c.Render("arrears/limitation_list", "诉讼时效预警", out)
}

// ExportLimitation sends the list as a workbook.
func ExportLimitation(c *ui.Call) error {
	f, _ := limitationFilter(c)
	header := []string{"房号", "业主", "管家", "费项", "账期起", "账期止", "应缴日", "时效届满日", "剩余天数", "状态", "尚欠本金（元）"}
	return c.Export("诉讼时效预警", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]fees.LimitationLine, error) {
			f.After, f.Limit = after, limit
			return fees.OldBills(c.View, f)
		}
		return ui.EachPage(read, fees.LimitationLine.Cursor, func(l fees.LimitationLine) error {
			r := newLimitationRow(c, l)
			return b.Row(r.Room.Code, r.OwnerName, r.Room.Steward, r.Bill.Item, ui.DayCell(r.Bill.PeriodStart),
				ui.DayCell(r.Bill.PeriodEnd),
				ui.DayCell(r.Bill.DueOn), ui.DayCell(r.Limit), r.Left, limitationWords[r.Flag], sheet.Yuan(r.Bill.OutstandingFen()))
		})
	})
}

// limitationWords are how near a bill is to the limit.
var limitationWords = map[billing.LimitationFlag]string{billing.LimitationFar: "未临近", billing.LimitationNear: "即将届满",
	billing.LimitationPast: "可能已届满"}
