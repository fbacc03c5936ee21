package sheet

import (
	"fmt"
	"strings"
)

// Mistake is one cell that cannot be right. It never holds the cell's text: that may be a name or a phone number.
type Mistake struct {
	Sheet  string // name of the sheet; of a csv file, its file name
	Row    int    // 1-based row of the file, as a spreadsheet program counts it
	Column string // header text as in the file; our first name for the column where the file lacks it
	Cell   string // "H8"; empty where the file lacks the column
	Reason string // Chinese, for the eyes of staff
}

// Error says where and why, in Chinese: 表「房产资料」第 8 行「联系电话」列（H8）：手机号应为 11 位数字.
func (m *Mistake) Error() string {
	at := ""
	if m.Cell != "" {
		at = "（" + m.Cell + "）"
	}
	return fmt.Sprintf("表「%s」第 %d 行「%s」列%s：%s", m.Sheet, m.Row, m.Column, at, m.Reason)
}

// Mistakes are all the mistakes of a file, in the order of the file.
type Mistakes []*Mistake

// Error lists them, one a line.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.Error()
	}
	return strings.Join(lines, "\n")
}

// FileError says why a file as a whole cannot be read: it is damaged, of another kind, too large, or lacks columns.
// Nothing that was read from it before may be used.
type FileError struct {
	File   string // base name
	Sheet  string // empty where the fault lies before any sheet
	Row    int    // 1-based; 0 where the fault has no row
	Reason string // Chinese, for the eyes of staff
	Err    error  // cause for the log, may be nil; not part of Error
}

// Error names the file, the sheet and row where known, and the reason, in Chinese.
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

// Unwrap gives the cause, so that errors.Is finds a failing disk behind a file that cannot be read.
func (e *FileError) Unwrap() error { return e.Err }

// fault is a FileError in the making: the layers below know the reason, Open and Next know file, sheet and row.
func fault(err error, format string, args ...any) *FileError {
	return &FileError{Reason: fmt.Sprintf(format, args...), Err: err}
}
