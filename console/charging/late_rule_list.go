package charging

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// lateRuleWords are the states of a change of the default late-fee rule.
var lateRuleWords = map[string]string{
	estate.LateRuleRequested: "待审批", estate.LateRuleApproved: "已同意", estate.LateRuleRefused: "未同意",
}

// lateRuleList is the page 违约金规则: the rule of each community, the changes, and the form
// of another one.
type lateRuleList struct {
	Communities []communityRule
	Rows        []lateRuleLine
	Pager       ui.Pager
	Form        lateRuleForm
	Options     []ui.Option
}

// communityRule is the default rule of a community today.
type communityRule struct {
	Name string
	Rule estate.LateRule
}

// lateRuleLine is a change with the name of its community.
type lateRuleLine struct {
	estate.LateRuleChange
	Community string
}

// Text returns the rule of the change for people.
func (l lateRuleLine) Text() string { return ruleText(l.LateRuleChange) }

// Who returns for which bills the change counts.
func (l lateRuleLine) Who() string {
	if l.OpenBills {
		return "以后的账单和未缴清的导入欠费"
	}
	return "以后出账和导入的账单"
}

// ruleText returns the rule of a change for people, or a dash if it cannot be read.
func ruleText(c estate.LateRuleChange) string {
	rule, err := c.Rule()
	if err != nil {
		return words.OrDash("")
	}
	return rule.Text()
}

// lateRuleForm is the form of a change, with what it does once that has been asked for.
type lateRuleForm struct {
	billing.LateRuleRequest
	Effect *billing.LateRuleEffect
	Error  string
}

// LateRules shows 违约金规则.
func LateRules(c *ui.Call) error {
	return showLateRules(c, 200, lateRuleForm{LateRuleRequest: billing.LateRuleRequest{FromOn: c.View.Today()}})
}

func showLateRules(c *ui.Call, status int, f lateRuleForm) error {
	l := lateRuleList{Form: f}
	communities, err := estate.Communities(c.View, "", ui.MaxCommunities)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, x := range communities {
		rule, err := estate.LateRuleOn(c.View, x.ID, c.View.Today())
		if err != nil {
			return err
		}
		names[x.ID] = x.Name
		l.Communities = append(l.Communities, communityRule{x.Name, rule})
		l.Options = append(l.Options, ui.Option{Value: x.ID, Text: x.Name})
	}
	list, err := estate.LateRuleChanges(c.View, "", c.R.URL.Query().Get("after"), ui.PageSize+1)
	if err != nil {
		return err
	}
	list, l.Pager = ui.Cut(c, list, func(x estate.LateRuleChange) string { return x.ID })
	for _, x := range list {
		l.Rows = append(l.Rows, lateRuleLine{x, names[x.CommunityID]})
	}
	return c.RenderAs(status, "charging/late_rule_list", "违约金规则", l)
}

// readLateRule reads the posted form. Package billing checks what it says.
func readLateRule(c *ui.Call) (q billing.LateRuleRequest, err error) {
	text := func(name string) string { return strings.TrimSpace(c.Field(name)) }
	q = billing.LateRuleRequest{CommunityID: text("community"), Rate: text("rate"), GraceDays: ui.WholeNumber(text("grace_days"), 0),
		Cap: text("cap"), OpenBills: text("reach") == "open", Reason: text("reason")}
	if q.FromOn, err = models.ParseDate(text("from_on")); err != nil {
		err = billing.ErrLateRuleFrom
	}
	return q, err
}

// AskLateRule shows what another rule would do, or asks for it.
func AskLateRule(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	q, err := readLateRule(c)
	f := lateRuleForm{LateRuleRequest: q}
	if err == nil {
		c.LongWork()
		var effect billing.LateRuleEffect
		if effect, err = billing.PreviewLateRule(c.R.Context(), c.DB, q); err == nil {
			f.Effect = &effect
		}
	}
	if err == nil && c.Field("do") == "ask" {
		var made estate.LateRuleChange
		if made, err = billing.RequestLateRule(c.R.Context(), c.DB, c.Staff, q); err == nil {
			c.Say("late_rule_asked")
			return c.Redirect("/staff/late-rules/" + made.ID)
		}
	}
	if e, ok := models.AsError(err); ok {
		f.Error = e.Message
		return showLateRules(c, ui.StatusOf(e.Kind), f)
	}
	if err != nil {
		return err
	}
	return showLateRules(c, 200, f)
}

// ExportLateRules sends the changes as a workbook.
func ExportLateRules(c *ui.Call) error {
	header := []string{"小区", "日利率", "宽限天数", "上限", "起始日期", "适用", "原因", "状态", "申请人", "申请时间", "审批人", "审批时间", "审批意见", "已改的账单"}
	return c.Export("违约金规则", "", header, func(b *ui.Workbook) error {
		names, err := c.CommunityNames()
		if err != nil {
			return err
		}
		return ui.EachPage(func(after string, limit int) ([]estate.LateRuleChange, error) {
			return estate.LateRuleChanges(c.View, "", after, limit)
		}, func(x estate.LateRuleChange) string { return x.ID }, func(x estate.LateRuleChange) error {
			return b.Row(names[x.CommunityID], models.RateTextOf(x.LateRate), x.GraceDays, models.ShareTextOf(x.LateCap),
				ui.DayCell(x.FromOn), lateRuleLine{LateRuleChange: x}.Who(), x.Reason, words.Of(lateRuleWords, x.Status),
				words.Actor(x.Asked.Kind, x.Asked.Name),
				words.At(x.CreatedAt), words.Actor(x.Decided.Kind, x.Decided.Name), words.At(x.DecidedAt), x.Note, x.Changed)
		})
	})
}
