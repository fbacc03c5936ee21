package console

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
)

// tenantPage is 租户 of a room: who rents it, what they pay, and the form for another.
type tenantPage struct {
	Room      models.Room
	Community string
	Rows      []tenantRow
	Items     []itemChoice
	Name      string
	From, To  string
	Error     string
}

type tenantRow struct {
	billing.Tenancy
	Name, Phone string
	Now         bool
	Open        bool // may be ended
}

type itemChoice struct {
	Item    string
	Checked bool
}

func (c *call) tenants() error {
	return c.showTenants(200, tenantPage{From: c.view.Today().String()}, nil)
}

func (c *call) showTenants(status int, p tenantPage, chosen []string) (err error) {
	if p.Room, p.Community, err = c.view.ScopedRoom(c.scope(), c.r.PathValue("id")); err != nil {
		return err
	}
	list, err := billing.Tenancies(c.view, p.Room.ID)
	if err != nil {
		return err
	}
	for _, t := range list {
		phone, err := c.view.OwnerPhone(t.Person)
		if err != nil {
			return err
		}
		today := c.view.Today()
		p.Rows = append(p.Rows, tenantRow{t, c.ownerName(t.Person.Name), models.MaskPhone(phone), t.Holds(today), t.ToOn.IsZero() || t.ToOn > today})
	}
	items, err := billing.PrepayItems(c.view, p.Room)
	if err != nil {
		return err
	}
	for _, item := range items {
		choice := itemChoice{Item: item}
		for _, x := range chosen {
			choice.Checked = choice.Checked || x == item
		}
		p.Items = append(p.Items, choice)
	}
	return c.renderAs(status, "tenants", "租户", p)
}

func (c *call) addTenant() error {
	if err := c.form(); err != nil {
		return err
	}
	room, _, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := tenantPage{Name: c.field("name"), From: c.field("from"), To: c.field("to")}
	req := billing.TenantRequest{RoomID: room.ID, Name: p.Name, Phone: models.HalfWidth(strings.ReplaceAll(c.field("phone"), "-", "")), Items: c.fields("item")}
	if req.From, err = models.ParseDate(p.From); err != nil {
		err = billing.ErrTenantDates
	} else if p.To != "" {
		if req.To, err = models.ParseDate(p.To); err != nil {
			err = billing.ErrTenantDates
		}
	}
	if err == nil {
		_, err = billing.AddTenant(c.r.Context(), c.DB, c.staff.Actor(), req)
	}
	if e, ok := models.AsError(err); ok {
		p.Error = e.Message
		return c.showTenants(statusOf(e.Kind), p, req.Items)
	}
	if err != nil {
		return err
	}
	c.say("tenant_added")
	return c.redirect("/staff/rooms/" + room.ID + "/tenants")
}

func (c *call) endTenant() error {
	if err := c.form(); err != nil {
		return err
	}
	room, _, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	last, err := models.ParseDate(c.field("last"))
	if err != nil {
		return errBadForm
	}
	err = billing.EndTenant(c.r.Context(), c.DB, c.staff.Actor(), room.ID, c.r.PathValue("tenure"), last)
	if e, ok := models.AsError(err); ok && e.Kind != models.KindNotFound {
		return c.showTenants(statusOf(e.Kind), tenantPage{From: c.view.Today().String(), Error: e.Message}, nil)
	}
	if err != nil {
		return err
	}
	c.say("tenant_ended")
	return c.redirect("/staff/rooms/" + room.ID + "/tenants")
}
