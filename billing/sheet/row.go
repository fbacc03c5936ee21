package sheet

import "strconv"

// Row is one row of a table. It stays valid after the next call of Next.
type Row struct {
	reader *Reader
	table  *worksheet
	number int
	hidden bool
	doubt  *Mistake
	cells  []cell // by place in reader.columns
}

// Number returns the 1-based number of the row in the file, as a spreadsheet
// program counts.
func (row *Row) Number() int { return row.number }

// Sheet returns the name of the row's sheet.
func (row *Row) Sheet() string { return row.table.name }

// Place returns sheet and row as one number; see [PlaceRow]. The rows of a file have
// ascending places.
func (row *Row) Place() int32 { return place(row.table.place, row.number) }

// Hidden reports whether the row is hidden in the workbook, by hand or by a filter.
func (row *Row) Hidden() bool { return row.hidden }

// Text returns the cell as people read it: trimmed, without control characters,
// with full-width digits and letters as ASCII. It returns "" if the file does
// not have the column, for a sign such as - or 无 that stands for nothing, for error values
// such as #REF!, and for a number that no longer says what was typed; Value tells these
// apart. A number is returned as the cell shows it, so room 101 is "101" whether it
// was typed as a number or as text, and "0101" in a cell of format 0000.
func (row *Row) Text(key string) string {
	s, _ := row.seen(key)
	return s
}

// seen returns the text of a cell, or the reason why it has none.
func (row *Row) seen(key string) (s, reason string) {
	c := row.cell(key)
	if c.clash {
		return "", reasonClash
	}
	switch c.kind {
	case broken:
		return "", reasonBroken
	case nothing:
		return "", ""
	case number:
		if s, reason = seenText(c); isNothing(s) {
			s = ""
		}
		return s, reason
	}
	return clean(c.text), ""
}

// Blank reports whether the cell shows nothing, or a sign that stands for nothing, or the
// file does not have the column. An error value is not blank.
func (row *Row) Blank(key string) bool {
	c := row.cell(key)
	return c.kind == blank || c.kind == nothing || c.kind == text && clean(c.text) == ""
}

// Dash reports whether the cell has a sign such as -, / or 无 that stands for nothing, or
// for zero in a column of amounts.
func (row *Row) Dash(key string) bool { return row.cell(key).kind == nothing }

// Value is Text, with a mistake if the cell is an error value or a formula
// without a result, or if a spreadsheet has changed it: into a date, or into a number of
// more digits than a number cell keeps.
func (row *Row) Value(key string) (string, *Mistake) {
	s, reason := row.seen(key)
	if reason != "" {
		return "", row.Mistake(key, reason)
	}
	return s, nil
}

// Identifier is Value for the name of a thing, such as the code of a room: a text that looks
// like a date or a number that a spreadsheet has made of it is a mistake as well.
func (row *Row) Identifier(key string) (string, *Mistake) {
	s, m := row.Value(key)
	if m == nil {
		if reason := spoiltText(s); reason != "" {
			return "", row.Mistake(key, reason)
		}
	}
	return s, m
}

// IsDay reports whether the cell is a number that is shown as a date.
func (row *Row) IsDay(key string) bool {
	c := row.cell(key)
	return c.kind == number && c.kindOfFormat() == formatDate
}

// Required is Value, with a mistake if the cell is blank.
func (row *Row) Required(key string) (string, *Mistake) {
	s, m := row.Value(key)
	if m == nil && s == "" {
		m = row.Mistake(key, reasonBlank)
	}
	return s, m
}

// Mistake returns a mistake in this row's cell, for rules of the caller. reason
// is Chinese and must not repeat personal data.
func (row *Row) Mistake(key, reason string) *Mistake {
	t := row.table
	m := &Mistake{Sheet: t.name, SheetPlace: t.place, Row: row.number, Column: key, Reason: reason}
	i, ok := row.reader.index[key]
	if !ok {
		return m
	}
	m.Column = t.header.texts[i]
	if at := t.header.at[i]; at >= 0 {
		m.Cell = columnName(at) + strconv.Itoa(row.number)
	}
	return m
}

// mistakeAt is Mistake by the index of the column. Without one, -1, it is about the first
// column.
func (row *Row) mistakeAt(column int, reason string) *Mistake {
	return row.Mistake(row.reader.columns[max(column, 0)].Key, reason)
}

// Doubt returns why the row cannot be told from a total or a footer, or nil. Its cells should
// not be read then.
func (row *Row) Doubt() *Mistake { return row.doubt }

// cell returns the cell of a key. An unknown key reads as a column that is
// missing.
func (row *Row) cell(key string) cell {
	i, ok := row.reader.index[key]
	if !ok {
		return cell{}
	}
	c := row.cells[i]
	if c.kind != text {
		return c
	}
	switch s := clean(c.text); {
	case isFaultText(s):
		c.kind = broken
	case isNothing(s):
		c.kind = nothing
	}
	return c
}

// single returns the cell for a value that each row needs for itself: a number,
// a date or a phone number. A merged cell is a mistake.
func (row *Row) single(key string) (cell, *Mistake) {
	c := row.cell(key)
	switch {
	case c.clash:
		return c, row.Mistake(key, reasonClash)
	case c.kind == broken:
		return c, row.Mistake(key, reasonBroken)
	case c.merged:
		return c, row.Mistake(key, reasonMerged)
	}
	return c, nil
}

// Mistakes of any cell.
const (
	reasonBlank  = "不能为空"
	reasonBroken = "单元格是错误值或没有结果的公式"
	reasonClash  = "与同一项的另一列不同，不知以哪一列为准"
	reasonMerged = "单元格与上一行合并，请取消合并后逐行填写"
)

// columnName returns the letters of a 0-based column: 0 is A, 26 is AA.
func columnName(at int) string {
	name := ""
	for at++; at > 0; at = (at - 1) / 26 {
		name = string(rune('A'+(at-1)%26)) + name
	}
	return name
}
