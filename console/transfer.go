package console

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// transferForm is 办理过户: first a day, then who owes what on it, then the new
// owner. The phone number of a refused form is not shown again.
type transferForm struct {
	Room      models.Room
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

func (c *call) transferPage() error {
	on, err := c.dayOf("on")
	if err != nil {
		return err
	}
	return c.showTransfer(200, transferForm{On: on, PrepaidTo: models.PrepaidStays})
}

// showTransfer fills in what there is to see before the transfer is done.
func (c *call) showTransfer(status int, f transferForm) (err error) {
	if f.Room, f.Community, err = c.view.ScopedRoom(c.scope(), c.r.PathValue("id")); err != nil {
		return err
	}
	if f.OwedFen, err = c.view.OwedToFormer(f.Room.ID); err != nil {
		return err
	}
	if !f.On.IsZero() {
		if f.Preview, err = billing.PreviewTransfer(c.view, f.Room.ID, f.On); err != nil {
			return err
		}
		f.Former = c.ownerName(f.Preview.Former.Name)
		if e, ok := models.AsError(f.Preview.Refused); ok && f.Error == "" {
			f.Error = e.Message
		}
	}
	return c.renderAs(status, "transfer", "办理过户", f)
}

func (c *call) transfer() error {
	if err := c.form(); err != nil {
		return err
	}
	room, _, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	on, err := models.ParseDate(c.field("on"))
	if err != nil {
		return errBadForm
	}
	f := transferForm{On: on, Name: c.field("name"), PrepaidTo: c.field("prepaid_to"), Note: c.field("note")}
	_, err = billing.Transfer(c.r.Context(), c.DB, c.staff.Actor(), billing.TransferRequest{RoomID: room.ID, On: on, Name: f.Name,
		Phone: models.HalfWidth(strings.ReplaceAll(c.field("phone"), "-", "")), PrepaidTo: f.PrepaidTo, Note: f.Note})
	if e, ok := models.AsError(err); ok {
		f.Error = e.Message
		return c.showTransfer(statusOf(e.Kind), f)
	}
	if err != nil {
		return err
	}
	c.say("room_transferred")
	return c.redirect("/staff/rooms/" + room.ID)
}

// transferList is 过户记录.
type transferList struct {
	Rows  []models.TransferLine
	Pager pager
}

func (c *call) transfers() error {
	rows, err := c.view.TransferLines(c.scope(), c.r.URL.Query().Get("after"), pageSize+1)
	if err != nil {
		return err
	}
	var out transferList
	out.Rows, out.Pager = cut(c, rows, models.TransferLine.Cursor)
	for i := range out.Rows {
		l := &out.Rows[i]
		l.FromName, l.ToName = c.ownerName(l.FromName), c.ownerName(l.ToName)
	}
	return c.render("transfers", "过户记录", out)
}

func (c *call) exportTransfers() error {
	header := []string{"房号", "过户日", "原业主", "新业主", "原业主未缴本金（元）", "原业主未缴违约金（元）", "转给新业主的账单数", "预存余额（元）", "预存去向", "备注", "经办人", "登记时间"}
	return c.export("过户记录", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.TransferLine, error) {
			return c.view.TransferLines(c.scope(), after, limit)
		}
		return eachPage(read, models.TransferLine.Cursor, func(l models.TransferLine) error {
			return b.Row(l.Room.Code, day(l.TransferOn), c.ownerName(l.FromName), c.ownerName(l.ToName), sheet.Yuan(l.OwedFen), sheet.Yuan(l.LateFeeFen), l.MovedBills,
				sheet.Yuan(l.PrepaidFen), word(prepaidToWords, l.PrepaidTo), l.Note, actorWord(l.ByKind, l.ByName), at(l.CreatedAt))
		})
	})
}

var prepaidToWords = map[string]string{models.PrepaidStays: "随房屋转给新业主", models.PrepaidFormer: "转出，应退原业主"}

// renameForm is 更正业主姓名.
type renameForm struct {
	Room      models.Room
	Community string
	Have      string
	Others    []models.Room // that the same owner holds, and that show the new name too
	Name      string
	Reason    string
	Error     string
}

func (c *call) renamePage() error { return c.showRename(200, renameForm{}) }

func (c *call) showRename(status int, f renameForm) (err error) {
	if f.Room, f.Community, err = c.view.ScopedRoom(c.scope(), c.r.PathValue("id")); err != nil {
		return err
	}
	holdings, err := c.view.HoldingsOfRooms([]string{f.Room.ID})
	if err != nil {
		return err
	}
	for _, h := range holdings[f.Room.ID] {
		if !h.Holds(c.view.Today()) {
			continue
		}
		f.Have = c.ownerName(h.Owner.Name)
		rooms, err := c.view.RoomsOfOwner(h.OwnerID)
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
	return c.renderAs(status, "rename", "更正业主姓名", f)
}

func (c *call) rename() error {
	if err := c.form(); err != nil {
		return err
	}
	room, _, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	f := renameForm{Name: c.field("name"), Reason: c.field("reason")}
	err = billing.RenameOwner(c.r.Context(), c.DB, c.staff.Actor(), room.ID, f.Name, f.Reason)
	if e, ok := models.AsError(err); ok {
		f.Error = e.Message
		return c.showRename(statusOf(e.Kind), f)
	}
	if err != nil {
		return err
	}
	c.say("owner_renamed")
	return c.redirect("/staff/rooms/" + room.ID)
}
