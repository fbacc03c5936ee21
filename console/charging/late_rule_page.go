package charging

import (
	"context"
	"errors"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
)

// lateRulePage is the page of a change of the default late-fee rule: what it would do
// today, while it is undecided.
type lateRulePage struct {
	lateRuleLine
	Effect *billing.LateRuleEffect
	Decide bool
}

// LateRule shows a change.
func LateRule(c *ui.Call) error {
	x, err := estate.LateRuleChangeByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	community, err := estate.CommunityByID(c.View, x.CommunityID)
	if err != nil {
		return err
	}
	p := lateRulePage{lateRuleLine: lateRuleLine{x, community.Name}}
	if x.Status == estate.LateRuleRequested {
		c.LongWork()
		effect, err := billing.EffectOfLateRule(c.R.Context(), c.DB, x)
		if err != nil {
			return err
		}
		p.Effect = &effect
		p.Decide = x.Asked != c.Staff.Actor() && c.Can(office.PermApprove)
	}
	return c.Render("charging/late_rule_page", "违约金规则调整", p)
}

// DecideLateRule approves or refuses a change.
func DecideLateRule(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	id, approve := c.R.PathValue("id"), c.Field("do") == "approve"
	if !approve && c.Field("do") != "refuse" {
		return ui.ErrBadForm
	}
	done := "late_rule_refused"
	err := billing.DecideLateRule(c.R.Context(), c.DB, c.Staff, id, approve, c.Field("note"))
	if err == nil && approve {
		done = "late_rule_approved"
		workLateRules(c)
	}
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) {
		done, err = e.Code, nil
	}
	if err != nil {
		return err
	}
	c.Say(done)
	return c.Redirect("/staff/late-rules/" + id)
}

// workLateRules writes rules into open bills for a moment. The billing job does the rest.
func workLateRules(c *ui.Call) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.R.Context()), 4*workWait)
	defer cancel()
	if _, err := billing.WorkLateRules(ctx, c.DB); err != nil {
		c.Log.WarnContext(ctx, "late-fee rule not finished beside its page", "request_id", models.RequestID(ctx), "error", err)
	}
}
