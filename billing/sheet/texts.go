package sheet

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// texts holds the shared strings of a workbook: a table that cells point into
// and that grows with the file. Up to memoryTexts bytes stay in memory. A
// longer table is written to a temporary file that has no name any more, so
// that no personal data is left behind, even after a crash, and is read back
// through a small cache. Cells mostly point to strings in the order in which
// they were written, so the cache nearly always has them.
type texts struct {
	buf   []byte // strings with their length before each: all, or those not yet written to the file
	file  *os.File
	name  string // of the file, if it could not be removed while open
	size  int64
	count int
	marks []int64 // where every markEvery-th string begins
	pages [pageCount]page
}

// page is a part of the file in the cache.
type page struct {
	number int64 // 1-based; 0 is none
	data   []byte
}

// Sizes of the table in memory and of the cache.
const (
	memoryTexts = 4 << 20  // bytes; about 100,000 names, so real communities never need the file
	markEvery   = 16       // strings; a mark for each would itself grow with the file
	pageSize    = 32 << 10 // bytes
	pageCount   = 32       // pages, 1 MB together
)

// errNoText reports a cell that points to a string the workbook does not have.
var errNoText = errors.New("sheet: shared string out of range")

// add appends one string.
func (t *texts) add(s []byte) error {
	if t.count%markEvery == 0 {
		t.marks = append(t.marks, t.size)
	}
	t.count++
	before := len(t.buf)
	t.buf = append(binary.AppendUvarint(t.buf, uint64(len(s))), s...)
	t.size += int64(len(t.buf) - before)
	if len(t.buf) < memoryTexts {
		return nil
	}
	return t.flush()
}

// done ends the adding.
func (t *texts) done() error {
	if t.file == nil {
		return nil
	}
	return t.flush()
}

// flush writes the strings in memory to the file.
func (t *texts) flush() error {
	if t.file == nil {
		file, err := os.CreateTemp("", "sheet-")
		if err != nil {
			return err
		}
		t.file = file
		if os.Remove(file.Name()) != nil {
			t.name = file.Name()
		}
	}
	_, err := t.file.Write(t.buf)
	t.buf = t.buf[:0]
	return err
}

// at returns a string by its index.
func (t *texts) at(i int) (string, error) {
	if i < 0 || i >= t.count {
		return "", errNoText
	}
	pos := t.marks[i/markEvery]
	for skip := i % markEvery; ; skip-- {
		n, pos2, err := t.length(pos)
		if err != nil {
			return "", err
		}
		if skip == 0 {
			return t.text(pos2, n)
		}
		pos = pos2 + n
	}
}

// length returns the length that is stored before a string, and where the
// string begins.
func (t *texts) length(pos int64) (int64, int64, error) {
	var n uint64
	for shift := 0; ; shift += 7 {
		b, err := t.chunk(pos)
		if err != nil {
			return 0, 0, err
		}
		pos++
		n |= uint64(b[0]&0x7f) << shift
		if b[0] < 0x80 {
			return int64(n), pos, nil //nolint:gosec // lengths that we wrote ourselves
		}
	}
}

// text returns n bytes as a string. They may lie on more than one page.
func (t *texts) text(pos, n int64) (string, error) {
	b, err := t.chunk(pos)
	if n == 0 || err == nil && int64(len(b)) >= n {
		return string(b[:n]), nil
	}
	out := make([]byte, 0, n) // it crosses a page
	for int64(len(out)) < n {
		b, err := t.chunk(pos + int64(len(out)))
		if err != nil {
			return "", err
		}
		out = append(out, b[:min(int64(len(b)), n-int64(len(out)))]...)
	}
	return string(out), nil
}

// chunk is the only access to the bytes, whether they are in memory or behind
// the cache. It returns the bytes from pos on: at least one, and at most to the
// end of their page.
func (t *texts) chunk(pos int64) ([]byte, error) {
	if t.file == nil {
		if pos >= int64(len(t.buf)) {
			return nil, io.ErrUnexpectedEOF
		}
		return t.buf[pos:], nil
	}
	number := pos / pageSize
	p := &t.pages[number%pageCount]
	if p.number != number+1 {
		if p.data == nil {
			p.data = make([]byte, pageSize)
		}
		n, err := t.file.ReadAt(p.data[:pageSize], number*pageSize)
		if err != nil && err != io.EOF {
			return nil, err
		}
		p.number, p.data = number+1, p.data[:n]
	}
	if pos%pageSize >= int64(len(p.data)) {
		return nil, io.ErrUnexpectedEOF
	}
	return p.data[pos%pageSize:], nil
}

// close frees the file and removes it if it still has a name.
func (t *texts) close() error {
	if t.file == nil {
		return nil
	}
	err := t.file.Close()
	if t.name != "" {
		err = errors.Join(err, os.Remove(t.name))
	}
	t.file = nil
	return err
}
