package models

import "strings"

// ItemList is a list of fee items as a column keeps it, one a line; empty means
// all items. It is a text so that rows that hold one can be compared.
type ItemList string

// Items makes a list. No item means all of them.
func Items(items ...string) ItemList { return ItemList(strings.Join(items, "\n")) }

// Names gives the items; none means all.
func (l ItemList) Names() []string {
	if l == "" {
		return nil
	}
	return strings.Split(string(l), "\n")
}

// Has tells whether the item is in the list.
func (l ItemList) Has(item string) bool {
	if l == "" {
		return true
	}
	for _, name := range l.Names() {
		if name == item {
			return true
		}
	}
	return false
}
