package charging

import (
	"context"

	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/shadow"
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// shadowList is the page 新旧系统对账: the comparisons so far, and the form for another.
type shadowList struct {
	Rows     []fees.ShadowRun
	Pager    ui.Pager
	Period   string
	Error    string
	Mistakes []string
	More     int // mistakes that are not shown
}

// shownShadowMistakes is how many mistakes the page lists.
const shownShadowMistakes = 100

// Shadows shows a page of 新旧系统对账 and the form for another.
func Shadows(c *ui.Call) error { return showShadows(c, 200, shadowList{}) }

func showShadows(c *ui.Call, status int, l shadowList) error {
	runs, err := fees.ShadowRuns(c.View, c.R.URL.Query().Get("after"), ui.PageSize+1)
	if err != nil {
		return err
	}
	l.Rows, l.Pager = ui.Cut(c, runs, func(r fees.ShadowRun) string { return r.ID })
	return c.RenderAs(status, "charging/shadow_list", "新旧系统对账", l)
}

// StartShadow reads the file of the old system, and compares for a moment. The billing job
// does what is left.
func StartShadow(c *ui.Call) error {
	c.LongWork()
	f, done, err := c.Upload("file")
	var run fees.ShadowRun
	period := ""
	if err == nil {
		defer done()
		var p calc.Period
		if period = c.R.FormValue("period"); period != "" {
			p, err = calc.ParsePeriod(period)
		}
		if err == nil {
			file := intake.File{Name: f.Name, Content: f.Content, Size: f.Size}
			run, _, err = shadow.Start(c.R.Context(), c.DB, c.Staff.Actor(), file, p)
		}
	}
	show := func(status int, refusal string, mistakes sheet.Mistakes) error {
		l := shadowList{Error: refusal, Period: period, More: max(0, len(mistakes)-shownShadowMistakes)}
		if len(mistakes) > 0 {
			l.Error = "文件有错误，没有对比。请改正后重新上传："
		}
		for _, m := range mistakes[:min(len(mistakes), shownShadowMistakes)] {
			l.Mistakes = append(l.Mistakes, m.Error())
		}
		return showShadows(c, status, l)
	}
	if shown, err := c.RefusedFile(err, show); shown || err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.R.Context()), 4*workWait)
	defer cancel()
	if err := shadow.Work(ctx, c.DB, run.ID, workWait); err != nil {
		c.Log.WarnContext(ctx, "comparison not finished beside its page", "run", run.ID, "request_id", models.RequestID(ctx), "error", err)
	}
	return c.Redirect("/staff/shadow/" + run.ID)
}

// ExportShadows sends all comparisons as a workbook.
func ExportShadows(c *ui.Call) error {
	header := []string{"文件", "账期起", "账期止", "状态", "读取行数", "未对比行数", "对比条数", "对方金额", "系统金额", "差额", "经办人", "时间"}
	return c.Export("新旧系统对账", "", header, func(b *ui.Workbook) error {
		return ui.EachPage(func(after string, limit int) ([]fees.ShadowRun, error) {
			return fees.ShadowRuns(c.View, after, limit)
		}, func(r fees.ShadowRun) string { return r.ID }, func(r fees.ShadowRun) error {
			return b.Row(r.FileName, r.PeriodFrom.String(), r.PeriodTo.String(), words.Of(shadowWords, r.Status), r.RowsRead, r.RowsLeftOut,
				r.LineCount, r.TheirsFen.Yuan(), r.OursFen.Yuan(), r.DiffFen().Yuan(), words.Actor(r.MadeBy.Kind, r.MadeBy.Name),
				words.At(r.CreatedAt))
		})
	})
}

// shadowWords are the states of a comparison.
var shadowWords = map[string]string{fees.ShadowReading: "未读完", fees.ShadowComparing: "对比中", fees.ShadowDone: "完成"}
