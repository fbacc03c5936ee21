package sheet

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Column is a column that a table may have.
type Column struct {
	// Key is the name by which Row finds the value.
	Key string
	// Names are header texts that companies use for it. Messages use the first
	// one.
	Names []string
	// Prefer are those of Names that count if a table has several columns of this kind, the
	// best one first: 计费面积 before 建筑面积. The others are passed over.
	Prefer []string
	// Either means that another column of this kind stands in where the preferred one is
	// blank: 联系电话 beside 手机号.
	Either bool
	// Role tells totals from rows.
	Role Role
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

// header is where the known columns are in a table.
type header struct {
	at      []int    // by Column, its index in the row; -1 if missing
	also    [][]int  // by Column, the other columns of the same kind
	texts   []string // by Column, its text in the file; the first of Names if missing
	twice   []string // texts of columns that the row has more than once
	ignored []string // texts that belong to no Column
	chosen  []string // columns of which the table has several kinds, in words
	found   int
}

// heading is what stands above one column. Below a group of columns, which has a row of its
// own, names are with the group, and short is without: 业主电话 and 电话.
type heading struct {
	at    int
	shown string
	names []string
	short string
}

// headingsOf returns the headings of a row.
func headingsOf(cells []cell) []heading {
	var list []heading
	for at, c := range cells {
		if shown := shorten(clean(c.text)); shown != "" {
			list = append(list, heading{at: at, shown: shown, names: []string{c.text}})
		}
	}
	return list
}

// headingsOfTwo returns the headings of two rows, of which the upper one has groups, or the
// beginnings of what the lower one ends: 业主信息 above 姓名 and 电话, or 建筑 above 面积. A
// group extends to the right, as far as the lower row goes on below nothing.
func headingsOfTwo(upper, lower []cell) []heading {
	var list []heading
	group := ""
	for at := range max(len(upper), len(lower)) {
		top, below := textAt(upper, at), textAt(lower, at)
		if top != "" || below == "" {
			group = top
		}
		h := heading{at: at, shown: shorten(group + below), names: []string{group + below}}
		switch stem := stemOf(group); {
		case h.shown == "":
			continue
		case group != "" && below != "" && isNote(below):
			h.names = []string{group}
		case group != "" && below != "":
			h.names = append(h.names, stem+below)
			h.short = below
			h.shown = shorten(group + "/" + below)
		}
		list = append(list, h)
	}
	return list
}

// textAt returns the text of a cell as people read it.
func textAt(cells []cell, at int) string {
	if at < len(cells) {
		return clean(cells[at].text)
	}
	return ""
}

// stemOf returns the name of a group without the words for a group.
func stemOf(group string) string {
	for _, end := range []string{"信息", "资料", "情况", "明细"} {
		group = strings.TrimSuffix(squeeze(group), end)
	}
	return group
}

// isNote reports whether a text below a heading is its unit, or says how to fill it in.
func isNote(s string) bool {
	s = strings.ToLower(squeeze(narrow(s)))
	if inner, ok := strings.CutPrefix(s, "("); ok {
		s = strings.TrimSuffix(inner, ")")
	}
	return isUnit(s) || headerNote[s]
}

// hit is a heading that belongs to a Column.
type hit struct {
	heading
	key   string // the name as it is compared
	rank  int    // the lower the better
	short bool   // found without its group
}

// matchHeader finds the columns among headings.
func matchHeader(list []heading, columns []Column) header {
	h := header{at: make([]int, len(columns)), also: make([][]int, len(columns)), texts: make([]string, len(columns))}
	byName := make(map[string]int)
	ranks := make(map[string]int)
	for i, c := range columns {
		h.at[i] = -1
		for k, name := range c.Names {
			if k == 0 {
				h.texts[i] = name
			}
			byName[headerKey(name)], ranks[headerKey(name)] = i, len(c.Prefer)+k
		}
		for k, name := range c.Prefer {
			ranks[headerKey(name)] = k
		}
	}
	hits := make([][]hit, len(columns))
	for _, head := range list {
		i, found, ok := lookUp(head, byName)
		if !ok {
			h.ignored = append(h.ignored, head.shown)
			continue
		}
		found.rank = ranks[found.key]
		hits[i] = append(hits[i], found)
	}
	for i := range columns {
		h.choose(i, &columns[i], hits[i])
	}
	return h
}

// lookUp returns the Column of a heading, by its first name that is known.
func lookUp(head heading, byName map[string]int) (int, hit, bool) {
	for _, name := range head.names {
		if i, ok := byName[headerKey(name)]; ok {
			return i, hit{heading: head, key: headerKey(name)}, true
		}
	}
	if i, ok := byName[headerKey(head.short)]; ok && head.short != "" {
		return i, hit{heading: head, key: headerKey(head.short), short: true}, true
	}
	return 0, hit{}, false
}

// choose picks one of the headings that belong to a Column. The same heading twice is a
// fault. Of different ones the preferred one counts.
func (h *header) choose(i int, c *Column, hits []hit) {
	if len(hits) == 0 {
		return
	}
	h.found++
	// 姓名 below 租户 is not the owner's if there is one below 业主.
	if whole := slices.DeleteFunc(slices.Clone(hits), func(x hit) bool { return x.short }); len(whole) > 0 {
		for _, x := range hits {
			if x.short {
				h.ignored = append(h.ignored, x.shown)
			}
		}
		hits = whole
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.rank, b.rank) })
	h.at[i], h.texts[i] = hits[0].at, hits[0].shown
	var others []string
	for k, x := range hits[1:] {
		if x.key == hits[k].key {
			h.twice = append(h.twice, x.shown)
			continue
		}
		h.also[i] = append(h.also[i], x.at)
		others = append(others, x.shown)
	}
	switch names := strings.Join(others, "、"); {
	case len(others) == 0:
	case c.Either:
		h.chosen = append(h.chosen, fmt.Sprintf("以「%s」为准，没有填的用「%s」", hits[0].shown, names))
	case hits[0].rank < len(c.Prefer):
		h.chosen = append(h.chosen, fmt.Sprintf("以「%s」为准，「%s」未读取", hits[0].shown, names))
	default:
		h.chosen = append(h.chosen, fmt.Sprintf("「%s」和「%s」是同一项，须一致", hits[0].shown, names))
	}
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
