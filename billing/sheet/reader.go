package sheet

import (
	"errors"
	"io"
	"os"
	"strings"
)

// Reader reads the rows of one table, below its header. It is not safe for
// concurrent use.
type Reader struct {
	name, sheet string
	src         source
	date1904    bool // the workbook counts days from 1904, as Excel for Mac did
	columns     []Column
	header      header
	index       map[string]int // Column.Key -> index in columns
	ahead       []rawRow       // rows read while looking for the header
	merges      merges
	rows        int
	totals      int
	err         error // the end of reading, io.EOF or a fault; it stays
}

// rawRow is a row as its source returns it. number is 1-based.
type rawRow struct {
	number int
	cells  []cell
}

// Sheet returns the name of the sheet that is read, which is the first visible
// one. For a csv file it is the name of the file.
func (r *Reader) Sheet() string { return r.sheet }

// Ignored returns the header texts of columns that the caller does not know,
// for a warning.
func (r *Reader) Ignored() []string { return r.header.ignored }

// Totals returns how many total rows (合计 and similar) were skipped so far.
func (r *Reader) Totals() int { return r.totals }

// Next returns the next row that is neither blank nor a total, or io.EOF at the
// end. Any other error is a *FileError: the rest of the file cannot be read,
// and what was read must not be used. Hidden rows are returned.
func (r *Reader) Next() (*Row, error) {
	for r.err == nil { // the end, whether io.EOF or a fault, is final
		raw, err := r.read()
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
		raw.cells = r.merges.fill(raw)
		if isTotal(raw.cells) {
			r.totals++
			continue
		}
		return r.row(raw), nil
	}
	return nil, r.err
}

// Close frees what the Reader holds. No more rows can be read. It may be called
// twice.
func (r *Reader) Close() error {
	if r.err == nil {
		r.err = &FileError{File: r.name, Sheet: r.sheet, Reason: "已经关闭", Err: os.ErrClosed}
	}
	if r.src == nil {
		return nil
	}
	err := r.src.close()
	r.src = nil
	return err
}

// read returns the next row of the file. Rows read while looking for the header
// come first.
func (r *Reader) read() (rawRow, error) {
	if len(r.ahead) > 0 {
		raw := r.ahead[0]
		r.ahead = r.ahead[1:]
		return raw, nil
	}
	n, cells, err := r.src.next()
	return rawRow{n, cells}, err
}

// row picks the cells of the known columns.
func (r *Reader) row(raw rawRow) *Row {
	row := &Row{reader: r, number: raw.number, cells: make([]cell, len(r.columns))}
	for i, at := range r.header.at {
		if at >= 0 && at < len(raw.cells) {
			row.cells[i] = raw.cells[at]
		}
	}
	return row
}

// findHeader picks, of the first rows, the one with the most known columns. A
// title or a row of data has fewer than the header. The rows below it are kept
// for Next.
func (r *Reader) findHeader() error {
	if r.index == nil {
		r.index = make(map[string]int, len(r.columns))
		for i, c := range r.columns {
			r.index[c.Key] = i
		}
	}
	var seen []rawRow
	best := -1
	for {
		n, cells, err := r.src.next()
		if err == io.EOF { //nolint:errorlint // the end is bare; an EOF inside another error is a torn file
			break
		}
		if err != nil {
			return r.locate(err, n)
		}
		// The row beyond the limit, which ends the search, is kept for Next as well.
		if isBlank(cells) && n <= headerRows {
			continue
		}
		seen = append(seen, rawRow{n, append([]cell(nil), cells...)})
		if n > headerRows {
			break
		}
		if h := matchHeader(cells, r.columns); best < 0 || h.found > r.header.found {
			best, r.header = len(seen)-1, h
		}
	}
	if len(seen) == 0 {
		return fault(nil, "表里没有任何内容")
	}
	if best < 0 || r.header.found == 0 {
		return fault(nil, "前 %d 行里没有找到表头，应有列：%s", headerRows, strings.Join(requiredNames(r.columns), "、"))
	}
	r.ahead = seen[best+1:]
	if len(r.header.twice) > 0 {
		return r.locate(fault(nil, "表头里的列重复：%s", strings.Join(r.header.twice, "、")), seen[best].number)
	}
	if missing := r.header.missing(r.columns); len(missing) > 0 {
		return r.locate(fault(nil, "表头缺少列：%s", strings.Join(missing, "、")), seen[best].number)
	}
	r.merges.keep(r.header.at)
	return nil
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

// locate completes a fault with file, sheet and row. It returns io.EOF
// unchanged.
func (r *Reader) locate(err error, row int) error {
	var f *FileError
	if !errors.As(err, &f) {
		return err
	}
	if f.File == "" {
		f.File, f.Sheet, f.Row = r.name, r.sheet, row
	}
	return f
}
