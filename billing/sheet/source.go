package sheet

// kind is what a cell holds, as far as the file says.
type kind uint8

const (
	blank   kind = iota
	text         // characters; every cell of a csv file
	number       // an IEEE double as xlsx prints it, up to 17 digits
	boolean      // "TRUE" or "FALSE"
	nothing      // a sign such as - or 无 instead of a value; only Row tells it from text
	broken       // an error value such as #REF!, or a formula without a stored result
)

// cell is a cell as the file holds it, before any cleaning.
type cell struct {
	kind    kind
	text    string
	format  *numberFormat // of a number, if the workbook has styles
	merged  bool          // the value is that of an upper cell of the same merged range
	formula bool          // the value was computed
	clash   bool          // another column of the same kind says something else
}

// source returns the rows of a sheet from top to bottom. There are two:
// xlsxSource and csvSource.
type source interface {
	// next returns a row: its 1-based number and its cells by column. The cells are
	// valid until the next call. It returns io.EOF at the end and after it, and
	// a *FileError for anything that makes the rest unreadable.
	next() (rawRow, error)
	close() error
}

// rowMeter refuses rows whose texts together, or whose filled columns, exceed
// the limits.
type rowMeter struct{ bytes int }

// add counts one cell.
func (m *rowMeter) add(column int, s string) error {
	if column >= maxColumns {
		return fault(nil, "超过 %d 列", maxColumns)
	}
	if len(s) > maxCell {
		return fault(nil, "单元格文字过长")
	}
	if m.bytes += len(s); m.bytes > maxRowText {
		return fault(nil, "一行的文字过多")
	}
	return nil
}
