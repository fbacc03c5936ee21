package sheet

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
)

// xmlStream is an XML decoder in limited memory. encoding/xml holds a whole
// token and a record of every open element, so a part of blanks, or of elements
// that never close, would otherwise fill the memory.
type xmlStream struct {
	dec   *xml.Decoder
	in    *tokenMeter
	depth int
	raw   bool // for a fragment: elements need not match
}

// errToken reports a token or a depth beyond the limits.
var errToken = errors.New("sheet: xml token too long or nested too deep")

// newXMLStream returns a decoder that reads from r.
func newXMLStream(r io.Reader) *xmlStream {
	in := &tokenMeter{r: bufio.NewReaderSize(r, 32<<10)}
	return &xmlStream{dec: xml.NewDecoder(in), in: in}
}

// next returns the next token, valid until the following call, or io.EOF at the
// proper end of the document.
func (x *xmlStream) next() (xml.Token, error) {
	x.in.left = maxToken
	var t xml.Token
	var err error
	if x.raw {
		t, err = x.dec.RawToken()
	} else {
		t, err = x.dec.Token()
	}
	switch t.(type) {
	case xml.StartElement:
		if x.depth++; x.depth > maxDepth {
			return nil, errToken
		}
	case xml.EndElement:
		x.depth--
	}
	return t, err
}

// tokenMeter counts the bytes that the decoder reads. As an io.ByteReader it is
// read without further buffering.
type tokenMeter struct {
	r    *bufio.Reader
	left int
}

// ReadByte fails when the token is too long.
func (m *tokenMeter) ReadByte() (byte, error) {
	if m.left--; m.left < 0 {
		return 0, errToken
	}
	return m.r.ReadByte()
}

// Read is needed for an io.Reader; the decoder calls ReadByte.
func (m *tokenMeter) Read(p []byte) (int, error) { return m.r.Read(p) }

// attr returns an attribute by its local name.
func attr(e xml.StartElement, name string) string {
	for i := range e.Attr {
		if e.Attr[i].Name.Local == name {
			return e.Attr[i].Value
		}
	}
	return ""
}
