package sheet

import (
	"bytes"
	"io"
	"strings"
)

// OpenReader opens a table, such as an upload, for reading. columns are those
// that the caller knows; name is what messages call the file. The kind of file
// is detected by its content, never by its name. The content is read while the
// Reader is used and must stay until the Reader is closed, which the caller
// must do. Every error is a *FileError.
func OpenReader(name string, content io.ReaderAt, size int64, columns []Column) (*Reader, error) {
	r := &Reader{name: name, columns: columns, index: make(map[string]int, len(columns))}
	for i, c := range columns {
		r.index[c.Key] = i
	}
	if err := r.open(content, size); err != nil {
		err = r.locate(err, 0)
		r.Close()
		return nil, err
	}
	return r, nil
}

// open detects the kind of file, opens it and finds the headers.
func (r *Reader) open(content io.ReaderAt, size int64) error {
	if size == 0 {
		return fault(nil, "文件是空的")
	}
	if size > maxFile {
		return fault(nil, "文件超过 %d MB，请拆分后再导入", maxFile>>20)
	}
	head := make([]byte, min(size, 512))
	if _, err := content.ReadAt(head, 0); err != nil && err != io.EOF {
		return fault(err, "读取失败")
	}
	// Names are unreliable: systems export web pages as .xls and csv as .xlsx, so the first bytes decide. Anything
	// that is none of the known kinds is read as csv, which has no mark of its own; openCSV refuses binary content.
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return r.openXLSX(content, size)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return refuseOLE(content, size)
	case isMarkup(head):
		return fault(nil, "是网页或 XML 格式，请用 Excel 打开后另存为 .xlsx 再导入")
	case bytes.HasPrefix(head, []byte("%PDF")):
		return fault(nil, "是 PDF，不是表格")
	}
	if err := r.openCSV(content, size); err != nil {
		return err
	}
	return r.readHeader()
}

// readHeader finds the header of the table that is open.
func (r *Reader) readHeader() error {
	find, _, err := findHeader(r.src, r.columns)
	t := r.table()
	t.header, r.ahead = find.header, find.ahead
	if err != nil {
		return err
	}
	t.titles = r.merges.wide(find.row)
	r.merges.keep(t.header.at)
	if x, ok := r.src.(*xlsxSource); ok {
		for i, at := range t.header.at {
			if at >= 0 && x.isHidden(at) {
				t.hidden = append(t.hidden, t.header.texts[i])
			}
		}
	}
	return nil
}

// isMarkup recognises the web pages that older systems export under the name
// .xls.
func isMarkup(head []byte) bool {
	s := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(string(head), "\ufeff")))
	for _, lead := range []string{"<?xml", "<html", "<!doctype", "<table", "<meta", "<workbook"} {
		if strings.HasPrefix(s, lead) {
			return true
		}
	}
	return false
}

// refuseOLE tells a workbook with a password from one of Excel 97. Both are in
// Microsoft's compound file format.
func refuseOLE(content io.ReaderAt, size int64) error {
	// The directory of the file contains the name of the stream with the encrypted workbook, as UTF-16.
	needle := []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
	_, found, err := find(io.NewSectionReader(content, 0, size), needle, nil)
	if err != nil {
		return fault(err, "读取失败")
	}
	if found {
		return fault(nil, "设有打开密码，请去掉密码后再导入")
	}
	return fault(nil, "是旧版 .xls 格式，请另存为 .xlsx 再导入")
}
