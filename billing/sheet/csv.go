package sheet

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// csvSource streams the records of a csv file.
type csvSource struct {
	csv   *csv.Reader
	meter *recordMeter // between csv and the file; limits one record
	row   int          // of the last record, as a spreadsheet counts
	line  int          // last physical line of the last record
	cells []cell
}

// openCSV detects encoding and separator and prepares the stream. The content
// is read three times: as a whole for the encoding, its beginning for the
// separator, and then its rows. That is cheap compared with holding it in
// memory.
func (r *Reader) openCSV(content io.ReaderAt, size int64) error {
	r.tables = []*worksheet{{name: r.name}}
	enc, err := detectEncoding(io.NewSectionReader(content, 0, size))
	if err != nil {
		return err
	}
	decode := func() io.Reader {
		return &lineEnds{r: enc(io.NewSectionReader(content, 0, size))}
	}
	separator, err := detectSeparator(decode())
	if err != nil {
		return fault(err, "读取失败")
	}
	meter := &recordMeter{r: decode()}
	records := csv.NewReader(meter)
	records.Comma = separator
	records.FieldsPerRecord = -1 // rows may be shorter or longer than the header
	records.ReuseRecord = true   // the strings stay valid, only their slice is used again
	r.src = &csvSource{csv: records, meter: meter}
	return nil
}

// next returns the next record. Its number counts the records and the blank
// lines before it, because that is the row a spreadsheet shows. A line break
// within quotes does not begin a row.
func (s *csvSource) next() (rawRow, error) {
	s.meter.left = maxToken
	fields, err := s.csv.Read()
	if err != nil {
		row := s.row + 1
		if p := (*csv.ParseError)(nil); errors.As(err, &p) {
			row = s.row + p.StartLine - s.line
		}
		return rawRow{number: row}, csvFault(err)
	}
	first, _ := s.csv.FieldPos(0)
	last, _ := s.csv.FieldPos(len(fields) - 1)
	s.row += first - s.line
	s.line = last + strings.Count(fields[len(fields)-1], "\n")
	if s.row > maxRowNumber {
		return rawRow{number: s.row}, fault(nil, "超过 %d 行，请拆分后再导入", maxRowNumber)
	}

	var meter rowMeter
	s.cells = s.cells[:0]
	for i, f := range fields {
		if f == "" {
			if i < maxColumns { // some programs end every line with thousands of commas
				s.cells = append(s.cells, cell{})
			}
			continue
		}
		if err := meter.add(i, f); err != nil {
			return rawRow{number: s.row}, err
		}
		// The decoder returns this rune for bytes that are no character. A name with it must
		// not enter the books.
		if strings.ContainsRune(f, utf8.RuneError) {
			return rawRow{number: s.row}, fault(nil, "有无法识别的文字（%s 列是乱码），请另存为 UTF-8 编码的 csv 或 .xlsx", columnName(i))
		}
		s.cells = append(s.cells, cell{kind: text, text: f})
	}
	return rawRow{number: s.row, cells: s.cells}, nil
}

// close has nothing to free: the file belongs to the caller.
func (s *csvSource) close() error { return nil }

// csvFault translates an error of encoding/csv for staff.
func csvFault(err error) error {
	switch {
	case err == io.EOF: //nolint:errorlint // the end is bare; an EOF inside another error is a torn file
		return err
	case errors.Is(err, csv.ErrQuote), errors.Is(err, csv.ErrBareQuote):
		return fault(err, "引号不成对")
	case errors.Is(err, errToken):
		return fault(err, "一行过长，可能是引号不成对")
	}
	return fault(err, "读取失败")
}

// recordMeter limits the size of one record. After a quote that is never
// closed, the rest of the file would be one field.
type recordMeter struct {
	r    io.Reader
	left int
}

// Read may overrun by one buffer, because csv reads ahead. next resets the
// meter for each record.
func (m *recordMeter) Read(p []byte) (int, error) {
	if m.left < 0 {
		return 0, errToken
	}
	n, err := m.r.Read(p)
	m.left -= n
	return n, err
}
