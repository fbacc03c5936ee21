package paper

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the font
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"

	"github.com/signintech/gopdf"
	"github.com/signintech/gopdf/fontmaker/core"
)

//go:embed font/NotoSansSC-Regular.ttf.gz
var packedFont []byte

const family = "noto"

// missing replaces a character that the font has no glyph for.
const missing = '□'

// typeface is the font, unpacked and read once for all documents. That takes a tenth of
// a second and some 30 MB, which a program that draws nothing does not spend.
type typeface struct {
	fonts  *gopdf.FontContainer
	glyphs map[rune]bool
}

var face = sync.OnceValues(func() (*typeface, error) {
	z, err := gzip.NewReader(bytes.NewReader(packedFont))
	if err != nil {
		return nil, fmt.Errorf("paper: font: %w", err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("paper: font: %w", err)
	}
	f := &typeface{fonts: &gopdf.FontContainer{}, glyphs: map[rune]bool{}}
	if err := f.fonts.AddTTFFontData(family, data); err != nil {
		return nil, fmt.Errorf("paper: font: %w", err)
	}
	var table core.TTFParser
	if err := table.ParseFontData(data); err != nil {
		return nil, fmt.Errorf("paper: font: %w", err)
	}
	for char, glyph := range table.Chars() {
		if glyph != 0 {
			f.glyphs[rune(char)] = true
		}
	}
	for _, g := range table.GroupingTables() { // beyond the basic plane: 𠮷
		for char := g.StartCharCode; char <= g.EndCharCode; char++ {
			f.glyphs[rune(char)] = true
		}
	}
	if !f.glyphs[missing] {
		return nil, fmt.Errorf("paper: the font lacks %c", missing)
	}
	return f, nil
})

// clean returns a text that the font can draw. gopdf fails on a character without a
// glyph, and a name may have one. Such a character becomes □, so that it is seen and
// not lost. Line breaks become spaces, and characters without width are dropped.
func (f *typeface) clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case f.glyphs[r]:
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r):
			return -1
		}
		return missing
	}, strings.ToValidUTF8(s, string(missing)))
}
