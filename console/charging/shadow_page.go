package charging

import (
	"strconv"

	"wuyepay/billing/shadow"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/fees"
)

// shadowView is one comparison: what it comes to by cause and by item, and a page of lines.
type shadowView struct {
	fees.ShadowRun
	Causes, Items        []fees.ShadowSum
	CauseOptions         []ui.Option
	ItemNames            []string
	Cause, Item          string
	Lines                []fees.ShadowLine
	Pager                ui.Pager
	Working              bool
	Percent, ComparedRow int
}

// Shadow shows a comparison.
func Shadow(c *ui.Call) error {
	v, f, err := readShadow(c)
	if err != nil {
		return err
	}
	f.Limit = ui.PageSize + 1
	if f.After, err = afterSeq(c); err != nil {
		return err
	}
	lines, err := fees.ShadowLines(c.View, f)
	if err != nil {
		return err
	}
	v.Lines, v.Pager = ui.Cut(c, lines, func(l fees.ShadowLine) string { return strconv.Itoa(l.Seq) })
	return c.Render("charging/shadow_page", "新旧系统对账", v)
}

// afterSeq returns the place in the list that the query asks for.
func afterSeq(c *ui.Call) (int, error) {
	text := c.R.URL.Query().Get("after")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, ui.ErrBadQuery
	}
	return n, nil
}

// readShadow returns a comparison without its lines, and the filter that the query asks for.
func readShadow(c *ui.Call) (v shadowView, f fees.ShadowFilter, err error) {
	if v.ShadowRun, err = fees.ShadowRunByID(c.View, c.R.PathValue("id")); err != nil {
		return v, f, err
	}
	v.CauseOptions = ui.Options(shadowCauseWords(), fees.ShadowCauses...)
	if v.Cause, err = c.QueryOption("cause", v.CauseOptions); err != nil {
		return v, f, err
	}
	v.Item = c.R.URL.Query().Get("item")
	sums, err := fees.ShadowSums(c.View, v.ID)
	if err != nil {
		return v, f, err
	}
	v.Causes, v.Items = shadow.ByCause(sums), shadow.ByItem(sums)
	for _, s := range v.Items {
		v.ItemNames = append(v.ItemNames, s.Item)
	}
	v.Working = v.Status == fees.ShadowComparing
	v.Percent = v.RoomsDone * 100 / max(1, v.RoomsTotal)
	v.ComparedRow = v.RowsRead - v.RowsLeftOut
	return v, fees.ShadowFilter{RunID: v.ID, Cause: v.Cause, Item: v.Item}, nil
}

func shadowCauseWords() map[string]string {
	out := map[string]string{}
	for _, code := range fees.ShadowCauses {
		out[code] = words.ShadowCause(code)
	}
	return out
}

// ExportShadow sends the lines of a comparison, as they are filtered, as a workbook.
func ExportShadow(c *ui.Call) error {
	v, f, err := readShadow(c)
	if err != nil {
		return err
	}
	header := []string{"原因", "小区", "房号", "收费项目", "起", "止", "对方金额", "系统金额", "差额", "说明", "对方笔数", "表", "行", "系统笔数", "其中已出账"}
	return c.Export("新旧系统对账明细", v.ID, header, func(b *ui.Workbook) error {
		return ui.EachPage(func(after string, limit int) ([]fees.ShadowLine, error) {
			f.Limit, f.After = limit, 0
			if after != "" {
				f.After, _ = strconv.Atoi(after) // our own cursor
			}
			return fees.ShadowLines(c.View, f)
		}, func(l fees.ShadowLine) string { return strconv.Itoa(l.Seq) }, func(l fees.ShadowLine) error {
			return b.Row(words.ShadowCause(l.Cause), l.Community, l.RoomCode, l.Item, ui.DayCell(l.FromOn), ui.DayCell(l.ToOn),
				l.TheirsFen.Yuan(), l.OursFen.Yuan(), l.DiffFen.Yuan(), l.Explanation, l.TheirRows, l.Sheet, l.RowNo, l.OurBills,
				l.IssuedBills)
		})
	})
}
