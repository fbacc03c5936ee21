package rooms

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"

	"wuyepay/billing/statement"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// statementPage is the page 对账单 of one owner of a room for a year.
type statementPage struct {
	statement.Statement
	Community string
	Year      int
	Years     []int
	Owner     string // id of whose account it is
	Owners    []ui.Option
	PDF       string
}

// statementOf returns the statement that the query asks for. Without an owner it is that of
// the present one, without a year that of this year.
func statementOf(c *ui.Call) (statementPage, statement.Holder, error) {
	var p statementPage
	room, community, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return p, statement.Holder{}, err
	}
	q := c.R.URL.Query()
	this := c.View.Today().Year()
	p.Community, p.Year, p.Owner = community, this, q.Get("owner")
	if text := q.Get("year"); text != "" {
		if p.Year, err = strconv.Atoi(text); err != nil || p.Year < 1990 || p.Year > this {
			return p, statement.Holder{}, ui.ErrBadQuery
		}
	}
	for y := this; y > this-6; y-- {
		p.Years = append(p.Years, y)
	}
	holder, err := statement.CurrentHolder(c.View, room.ID)
	if err != nil {
		return p, holder, err
	}
	all, err := statement.Holders(c.View, room.ID)
	if err != nil {
		return p, holder, err
	}
	for _, h := range all {
		name := c.OwnerName(h.Name)
		if !h.Visibility.UntilOn.IsZero() {
			name += fmt.Sprintf("（至 %s）", h.Visibility.UntilOn)
		}
		p.Owners = append(p.Owners, ui.Option{Value: h.Visibility.OwnerID, Text: name})
		if p.Owner != "" && h.Visibility.OwnerID == p.Owner {
			holder = h
		}
	}
	if p.Owner != "" && holder.Visibility.OwnerID != p.Owner {
		return p, holder, models.ErrNotFound
	}
	p.Owner = holder.Visibility.OwnerID
	from, to := statement.Year(p.Year, c.View.Today())
	p.Statement, err = statement.Of(c.View, room, holder.Visibility, from, to)
	p.PDF = c.URLWith("/staff/rooms/"+room.ID+"/statement.pdf", url.Values{"owner": {p.Owner}}, "year", strconv.Itoa(p.Year))
	return p, holder, err
}

// Statement shows 对账单 of a year.
func Statement(c *ui.Call) error {
	p, _, err := statementOf(c)
	if err != nil {
		return err
	}
	return c.Render("rooms/room_statement", "对账单", p)
}

// StatementPDF sends 对账单 of a year as a PDF.
func StatementPDF(c *ui.Call) error {
	p, holder, err := statementOf(c)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := p.WritePDF(&b, statement.Party{Community: p.Community, Owner: c.OwnerName(holder.Name), MadeAt: c.DB.Now()}); err != nil {
		return err
	}
	err = c.DB.Write(c.R.Context(), func(tx *store.Tx) error {
		return office.Audit(tx, c.Staff.Actor(), "list.exported", "list", p.Room.ID, map[string]any{"list": "对账单", "rows": len(p.Lines)})
	})
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="statement.pdf"; filename*=UTF-8''`+url.PathEscape(fmt.Sprintf("对账单-%s-%d.pdf",
		p.Room.Code, p.Year)))
	c.W.Write(b.Bytes())
	return nil
}
