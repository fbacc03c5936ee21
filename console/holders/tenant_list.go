package holders

import (
	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// tenantPage is the page 租户: who rents a room, what they pay, and the form for another.
type tenantPage struct {
	Room      estate.Room
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

// Tenants shows the tenants of a room and the form for another.
func Tenants(c *ui.Call) error {
	return showTenants(c, 200, tenantPage{From: c.View.Today().String()}, nil)
}

func showTenants(c *ui.Call, status int, p tenantPage, chosen []string) (err error) {
	if p.Room, p.Community, err = estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id")); err != nil {
		return err
	}
	list, err := billing.Tenancies(c.View, p.Room.ID)
	if err != nil {
		return err
	}
	for _, t := range list {
		phone, err := estate.OwnerPhone(c.View, t.Person)
		if err != nil {
			return err
		}
		today := c.View.Today()
		p.Rows = append(p.Rows, tenantRow{Tenancy: t, Name: c.OwnerName(t.Person.Name), Phone: models.MaskPhone(phone),
			Now: t.Holds(today), Open: t.ToOn.IsZero() || t.ToOn > today})
	}
	items, err := billing.PrepayItems(c.View, p.Room)
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
	return c.RenderAs(status, "holders/tenant_list", "租户", p)
}

// AddTenant registers a tenant.
func AddTenant(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	room, _, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	p := tenantPage{Name: c.Field("name"), From: c.Field("from"), To: c.Field("to")}
	req := billing.TenantRequest{RoomID: room.ID, Name: p.Name, Phone: c.Field("phone"),
		Items: c.Fields("item")}
	if req.From, err = models.ParseDate(p.From); err != nil {
		err = billing.ErrTenantDates
	} else if p.To != "" {
		if req.To, err = models.ParseDate(p.To); err != nil {
			err = billing.ErrTenantDates
		}
	}
	if err == nil {
		_, err = billing.AddTenant(c.R.Context(), c.DB, c.Staff.Actor(), req)
	}
	if e, ok := models.AsError(err); ok {
		p.Error = e.Message
		return showTenants(c, ui.StatusOf(e.Kind), p, req.Items)
	}
	if err != nil {
		return err
	}
	c.Say("tenant_added")
	return c.Redirect("/staff/rooms/" + room.ID + "/tenants")
}

// EndTenant ends a tenancy.
func EndTenant(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	room, _, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	last, err := models.ParseDate(c.Field("last"))
	if err != nil {
		return ui.ErrBadForm
	}
	err = billing.EndTenant(c.R.Context(), c.DB, c.Staff.Actor(), room.ID, c.R.PathValue("tenure"), last)
	if e, ok := models.AsError(err); ok && e.Kind != models.KindNotFound {
		return showTenants(c, ui.StatusOf(e.Kind), tenantPage{From: c.View.Today().String(), Error: e.Message}, nil)
	}
	if err != nil {
		return err
	}
	c.Say("tenant_ended")
	return c.Redirect("/staff/rooms/" + room.ID + "/tenants")
}
