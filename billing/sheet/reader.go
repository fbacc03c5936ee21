package sheet

import (
	"cmp"
	"errors"
	"io"
	"os"
	"slices"
)

// Reader reads the rows of the tables of a file, below their headers: of a csv file, or of
// every visible worksheet of a workbook that has the headings, in the order of the
// workbook. It is not safe for concurrent use.
type Reader struct {
	name     string
	columns  []Column
	index    map[string]int // Column.Key -> index in columns
	book     *book          // of an xlsx file; nil for csv
	tables   []*worksheet   // those that are read
	at       int            // index in tables of the one being read
	unread   []Unread
	src      source
	ahead    []rawRow // rows read while looking for the header
	merges   merges
	rows     int
	leftOut  []LeftOut
	leftRows int
	err      error // the end of reading, io.EOF or a fault; it stays
}

// worksheet is one table of the file with its header.
type worksheet struct {
	name   string
	place  int // among the tables that are read, from 0
	part   string
	header header
	// date1904 means that the workbook counts days from 1904, as Excel for Mac did.
	date1904 bool
	rows     int // read so far below the header, blank ones not counted

	hiddenRows int
	hidden     []string // texts of hidden columns that are read
	titles     []merge  // ranges over several columns
}

// rawRow is a row as its source returns it. number is 1-based.
type rawRow struct {
	number int
	hidden bool
	cells  []cell
}

// Table is a sheet that is read. For a csv file its name is that of the file.
type Table struct {
	Name string
	// Rows counts the rows below the header that hold anything, as far as they were read.
	Rows int
	// HiddenRows counts those of them that are hidden in the workbook, without what was left
	// out; HiddenColumns are the headings of hidden columns that are read.
	HiddenRows    int
	HiddenColumns []string
	// Chosen says, in Chinese, which column counts of several of one kind.
	Chosen []string
}

// Unread is a sheet of the workbook that is not read.
type Unread struct {
	Name string
	// Reason is Chinese, for staff.
	Reason string
	// Alike means that the sheet looks like a table of this kind, so that its rows may be missed.
	Alike bool
}

// LeftOut is a row below the header that is no row of the table, such as a total.
type LeftOut struct {
	Sheet  string
	Row    int    // 1-based, as a spreadsheet program counts
	Reason string // Chinese: what the row is
}

// Sheet returns the name of the sheet that is being read. For a csv file it is the name
// of the file.
func (r *Reader) Sheet() string { return r.table().name }

// table returns the sheet that is being read. It returns an empty one before the first.
func (r *Reader) table() *worksheet {
	if r.at < len(r.tables) {
		return r.tables[r.at]
	}
	return &worksheet{}
}

// Tables returns the sheets that are read, in the order of the workbook.
func (r *Reader) Tables() []Table {
	out := make([]Table, len(r.tables))
	for i, t := range r.tables {
		out[i] = Table{Name: t.name, Rows: t.rows, HiddenRows: t.hiddenRows, HiddenColumns: t.hidden, Chosen: t.header.chosen}
	}
	return out
}

// Unread returns the sheets that are not read.
func (r *Reader) Unread() []Unread { return r.unread }

// Ignored returns the header texts of columns that the caller does not know, each once,
// for a warning.
func (r *Reader) Ignored() []string {
	var out []string
	for _, t := range r.tables {
		for _, name := range t.header.ignored {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// LeftOut returns the rows that were left out so far. At most 1000 are listed; the number
// counts all of them.
func (r *Reader) LeftOut() (list []LeftOut, number int) { return r.leftOut, r.leftRows }

// Next returns the next row that is neither blank nor left out, or io.EOF at the end of
// the last sheet. Any other error is a *FileError: the rest of the file cannot be read,
// and what was read must not be used. Hidden rows are returned.
func (r *Reader) Next() (*Row, error) {
	for r.err == nil { // the end, whether io.EOF or a fault, is final
		raw, err := r.read()
		if err == io.EOF && r.at+1 < len(r.tables) { //nolint:errorlint // the end is bare
			r.at++
			err = r.openTable()
			if err == nil {
				continue
			}
		}
		if err != nil {
			r.err = r.locate(err, raw.number)
			break
		}
		if isBlank(raw.cells) {
			continue
		}
		if r.rows++; r.rows > maxRows {
			r.err = r.locate(fault(nil, "超过 %d 行，请拆分后再导入", maxRows), raw.number)
			break
		}
		r.table().rows++
		raw.cells = r.merges.fill(raw)
		t := r.table()
		v := t.judge(r.columns, raw, t.rows == 1)
		if v.leftOut != "" {
			r.leaveOut(raw.number, v.leftOut)
			continue
		}
		if raw.hidden {
			t.hiddenRows++
		}
		row := r.row(raw)
		if v.doubt != "" {
			row.doubt = row.mistakeAt(v.column, v.doubt)
		}
		return row, nil
	}
	return nil, r.err
}

// leaveOut counts a row that is no row of the table.
func (r *Reader) leaveOut(number int, reason string) {
	if r.leftRows++; len(r.leftOut) < keptLeftOut {
		r.leftOut = append(r.leftOut, LeftOut{Sheet: r.table().name, Row: number, Reason: reason})
	}
}

// Close frees what the Reader holds. No more rows can be read. It may be called
// twice.
func (r *Reader) Close() error {
	if r.err == nil {
		r.err = &FileError{File: r.name, Sheet: r.table().name, Reason: "已经关闭", Err: os.ErrClosed}
	}
	err := r.closeTable()
	if r.book != nil {
		err = errors.Join(err, r.book.texts.close())
		r.book = nil
	}
	return err
}

// closeTable frees the stream of the sheet that is being read.
func (r *Reader) closeTable() error {
	if r.src == nil {
		return nil
	}
	err := r.src.close()
	r.src = nil
	return err
}

// read returns the next row of the sheet. Rows read while looking for the header
// come first.
func (r *Reader) read() (rawRow, error) {
	if len(r.ahead) > 0 {
		raw := r.ahead[0]
		r.ahead = r.ahead[1:]
		return raw, nil
	}
	return r.src.next()
}

// row picks the cells of the known columns.
func (r *Reader) row(raw rawRow) *Row {
	t := r.table()
	row := &Row{reader: r, table: t, number: raw.number, hidden: raw.hidden, cells: make([]cell, len(r.columns))}
	for i, at := range t.header.at {
		if at >= 0 && at < len(raw.cells) {
			row.cells[i] = raw.cells[at]
		}
		for _, other := range t.header.also[i] {
			if other < len(raw.cells) {
				row.cells[i] = merged(&r.columns[i], t.header.texts[i], row.cells[i], raw.cells[other])
			}
		}
	}
	return row
}

// merged returns the cell that counts of two columns of one kind. text is the heading of the
// one that counts first.
func merged(c *Column, text string, first, second cell) cell {
	has, other := !isEmpty(first), !isEmpty(second)
	preferred := slices.ContainsFunc(c.Prefer, func(name string) bool { return headerKey(name) == headerKey(text) })
	switch {
	case !other:
	case c.Either && !has:
		return second
	case c.Either || preferred:
	case !has:
		return second
	case !sameCell(first, second):
		first.clash = true
	}
	return first
}

// isEmpty reports whether a cell shows nothing, or a sign that stands for nothing.
func isEmpty(c cell) bool {
	s := clean(c.text)
	return c.kind == blank || c.kind == text && (s == "" || isNothing(s))
}

// sameCell reports whether two cells say the same: 100 and 100.00 do.
func sameCell(a, b cell) bool {
	if a.kind == b.kind && narrow(a.text) == narrow(b.text) {
		return true
	}
	x, ux, rx := parseFigure(a.text)
	y, uy, ry := parseFigure(b.text)
	return rx == "" && ry == "" && ux == uy && dropNoise(x).Equal(dropNoise(y))
}

// locate completes a fault with file, sheet and row. It returns io.EOF
// unchanged.
func (r *Reader) locate(err error, row int) error {
	var f *FileError
	if !errors.As(err, &f) {
		return err
	}
	if f.File == "" {
		f.File, f.Row = r.name, cmp.Or(f.Row, row)
		f.Sheet = cmp.Or(f.Sheet, r.table().name)
	}
	return f
}
