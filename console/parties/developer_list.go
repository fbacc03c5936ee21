package parties

import (
	"errors"
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// developerList is the page 建设单位: the developer of each community.
type developerList struct {
	Rows  []developerLine
	Form  billing.DeveloperForm // as typed, when it was refused
	From  string
	Error string
}

// developerLine is a community with its developer, if it has one.
type developerLine struct {
	Community estate.Community
	Developer estate.Developer
	Name      string
	Phone     string // masked
	estate.UnsoldCount
}

// List shows the developer of each community, and the form to register one.
func List(c *ui.Call) error { return showList(c, 200, developerList{}) }

func showList(c *ui.Call, status int, out developerList) error {
	all, err := estate.Communities(c.View, "", ui.MaxCommunities)
	if err != nil {
		return err
	}
	developers, err := estate.Developers(c.View)
	if err != nil {
		return err
	}
	counts, err := estate.UnsoldCounts(c.View)
	if err != nil {
		return err
	}
	for _, m := range all {
		line := developerLine{Community: m, Developer: developers[m.ID], UnsoldCount: counts[m.ID]}
		if id := line.Developer.OwnerID; id != "" {
			o, err := estate.OwnerByID(c.View, id)
			if err != nil {
				return err
			}
			phone, err := estate.OwnerPhone(c.View, o)
			if err != nil {
				return err
			}
			line.Name, line.Phone = o.Name, models.MaskPhone(phone)
		}
		out.Rows = append(out.Rows, line)
	}
	return c.RenderAs(status, "parties/developer_list", "建设单位", out)
}

// readForm reads the posted form of a developer. Package billing checks what it says.
func readForm(c *ui.Call) (f billing.DeveloperForm, from string, err error) {
	if err := c.Form(); err != nil {
		return f, "", err
	}
	f = billing.DeveloperForm{CommunityID: c.Field("community"), Name: c.Field("name"), Contact: c.Field("contact"),
		Phone: c.Field("phone")}
	if from = strings.TrimSpace(c.Field("from_on")); from != "" {
		if f.FromOn, err = models.ParseDate(from); err != nil {
			err = billing.ErrDeveloperFrom
		}
	}
	return f, from, err
}

// Register makes a party the developer of a community.
func Register(c *ui.Call) error {
	f, from, err := readForm(c)
	if err == nil {
		c.LongWork()
		var d estate.Developer
		if d, _, err = billing.RegisterDeveloper(c.R.Context(), c.DB, c.Staff.Actor(), f); err == nil {
			c.Say("developer_made")
			return c.Redirect("/staff/parties/" + d.OwnerID)
		}
	}
	e, ok := models.AsError(err)
	if !ok || errors.Is(err, models.ErrNotFound) {
		return err
	}
	return showList(c, ui.StatusOf(e.Kind), developerList{Form: f, From: from, Error: e.Message})
}

// Change corrects name, contact and phone of a developer.
func Change(c *ui.Call) error {
	id := c.R.PathValue("id")
	f, _, err := readForm(c)
	if err == nil {
		err = billing.ChangeDeveloper(c.R.Context(), c.DB, c.Staff.Actor(), id, f)
	}
	e, ok := models.AsError(err)
	switch {
	case err == nil:
		c.Say("developer_changed")
		return c.Redirect("/staff/parties/" + id)
	case !ok || errors.Is(err, models.ErrNotFound):
		return err
	}
	return showParty(c, ui.StatusOf(e.Kind), e.Message)
}

// Hold makes the developer hold the unsold rooms that nobody owns, now.
func Hold(c *ui.Call) error {
	id := c.R.PathValue("id")
	d, err := estate.DeveloperByOwner(c.View, id)
	if err != nil {
		return err
	}
	if _, err = billing.HoldUnsoldNow(c.R.Context(), c.DB, c.Staff.Actor(), d.CommunityID); err != nil {
		return err
	}
	c.Say("developer_held")
	return c.Redirect("/staff/parties/" + id)
}
