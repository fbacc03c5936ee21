package charging

import (
	"context"
	"errors"
	"time"

	"wuyepay/billing/calc"
	"wuyepay/billing/issuing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// workWait is how long a page works on a run before it shows the progress. A small community
// is done by then; the billing job does the rest.
const workWait = 2 * time.Second

// runList is the page 账单批次.
type runList struct {
	Rows        []runLine
	Communities []estate.Community
	Period      string
	Pager       ui.Pager
	Error       string
}

// runLine is a run with the name of its community.
type runLine struct {
	fees.BillingRun
	Community string
}

// Percent returns how far the step under way has got.
func (r runLine) Percent() int { return r.RoomsDone * 100 / max(1, r.RoomsTotal) }

// Working reports whether the run goes on by itself.
func (r runLine) Working() bool {
	return r.Status == fees.RunDrafting || r.Status == fees.RunPublishing
}

// Runs shows a page of 账单批次 and the form for another.
func Runs(c *ui.Call) error { return showRuns(c, 200, nil) }

func showRuns(c *ui.Call, status int, refused *models.Error) error {
	year, month, _ := c.View.Today().Parts()
	l := runList{Period: calc.Period{Year: year, Month: month}.String()}
	if refused != nil {
		l.Error, l.Period = refused.Message, c.Field("period")
	}
	var err error
	if l.Communities, err = estate.Communities(c.View, "", ui.MaxCommunities); err != nil {
		return err
	}
	runs, err := fees.BillingRuns(c.View, fees.RunFilter{After: c.R.URL.Query().Get("after"), Limit: ui.PageSize + 1})
	if err != nil {
		return err
	}
	runs, l.Pager = ui.Cut(c, runs, func(r fees.BillingRun) string { return r.ID })
	names, err := c.CommunityNames()
	if err != nil {
		return err
	}
	for _, r := range runs {
		l.Rows = append(l.Rows, runLine{r, names[r.CommunityID]})
	}
	return c.RenderAs(status, "charging/run_list", "账单批次", l)
}

// StartRun starts a run and works on it for a moment.
func StartRun(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	period, err := calc.ParsePeriod(c.Field("period"))
	if err == nil {
		_, err = estate.CommunityByID(c.View, c.Field("community"))
	}
	var run fees.BillingRun
	if err == nil {
		run, err = issuing.StartRun(c.R.Context(), c.DB, c.Staff.Actor(), issuing.RunRequest{CommunityID: c.Field("community"),
			Period: period, CatchUp: c.Field("catch_up") != ""})
	}
	if errors.Is(err, issuing.ErrRunOpen) {
		c.Say("BILLING_RUN_OPEN")
		return c.Redirect("/staff/billing/" + run.ID)
	}
	if e, ok := models.AsError(err); ok {
		return showRuns(c, ui.StatusOf(e.Kind), e)
	}
	if err != nil {
		return err
	}
	workOn(c, run.ID)
	return c.Redirect("/staff/billing/" + run.ID)
}

// workOn works on a run for a moment. The billing job does what is left and what has failed:
// the run is in the database.
func workOn(c *ui.Call, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.R.Context()), 4*workWait)
	defer cancel()
	if err := issuing.WorkRun(ctx, c.DB, id, issuing.WorkOptions{For: workWait}); err != nil {
		c.Log.WarnContext(ctx, "billing run not finished beside its page", "run", id, "request_id", models.RequestID(ctx), "error", err)
	}
}

// SetBillDay sets the day of the month on which a community is billed by itself.
func SetBillDay(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	day := ui.WholeNumber(c.Field("bill_day"), 0)
	if day < 0 || day > 28 {
		return showRuns(c, 400, models.Invalid("BILL_DAY", "自动出账日应为 1 到 28，0 表示不自动出账"))
	}
	err := c.DB.Write(c.R.Context(), func(tx *store.Tx) error { return estate.SetBillDay(tx, c.Staff.Actor(), c.Field("community"), day) })
	if err != nil {
		return err
	}
	c.Say("bill_day_set")
	return c.Redirect("/staff/billing")
}
