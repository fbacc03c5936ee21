package sheet

import (
	"encoding/xml"
	"strconv"
)

// styles are the number formats of a workbook. Cells point to them by their style.
type styles struct {
	ids    []int          // by style, the id of its format
	codes  map[int]string // of the formats that the workbook defines
	parsed map[int]*numberFormat
}

// Limits of the styles: Excel's own are 65,490 styles and some hundred formats.
const (
	maxStyles  = 65_536
	maxFormats = 5_000
)

// loadStyles reads the number formats; the workbook's fonts and colours are passed over.
func (b *book) loadStyles(part string) error {
	b.styles.codes, b.styles.parsed = map[int]string{}, map[int]*numberFormat{}
	section := ""
	return eachElement(b.archive, part, maxStylePart, func(e xml.StartElement) error {
		switch name := e.Name.Local; name {
		case "numFmts", "fonts", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs":
			section = name
		case "numFmt":
			if section != "numFmts" { // those of dxfs belong to conditions
				break
			}
			if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
				b.styles.codes[id] = attr(e, "formatCode")
			}
			if len(b.styles.codes) > maxFormats {
				return fault(nil, "数字格式超过 %d 种", maxFormats)
			}
		case "xf":
			if section != "cellXfs" {
				break
			}
			id, _ := strconv.Atoi(attr(e, "numFmtId")) // none is the general format, 0
			if b.styles.ids = append(b.styles.ids, id); len(b.styles.ids) > maxStyles {
				return fault(nil, "单元格样式超过 %d 种", maxStyles)
			}
		}
		return nil
	})
}

// format returns the number format of a cell's style. A style that the workbook does not
// have is the general one.
func (s *styles) format(style string) *numberFormat {
	i, err := strconv.Atoi(style)
	if err != nil && style == "" {
		i = 0
	}
	if i < 0 || i >= len(s.ids) {
		return nil
	}
	id := s.ids[i]
	if f, ok := s.parsed[id]; ok {
		return f
	}
	code, ok := s.codes[id]
	if !ok {
		code = builtinFormat(id)
	}
	f := parseFormat(code)
	s.parsed[id] = &f
	return &f
}

// builtinFormat returns the code of a format that every workbook has. Those of dates differ
// by language; any code of a date stands for them.
func builtinFormat(id int) string {
	switch {
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 45 && id <= 47, id >= 50 && id <= 58:
		return "yyyy/m/d"
	}
	return map[int]string{
		1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "¥#,##0;¥-#,##0", 6: "¥#,##0;¥-#,##0", 7: "¥#,##0.00;¥-#,##0.00",
		8: "¥#,##0.00;¥-#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
		40: "#,##0.00;-#,##0.00", 41: `#,##0;-#,##0;"-"`, 42: `¥#,##0;¥-#,##0;¥"-"`, 43: `#,##0.00;-#,##0.00;"-"??`,
		44: `¥#,##0.00;¥-#,##0.00;¥"-"??`,
	}[id]
}
