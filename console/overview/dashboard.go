package overview

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
)

// eventDays is how far back the dashboard looks for notifications that settled
// nothing.
const eventDays = 7

// dashboardView is the dashboard: what there is to see today, of what one may see.
type dashboardView struct {
	Takings      models.Takings
	OpenFindings int64
	OldestOpen   models.Date
	Events       int64
	EventDays    int
	Refunds      models.WaitingRefunds
	Standing     models.Standing
	Bands        []models.BandSum
	NearLimit    int64 // open bills near or past the limit of three years
	Jobs         []jobLine
	Imports      []models.Import
	Steward      bool
}

type jobLine struct {
	Text string
	Run  models.JobRun
}

var watchedJobs = []struct{ name, text string }{{"reconcile", "每日对账"}, {"remind", "催缴提醒"}, {"sweep", "订单巡查"}}

func Dashboard(c *ui.Call) error {
	d := dashboardView{EventDays: eventDays, Steward: c.Staff.Role == models.RoleSteward}
	var err error
	if d.Standing, err = c.View.StandingOf(c.Scope()); err != nil {
		return err
	}
	if d.Bands, err = c.View.BandSums(models.LedgerFilter{Scope: c.Scope()}); err != nil {
		return err
	}
	if d.NearLimit, err = c.View.CountOldBills(c.Scope(), billing.LimitationDueBy(c.View.Today())); err != nil {
		return err
	}
	if c.Can(ui.PermTakings) {
		if d.Takings, err = c.View.TakingsOn(models.ChannelWechat, c.View.Today()); err != nil {
			return err
		}
		if d.Imports, err = c.View.Imports(5); err != nil {
			return err
		}
	}
	if c.Can(ui.PermReconcile) {
		if err := dashboardWatch(c, &d); err != nil {
			return err
		}
	}
	return c.Render("overview/dashboard", "工作台", d)
}

// dashboardWatch fills in what finance and managers keep an eye on.
func dashboardWatch(c *ui.Call, d *dashboardView) error {
	open, err := c.View.OpenFindings()
	if err != nil {
		return err
	}
	for _, n := range open {
		d.OpenFindings += n
	}
	if d.OldestOpen, err = c.View.OldestOpenFinding(); err != nil {
		return err
	}
	if d.Events, err = c.View.EventsSince(c.View.Today() - (eventDays - 1)); err != nil {
		return err
	}
	if d.Refunds, err = c.View.WaitingRefunds(); err != nil {
		return err
	}
	for _, j := range watchedJobs {
		run, err := c.View.LastJobRun(j.name)
		if err != nil {
			return err
		}
		d.Jobs = append(d.Jobs, jobLine{j.text, run})
	}
	return nil
}

var importWords = map[string]string{"rooms": "房产业主", "arrears": "期初欠费", "tariffs": "收费标准", "meters": "抄表数据"}

// outcomeWords turn what a job says of itself into Chinese; what it says in other
// words stays as it is.
var outcomeWords = strings.NewReplacer("asked about ", "查询 ", " orders", " 个订单", "queued ", "待发 ", "sent ", "已发 ", ", ", "，", " messages", " 条",
	" merchants", " 个商户", " differences", " 条差异", " days made up for", " 天补做", "first start: nothing to make up for", "首次启动，没有需要补做的")
