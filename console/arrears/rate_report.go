package arrears

import (
	"strconv"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// reportWays are the ways in which the report groups.
var reportWays = []ui.Option{
	{Value: fees.ByCommunity, Text: "按小区"}, {Value: fees.ByBuilding, Text: "按楼栋"},
	{Value: fees.BySteward, Text: "按管家"}, {Value: fees.ByItem, Text: "按费项"},
}

// report is the page 收费率报表: what was billed and settled of some months, and what of the
// arrears of earlier years was settled in the year.
type report struct {
	From, To    string // months
	By          string
	Community   string
	Ways        []ui.Option
	Communities []estate.Community
	Rows        []reportRow
	All         reportRow
	Year        int
	Clearing    []clearingRow
	Cleared     clearingRow
	Target      int
	Export      string
}

type reportRow struct {
	fees.CollectionRateLine
	Rate     string // 收费率
	RoomRate string // 户数收费率
	Short    bool   // below the target
}

type clearingRow struct {
	fees.ClearingLine
	Rate string
}

func percentText(part, whole int64) string {
	p, ok := calc.Percent(part, whole)
	if !ok {
		return "—"
	}
	return p.StringFixed(2) + " %"
}

func newReportRow(l fees.CollectionRateLine) reportRow {
	p, ok := calc.Percent(int64(l.SettledFen), int64(l.BilledFen))
	return reportRow{l, percentText(int64(l.SettledFen), int64(l.BilledFen)), percentText(l.PaidRooms, l.Rooms),
		ok && p.LessThan(decimal.New(calc.CollectionTarget, 0))}
}

// reportOf returns the report that the query asks for. Without a choice it is this year by
// community.
func reportOf(c *ui.Call) (report, error) {
	q := c.R.URL.Query()
	year, month, _ := c.View.Today().Parts()
	r := report{From: q.Get("from"), To: q.Get("to"), Community: q.Get("community"), Ways: reportWays, Target: calc.CollectionTarget}
	if r.From == "" {
		r.From = strconv.Itoa(year) + "-01"
	}
	if r.To == "" {
		r.To = calc.Period{Year: year, Month: month}.String()
	}
	var err error
	if r.By, err = c.QueryOption("by", reportWays); err != nil {
		return r, err
	}
	if r.By == "" {
		r.By = fees.ByCommunity
	}
	from, errFrom := calc.ParsePeriod(r.From)
	to, errTo := calc.ParsePeriod(r.To)
	if errFrom != nil || errTo != nil || from.First() > to.First() {
		return r, ui.ErrBadQuery
	}
	r.Year = to.Year
	r.Export = c.URLWith("/staff/reports/export", q, "after", "")
	f := fees.ReportFilter{Scope: c.Scope(), CommunityID: r.Community, By: r.By, From: from.First(), To: to.Last()}
	if r.Communities, err = estate.Communities(c.View, "", 200); err != nil {
		return r, err
	}
	return r, fillReport(c, &r, f)
}

func fillReport(c *ui.Call, r *report, f fees.ReportFilter) error {
	c.LongWork()
	lines, err := fees.CollectionRates(c.View, f)
	if err != nil {
		return err
	}
	var all fees.CollectionRateLine
	for _, l := range lines {
		all.Bills += l.Bills
		all.BilledFen, all.SettledFen = all.BilledFen.Plus(l.BilledFen), all.SettledFen.Plus(l.SettledFen)
		r.Rows = append(r.Rows, newReportRow(l))
	}
	if all.Rooms, all.PaidRooms, err = fees.HouseholdsOf(c.View, f); err != nil {
		return err
	}
	r.All = newReportRow(all)
	clearing, err := fees.Clearings(c.View, f, r.Year)
	if err != nil {
		return err
	}
	for _, l := range clearing {
		r.Cleared.OwedFen, r.Cleared.ClearedFen = r.Cleared.OwedFen.Plus(l.OwedFen), r.Cleared.ClearedFen.Plus(l.ClearedFen)
		r.Clearing = append(r.Clearing, clearingRow{l, percentText(int64(l.ClearedFen), int64(l.OwedFen))})
	}
	r.Cleared.Rate = percentText(int64(r.Cleared.ClearedFen), int64(r.Cleared.OwedFen))
	return nil
}

// Report shows 收费率报表 of the chosen months.
func Report(c *ui.Call) error {
	r, err := reportOf(c)
	if err != nil {
		return err
	}
	return c.Render("arrears/rate_report", "收费率报表", r)
}

// ExportReport sends the first table of the report as a workbook.
func ExportReport(c *ui.Call) error {
	r, err := reportOf(c)
	if err != nil {
		return err
	}
	header := []string{"分组", "楼栋", "账单数", "应收本金（元）", "已收本金（元）", "收费率", "应缴户数", "缴清户数", "户数收费率"}
	return c.Export("收费率", "", header, func(b *ui.Workbook) error {
		for _, l := range r.Rows {
			if err := b.Row(l.Group, l.Building, l.Bills, sheet.Yuan(l.BilledFen), sheet.Yuan(l.SettledFen), l.Rate, l.Rooms, l.PaidRooms,
				l.RoomRate); err != nil {
				return err
			}
		}
		return b.Row("合计", "", r.All.Bills, sheet.Yuan(r.All.BilledFen), sheet.Yuan(r.All.SettledFen), r.All.Rate, r.All.Rooms,
			r.All.PaidRooms, r.All.RoomRate)
	})
}
