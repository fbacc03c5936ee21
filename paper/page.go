package paper

import (
	"fmt"
	"io"

	"github.com/signintech/gopdf"
)

// Sizes in points, of an A4 page in upright format.
const (
	width  = 595.28
	height = 841.89
	margin = 42.0
	// Width is the space between the margins.
	Width  = width - 2*margin
	bottom = height - 60
)

// Align is where a text stands in its space.
type Align int

// The ways to align.
const (
	Left Align = iota
	Right
	Center
)

// Doc is a document that is being drawn, from top to bottom. The first fault ends the
// drawing, and [Doc.WriteTo] returns it. It is not safe for concurrent use.
type Doc struct {
	pdf    gopdf.GoPdf
	face   *typeface
	y      float64
	footer string
	err    error
}

// New begins a document with its first page. The footer stands at the foot of each
// page, beside the page number.
func New(title, footer string) *Doc {
	d := &Doc{footer: footer}
	d.pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	if d.face, d.err = face(); d.err != nil {
		return d
	}
	d.pdf.SetInfo(gopdf.PdfInfo{Title: title, Creator: "Wuyepay"})
	d.try(d.pdf.AddTTFFontFromFontContainer(family, d.face.fonts))
	d.newPage()
	return d
}

func (d *Doc) try(err error) {
	if d.err == nil && err != nil {
		d.err = fmt.Errorf("paper: %w", err)
	}
}

func (d *Doc) newPage() {
	d.pdf.AddPage()
	d.y = margin
}

// Space leaves space, in points.
func (d *Doc) Space(points float64) { d.y += points }

// need begins a new page if less than points is left of this one. It reports whether it
// did.
func (d *Doc) need(points float64) bool {
	if d.y+points <= bottom {
		return false
	}
	d.newPage()
	return true
}

// Line writes a text over the whole width and continues below it. A longer text is
// broken into lines.
func (d *Doc) Line(text string, size float64, align Align) {
	for _, part := range d.split(text, size, Width) {
		d.need(size * 1.5)
		d.put(part, margin, d.y, Width, size, align)
		d.y += size * 1.5
	}
}

// Rule draws a thin line over the whole width.
func (d *Doc) Rule() {
	d.pdf.SetStrokeColor(190, 190, 190)
	d.pdf.SetLineWidth(0.6)
	d.pdf.Line(margin, d.y, width-margin, d.y)
	d.y += 4
}

// put writes a text that fits into its space.
func (d *Doc) put(text string, x, y, w, size float64, align Align) {
	if d.err != nil || text == "" {
		return
	}
	d.try(d.pdf.SetFont(family, "", size))
	have, err := d.pdf.MeasureTextWidth(text)
	d.try(err)
	switch align {
	case Right:
		x += w - have
	case Center:
		x += (w - have) / 2
	case Left:
	}
	d.pdf.SetXY(x, y)
	d.try(d.pdf.Cell(nil, text))
}

// split breaks a text into lines of a width. A number or a word of letters stays whole
// if it fits into a line.
func (d *Doc) split(text string, size, w float64) []string {
	if d.err != nil {
		return nil
	}
	d.try(d.pdf.SetFont(family, "", size))
	var lines []string
	line := ""
	for _, word := range words(d.face.clean(text)) {
		if line == "" || d.fits(line+word, w) {
			line += word
		} else {
			lines, line = append(lines, line), word
		}
		for !d.fits(line, w) && len([]rune(line)) > 1 { // a word wider than the line
			r := []rune(line)
			n := len(r) - 1
			for n > 1 && !d.fits(string(r[:n]), w) {
				n--
			}
			lines, line = append(lines, string(r[:n])), string(r[n:])
		}
	}
	return append(lines, line)
}

func (d *Doc) fits(text string, w float64) bool {
	have, err := d.pdf.MeasureTextWidth(text)
	d.try(err)
	return err != nil || have <= w
}

// words splits a text where a line may be broken: around every Chinese character, but
// not inside a number or a word of letters, and not before a closing mark.
func words(s string) []string {
	var out []string
	prev := rune(0)
	for _, r := range s {
		glue := prev != 0 && (prev < 0x2E80 && r < 0x2E80 && prev != ' ' || closing(r) || opening(prev))
		if glue {
			out[len(out)-1] += string(r)
		} else {
			out = append(out, string(r))
		}
		prev = r
	}
	return out
}

func closing(r rune) bool {
	switch r {
	case '，', '。', '、', '；', '：', '）', '》', '”', '！', '？', '%':
		return true
	}
	return false
}

func opening(r rune) bool { return r == '（' || r == '《' || r == '“' }

// WriteTo numbers the pages and writes the document.
func (d *Doc) WriteTo(w io.Writer) (int64, error) {
	pages := d.pdf.GetNumberOfPages()
	for n := 1; n <= pages && d.err == nil; n++ {
		d.try(d.pdf.SetPage(n))
		d.pdf.SetTextColor(120, 120, 120)
		d.put(d.face.clean(d.footer), margin, height-40, Width, 8, Left)
		d.put(fmt.Sprintf("第 %d 页，共 %d 页", n, pages), margin, height-40, Width, 8, Right)
	}
	if d.err != nil {
		return 0, d.err
	}
	n, err := d.pdf.WriteTo(w)
	if err != nil {
		return n, fmt.Errorf("paper: %w", err)
	}
	return n, nil
}
