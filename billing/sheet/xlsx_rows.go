package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xlsxSource streams the rows of one worksheet.
type xlsxSource struct {
	in     io.ReadCloser // the worksheet unpacked
	xml    *xmlStream
	styles *styles
	texts  *texts // the shared strings that its cells point to
	row    int    // number of the current row
	hidden bool
	cells  []cell
	inRow  bool // within a row element

	hiddenCols [][2]int // ranges of hidden columns, from 0, inclusive

	waiting    bool // a row element was read that begins the row after the one returned
	nextRow    int
	nextHidden bool

	ended  bool   // the sheet's data has ended properly
	failed error  // what ended the reading before that
	value  []byte // of the cell being read
}

// next decodes the row elements of the next row. Only the proper end of the sheet's data is
// io.EOF. A sheet that ends before it is damaged, not shorter.
//
// Some programs write a row element for each cell. Elements of the same number are one
// row, so that the element that follows is looked at before a row is returned.
func (s *xlsxSource) next() (rawRow, error) {
	var meter rowMeter
	open := s.waiting
	s.begin(s.nextRow, s.nextHidden)
	for !s.ended && s.failed == nil {
		t, err := s.xml.next()
		if err != nil {
			s.failed = s.damaged(err)
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch {
			case t.Name.Local == "row" && !s.inRow:
				var number int
				if number, s.failed = s.number(t, open); s.failed != nil {
					break
				}
				s.inRow = true
				v := attr(t, "hidden")
				hidden := v == "1" || v == "true"
				if open && number != s.row {
					s.waiting, s.nextRow, s.nextHidden = true, number, hidden
					return rawRow{s.row, s.hidden, s.cells}, nil
				}
				if !open {
					open, s.waiting = true, true
					s.begin(number, hidden)
				}
			case t.Name.Local == "col" && !s.inRow:
				s.addColumn(t)
			case t.Name.Local == "c" && s.inRow:
				s.failed = s.readCell(t, &meter)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "row":
				s.inRow = false
			case "sheetData":
				s.ended = true
			}
		}
	}
	if s.failed != nil && (s.inRow || !open) {
		return rawRow{number: s.row}, s.failed
	}
	if open {
		return rawRow{s.row, s.hidden, s.cells}, nil
	}
	return rawRow{number: s.row}, io.EOF
}

// addColumn keeps which columns are hidden.
func (s *xlsxSource) addColumn(e xml.StartElement) {
	first, err1 := strconv.Atoi(attr(e, "min"))
	last, err2 := strconv.Atoi(attr(e, "max"))
	if v := attr(e, "hidden"); (v == "1" || v == "true") && err1 == nil && err2 == nil && len(s.hiddenCols) < maxColumns {
		s.hiddenCols = append(s.hiddenCols, [2]int{first - 1, last - 1})
	}
}

// isHidden reports whether a column is hidden.
func (s *xlsxSource) isHidden(column int) bool {
	return slices.ContainsFunc(s.hiddenCols, func(r [2]int) bool { return r[0] <= column && column <= r[1] })
}

// begin starts the row whose element was read.
func (s *xlsxSource) begin(number int, hidden bool) {
	if s.waiting {
		s.waiting, s.row, s.hidden, s.cells = false, number, hidden, s.cells[:0]
	}
}

// number returns the number of the row that an element begins. Programs that leave it out
// mean the next one. It may be that of the row before only if that row is open.
func (s *xlsxSource) number(e xml.StartElement, open bool) (int, error) {
	r := attr(e, "r")
	if r == "" {
		return s.row + 1, nil
	}
	n, err := strconv.Atoi(r)
	if err != nil || n < s.row || n == s.row && !open || n > maxRowNumber {
		return 0, fault(err, "文件已损坏，行号混乱")
	}
	return n, nil
}

// readCell decodes a c element and puts it into its column.
func (s *xlsxSource) readCell(e xml.StartElement, meter *rowMeter) error {
	column := len(s.cells)
	if r := attr(e, "r"); r != "" {
		at, row, ok := parseRef(r)
		if !ok || row != s.row {
			return fault(nil, "文件已损坏，单元格位置混乱")
		}
		column = at
	}
	hasFormula, err := s.readValue()
	if err != nil {
		return err
	}
	c, err := s.convert(attr(e, "t"), hasFormula)
	if err != nil || c.kind == blank && column >= maxColumns {
		return err // whole rows may be formatted, out to column XFD, without holding anything
	}
	if c.kind == number {
		c.format, c.formula = s.styles.format(attr(e, "s")), hasFormula
	}
	if err := meter.add(column, c.text); err != nil {
		return err
	}
	for len(s.cells) <= column {
		s.cells = append(s.cells, cell{})
	}
	// Which of two values counts would be a guess. Excel refuses such a file as well.
	if s.cells[column].kind != blank {
		return fault(nil, "文件已损坏，单元格 %s%d 重复", columnName(column), s.row)
	}
	s.cells[column] = c
	return nil
}

// readValue collects the text of v, or of the t elements of is, up to the end
// of the cell.
func (s *xlsxSource) readValue() (hasFormula bool, err error) {
	s.value = s.value[:0]
	take, phonetic := false, false
	for {
		t, err := s.xml.next()
		if err != nil {
			return false, s.damaged(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v", "t":
				take = !phonetic
			case "f":
				hasFormula = true
			case "rPh":
				phonetic = true
			}
		case xml.CharData:
			if !take {
				continue
			}
			if s.value = append(s.value, t...); len(s.value) > maxCell {
				return false, fault(nil, "单元格文字过长")
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "v", "t":
				take = false
			case "rPh":
				phonetic = false
			case "c":
				return hasFormula, nil
			}
		}
	}
}

// convert makes a cell of the collected value by the type in the file. A date is a number to
// the file, and only the meaning of the column, which the caller knows, makes it a day.
func (s *xlsxSource) convert(kindName string, hasFormula bool) (cell, error) {
	value := string(s.value)
	c := cell{kind: text, text: value}
	switch kindName {
	case "", "n":
		c.kind, c.text = number, strings.TrimSpace(value)
	case "s":
		if c.text = strings.TrimSpace(value); c.text == "" {
			break
		}
		i, err := strconv.Atoi(c.text)
		if err == nil {
			c.text, err = s.texts.at(i)
		}
		if errors.Is(err, errNoText) || errors.Is(err, strconv.ErrSyntax) || errors.Is(err, strconv.ErrRange) {
			return c, fault(err, "文件已损坏，缺少共享文字")
		}
		if err != nil {
			return c, fault(err, "临时文件读取失败")
		}
	case "b":
		c.kind, c.text = boolean, map[string]string{"1": "TRUE", "0": "FALSE"}[value]
	case "e": // which error (#REF!, #N/A) does not matter; its place does
		c.kind = broken
	}
	if c.kind == text {
		c.text = unescape(c.text)
	}
	if c.text == "" && c.kind != broken {
		c.kind = blank
		if hasFormula && kindName == "" {
			c.kind = broken // the program that wrote it did not compute it
		}
	}
	return c, nil
}

// damaged returns the fault for an error of the XML decoder. Within the sheet's
// data, the end of the part is a fault, too.
func (s *xlsxSource) damaged(err error) error {
	if errors.Is(err, errToken) {
		return fault(err, "单元格文字过长或嵌套过深")
	}
	return fault(err, "文件已损坏，表格内容不完整")
}

// close frees the part.
func (s *xlsxSource) close() error { return s.in.Close() }

// unescape decodes _x000D_ and similar escapes, by which xlsx writes characters
// that XML does not allow.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		// Halves of surrogate pairs stay: xlsx writes characters beyond 16 bits as they are.
		if len(s) >= 7 && s[6] == '_' {
			if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil && utf8.ValidRune(rune(n)) {
				b.WriteRune(rune(n))
				s = s[7:]
				continue
			}
		}
		b.WriteString("_x")
		s = s[2:]
	}
}
