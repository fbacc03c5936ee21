package rooms

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// shownChanges is how many lines of the history a page shows.
const shownChanges = 50

// cycles and states are what a room may have.
var (
	cycleChoices = ui.Options(words.Cycles, fees.CycleMonth, fees.CycleQuarter, fees.CycleHalfYear, fees.CycleYear)
	stateChoices = ui.Options(words.Occupancy, estate.Occupied, estate.Vacant, estate.Unsold)
)

// editPage is the page 房产资料: the form, what it does not reach, and the history.
type editPage struct {
	Room      estate.Room // as typed, or as it is
	Community string
	Seen      string
	Reason    string
	Error     string
	Cycles    []ui.Option
	States    []ui.Option
	Standing  billing.RoomStanding
	Changes   []ui.RoomChangeLine
	More      bool
}

// EditPage shows 房产资料.
func EditPage(c *ui.Call) error { return showEdit(c, 200, nil, "", nil) }

// showEdit shows the form. After a refusal, typed has what was typed; a room that somebody
// else changed meanwhile is shown as it is now.
func showEdit(c *ui.Call, status int, typed *estate.Room, reason string, refused *models.Error) error {
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	p := editPage{Room: room, Community: community, Seen: billing.RoomFingerprint(room), Reason: reason, Cycles: cycleChoices,
		States: stateChoices}
	if refused != nil {
		p.Error = refused.Message
		if typed != nil && refused.Code != billing.ErrRoomMoved.Code {
			typed.ID, typed.Code = room.ID, room.Code
			p.Room = *typed
		}
	}
	if p.Standing, err = billing.StandingOf(c.View, room); err != nil {
		return err
	}
	if p.Changes, p.More, err = c.RoomChanges(room.ID, shownChanges); err != nil {
		return err
	}
	return c.RenderAs(status, "rooms/room_edit", "房产资料", p)
}

// Edit changes the data of a room.
func Edit(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	text := func(name string) string { return strings.TrimSpace(c.Field(name)) }
	room := estate.Room{ID: c.R.PathValue("id"), Building: text("building"), Unit: text("unit"), Number: text("number"), Kind: text("kind"),
		Area: text("area"), Price: text("price"), Cycle: text("cycle"), Occupancy: text("state"), Steward: text("steward")}
	var err error
	if day := text("handover"); day != "" {
		if room.HandedOverOn, err = models.ParseDate(day); err != nil {
			err = billing.ErrRoomHandover
		}
	}
	if err == nil {
		q := billing.RoomEdit{Room: room, Seen: c.Field("seen"), Reason: text("reason")}
		_, err = billing.ChangeRoom(c.R.Context(), c.DB, c.Staff, q)
	}
	if e, ok := models.AsError(err); ok && e.Kind != models.KindNotFound && e.Kind != models.KindForbidden {
		return showEdit(c, ui.StatusOf(e.Kind), &room, text("reason"), e)
	}
	if err != nil {
		return err
	}
	c.Say("room_changed")
	return c.Redirect("/staff/rooms/" + room.ID + "/edit")
}

// ExportChanges sends the history of a room as a workbook.
func ExportChanges(c *ui.Call) error {
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	return c.Export("资料变更", room.ID, []string{"小区", "房号", "时间", "项目", "原来", "改为", "原因", "经办"}, func(b *ui.Workbook) error {
		return ui.EachPage(func(after string, limit int) ([]estate.RoomChange, error) {
			return estate.RoomChanges(c.View, room.ID, after, limit)
		}, func(x estate.RoomChange) string { return x.ID }, func(x estate.RoomChange) error {
			l := ui.ChangeLine(x)
			return b.Row(community, room.Code, words.At(x.CreatedAt), l.Name, l.Old, l.New, x.Reason, words.Actor(x.By.Kind, x.By.Name))
		})
	})
}
