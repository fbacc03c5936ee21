package console

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"

	"wuyepay/billing"
	"wuyepay/models"
)

// statementPage is 对账单 of one owner of a room for a year.
type statementPage struct {
	billing.Statement
	Community string
	Year      int
	Years     []int
	Owner     string // id of whose account it is
	Owners    []choice
	PDF       string
}

// statementOf reads which owner's account of which year is wanted.
func (c *call) statementOf() (statementPage, billing.Holder, error) {
	var p statementPage
	room, community, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return p, billing.Holder{}, err
	}
	q := c.r.URL.Query()
	this := c.view.Today().Year()
	p.Community, p.Year, p.Owner = community, this, q.Get("owner")
	if text := q.Get("year"); text != "" {
		if p.Year, err = strconv.Atoi(text); err != nil || p.Year < 1990 || p.Year > this {
			return p, billing.Holder{}, errBadQuery
		}
	}
	for y := this; y > this-6; y-- {
		p.Years = append(p.Years, y)
	}
	holder, err := billing.HolderNow(c.view, room.ID)
	if err != nil {
		return p, holder, err
	}
	all, err := billing.Holders(c.view, room.ID)
	if err != nil {
		return p, holder, err
	}
	for _, h := range all {
		name := c.ownerName(h.Name)
		if !h.Sight.UntilOn.IsZero() {
			name += fmt.Sprintf("（至 %s）", h.Sight.UntilOn)
		}
		p.Owners = append(p.Owners, choice{h.Sight.OwnerID, name})
		if p.Owner != "" && h.Sight.OwnerID == p.Owner {
			holder = h
		}
	}
	if p.Owner != "" && holder.Sight.OwnerID != p.Owner {
		return p, holder, models.ErrNotFound
	}
	p.Owner = holder.Sight.OwnerID
	from, to := billing.StatementYear(p.Year, c.view.Today())
	p.Statement, err = billing.StatementOf(c.view, room, holder.Sight, from, to)
	p.PDF = c.with("/staff/rooms/"+room.ID+"/statement.pdf", url.Values{"owner": {p.Owner}}, "year", strconv.Itoa(p.Year))
	return p, holder, err
}

func (c *call) statement() error {
	p, _, err := c.statementOf()
	if err != nil {
		return err
	}
	return c.render("statement", "对账单", p)
}

func (c *call) statementPDF() error {
	p, holder, err := c.statementOf()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := p.WritePDF(&b, billing.StatementParty{Community: p.Community, Owner: c.ownerName(holder.Name), MadeAt: c.DB.Now()}); err != nil {
		return err
	}
	err = c.DB.Write(c.r.Context(), func(tx *models.Tx) error {
		return tx.Audit(c.staff.Actor(), "list.exported", "list", p.Room.ID, map[string]any{"list": "对账单", "rows": len(p.Lines)})
	})
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="statement.pdf"; filename*=UTF-8''`+url.PathEscape(fmt.Sprintf("对账单-%s-%d.pdf", p.Room.Code, p.Year)))
	c.w.Write(b.Bytes())
	return nil
}
