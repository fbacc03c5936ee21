package console

import (
	"fmt"
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
)

var methodWords = map[string]string{models.MethodArea: "按面积", models.MethodFixed: "固定", models.MethodMeter: "按表", models.MethodShared: "公摊", models.MethodOneOff: "一次性"}

var cycleWords = map[string]string{models.CycleMonth: "月", models.CycleQuarter: "季", models.CycleHalfYear: "半年", models.CycleYear: "年"}

var (
	methodChoices = choices(methodWords, models.MethodArea, models.MethodFixed, models.MethodMeter, models.MethodShared, models.MethodOneOff)
	cycleChoices  = choices(cycleWords, models.CycleMonth, models.CycleQuarter, models.CycleHalfYear, models.CycleYear)
)

// tariffForm is a new tariff, or a new version of one: Old is the version that is
// followed, and Effect what that does, once it has been asked for.
type tariffForm struct {
	Old         *tariffLine
	Versions    []tariffLine
	T           models.Tariff
	RoomCode    string
	Communities []choice
	Methods     []choice
	Cycles      []choice
	Effect      *billing.TariffEffect
	Error       string
}

// dueText says when the bills of a tariff are due.
func dueText(t models.Tariff) string {
	if t.DueAfterDays > 0 {
		return fmt.Sprintf("出账后 %d 天", t.DueAfterDays)
	}
	return fmt.Sprintf("每期 %d 日", t.DueDay)
}

// readTariff takes the figures of a posted form; billing checks them.
func (c *call) readTariff(t *models.Tariff) error {
	text := func(name string) string { return strings.TrimSpace(c.field(name)) }
	t.Price, t.Tiers, t.Cycle = text("price"), text("tiers"), text("cycle")
	t.CycleStart, t.DueDay, t.DueAfterDays, t.GraceDays = wholeNumber(text("cycle_start"), 1), wholeNumber(text("due_day"), 15), wholeNumber(text("due_after_days"), 0), wholeNumber(text("grace_days"), 0)
	t.LateRate, t.LateCap, t.VacantShare, t.UnsoldShare = text("late_rate"), text("late_cap"), text("vacant_share"), text("unsold_share")
	t.DiscountShare, t.DiscountUntil = text("discount_share"), text("discount_until")
	for name, to := range map[string]*models.Date{"from_on": &t.FromOn, "to_on": &t.ToOn} {
		*to = 0
		if text(name) == "" {
			continue
		}
		day, err := models.ParseDate(text(name))
		if err != nil {
			return billing.ErrTariffDates
		}
		*to = day
	}
	return nil
}

func (c *call) newTariffPage() error {
	return c.showTariff(200, tariffForm{T: models.Tariff{CycleStart: 1, DueDay: 15, Cycle: models.CycleMonth, LateRate: "0", FromOn: c.view.Today()}})
}

// showTariff fills in what there is to choose from.
func (c *call) showTariff(status int, f tariffForm) (err error) {
	if f.Communities, err = c.communityChoices(); err != nil {
		return err
	}
	f.Methods, f.Cycles = methodChoices, cycleChoices
	title := "新增收费标准"
	if f.Old != nil {
		title = "调整收费标准"
	}
	return c.renderAs(status, "tariff", title, f)
}

// refuseTariff shows the form again with the reason.
func (c *call) refuseTariff(f tariffForm, err error) error {
	e, ok := models.AsError(err)
	if !ok {
		return err
	}
	f.Error = e.Message
	return c.showTariff(statusOf(e.Kind), f)
}

func (c *call) addTariff() error {
	if err := c.form(); err != nil {
		return err
	}
	f := tariffForm{RoomCode: strings.TrimSpace(c.field("room"))}
	f.T = models.Tariff{CommunityID: c.field("community"), Item: strings.TrimSpace(c.field("item")), RoomKind: strings.TrimSpace(c.field("kind")), Method: c.field("method")}
	err := c.readTariff(&f.T)
	if err == nil {
		_, err = c.view.CommunityByID(f.T.CommunityID)
	}
	if err == nil && f.RoomCode != "" {
		var room models.Room
		room, err = c.view.RoomByCode(f.T.CommunityID, f.RoomCode)
		f.T.RoomID = room.ID
	}
	if err == nil {
		_, err = billing.AddTariff(c.r.Context(), c.DB, c.staff.Actor(), f.T)
	}
	if err != nil {
		return c.refuseTariff(f, err)
	}
	c.say("tariff_added")
	return c.redirect("/staff/tariffs")
}

// oldTariff is the version that the page is about, with its other versions.
func (c *call) oldTariff() (f tariffForm, err error) {
	t, err := c.view.TariffByID(c.r.PathValue("id"))
	if err != nil {
		return f, err
	}
	list, err := c.view.Tariffs(t.CommunityID)
	if err != nil {
		return f, err
	}
	lines, err := c.tariffLines(list)
	if err != nil {
		return f, err
	}
	for i, l := range lines {
		if l.ID == t.ID {
			f.Old = &lines[i]
		}
		if l.Item == t.Item && l.RoomKind == t.RoomKind && l.RoomID == t.RoomID {
			f.Versions = append(f.Versions, l)
		}
	}
	f.T = t
	return f, nil
}

func (c *call) tariffPage() error {
	f, err := c.oldTariff()
	if err != nil {
		return err
	}
	year, month, _ := c.view.Today().Parts()
	f.T.FromOn, f.T.ToOn = models.NewDate(year, month+1, 1), 0
	return c.showTariff(200, f)
}

// changeTariff shows what a new version would do; asked a second time with what was
// shown, it makes it.
func (c *call) changeTariff() error {
	if err := c.form(); err != nil {
		return err
	}
	f, err := c.oldTariff()
	if err != nil {
		return err
	}
	old := f.T.ID
	if err := c.readTariff(&f.T); err != nil {
		return c.refuseTariff(f, err)
	}
	c.longWork()
	if seen := c.field("seen"); seen != "" {
		if _, err = billing.ChangeTariff(c.r.Context(), c.DB, c.staff.Actor(), old, f.T, seen); err == nil {
			c.say("tariff_changed")
			return c.redirect("/staff/tariffs")
		}
		f.Error = ""
		if e, ok := models.AsError(err); ok {
			f.Error = e.Message
		} else {
			return err
		}
	}
	effect, err := billing.PreviewTariff(c.r.Context(), c.DB, old, f.T)
	if err != nil {
		return c.refuseTariff(f, err)
	}
	f.Effect = &effect
	return c.showTariff(200, f)
}
