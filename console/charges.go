package console

import (
	"context"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/models"
)

var chargeKinds = []choice{{models.ChargeShared, "公摊"}, {models.ChargeOneOff, "一次性收费"}}

var chargeWords = map[string]string{
	models.ChargeShared: "公摊", models.ChargeOneOff: "一次性收费",
	models.ChargeIssuing: "出账中", models.ChargeIssued: "已出账", models.ChargeVoiding: "作废中", models.ChargeVoid: "已作废",
	models.ShareByArea: "按面积", models.ShareByHousehold: "按户",
	billing.ScopeAll: "全部", billing.ScopeBuilding: "一栋", billing.ScopeUnit: "一个单元", billing.ScopeList: "房号清单",
}

// chargeList is 公摊 or 一次性收费.
type chargeList struct {
	Kind  string
	Kinds []choice
	Rows  []chargeLine
	Pager pager
}

// chargeLine is a charge with the name of its community.
type chargeLine struct {
	models.Charge
	Community string
}

// chargeKind is the kind that the page is about: shared unless asked otherwise.
func (c *call) chargeKind() (string, error) {
	kind, err := c.oneOf("kind", chargeKinds)
	if kind == "" {
		kind = models.ChargeShared
	}
	return kind, err
}

func (c *call) charges() error {
	kind, err := c.chargeKind()
	if err != nil {
		return err
	}
	list, err := c.view.Charges(kind, c.r.URL.Query().Get("after"), pageSize+1)
	if err != nil {
		return err
	}
	l := chargeList{Kind: kind, Kinds: chargeKinds}
	list, l.Pager = cut(c, list, func(x models.Charge) string { return x.ID })
	names, err := c.communityNames()
	if err != nil {
		return err
	}
	for _, x := range list {
		l.Rows = append(l.Rows, chargeLine{x, names[x.CommunityID]})
	}
	return c.render("charges", word(chargeWords, kind), l)
}

func (c *call) exportCharges() error {
	kind, err := c.chargeKind()
	if err != nil {
		return err
	}
	header := []string{"小区", "项目", "起", "止", "总额", "分摊", "范围", "户数", "原因", "缴费截止日", "状态", "经办人", "时间"}
	return c.export(word(chargeWords, kind), "", header, func(b *workbook) error {
		names, err := c.communityNames()
		if err != nil {
			return err
		}
		return eachPage(func(after string, limit int) ([]models.Charge, error) { return c.view.Charges(kind, after, limit) },
			func(x models.Charge) string { return x.ID }, func(x models.Charge) error {
				return b.Row(names[x.CommunityID], x.Item, x.PeriodStart.String(), x.PeriodEnd.String(), x.TotalFen.Yuan(), word(chargeWords, x.ShareBy),
					word(chargeWords, x.Scope)+x.ScopeText, x.Rooms, x.Reason, x.DueOn.String(), word(chargeWords, x.Status), actorWord(x.MadeKind, x.MadeName), at(x.CreatedAt))
			})
	})
}

// chargeForm is a new charge, and what it comes to once that has been asked for.
type chargeForm struct {
	billing.Levy
	Amount      string
	Codes       string
	Communities []choice
	Plan        *billing.LevyPlan
	Refused     string // why the plan cannot be done
	Error       string
}

// Shared tells whether it is a 公摊.
func (f chargeForm) Shared() bool { return f.Kind == models.ChargeShared }

func (c *call) newChargePage() error {
	kind, err := c.chargeKind()
	if err != nil {
		return err
	}
	return c.showCharge(200, chargeForm{Levy: billing.Levy{Kind: kind, ShareBy: models.ShareByArea, Scope: billing.ScopeAll}})
}

func (c *call) showCharge(status int, f chargeForm) (err error) {
	if f.Communities, err = c.communityChoices(); err != nil {
		return err
	}
	return c.renderAs(status, "newcharge", "新增"+word(chargeWords, f.Kind), f)
}

// readLevy takes a posted form; billing checks what it says.
func (c *call) readLevy() (f chargeForm, err error) {
	text := func(name string) string { return strings.TrimSpace(c.field(name)) }
	f.Kind = text("kind")
	if f.Kind != models.ChargeOneOff {
		f.Kind = models.ChargeShared
	}
	f.CommunityID, f.Item, f.Reason, f.ShareBy, f.Scope = text("community"), text("item"), text("reason"), text("share_by"), text("scope")
	f.Building, f.Unit, f.OccupiedOnly, f.Amount, f.Codes = text("building"), text("unit"), text("occupied_only") != "", text("amount"), text("rooms")
	f.RoomCodes = strings.FieldsFunc(f.Codes, func(r rune) bool { return strings.ContainsRune("\r\n\t ,;，；、", r) })
	for name, to := range map[string]*models.Date{"from": &f.From, "to": &f.To, "due_on": &f.DueOn} {
		if text(name) == "" {
			continue
		}
		if *to, err = models.ParseDate(text(name)); err != nil {
			return f, billing.ErrChargeDates
		}
	}
	amount, err := decimal.NewFromString(models.HalfWidth(f.Amount))
	if err != nil || len(f.Amount) > 20 || !amount.Equal(amount.Truncate(2)) {
		return f, billing.ErrChargeAmount
	}
	f.AmountFen, err = models.RoundFen(amount)
	return f, err
}

// addCharge shows what a charge comes to; asked a second time with what was shown,
// it is made.
func (c *call) addCharge() error {
	if err := c.form(); err != nil {
		return err
	}
	f, err := c.readLevy()
	var made models.Charge
	if err == nil {
		if seen := c.field("seen"); seen != "" {
			c.longWork()
			if made, err = billing.MakeCharge(c.r.Context(), c.DB, c.staff.Actor(), f.Levy, seen); err == nil {
				c.workCharge(made.ID)
				c.say("charged")
				return c.redirect("/staff/charges/" + made.ID)
			}
			if e, ok := models.AsError(err); ok {
				f.Error = e.Message
				err = nil
			}
		}
	}
	if err == nil {
		var p billing.LevyPlan
		if p, err = billing.PlanLevy(c.r.Context(), c.DB, f.Levy); err == nil {
			f.Plan = &p
			if e, ok := models.AsError(p.Err()); ok {
				f.Refused = e.Message
			}
			return c.showCharge(200, f)
		}
	}
	e, ok := models.AsError(err)
	if !ok {
		return err
	}
	f.Error = e.Message
	return c.showCharge(statusOf(e.Kind), f)
}

// workCharge takes a charge on; what is left the billing job takes on.
func (c *call) workCharge(id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.r.Context()), 4*workWait)
	defer cancel()
	if err := billing.WorkCharge(ctx, c.DB, id); err != nil {
		c.Log.WarnContext(ctx, "charge not finished beside its page", "charge", id, "request_id", models.RequestID(ctx), "error", err)
	}
}
