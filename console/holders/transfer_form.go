package holders

import (
	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
)

// transferForm is the form 办理过户: a day first, then who owes what on it, then the new
// owner. After a refusal it shows again what was typed, except for the phone number.
type transferForm struct {
	Room      estate.Room
	Community string
	On        models.Date
	Preview   *billing.TransferPreview // nil until a day is chosen
	Former    string
	OwedFen   models.Fen // still owed to former owners, of prepayment that transfers took out
	Name      string
	PrepaidTo string
	Note      string
	Error     string
}

// TransferPage shows the form 办理过户, and its effect once a day is chosen.
func TransferPage(c *ui.Call) error {
	on, err := c.QueryDay("on")
	if err != nil {
		return err
	}
	return showTransfer(c, 200, transferForm{On: on, PrepaidTo: estate.PrepaidStays})
}

// showTransfer shows the form with what the transfer would do.
func showTransfer(c *ui.Call, status int, f transferForm) (err error) {
	if f.Room, f.Community, err = estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id")); err != nil {
		return err
	}
	if f.OwedFen, err = money.OwedToFormer(c.View, f.Room.ID); err != nil {
		return err
	}
	if !f.On.IsZero() {
		if f.Preview, err = billing.PreviewTransfer(c.View, f.Room.ID, f.On); err != nil {
			return err
		}
		f.Former = c.OwnerName(f.Preview.Former.Name)
		if e, ok := models.AsError(f.Preview.Refused); ok && f.Error == "" {
			f.Error = e.Message
		}
	}
	return c.RenderAs(status, "holders/transfer_form", "办理过户", f)
}

// Transfer transfers a room to its new owner.
func Transfer(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	room, _, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	on, err := models.ParseDate(c.Field("on"))
	if err != nil {
		return ui.ErrBadForm
	}
	f := transferForm{On: on, Name: c.Field("name"), PrepaidTo: c.Field("prepaid_to"), Note: c.Field("note")}
	_, err = billing.Transfer(c.R.Context(), c.DB, c.Staff.Actor(), billing.TransferRequest{RoomID: room.ID, On: on, Name: f.Name,
		Phone: c.Field("phone"), PrepaidTo: f.PrepaidTo, Note: f.Note})
	if e, ok := models.AsError(err); ok {
		f.Error = e.Message
		return showTransfer(c, ui.StatusOf(e.Kind), f)
	}
	if err != nil {
		return err
	}
	c.Say("room_transferred")
	return c.Redirect("/staff/rooms/" + room.ID)
}
