package holders

import (
	"context"
	"errors"
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// phonePage is the page 业主电话: the numbers of who owns a room today.
type phonePage struct {
	Room      estate.Room
	Community string
	Owners    []phoneOwner
	States    []ui.Option
	Register  bool // may change the registered number
	Edit      bool
	Error     string
}

// phoneOwner is an owner with the registered number and the further ones, all masked.
type phoneOwner struct {
	ID      string
	Name    string
	Phone   string
	Further []phoneLine
}

// phoneLine is a further number.
type phoneLine struct {
	estate.FurtherPhone
	Masked string
}

// Phones shows 业主电话.
func Phones(c *ui.Call) error { return showPhones(c, 200, "") }

func showPhones(c *ui.Call, status int, refused string) (err error) {
	p := phonePage{Error: refused, States: ui.Options(billing.PhoneStateNames, billing.PhoneStates...),
		Register: c.Can(office.PermRoomsEdit), Edit: c.Can(office.PermPhones)}
	if p.Room, p.Community, err = estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id")); err != nil {
		return err
	}
	holdings, err := estate.OwnerTenuresOfRooms(c.View, []string{p.Room.ID})
	if err != nil {
		return err
	}
	now := billing.CurrentTenure(holdings[p.Room.ID], c.View.Today())
	for _, h := range holdings[p.Room.ID] {
		if !h.Holds(c.View.Today()) && (now == nil || h.ID != now.ID) {
			continue
		}
		o, err := phonesOf(c, h.Owner)
		if err != nil {
			return err
		}
		p.Owners = append(p.Owners, o)
	}
	return c.RenderAs(status, "holders/phone_list", "业主电话", p)
}

// phonesOf returns the numbers of an owner.
func phonesOf(c *ui.Call, owner estate.Owner) (phoneOwner, error) {
	phone, err := estate.OwnerPhone(c.View, owner)
	if err != nil {
		return phoneOwner{}, err
	}
	o := phoneOwner{ID: owner.ID, Name: c.OwnerName(owner.Name), Phone: models.MaskPhone(phone)}
	further, err := estate.FurtherPhones(c.View, []string{owner.ID})
	for _, x := range further[owner.ID] {
		number, err := estate.FurtherNumber(c.View, x)
		if err != nil {
			return o, err
		}
		o.Further = append(o.Further, phoneLine{x, models.MaskPhone(number)})
	}
	return o, err
}

// ChangePhones adds, changes, drops or registers a number.
func ChangePhones(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	// Somebody else's room is not there, whatever the form says.
	if _, _, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id")); err != nil {
		return err
	}
	do, known := map[string]func(context.Context, *store.DB, office.Staff, billing.PhoneEdit) error{
		"add": billing.AddPhone, "label": billing.LabelPhone, "drop": billing.DropPhone, "register": billing.RegisterPhone,
	}[c.Field("do")]
	if !known {
		return ui.ErrBadForm
	}
	q := billing.PhoneEdit{RoomID: c.R.PathValue("id"), OwnerID: c.Field("owner"), PhoneID: c.Field("phone_id"),
		Phone: models.HalfWidth(strings.ReplaceAll(c.Field("phone"), "-", "")), Label: c.Field("label"), State: c.Field("state"),
		Reason: c.Field("reason")}
	err := do(c.R.Context(), c.DB, c.Staff, q)
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) && !errors.Is(err, models.ErrForbidden) {
		return showPhones(c, ui.StatusOf(e.Kind), e.Message)
	}
	if err != nil {
		return err
	}
	c.Say("phones_changed")
	return c.Redirect("/staff/rooms/" + q.RoomID + "/phones")
}
