package models

import "strings"

// ItemList is a list of fee items as a column keeps it, one a line; empty means all
// items. It is a text, and not a slice, so that structs that hold one can be compared
// with ==.
type ItemList string

// Items returns a list of items. No item means all of them.
func Items(items ...string) ItemList { return ItemList(strings.Join(items, "\n")) }

// Names returns the items; none means all.
func (l ItemList) Names() []string {
	if l == "" {
		return nil
	}
	return strings.Split(string(l), "\n")
}

// Has reports whether the item is in the list. For example, a list of 水费 has no 费.
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
