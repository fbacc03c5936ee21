package sheet

import "strconv"

// Row is one row of a table. It stays valid after the next call of Next.
type Row struct {
	reader *Reader
	table  *worksheet
	number int
	hidden bool
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
// not have the column, and for error values such as #REF!; Value tells these
// apart. A number is returned in plain digits, so room 101 is "101" whether it
// was typed as a number or as text.
func (row *Row) Text(key string) string {
	c := row.cell(key)
	switch c.kind {
	case broken:
		return ""
	case number:
		if d, ok := excelNumber(c.text); ok {
			return d.String()
		}
	}
	return clean(c.text)
}

// Blank reports whether the cell shows nothing, or the file does not have the
// column. An error value is not blank.
func (row *Row) Blank(key string) bool {
	c := row.cell(key)
	return c.kind == blank || c.kind == text && clean(c.text) == ""
}

// Value is Text, with a mistake if the cell is an error value or a formula
// without a result.
func (row *Row) Value(key string) (string, *Mistake) {
	if row.cell(key).kind == broken {
		return "", row.Mistake(key, reasonBroken)
	}
	return row.Text(key), nil
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

// cell returns the cell of a key. An unknown key reads as a column that is
// missing.
func (row *Row) cell(key string) cell {
	i, ok := row.reader.index[key]
	if !ok {
		return cell{}
	}
	c := row.cells[i]
	if c.kind == text && isFaultText(clean(c.text)) {
		c.kind = broken
	}
	return c
}

// single returns the cell for a value that each row needs for itself: a number,
// a date or a phone number. A merged cell is a mistake.
func (row *Row) single(key string) (cell, *Mistake) {
	c := row.cell(key)
	switch {
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
