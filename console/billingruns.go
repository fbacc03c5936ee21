package console

import (
	"context"
	"errors"
	"time"

	"wuyepay/billing"
	"wuyepay/models"
)

// workWait is how long a page works on a run itself before it shows the progress: a
// small community is done by then, and the rest the billing job takes on.
const workWait = 2 * time.Second

// runList is 账单批次.
type runList struct {
	Rows        []runLine
	Communities []models.Community
	Period      string
	Pager       pager
	Error       string
}

// runLine is a run with the name of its community.
type runLine struct {
	models.BillingRun
	Community string
}

// Percent is how far the step under way has got.
func (r runLine) Percent() int { return r.RoomsDone * 100 / max(1, r.RoomsTotal) }

// Working tells whether the run goes on without anybody.
func (r runLine) Working() bool {
	return r.Status == models.RunDrafting || r.Status == models.RunPublishing
}

func (c *call) billingRuns() error { return c.showRuns(200, nil) }

func (c *call) showRuns(status int, refused *models.Error) error {
	year, month, _ := c.view.Today().Parts()
	l := runList{Period: billing.Period{Year: year, Month: month}.String()}
	if refused != nil {
		l.Error, l.Period = refused.Message, c.field("period")
	}
	var err error
	if l.Communities, err = c.view.Communities("", maxChoices); err != nil {
		return err
	}
	runs, err := c.view.BillingRuns(models.RunFilter{After: c.r.URL.Query().Get("after"), Limit: pageSize + 1})
	if err != nil {
		return err
	}
	runs, l.Pager = cut(c, runs, func(r models.BillingRun) string { return r.ID })
	names, err := c.communityNames()
	if err != nil {
		return err
	}
	for _, r := range runs {
		l.Rows = append(l.Rows, runLine{r, names[r.CommunityID]})
	}
	return c.renderAs(status, "billing", "账单批次", l)
}

func (c *call) startRun() error {
	if err := c.form(); err != nil {
		return err
	}
	period, err := billing.ParsePeriod(c.field("period"))
	if err == nil {
		_, err = c.view.CommunityByID(c.field("community"))
	}
	var run models.BillingRun
	if err == nil {
		run, err = billing.StartRun(c.r.Context(), c.DB, c.staff.Actor(), billing.RunRequest{CommunityID: c.field("community"), Period: period, CatchUp: c.field("catch_up") != ""})
	}
	if errors.Is(err, billing.ErrRunOpen) {
		c.say("BILLING_RUN_OPEN")
		return c.redirect("/staff/billing/" + run.ID)
	}
	if e, ok := models.AsError(err); ok {
		return c.showRuns(statusOf(e.Kind), e)
	}
	if err != nil {
		return err
	}
	c.workOn(run.ID)
	return c.redirect("/staff/billing/" + run.ID)
}

// workOn takes a run on for a moment. What is left, and what fails, the billing job
// takes on: the run itself is in the books.
func (c *call) workOn(id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.r.Context()), 4*workWait)
	defer cancel()
	if err := billing.WorkRun(ctx, c.DB, id, billing.WorkOptions{For: workWait}); err != nil {
		c.Log.WarnContext(ctx, "billing run not finished beside its page", "run", id, "request_id", models.RequestID(ctx), "error", err)
	}
}

// runView is one run.
type runView struct {
	runLine
	Items   []itemLine
	Odd     []oddGroup
	Discard bool // may be given up
	Redraft bool
}

// itemLine is what a run comes to for a fee item.
type itemLine struct {
	Name string
	billing.RunItem
}

// oddGroup is the oddities of a kind: all counted, some shown.
type oddGroup struct {
	Kind  string
	Count int
	Lines []models.OddityLine
}

func (c *call) billingRun() error {
	v, err := c.runView(20)
	if err != nil {
		return err
	}
	return c.render("billingrun", v.Community+" "+v.Period, v)
}

func (c *call) runView(lines int) (v runView, err error) {
	if v.BillingRun, err = c.view.RunByID(c.r.PathValue("id")); err != nil {
		return v, err
	}
	m, err := c.view.CommunityByID(v.CommunityID)
	if err != nil {
		return v, err
	}
	v.Community = m.Name
	items, err := billing.RunItems(v.BillingRun)
	if err != nil {
		return v, err
	}
	for _, name := range sorted(items) {
		v.Items = append(v.Items, itemLine{name, items[name]})
	}
	odd, err := billing.RunOddities(v.BillingRun)
	if err != nil {
		return v, err
	}
	for _, kind := range sorted(odd) {
		g := oddGroup{Kind: kind, Count: odd[kind]}
		if g.Lines, err = c.view.OdditiesOfRun(v.ID, kind, lines); err != nil {
			return v, err
		}
		v.Odd = append(v.Odd, g)
	}
	v.Discard = v.Status == models.RunDrafting || v.Status == models.RunDraft || v.Status == models.RunChanged
	v.Redraft = v.Status == models.RunDraft || v.Status == models.RunChanged
	return v, nil
}

func (c *call) publishRun() error { return c.moveRun(billing.PublishRun, true, "run_published") }

func (c *call) redraftRun() error { return c.moveRun(billing.RedraftRun, true, "run_redrafted") }

func (c *call) discardRun() error { return c.moveRun(billing.DiscardRun, false, "run_discarded") }

// moveRun does something to a run; a refusal is said on its page.
func (c *call) moveRun(move func(ctx context.Context, db *models.DB, by models.Actor, id string) error, work bool, done string) error {
	id := c.r.PathValue("id")
	err := move(c.r.Context(), c.DB, c.staff.Actor(), id)
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) {
		c.say(e.Code)
		return c.redirect("/staff/billing/" + id)
	}
	if err != nil {
		return err
	}
	if work {
		c.workOn(id)
	}
	c.say(done)
	return c.redirect("/staff/billing/" + id)
}

// setBillDay says on which day a community's bills are issued by themselves.
func (c *call) setBillDay() error {
	if err := c.form(); err != nil {
		return err
	}
	day := wholeNumber(c.field("bill_day"), 0)
	if day < 0 || day > 28 {
		return c.showRuns(400, models.Invalid("BILL_DAY", "自动出账日应为 1 到 28，0 表示不自动出账"))
	}
	err := c.DB.Write(c.r.Context(), func(tx *models.Tx) error { return tx.SetBillDay(c.staff.Actor(), c.field("community"), day) })
	if err != nil {
		return err
	}
	c.say("bill_day_set")
	return c.redirect("/staff/billing")
}
