package sheet

import (
	"io"
	"strings"
)

// headerFind is the result of looking for the header of a sheet.
type headerFind struct {
	header header
	row    int      // number of the row of the header
	ahead  []rawRow // rows below the header that were read while looking
}

// findHeader picks, of the first rows of a source, the one with the most known columns. A
// title or a row of data has fewer than the header. The rows below it are kept in ahead.
//
// The error is a *FileError. fatal tells a file that cannot be read from a sheet that is no
// table of this kind.
func findHeader(src source, columns []Column) (find headerFind, fatal bool, err error) {
	var seen []rawRow
	for {
		raw, err := src.next()
		if err == io.EOF { //nolint:errorlint // the end is bare; an EOF inside another error is a torn file
			break
		}
		if err != nil {
			return find, true, atRow(err, raw.number)
		}
		// The row beyond the limit, which ends the search, is kept for Next as well.
		if isBlank(raw.cells) && raw.number <= headerRows {
			continue
		}
		seen = append(seen, rawRow{raw.number, raw.hidden, append([]cell(nil), raw.cells...)})
		if raw.number > headerRows {
			break
		}
	}
	best := find.best(seen, columns)
	if len(seen) == 0 {
		return find, false, fault(nil, "表里没有任何内容")
	}
	if best < 0 || find.header.found == 0 {
		return find, false, fault(nil, "前 %d 行里没有找到表头，应有列：%s", headerRows, strings.Join(requiredNames(columns), "、"))
	}
	find.row, find.ahead = seen[best].number, seen[best+1:]
	// Below the headings some tables have a row of units.
	if len(find.ahead) > 0 && onlyNotes(find.ahead[0].cells) {
		find.ahead = find.ahead[1:]
	}
	missing := find.header.missing(columns)
	if len(find.header.twice) > 0 {
		return find, len(missing) == 0, atRow(fault(nil, "表头里的列重复：%s", strings.Join(find.header.twice, "、")), find.row)
	}
	if len(missing) > 0 {
		return find, false, atRow(fault(nil, "表头缺少列：%s", strings.Join(missing, "、")), find.row)
	}
	return find, false, nil
}

// best picks the row with the most known columns, or two rows that have more of them
// together than either has alone. It returns the index of the row, of two that of the lower
// one, or -1.
func (f *headerFind) best(seen []rawRow, columns []Column) int {
	best := -1
	for i, raw := range seen {
		if raw.number > headerRows {
			break
		}
		if h := matchHeader(headingsOf(raw.cells), columns); best < 0 || h.found > f.header.found {
			best, f.header = i, h
		}
	}
	for i := 1; i < len(seen); i++ {
		upper, lower := seen[i-1], seen[i]
		if lower.number != upper.number+1 || lower.number > headerRows || !allText(lower.cells) {
			continue
		}
		if h := matchHeader(headingsOfTwo(upper.cells, lower.cells), columns); h.found > f.header.found {
			best, f.header = i, h
		}
	}
	return best
}

// allText reports whether a row has no numbers, as the lower row of headings.
func allText(cells []cell) bool {
	for _, c := range cells {
		if c.kind != blank && c.kind != text {
			return false
		}
	}
	return true
}

// onlyNotes reports whether a row has nothing but units and remarks on how to fill it in.
func onlyNotes(cells []cell) bool {
	notes := 0
	for _, c := range cells {
		if s := clean(c.text); s != "" {
			if c.kind != text || !isNote(s) {
				return false
			}
			notes++
		}
	}
	return notes > 0
}

// requiredNames returns the columns that a header must have, for a file in
// which none was found.
func requiredNames(columns []Column) []string {
	all := header{at: make([]int, len(columns)), texts: make([]string, len(columns))}
	for i, c := range columns {
		all.at[i] = -1
		if len(c.Names) > 0 {
			all.texts[i] = c.Names[0]
		}
	}
	return all.missing(columns)
}
