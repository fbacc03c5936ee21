package holders

import (
	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// renameForm is the form 更正业主姓名.
type renameForm struct {
	Room      estate.Room
	Community string
	Have      string
	Others    []estate.Room // that the same owner holds, and that show the new name too
	Name      string
	Reason    string
	Error     string
}

// RenamePage shows the form 更正业主姓名.
func RenamePage(c *ui.Call) error { return showRename(c, 200, renameForm{}) }

func showRename(c *ui.Call, status int, f renameForm) (err error) {
	if f.Room, f.Community, err = estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id")); err != nil {
		return err
	}
	holdings, err := estate.OwnerTenuresOfRooms(c.View, []string{f.Room.ID})
	if err != nil {
		return err
	}
	for _, h := range holdings[f.Room.ID] {
		if !h.Holds(c.View.Today()) {
			continue
		}
		f.Have = c.OwnerName(h.Owner.Name)
		rooms, err := estate.RoomsOfOwner(c.View, h.OwnerID)
		if err != nil {
			return err
		}
		for _, r := range rooms {
			if r.ID != f.Room.ID {
				f.Others = append(f.Others, r)
			}
		}
		break
	}
	return c.RenderAs(status, "holders/owner_rename", "更正业主姓名", f)
}

// Rename corrects the name of the owner of a room.
func Rename(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	room, _, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	f := renameForm{Name: c.Field("name"), Reason: c.Field("reason")}
	err = billing.RenameOwner(c.R.Context(), c.DB, c.Staff.Actor(), room.ID, f.Name, f.Reason)
	if e, ok := models.AsError(err); ok {
		f.Error = e.Message
		return showRename(c, ui.StatusOf(e.Kind), f)
	}
	if err != nil {
		return err
	}
	c.Say("owner_renamed")
	return c.Redirect("/staff/rooms/" + room.ID)
}
