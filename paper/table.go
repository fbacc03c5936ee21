package paper

// Column is a column of a [Doc.Table]. Width is a share of the table's width.
type Column struct {
	Title string
	Width float64
	Align Align
}

// Row is a row of a table. A Strong one stands out, such as a sum. A Wide one is one
// text over all columns.
type Row struct {
	Cells  []string
	Strong bool
	Wide   bool
}

const (
	cellSize = 8.5
	cellPad  = 4.0
	lineHigh = cellSize * 1.4
)

// Table draws a table that continues over as many pages as it needs, each with the
// titles of the columns. A text wider than its column is broken into lines. A row is
// never split by the end of a page.
func (d *Doc) Table(columns []Column, rows []Row) {
	widths := make([]float64, len(columns))
	total := 0.0
	for _, c := range columns {
		total += c.Width
	}
	titles := Row{}
	for i, c := range columns {
		widths[i] = Width * c.Width / total
		titles.Cells = append(titles.Cells, c.Title)
	}
	head := d.layOut(titles, widths)
	d.need(head.height * 3) // so that titles never stand alone at the foot of a page
	d.row(columns, widths, head, 235)
	for i, r := range rows {
		laid := d.layOut(r, widths)
		if d.need(laid.height) {
			d.row(columns, widths, head, 235)
		}
		shade := uint8(255)
		if i%2 == 1 {
			shade = 248
		}
		if r.Strong {
			shade = 240
		}
		d.row(columns, widths, laid, shade)
	}
	d.y += 6
}

// laid is a row broken into lines.
type laid struct {
	cells  [][]string
	height float64
}

func (d *Doc) layOut(r Row, widths []float64) laid {
	out := laid{height: lineHigh + cellPad}
	for i, text := range r.Cells {
		w := widths[i]
		if r.Wide {
			w = Width
		}
		lines := d.split(text, cellSize, w-2*cellPad)
		out.cells = append(out.cells, lines)
		out.height = max(out.height, float64(len(lines))*lineHigh+cellPad)
	}
	return out
}

func (d *Doc) row(columns []Column, widths []float64, r laid, shade uint8) {
	if d.err != nil {
		return
	}
	if shade < 255 {
		d.pdf.SetFillColor(shade, shade, shade)
		d.pdf.RectFromUpperLeftWithStyle(margin, d.y, Width, r.height, "F")
	}
	d.pdf.SetTextColor(30, 30, 30)
	x := margin
	for i, lines := range r.cells {
		for n, text := range lines {
			d.put(text, x+cellPad, d.y+cellPad/2+1+float64(n)*lineHigh, widths[i]-2*cellPad, cellSize, columns[i].Align)
		}
		x += widths[i]
	}
	d.pdf.SetStrokeColor(225, 225, 225)
	d.pdf.SetLineWidth(0.4)
	d.pdf.Line(margin, d.y, width-margin, d.y) // above: the next row's shade would cover one below
	d.y += r.height
}

// Facts draws names and values side by side, two pairs a line.
func (d *Doc) Facts(pairs [][2]string) {
	const size = 9.5
	half := Width / 2
	for i := 0; i < len(pairs); i += 2 {
		rows := 1
		var lines [2][]string
		for k := 0; k < 2 && i+k < len(pairs); k++ {
			lines[k] = d.split(pairs[i+k][0]+"："+pairs[i+k][1], size, half-8)
			rows = max(rows, len(lines[k]))
		}
		d.need(float64(rows) * size * 1.6)
		d.pdf.SetTextColor(30, 30, 30)
		for k, list := range lines {
			for n, text := range list {
				d.put(text, margin+float64(k)*half, d.y+float64(n)*size*1.6, half, size, Left)
			}
		}
		d.y += float64(rows) * size * 1.6
	}
	d.y += 4
}
