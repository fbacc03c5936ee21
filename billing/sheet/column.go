package sheet

import (
	"regexp"
	"strings"
)

// Column is one column that a table may have.
type Column struct {
	Key      string   // our name for it, by which Row finds its value
	Names    []string // header texts by which companies call it; the first is used in messages
	Required bool     // the header must hold it; the cells may still be blank
}

var bracketed = regexp.MustCompile(`\(([^()]*)\)`)

// headerKey is a header text as it is compared: without spaces, full-width forms, stars, a trailing colon, and
// bracketed units. Brackets that distinguish, as in 面积(套内) and 面积(公摊), stay.
func headerKey(s string) string {
	s = strings.ToLower(squeeze(narrow(s)))
	s = strings.Trim(s, "*:")
	return bracketed.ReplaceAllStringFunc(s, func(b string) string {
		inner := b[1 : len(b)-1]
		if isUnit(inner) || headerNote[inner] {
			return ""
		}
		return b
	})
}

// headerNote are bracketed remarks that say how to fill a column, not which one it is.
var headerNote = map[string]bool{"必填": true, "选填": true, "可选": true, "%": true, "‰": true,
	"yyyy-mm-dd": true, "yyyy/mm/dd": true, "年-月-日": true, "年/月/日": true}

// header is where the known columns stand in one row.
type header struct {
	at      []int    // of each Column, its place in the row; -1 where absent
	texts   []string // of each Column, its text in the file; the first of Names where absent
	twice   []string // texts of columns that stand there more than once
	ignored []string // texts that are none of the columns
	found   int
}

// matchHeader finds the columns in a row.
func matchHeader(cells []cell, columns []Column) header {
	h := header{at: make([]int, len(columns)), texts: make([]string, len(columns))}
	byName := make(map[string]int)
	for i := range columns {
		h.at[i] = -1
		for k, name := range columns[i].Names {
			if k == 0 {
				h.texts[i] = name
			}
			byName[headerKey(name)] = i
		}
	}
	for at, c := range cells {
		shown := shorten(clean(c.text))
		if shown == "" {
			continue
		}
		i, ok := byName[headerKey(c.text)]
		switch {
		case !ok:
			h.ignored = append(h.ignored, shown)
		case h.at[i] >= 0:
			h.twice = append(h.twice, shown)
		default:
			h.at[i], h.texts[i] = at, shown
			h.found++
		}
	}
	return h
}

// missing names the required columns that the header lacks.
func (h *header) missing(columns []Column) []string {
	var names []string
	for i, c := range columns {
		if c.Required && h.at[i] < 0 {
			names = append(names, h.texts[i])
		}
	}
	return names
}

// shorten keeps a header text fit for a message.
func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
