package console

import (
	"wuyepay/billing"
	"wuyepay/models"
)

// eventDays is how far back the dashboard looks for notifications that settled
// nothing.
const eventDays = 7

// desk is the dashboard: what there is to see today, of what one may see.
type desk struct {
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

func (c *call) dashboard() error {
	d := desk{EventDays: eventDays, Steward: c.staff.Role == models.RoleSteward}
	var err error
	if d.Standing, err = c.view.StandingOf(c.scope()); err != nil {
		return err
	}
	if d.Bands, err = c.view.BandSums(models.LedgerFilter{Scope: c.scope()}); err != nil {
		return err
	}
	if d.NearLimit, err = c.view.CountOldBills(c.scope(), billing.LimitationDueBy(c.view.Today())); err != nil {
		return err
	}
	if c.can(permTakings) {
		if d.Takings, err = c.view.TakingsOn(models.ChannelWechat, c.view.Today()); err != nil {
			return err
		}
		if d.Imports, err = c.view.Imports(5); err != nil {
			return err
		}
	}
	if c.can(permReconcile) {
		if err := c.deskWatch(&d); err != nil {
			return err
		}
	}
	return c.render("dashboard", "工作台", d)
}

// deskWatch fills in what finance and managers keep an eye on.
func (c *call) deskWatch(d *desk) error {
	open, err := c.view.OpenFindings()
	if err != nil {
		return err
	}
	for _, n := range open {
		d.OpenFindings += n
	}
	if d.OldestOpen, err = c.view.OldestOpenFinding(); err != nil {
		return err
	}
	if d.Events, err = c.view.EventsSince(c.view.Today() - (eventDays - 1)); err != nil {
		return err
	}
	if d.Refunds, err = c.view.WaitingRefunds(); err != nil {
		return err
	}
	for _, j := range watchedJobs {
		run, err := c.view.LastJobRun(j.name)
		if err != nil {
			return err
		}
		d.Jobs = append(d.Jobs, jobLine{j.text, run})
	}
	return nil
}
