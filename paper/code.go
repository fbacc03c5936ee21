package paper

import (
	"rsc.io/qr"
)

// quiet is the empty frame around a code that readers need, in its modules.
const quiet = 4

// Code draws a QR code of a text at the left, with lines of text beside it. size is in
// points and includes the quiet frame. A text that is too long for a code is a fault of
// the document.
func (d *Doc) Code(text string, size float64, beside []string) {
	code, err := qr.Encode(text, qr.M)
	d.try(err)
	if d.err != nil {
		return
	}
	d.need(size)
	top, module := d.y, size/float64(code.Size+2*quiet)
	d.pdf.SetFillColor(0, 0, 0)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0 // one rectangle for a run of black modules: no seams between them
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				left, upper := margin+float64(x+quiet)*module, top+float64(y+quiet)*module
				d.pdf.RectFromUpperLeftWithStyle(left, upper, float64(run)*module, module, "F")
				x += run
			}
		}
	}
	const line = 9.5
	x := margin + size + 8
	d.pdf.SetTextColor(30, 30, 30)
	y := top + quiet*module
	for _, t := range beside {
		for _, part := range d.split(t, line, Width-size-8) {
			d.put(part, x, y, Width-size-8, line, Left)
			y += line * 1.6
		}
	}
	d.y = max(top+size, y) + 4
}

// Mark draws a word in a red frame at the top right of the page, e.g. that the paper is
// void. It takes no space.
func (d *Doc) Mark(word string) {
	const size, pad = 24.0, 8.0
	word = d.face.clean(word)
	if d.err != nil || word == "" {
		return
	}
	d.try(d.pdf.SetFont(family, "", size))
	w, err := d.pdf.MeasureTextWidth(word)
	d.try(err)
	x := width - margin - w - 2*pad
	d.pdf.SetStrokeColor(200, 30, 30)
	d.pdf.SetLineWidth(1.6)
	d.pdf.RectFromUpperLeftWithStyle(x, margin-12, w+2*pad, size+2*pad, "D")
	d.pdf.SetTextColor(200, 30, 30)
	d.put(word, x+pad, margin-12+pad, w, size, Left)
	d.pdf.SetTextColor(30, 30, 30)
}
