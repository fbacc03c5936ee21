package charging

import (
	"strings"

	"wuyepay/billing/issuing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// tariffForm is the form of a new tariff, or of the next version of Old. Effect is what that
// does, once it has been asked for.
type tariffForm struct {
	Old         *tariffLine
	Versions    []tariffLine
	T           fees.Tariff
	RoomCode    string
	Communities []ui.Option
	Methods     []ui.Option
	Cycles      []ui.Option
	Effect      *issuing.TariffEffect
	LastDay     models.Date           // as typed to end Old
	End         *issuing.TariffEffect // what that does, once it has been asked for
	Error       string
}

// readTariff reads the posted form. Package billing checks what it says.
func readTariff(c *ui.Call, t *fees.Tariff) error {
	text := func(name string) string { return strings.TrimSpace(c.Field(name)) }
	t.Price, t.Tiers, t.Cycle = text("price"), text("tiers"), text("cycle")
	t.CycleStart, t.DueDay = ui.WholeNumber(text("cycle_start"), 1), ui.WholeNumber(text("due_day"), 15)
	t.DueAfterDays, t.GraceDays = ui.WholeNumber(text("due_after_days"), 0), ui.WholeNumber(text("grace_days"), 0)
	t.LateRate, t.LateCap, t.VacantShare, t.UnsoldShare = text("late_rate"), text("late_cap"), text("vacant_share"), text("unsold_share")
	t.DiscountShare, t.DiscountUntil = text("discount_share"), text("discount_until")
	for name, to := range map[string]*models.Date{"from_on": &t.FromOn, "to_on": &t.ToOn} {
		*to = 0
		if text(name) == "" {
			continue
		}
		day, err := models.ParseDate(text(name))
		if err != nil {
			return issuing.ErrTariffDates
		}
		*to = day
	}
	return nil
}

// NewTariffPage shows the empty form of a tariff.
func NewTariffPage(c *ui.Call) error {
	return showTariff(c, 200, tariffForm{T: fees.Tariff{CycleStart: 1, DueDay: 15, Cycle: fees.CycleMonth, LateRate: "0",
		FromOn: c.View.Today()}})
}

// showTariff shows the form with what there is to choose from.
func showTariff(c *ui.Call, status int, f tariffForm) (err error) {
	if f.Communities, err = c.CommunityOptions(); err != nil {
		return err
	}
	f.Methods, f.Cycles = methodChoices, cycleChoices
	title := "新增收费标准"
	if f.Old != nil {
		title = "调整收费标准"
	}
	return c.RenderAs(status, "charging/tariff_form", title, f)
}

// refuseTariff shows the form again with the reason.
func refuseTariff(c *ui.Call, f tariffForm, err error) error {
	e, ok := models.AsError(err)
	if !ok {
		return err
	}
	f.Error = e.Message
	return showTariff(c, ui.StatusOf(e.Kind), f)
}

// AddTariff adds a tariff.
func AddTariff(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	f := tariffForm{RoomCode: strings.TrimSpace(c.Field("room"))}
	f.T = fees.Tariff{CommunityID: c.Field("community"), Item: strings.TrimSpace(c.Field("item")),
		RoomKind: strings.TrimSpace(c.Field("kind")), Method: c.Field("method")}
	err := readTariff(c, &f.T)
	if err == nil {
		_, err = estate.CommunityByID(c.View, f.T.CommunityID)
	}
	if err == nil && f.RoomCode != "" {
		var room estate.Room
		room, err = estate.RoomByCode(c.View, f.T.CommunityID, f.RoomCode)
		f.T.RoomID = room.ID
	}
	if err == nil {
		_, err = issuing.AddTariff(c.R.Context(), c.DB, c.Staff.Actor(), f.T)
	}
	if err != nil {
		return refuseTariff(c, f, err)
	}
	c.Say("tariff_added")
	return c.Redirect("/staff/tariffs")
}

// oldTariff returns the form of the next version of a tariff, with all versions so far.
func oldTariff(c *ui.Call) (f tariffForm, err error) {
	t, err := fees.TariffByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return f, err
	}
	list, err := fees.Tariffs(c.View, t.CommunityID)
	if err != nil {
		return f, err
	}
	lines, err := tariffLines(c, list)
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

// TariffPage shows a tariff and the form of its next version.
func TariffPage(c *ui.Call) error {
	f, err := oldTariff(c)
	if err != nil {
		return err
	}
	year, month, _ := c.View.Today().Parts()
	f.T.FromOn, f.T.ToOn = models.NewDate(year, month+1, 1), 0
	return showTariff(c, 200, f)
}

// ChangeTariff shows what a new version would do. With the fingerprint of what was shown it
// makes the version.
func ChangeTariff(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	f, err := oldTariff(c)
	if err != nil {
		return err
	}
	old := f.T.ID
	if err := readTariff(c, &f.T); err != nil {
		return refuseTariff(c, f, err)
	}
	c.LongWork()
	if seen := c.Field("seen"); seen != "" {
		if _, err = issuing.ChangeTariff(c.R.Context(), c.DB, c.Staff.Actor(), old, f.T, seen); err == nil {
			c.Say("tariff_changed")
			return c.Redirect("/staff/tariffs")
		}
		f.Error = ""
		if e, ok := models.AsError(err); ok {
			f.Error = e.Message
		} else {
			return err
		}
	}
	effect, err := issuing.PreviewTariff(c.R.Context(), c.DB, old, f.T)
	if err != nil {
		return refuseTariff(c, f, err)
	}
	f.Effect = &effect
	return showTariff(c, 200, f)
}

// EndTariff shows what the end of a tariff would do, with no version after it: the fee item
// is charged no longer. With the fingerprint of what was shown it ends the tariff.
func EndTariff(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	f, err := oldTariff(c)
	if err != nil {
		return err
	}
	if f.LastDay, err = models.ParseDate(strings.TrimSpace(c.Field("last_day"))); err != nil {
		return refuseTariff(c, f, issuing.ErrTariffDates)
	}
	c.LongWork()
	effect, err := issuing.PreviewEnd(c.R.Context(), c.DB, f.T.ID, f.LastDay)
	if err != nil {
		return refuseTariff(c, f, err)
	}
	f.End = &effect
	switch c.Field("seen") {
	case "":
		return showTariff(c, 200, f)
	case effect.Fingerprint():
	default:
		return refuseTariff(c, f, issuing.ErrTariffChanged)
	}
	if err := issuing.EndTariff(c.R.Context(), c.DB, c.Staff.Actor(), f.T.ID, f.LastDay); err != nil {
		return refuseTariff(c, f, err)
	}
	c.Say("tariff_ended")
	return c.Redirect("/staff/tariffs")
}
