package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// Writer writes one table as xlsx, as a stream: rows go to a temporary file of
// excelize once they exceed its buffer, and to the target on Close. It is not
// safe for concurrent use.
type Writer struct {
	to     io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	row    int
	money  int // style ids
	date   int
}

// Yuan is an amount in fen that is written as a number of yuan with two
// decimals.
type Yuan int64

// NewWriter begins a table with its header row. The name of the sheet must be
// one that Excel accepts: 1 to 31 characters, none of : \ / ? * [ ]. Nothing is
// written to w before Close, which must be called in any case.
func NewWriter(w io.Writer, sheetName string, header []string) (*Writer, error) {
	f := excelize.NewFile()
	out := &Writer{to: w, file: f}
	err := f.SetSheetName("Sheet1", sheetName)
	if err == nil {
		out.money, err = f.NewStyle(&excelize.Style{NumFmt: 4}) // #,##0.00
	}
	if err == nil {
		day := "yyyy-mm-dd"
		out.date, err = f.NewStyle(&excelize.Style{CustomNumFmt: &day})
	}
	if err == nil {
		out.stream, err = f.NewStreamWriter(sheetName)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sheet: begin table: %w", err), f.Close())
	}
	cells := make([]any, len(header))
	for i, name := range header {
		cells[i] = name
	}
	if err := out.Row(cells...); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return out, nil
}

// Row writes one row. Cells may be string, int, int64, Yuan, decimal.Decimal
// (written as exact text), time.Time (the calendar day in its own location;
// zero is blank), bool (是 or 否) and nil (blank). A text that a spreadsheet
// could take for a formula gets an apostrophe before it, which Reader takes off
// again.
func (w *Writer) Row(cells ...any) error {
	if len(cells) > maxColumns {
		return fmt.Errorf("sheet: %d columns, at most %d", len(cells), maxColumns)
	}
	w.row++
	values := make([]any, len(cells))
	for i, c := range cells {
		v, err := w.value(c)
		if err != nil {
			return fmt.Errorf("sheet: row %d column %s: %w", w.row, columnName(i), err)
		}
		values[i] = v
	}
	name, err := excelize.CoordinatesToCellName(1, w.row)
	if err != nil {
		return fmt.Errorf("sheet: row %d: %w", w.row, err)
	}
	if err := w.stream.SetRow(name, values); err != nil {
		return fmt.Errorf("sheet: row %d: %w", w.row, err)
	}
	return nil
}

// value turns a cell into what excelize accepts.
func (w *Writer) value(c any) (any, error) {
	switch c := c.(type) {
	case nil, int, int64:
		return c, nil
	case string:
		return safeText(c)
	case decimal.Decimal:
		return c.String(), nil
	case bool:
		if c {
			return "是", nil
		}
		return "否", nil
	case Yuan:
		// xlsx stores every number as a double. Up to the limit its 15 digits are exact.
		if c > 1e13 || c < -1e13 {
			return nil, errors.New("amount beyond 10^13 fen")
		}
		yuan := float64(c) / 100 //nolint:forbidigo // a spreadsheet knows no other number; a property test holds every amount exact
		return excelize.Cell{StyleID: w.money, Value: yuan}, nil
	case time.Time:
		if c.IsZero() {
			return nil, nil
		}
		y, m, d := c.Date()
		day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		if y < 1928 || y > 2200 {
			return day.Format(time.DateOnly), nil // Reader would refuse its serial number
		}
		return excelize.Cell{StyleID: w.date, Value: serialOf(day)}, nil
	}
	return nil, fmt.Errorf("type %T cannot be written", c)
}

// safeText keeps a text from being computed by the program that opens the
// table, even after it was saved as csv.
func safeText(s string) (string, error) {
	s = strings.Map(func(r rune) rune {
		if cleanRune(r) < 0 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if looksLikeFormula(s) || strings.HasPrefix(strings.TrimLeft(s, " \u00a0\u3000"), "'") {
		s = "'" + s
	}
	if utf8.RuneCountInString(s) > 32767 {
		return "", errors.New("text beyond the 32,767 characters of a cell")
	}
	return s, nil
}

// Close writes the table out and frees what the Writer holds.
func (w *Writer) Close() error {
	if w.file == nil {
		return nil
	}
	err := w.stream.Flush()
	if err == nil {
		_, err = w.file.WriteTo(w.to)
	}
	err = errors.Join(err, w.file.Close())
	w.file = nil
	if err != nil {
		return fmt.Errorf("sheet: write table: %w", err)
	}
	return nil
}
