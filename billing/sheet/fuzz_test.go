package sheet

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/shopspring/decimal"
)

// cellSeeds are spellings of everything, for every target: a column may hold what belongs in another.
var cellSeeds = []string{"", "2.35元/㎡·月", "-1,234.50", "3‰", "248.63000000000002", "1E-30", "1E+30", "￥０．０１", "2019-01-07",
	"2019年1月7日 8:30", "20190230", "43472.5", "138 0000 0003", "+86-13800000003/010-12345678", "1.3800000003E+10", "'=1", "#REF!", "一百二十"}

// fuzzCell runs check on a cell as text, as a number and as text lent by a merge; the reason of a mistake must not
// hold what the cell holds.
func fuzzCell(f *testing.F, check func(t *testing.T, row *Row, s string) *Mistake) {
	for _, s := range cellSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, k := range []kind{text, number, boolean, broken} {
			m := check(t, oneCell(k, s), s)
			if m != nil && len([]rune(s)) > 3 && strings.Contains(m.Error(),
				s) && !strings.Contains("表「表」第 7 行「值」列（B7）："+reasonDate+reasonPhone, s) {
				t.Errorf("%q is repeated by %q", s, m)
			}
		}
	})
}

func FuzzDecimal(f *testing.F) {
	fuzzCell(f, func(t *testing.T, row *Row, s string) *Mistake {
		d, m := row.Decimal("v")
		if m == nil {
			if again, m := oneCell(text, d.String()).Decimal("v"); len(d.String()) < 40 && (m != nil || !again.Equal(d)) {
				t.Errorf("%q is %s, read again %s, %v", s, d, again, m)
			}
		}
		return m
	})
}

func FuzzFen(f *testing.F) {
	fuzzCell(f, func(t *testing.T, row *Row, s string) *Mistake {
		fen, m := row.Fen("v")
		if m == nil {
			if d, m := row.Decimal("v"); m != nil || !d.Equal(decimal.New(fen, -2)) || fen > 1e13 || fen < -1e13 {
				t.Errorf("%q is %d fen but %s yuan, %v", s, fen, d, m)
			}
		}
		return m
	})
}

func FuzzDate(f *testing.F) {
	fuzzCell(f, func(t *testing.T, row *Row, s string) *Mistake {
		d, m := row.Date("v")
		if m == nil {
			again, m := oneCell(text, d.Format(time.DateOnly)).Date("v")
			if m != nil || !again.Equal(d) || d.Unix()%86400 != 0 || d.Year() < 1900 || d.Year() > 2200 {
				t.Errorf("%q is %v, read again %v, %v", s, d, again, m)
			}
		}
		return m
	})
}

func FuzzPhone(f *testing.F) {
	fuzzCell(f, func(t *testing.T, row *Row, s string) *Mistake {
		phone, m := row.Phone("v")
		if m != nil || phone == "" {
			return m
		}
		if !mobileForm.MatchString(phone) && !landlineForm.MatchString(phone) {
			t.Errorf("%q gave %q", s, phone)
		}
		if row.cells[0].kind != number && !strings.Contains(digitsOf(s), phone) {
			t.Errorf("%q gave %q, which does not stand in it", s, phone)
		}
		return nil
	})
}

// digitsOf keeps the digits of a text, full-width ones as ASCII.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, narrow(s))
}

func FuzzOpen(f *testing.F) {
	f.Add(workbookOf(f, company()))
	f.Add(zipped(f, parts(headerXML+rowXML, nil)))
	f.Add([]byte("\xef\xbb\xbf房号,面积\r\n1-101,\"88\"\r\n"))
	f.Add([]byte("\xb7\xbf\xba\xc5;\xc3\xe6\xbb\xfd\n1-101;88\n"))
	f.Add([]byte("\xff\xfe\x3f\x62\xf7\x53\x09\x00\x62\x97\xef\x79\x0a\x00"))
	f.Fuzz(func(t *testing.T, content []byte) { checkReading(t, content) })
}

// FuzzSheetXML reaches what FuzzOpen cannot: behind the checksum of the zip.
func FuzzSheetXML(f *testing.F) {
	f.Add(headerXML+rowXML, "<si><t>房号</t></si><si><t>面积</t></si>", `<mergeCell ref="A2:A3"/>`)
	f.Add(headerXML+`<row r="3"><c r="A3" t="e"><v>#REF!</v></c><c t="b"><v>1</v></c><c><f>1</f></c></row>`,
		"<si><r><t>房号</t></r></si><si><t>面积</t></si>", "")
	f.Fuzz(func(t *testing.T, rows, texts, merges string) {
		checkReading(t, zipped(t, parts("", map[string]string{
			"xl/sharedStrings.xml":     "<sst>" + texts + "</sst>",
			"xl/worksheets/sheet1.xml": "<w><sheetData>" + rows + "</sheetData><mergeCells>" + merges + "</mergeCells></w>",
		})))
	})
}

// checkReading holds for any bytes: rows in order with readable cells, or a FileError in Chinese.
func checkReading(t *testing.T, content []byte) {
	rows, _, err := readAll(content)
	if err != nil {
		var fe *FileError
		if !errors.As(err, &fe) || !strings.HasPrefix(err.Error(), "文件「房产.xlsx」") || fe.Reason == "" {
			t.Fatalf("%T %v", err, err)
		}
		if errors.Is(err, io.EOF) && err == io.EOF {
			t.Fatal("a bare EOF")
		}
		return
	}
	last := 0
	for _, row := range rows {
		if row.Number() <= last {
			t.Fatalf("row %d after row %d", row.Number(), last)
		}
		last = row.Number()
		for _, c := range roomColumns {
			if strings.ContainsFunc(row.Text(c.Key), unicode.IsControl) {
				t.Fatalf("control character in %q", row.Text(c.Key))
			}
			row.Decimal(c.Key)
			row.Date(c.Key)
			row.Phone(c.Key)
			row.Fen(c.Key)
		}
	}
}
