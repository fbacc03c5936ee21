package ui

import (
	"strings"

	"wuyepay/models/office"
)

// MenuItem is a line of the menu.
type MenuItem struct {
	Path   string
	Text   string
	Icon   string
	Group  string // heading above it, set on the first item of its group that is shown
	Active bool
	Need   office.Permission
}

// MenuGroup is the part of the menu under one heading.
type MenuGroup struct {
	Name  string
	Items []MenuItem
}

// menu returns the items that the member of staff may open.
func (c *Call) menu() []MenuItem {
	var out []MenuItem
	at := c.R.URL.Path
	for _, g := range c.menuGroups {
		heading := g.Name
		for _, m := range g.Items {
			if c.Staff.ID == "" || !c.Can(m.Need) {
				continue
			}
			m.Group, heading = heading, ""
			m.Active = at == m.Path || (m.Path != HomePath && strings.HasPrefix(at, m.Path+"/"))
			out = append(out, m)
		}
	}
	return out
}
