package counter

import (
	"strings"

	"wuyepay/console/ui"
	"wuyepay/models/estate"
)

// deskFind is the page 收款台, on which a room is found.
type deskFind struct {
	Query string
	Rows  []ui.RoomRow
	Pager ui.Pager
}

// FindRoom shows the first step at the desk. It shows no room before one is asked for.
func FindRoom(c *ui.Call) error {
	q := c.R.URL.Query()
	out := deskFind{Query: strings.TrimSpace(q.Get("q"))}
	if out.Query == "" {
		return c.Render("counter/desk_find", "收款台", out)
	}
	lines, err := estate.RoomLines(c.View, estate.RoomFilter{Scope: c.Scope(), Text: out.Query, After: q.Get("after"),
		Limit: ui.PageSize + 1})
	if err != nil {
		return err
	}
	lines, out.Pager = ui.Cut(c, lines, estate.RoomLine.Cursor)
	for _, l := range lines {
		row, err := c.RoomRow(l)
		if err != nil {
			return err
		}
		out.Rows = append(out.Rows, row)
	}
	return c.Render("counter/desk_find", "收款台", out)
}
