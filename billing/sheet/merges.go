package sheet

import (
	"slices"
	"sort"
)

// merge is a merged range. Rows are 1-based and inclusive, column is 0-based.
type merge struct {
	top, bottom, column int
	last                int  // column
	value               cell // of the top cell, once its row was read
}

// merges copies the value of a cell that is merged over several rows to the
// rows below it. Companies merge the building or the room over its lines. The
// copies are marked, because a number must not be copied: an amount merged over
// three bills is not three times that amount. Only the leftmost column of a
// range has a value.
type merges struct {
	list   []merge // by top row, those not reached yet
	active []merge // at most one per column: real ranges do not overlap, and a forged file must not cost more
}

// keep drops all merges except those over several rows in columns that are
// read.
func (m *merges) keep(columns []int) {
	m.list = slices.DeleteFunc(m.list, func(g merge) bool {
		return g.bottom == g.top || !slices.Contains(columns, g.column)
	})
	sort.SliceStable(m.list, func(i, k int) bool { return m.list[i].top < m.list[k].top })
}

// wide returns the ranges over three columns or more in one row below the header: titles
// within a table, and remarks below it.
func (m *merges) wide(header int) (list []merge) {
	for _, g := range m.list {
		if g.top == g.bottom && g.top > header && g.last >= g.column+2 {
			list = append(list, g)
		}
	}
	sort.SliceStable(list, func(i, k int) bool { return list[i].top < list[k].top })
	return list
}

// fill copies values into a row and returns its cells, of which there may be
// more.
func (m *merges) fill(raw rawRow) []cell {
	for len(m.list) > 0 && m.list[0].top <= raw.number {
		g := m.list[0]
		m.list = m.list[1:]
		// A range that begins in the header or the title, or in a blank row, has no value.
		if g.top == raw.number && g.column < len(raw.cells) && g.bottom > raw.number {
			g.value = raw.cells[g.column]
			g.value.merged = true
			m.active = append(slices.DeleteFunc(m.active, func(o merge) bool { return o.column == g.column }), g)
		}
	}
	m.active = slices.DeleteFunc(m.active, func(g merge) bool { return g.bottom < raw.number })
	cells := raw.cells
	for _, g := range m.active {
		if g.top == raw.number || g.value.kind == blank {
			continue
		}
		for len(cells) <= g.column {
			cells = append(cells, cell{})
		}
		if cells[g.column].kind == blank {
			cells[g.column] = g.value
		}
	}
	return cells
}
