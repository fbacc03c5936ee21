package sheet

import (
	"regexp"
	"strings"
)

// Column is a column that a table may have.
type Column struct {
	// Key is the name by which Row finds the value.
	Key string
	// Names are header texts that companies use for it. Messages use the first
	// one.
	Names []string
	// Required means that the header must have the column; cells may still be
	// blank.
	Required bool
}

// bracketed matches one pair of brackets without nesting.
var bracketed = regexp.MustCompile(`\(([^()]*)\)`)

// headerKey returns a header text as it is compared: without spaces, full-width
// forms, stars, a trailing colon, and units in brackets. For example,
// *建筑面积（㎡）： and 建筑面积 are equal. Brackets that distinguish stay, as
// in 面积(套内) and 面积(公摊).
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

// headerNote holds remarks in brackets that say how to fill in a column, not
// which one it is.
var headerNote = map[string]bool{"必填": true, "选填": true, "可选": true, "%": true, "‰": true,
	"yyyy-mm-dd": true, "yyyy/mm/dd": true, "年-月-日": true, "年/月/日": true}

// header is where the known columns are in a row.
type header struct {
	at      []int    // by Column, its index in the row; -1 if missing
	texts   []string // by Column, its text in the file; the first of Names if missing
	twice   []string // texts of columns that the row has more than once
	ignored []string // texts that belong to no Column
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

// missing returns the names of the required columns that the header does not
// have.
func (h *header) missing(columns []Column) []string {
	var names []string
	for i, c := range columns {
		if c.Required && h.at[i] < 0 {
			names = append(names, h.texts[i])
		}
	}
	return names
}

// shorten cuts a header text to a length that fits into a message.
func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
