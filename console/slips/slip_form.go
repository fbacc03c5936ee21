package slips

import (
	"errors"
	"strings"

	"wuyepay/billing/issuing"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// slipForm is the form of a slip.
type slipForm struct {
	ID          string // of the slip that is changed; empty: a new one
	No          string
	Room        estate.Room // zero until it is chosen
	Community   string
	CommunityID string // of the room that is looked for
	RoomCode    string // as typed
	Communities []ui.Option
	Kinds       []ui.Option
	LineKinds   []ui.Option
	Draft       issuing.SlipDraft
	WorkedOn    string
	DueDays     string
	Items       []string // fee items that slips usually have
	Error       string
}

// formLines is how many lines an empty form has, and how many each press adds.
const formLines = 4

// usualItems are the fee items that the form proposes.
var usualItems = []string{"维修服务费", "材料费", "保洁服务费", "装修垃圾清运费"}

var lineKindChoices = ui.Options(words.SlipLines, fees.SlipLineKinds...)

// NewPage shows the empty form of a slip, for the room that the query names.
func NewPage(c *ui.Call) error {
	f := slipForm{WorkedOn: c.View.Today().String(), DueDays: "7", Draft: issuing.SlipDraft{RoomID: c.R.URL.Query().Get("room"),
		Kind: fees.SlipRepair, Item: usualItems[0], FormKey: models.NewID(), Lines: blankLines(nil)}}
	return show(c, 200, f)
}

// blankLines adds blank lines to a form, each of the kind that is usual at its place.
func blankLines(lines []issuing.SlipDraftLine) []issuing.SlipDraftLine {
	for range min(formLines, issuing.MaxSlipLines-len(lines)) {
		lines = append(lines, issuing.SlipDraftLine{Kind: fees.SlipLineKinds[min(len(lines), 2)%3]})
	}
	return lines
}

func show(c *ui.Call, status int, f slipForm) (err error) {
	f.Kinds, f.LineKinds, f.Items = kindChoices, lineKindChoices, usualItems
	if f.Draft.RoomID != "" {
		if f.Room, f.Community, err = estate.ScopedRoom(c.View, c.Scope(), f.Draft.RoomID); err != nil {
			return err
		}
	}
	if f.Communities, err = c.CommunityOptions(); err != nil {
		return err
	}
	title := "开服务单"
	if f.ID != "" {
		title = "修改服务单 " + f.No
	}
	return c.RenderAs(status, "slips/slip_form", title, f)
}

// read reads the posted form. Package issuing checks what it says.
func read(c *ui.Call) (f slipForm, err error) {
	text := func(name string) string { return strings.TrimSpace(c.Field(name)) }
	f.CommunityID, f.RoomCode, f.WorkedOn, f.DueDays = text("community"), text("room_code"), text("worked_on"), text("due_days")
	f.Draft = issuing.SlipDraft{RoomID: text("room"), Kind: text("kind"), Item: text("item"), Title: text("title"),
		DueDays: ui.WholeNumber(f.DueDays, issuing.DefaultSlipDueDays), FormKey: text("form_key")}
	column := func(name string, at int) string {
		if list := c.Fields(name); at < len(list) {
			return list[at]
		}
		return ""
	}
	for i := range min(len(c.Fields("line_name")), issuing.MaxSlipLines) {
		f.Draft.Lines = append(f.Draft.Lines, issuing.SlipDraftLine{Kind: column("line_kind", i), Name: column("line_name", i),
			Quantity: column("line_quantity", i), Unit: column("line_unit", i), Price: column("line_price", i)})
	}
	if f.Draft.WorkedOn, err = models.ParseDate(f.WorkedOn); err != nil {
		err = issuing.ErrSlipDay
	}
	return f, err
}

// errNoRoom is the refusal of a slip for a room that was not found.
var errNoRoom = models.Invalid("SLIP_ROOM", "没有找到这个房号，请选择小区并填写房号")

// findRoom fills in the room that was typed. A room out of scope is not found.
func (f *slipForm) findRoom(c *ui.Call) error {
	if f.Draft.RoomID != "" || f.RoomCode == "" {
		return nil
	}
	room, err := estate.RoomByCode(c.View, f.CommunityID, f.RoomCode)
	if err == nil {
		_, _, err = estate.ScopedRoom(c.View, c.Scope(), room.ID)
	}
	if errors.Is(err, models.ErrNotFound) {
		return errNoRoom
	}
	f.Draft.RoomID = room.ID
	return err
}

// Draw draws a slip from the posted form, or shows the form again: with more lines if that
// was pressed, or with what is wrong.
func Draw(c *ui.Call) error {
	return post(c, "", func(f slipForm) (string, error) {
		if f.Draft.RoomID == "" {
			return "", errNoRoom
		}
		s, err := issuing.DrawSlip(c.R.Context(), c.DB, c.Staff, f.Draft)
		if err == nil {
			c.Say("slip_made")
		}
		return s.ID, err
	})
}

// EditPage shows the form of a slip that can be changed.
func EditPage(c *ui.Call) error {
	s, err := fees.SlipRowByID(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	lines, err := fees.SlipLines(c.View, s.ID)
	if err != nil {
		return err
	}
	f := slipForm{ID: s.ID, No: s.No, WorkedOn: s.WorkedOn.String(), DueDays: itoa(s.DueDays), Draft: issuing.SlipDraft{RoomID: s.RoomID,
		Kind: s.Kind, Item: s.Item, Title: s.Title, FormKey: s.ID}}
	for _, l := range lines[s.ID] {
		f.Draft.Lines = append(f.Draft.Lines, issuing.SlipDraftLine{Kind: l.Kind, Name: l.Name, Quantity: l.Quantity, Unit: l.Unit,
			Price: l.Price})
	}
	return show(c, 200, f)
}

// Edit writes the posted form on a slip.
func Edit(c *ui.Call) error {
	s, err := fees.SlipRowByID(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	return post(c, s.ID, func(f slipForm) (string, error) {
		err := issuing.RedrawSlip(c.R.Context(), c.DB, c.Staff, s.ID, f.Draft)
		if err == nil {
			c.Say("slip_redrawn")
		}
		return s.ID, err
	})
}

// post reads the form and does what it asks for. do returns the slip whose page is shown.
func post(c *ui.Call, id string, do func(f slipForm) (string, error)) error {
	if err := c.Form(); err != nil {
		return err
	}
	f, err := read(c)
	f.ID = id
	if id != "" {
		s, readErr := fees.SlipByID(c.View, id)
		if readErr != nil {
			return readErr
		}
		f.No, f.Draft.RoomID = s.No, s.RoomID
	}
	if err == nil {
		err = f.findRoom(c)
	}
	if c.Field("do") == "more" {
		f.Draft.Lines = blankLines(f.Draft.Lines)
		return show(c, 200, f)
	}
	if err == nil {
		var to string
		if to, err = do(f); err == nil {
			return c.Redirect("/staff/slips/" + to)
		}
	}
	e, ok := models.AsError(err)
	if !ok || errors.Is(err, models.ErrNotFound) {
		return err
	}
	f.Error = e.Message
	return show(c, ui.StatusOf(e.Kind), f)
}
