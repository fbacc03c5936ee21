package sheet

import (
	"fmt"
	"strings"
)

// Mistake is a cell that cannot be right. It never contains the text of the
// cell, which may be a name or a phone number.
type Mistake struct {
	// Sheet is the name of the sheet or, of a csv file, the name of the file.
	Sheet string
	// SheetPlace is the place of the sheet among those that are read, from 0.
	SheetPlace int
	// Row is 1-based, as a spreadsheet program counts. It is 0 for a remark about the whole sheet, which has no Column
	// either.
	Row int
	// Column is the header text in the file, or the first known name if the
	// file does not have the column.
	Column string
	// Cell is a position such as H8; empty if the file does not have the
	// column.
	Cell string
	// Reason is Chinese, for staff.
	Reason string
}

// Error returns place and reason in Chinese, for example 表「房产资料」第 8
// 行「联系电话」列（H8）：手机号应为 11 位数字.
func (m *Mistake) Error() string {
	if m.Row == 0 {
		return fmt.Sprintf("表「%s」：%s", m.Sheet, m.Reason)
	}
	at := ""
	if m.Cell != "" {
		at = "（" + m.Cell + "）"
	}
	return fmt.Sprintf("表「%s」第 %d 行「%s」列%s：%s", m.Sheet, m.Row, m.Column, at, m.Reason)
}

// Place returns sheet and row as one number, by which the rows of a file are ordered:
// [PlaceRow] returns the row of it.
func (m *Mistake) Place() int32 { return place(m.SheetPlace, m.Row) }

// place packs a row into four bytes: a file has at most maxSheets sheets of maxRowNumber
// rows.
func place(sheet, row int) int32 {
	return int32(sheet<<placeBits | min(row, maxRowNumber)) //nolint:gosec // bounded by the limits
}

// PlaceRow returns the number of the row at a place, and the place of its sheet.
func PlaceRow(place int32) (sheet, row int) {
	return int(place >> placeBits), int(place & (1<<placeBits - 1))
}

// placeBits is how many bits of a place are the row.
const placeBits = 21

// Mistakes are all the mistakes of a file, in its order.
type Mistakes []*Mistake

// Error lists them, one per line.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.Error()
	}
	return strings.Join(lines, "\n")
}

// FileError is why a file as a whole cannot be read: it is damaged, of another
// kind, too large, or has no required column. What was read from it before must
// not be used.
type FileError struct {
	File   string // base name
	Sheet  string // empty if the fault is before any sheet
	Row    int    // 1-based; 0 if the fault has no row
	Reason string // Chinese, for staff
	Err    error  // cause for the log; may be nil; not part of Error
}

// Error returns the file, the sheet and row if known, and the reason, in
// Chinese.
func (e *FileError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "文件「%s」", e.File)
	if e.Sheet != "" && e.Sheet != e.File { // a csv file is its own sheet
		fmt.Fprintf(&b, "表「%s」", e.Sheet)
	}
	if e.Row > 0 {
		fmt.Fprintf(&b, "第 %d 行", e.Row)
	}
	return b.String() + "：" + e.Reason
}

// Unwrap returns the cause, so that errors.Is finds, for example, a failing
// disk.
func (e *FileError) Unwrap() error { return e.Err }

// fault returns an incomplete FileError. The layers below know the reason;
// OpenReader and Next add file, sheet and row.
func fault(err error, format string, args ...any) *FileError {
	return &FileError{Reason: fmt.Sprintf(format, args...), Err: err}
}

// atRow adds the row to a fault that does not have one.
func atRow(err error, row int) error {
	if f, ok := err.(*FileError); ok && f.Row == 0 { //nolint:errorlint // our own, bare
		f.Row = row
	}
	return err
}

// onSheet adds the name of the sheet to a fault that does not have one.
func onSheet(err error, name string) error {
	if f, ok := err.(*FileError); ok && f.Sheet == "" { //nolint:errorlint // our own, bare
		f.Sheet = name
	}
	return err
}

// reasonOf returns the reason of a fault without its place.
func reasonOf(err error) string {
	if f, ok := err.(*FileError); ok { //nolint:errorlint // our own, bare
		return f.Reason
	}
	return err.Error()
}
