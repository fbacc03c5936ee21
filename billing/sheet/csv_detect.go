package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoder returns a reader of a text as UTF-8.
type decoder func(io.Reader) io.Reader

// decoderOf returns the decoder of an encoding.
func decoderOf(e encoding.Encoding) decoder {
	return func(r io.Reader) io.Reader { return e.NewDecoder().Reader(r) }
}

// detectEncoding reads the whole file once. It is UTF-16 if it has a byte order
// mark ("Unicode text" of Excel), UTF-8 if all of it is valid, and otherwise
// GB18030, which Excel on a Chinese Windows writes and which contains GBK and
// GB2312.
func detectEncoding(r io.Reader) (decoder, error) {
	head := make([]byte, 2)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fault(err, "读取失败")
	}
	switch string(head[:n]) {
	case "\xff\xfe", "\xfe\xff":
		return decoderOf(unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)), nil
	}
	// GB18030 text that happens to be valid UTF-8 is so improbable that a guess by the
	// frequency of characters would be wrong more often.
	whole := io.MultiReader(bytes.NewReader(head[:n]), r)
	nul := &nulFinder{r: whole}
	_, err = io.Copy(io.Discard, transform.NewReader(nul, encoding.UTF8Validator))
	enc := decoderOf(unicode.UTF8BOM)
	if errors.Is(err, encoding.ErrInvalidUTF8) {
		// The validator stopped at the first bad byte; the rest is still to be searched for zero bytes.
		enc = decodeGB18030
		_, err = io.Copy(io.Discard, nul)
	}
	if err != nil {
		return nil, fault(err, "读取失败")
	}
	if nul.found {
		return nil, fault(nil, "不是表格文件（含有空字符）")
	}
	return enc, nil
}

// nulFinder reports whether a zero byte was read. No csv file has one; other
// kinds of file soon do.
type nulFinder struct {
	r     io.Reader
	found bool
}

// Read looks for a zero byte in what it reads.
func (f *nulFinder) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	f.found = f.found || bytes.IndexByte(p[:n], 0) >= 0
	return n, err
}

// detectSeparator returns the separator that the first lines contain most often
// outside quotes; a comma if they contain none.
func detectSeparator(r io.Reader) (rune, error) {
	sample := make([]byte, 64<<10)
	n, err := io.ReadFull(r, sample)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return 0, err
	}
	const candidates = ",\t;" // the first wins a tie, also of none at all
	var counts [len(candidates)]int
	lines, quoted := 0, false
	for _, b := range sample[:n] {
		switch {
		case b == '"': // a doubled quote inside quotes leaves and enters again
			quoted = !quoted
		case quoted:
		case b == '\n':
			lines++
		default:
			if i := strings.IndexByte(candidates, b); i >= 0 {
				counts[i]++
			}
		}
		if lines == headerRows {
			break
		}
	}
	best := 0
	for i := range counts {
		if counts[i] > counts[best] {
			best = i
		}
	}
	return rune(candidates[best]), nil
}

// lineEnds turns CR, the line end of old Macs, and CR LF into LF, so that csv
// sees one kind.
type lineEnds struct {
	r      io.Reader
	lastCR bool
}

// Read returns the bytes with LF as the only line end.
func (l *lineEnds) Read(p []byte) (int, error) {
	// A read of nothing but the LF of a CR LF leaves no bytes. An io.Reader should not
	// return none, so it reads again.
	for {
		n, err := l.r.Read(p)
		out := p[:0]
		for _, b := range p[:n] {
			if b == '\n' && l.lastCR {
				l.lastCR = false
				continue // the CR before it has become the line end
			}
			if l.lastCR = b == '\r'; l.lastCR {
				b = '\n'
			}
			out = append(out, b)
		}
		if len(out) > 0 || err != nil || n == 0 {
			return len(out), err
		}
	}
}
