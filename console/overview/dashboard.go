package overview

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
)

// eventDays is how many days back the dashboard counts notifications that settled nothing.
const eventDays = 7

// dashboardView is the page 工作台. Figures that the role may not see stay zero.
type dashboardView struct {
	Takings      money.Takings
	OpenFindings int64
	OldestOpen   models.Date
	Events       int64
	EventDays    int
	Refunds      money.WaitingRefunds
	Standing     estate.Standing
	Bands        []fees.BandSum
	NearLimit    int64 // open bills near or past the limit of three years
	Jobs         []jobLine
	Imports      []office.Import
	Steward      bool
}

type jobLine struct {
	Text string
	Run  office.JobRun
}

// watchedJobs are the jobs whose last run the dashboard shows.
var watchedJobs = []struct{ name, text string }{{"reconcile", "每日对账"}, {"remind", "催缴提醒"}, {"sweep", "订单巡查"}}

// Dashboard shows 工作台.
func Dashboard(c *ui.Call) error {
	d := dashboardView{EventDays: eventDays, Steward: c.Staff.Role == office.RoleSteward}
	var err error
	if d.Standing, err = estate.StandingOf(c.View, c.Scope()); err != nil {
		return err
	}
	if d.Bands, err = fees.BandSums(c.View, fees.LedgerFilter{Scope: c.Scope()}); err != nil {
		return err
	}
	if d.NearLimit, err = fees.CountOldBills(c.View, c.Scope(), billing.LimitationDueBy(c.View.Today())); err != nil {
		return err
	}
	if c.Can(office.PermTakings) {
		if d.Takings, err = money.TakingsOn(c.View, money.ChannelWechat, c.View.Today()); err != nil {
			return err
		}
		if d.Imports, err = office.Imports(c.View, 5); err != nil {
			return err
		}
	}
	if c.Can(office.PermReconcile) {
		if err := dashboardWatch(c, &d); err != nil {
			return err
		}
	}
	return c.Render("overview/dashboard", "工作台", d)
}

// dashboardWatch fills in what finance and managers watch.
func dashboardWatch(c *ui.Call, d *dashboardView) error {
	open, err := proof.OpenFindings(c.View)
	if err != nil {
		return err
	}
	for _, n := range open {
		d.OpenFindings += n
	}
	if d.OldestOpen, err = proof.OldestOpenFinding(c.View); err != nil {
		return err
	}
	if d.Events, err = proof.EventsSince(c.View, c.View.Today()-(eventDays-1)); err != nil {
		return err
	}
	if d.Refunds, err = money.CountWaitingRefunds(c.View); err != nil {
		return err
	}
	for _, j := range watchedJobs {
		run, err := office.LastJobRun(c.View, j.name)
		if err != nil {
			return err
		}
		d.Jobs = append(d.Jobs, jobLine{j.text, run})
	}
	return nil
}

// importWords are the kinds of an import.
var importWords = map[string]string{"rooms": "房产业主", "arrears": "期初欠费", "tariffs": "收费标准", "meters": "抄表数据", "holidays": "节假日"}

// outcomeWords translates what a job says of itself. Other text stays as it is.
var outcomeWords = strings.NewReplacer("asked about ", "查询 ", " orders", " 个订单", "queued ", "待发 ", "sent ", "已发 ", ", ", "，",
	" messages", " 条", " merchants", " 个商户", " differences", " 条差异", " days made up for", " 天补做",
	"first start: nothing to make up for", "首次启动，没有需要补做的")
