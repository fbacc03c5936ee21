package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func TestKindsOfCells(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ cell, text, reason string }{
		"shared rich text without pinyin": {`<c r="A2" t="s"><v>2</v></c>`, "欧阳娜娜", ""},
		"inline rich text": {
			`<c r="A2" t="inlineStr"><is><r><t>1-</t></r><r><t xml:space="preserve">101 </t></r><rPh><t>yi</t></rPh></is></c>`, "1-101", "",
		},
		"text of a formula":             {`<c r="A2" t="str"><f>B1&amp;"x"</f><v>1-101</v></c>`, "1-101", ""},
		"number of a formula":           {`<c r="A2"><f>50+51</f><v>101</v></c>`, "101", ""},
		"formula never computed":        {`<c r="A2"><f>B3</f></c>`, "", reasonBroken},
		"formula with an empty text":    {`<c r="A2" t="str"><f>""</f><v></v></c>`, "", reasonBlank},
		"error value":                   {`<c r="A2" t="e"><v>#REF!</v></c>`, "", reasonBroken},
		"boolean":                       {`<c r="A2" t="b"><v>1</v></c>`, "TRUE", ""},
		"room as a number":              {`<c r="A2"><v>101</v></c>`, "101", ""},
		"number with noise":             {`<c r="A2"><v>248.63000000000002</v></c>`, "248.63", ""},
		"number in scientific notation": {`<c r="A2"><v>1.3800000003E10</v></c>`, "13800000003", ""},
		"escaped line break":            {`<c r="A2" t="str"><v>甲_x000D_&#10;乙_x41_</v></c>`, "甲  乙_x41_", ""},
		"text in pieces":                {`<c r="A2" t="str"><v>1-<!-- x --><![CDATA[101]]></v></c>`, "1-101", ""},
		"ISO date":                      {`<c r="A2" t="d"><v>2019-01-07T00:00:00</v></c>`, "2019-01-07T00:00:00", ""},
		"no position":                   {`<c t="str"><v>1-101</v></c>`, "1-101", ""},
		"nothing":                       {`<c r="A2" s="3"/>`, "", reasonBlank},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sst := `<sst><si><t>房号</t></si><si><t>建筑面积</t></si><si><r><t>欧阳</t></r><r><t>娜娜</t></r><rPh sb="0" eb="1"><t>ouyang</t></rPh>` +
				`<phoneticPr/></si></sst>`
			row := `<row r="2">` + c.cell + `<c r="B2"><v>88</v></c></row>`
			rows, _, err := readAll(zipped(t, parts(headerXML+row, map[string]string{"xl/sharedStrings.xml": sst})))
			if err != nil {
				t.Fatal(err)
			}
			s, m := rows[0].Required("code")
			got := ""
			if m != nil {
				got = m.Reason
			}
			if s != c.text || got != c.reason {
				t.Errorf("%q %q, want %q %q", s, got, c.text, c.reason)
			}
		})
	}
}

func TestUnusualButValidWorkbooks(t *testing.T) {
	t.Parallel()
	want := []string{"2|1-101|88"}
	prefixed := `<x:worksheet xmlns:x="u"><x:sheetData>` +
		strings.NewReplacer("<row", "<x:row", "</row", "</x:row", "<c ", "<x:c ", "</c>", "</x:c>", "<v>", "<x:v>", "</v>", "</x:v>",
			"<is>", "<x:is>", "</is>", "</x:is>", "<t>", "<x:t>", "</t>", "</x:t>").Replace(headerXML+rowXML) +
		`</x:sheetData><x:mergeCells><x:mergeCell ref="A5:A6"/></x:mergeCells></x:worksheet>`
	noNumbers := strings.NewReplacer(` r="1"`, "", ` r="2"`, "", ` r="A1"`, "", ` r="B1"`, "", ` r="A2"`, "", ` r="B2"`,
		"").Replace(headerXML + rowXML)
	styled := strings.Replace(rowXML, "</row>", `<c r="XFD2" s="1"/></row><row r="1048576" s="1"/>`, 1)
	for name, p := range map[string]map[string]string{
		"plain":                      parts(headerXML+rowXML, nil),
		"namespace prefixes":         parts("", map[string]string{"xl/worksheets/sheet1.xml": prefixed}),
		"no row and cell numbers":    parts(noNumbers, nil),
		"formatted to the last cell": parts(headerXML+styled, nil),
		"merge mentioned in a text": parts(headerXML+rowXML+
			`<row r="3"><c r="E3" t="str"><v>小计 mergeCells :mergeCells ref</v></c></row><row r="4"><c r="A4" t="str"><v>合计</v></c></row>`,
			nil),
		"hidden sheet and chart first": parts(headerXML+rowXML, map[string]string{
			"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet name="旧" state="veryHidden" r:id="rId8"/><sheet name="图" ` +
				`r:id="rId9"/>` +
				`<sheet name="表一" state="visible" r:id="rId1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<R><Relationship Id="rId1" Type="x/worksheet" Target="/xl/worksheets/sheet1.xml"/>` +
				`<Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/>` +
				`<Relationship Id="rId8" Type="x/worksheet" Target="worksheets/gone.xml"/><Relationship Id="rId9" Type="x/chartsheet" ` +
				`Target="c.xml"/></R>`,
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := table(t, zipped(t, p), "code", "area")
			if name == "merge mentioned in a text" {
				got = got[:1] // the text itself is a row
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBackslashesInTheZip(t *testing.T) {
	t.Parallel()
	odd := make(map[string]string)
	for name, content := range parts(headerXML+rowXML, nil) {
		odd[strings.ToUpper(strings.ReplaceAll(name, "/", `\`))] = content
	}
	if diff := cmp.Diff([]string{"2|1-101|88"}, table(t, zipped(t, odd), "code", "area")); diff != "" {
		t.Error(diff)
	}
}

func TestDaysOfA1904Workbook(t *testing.T) {
	t.Parallel()
	p := parts(`<row r="1"><c r="A1" t="str"><v>房号</v></c><c r="B1" t="str"><v>面积</v></c><c r="C1" t="str"><v>交房日期</v></c></row>`+
		`<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>1</v></c><c r="C2"><v>42010</v></c></row>`,
		map[string]string{
			"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr date1904="true"/><sheets><sheet name="表一" r:id="rId1"/></sheets>` +
				`</workbook>`,
		})
	rows, _, err := readAll(zipped(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if d, m := rows[0].Date("handover"); m != nil || d.Format("2006-01-02") != "2019-01-07" {
		t.Errorf("%v, %v", d, m)
	}
}

// Text is lent to the rows of a merged range; a number, a date or a phone number is not.
func TestMergedCells(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{
		{"登记表"}, {"房号", "业主", "联系电话", "面积"},
		{"1-101", "张三", "13800000003", 88}, {nil, "李四"}, {nil, "王五"}, {},
		{"1-102", "赵六", "13800000004", 90}, {nil, nil, nil, 91}, {"小计", nil, nil, 269},
	} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range [][2]string{{"A1", "D1"}, {"A3", "A6"}, {"C3", "C5"}, {"D3", "D5"}, {"A7", "B8"}} {
		if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	want := []string{"3|1-101|张三|88", "4|1-101|李四|88", "5|1-101|王五|88", "7|1-102||90", "8|1-102||91"}
	if diff := cmp.Diff(want, table(t, b.Bytes(), "code", "owner", "area")); diff != "" {
		t.Error(diff)
	}
	rows, r, err := readAll(b.Bytes())
	if err != nil || r.leftRows != 1 {
		t.Fatal(err, r.leftRows)
	}
	_, m1 := rows[1].Fen("area")
	_, m2 := rows[1].Phone("phone")
	_, m3 := rows[0].Fen("area")
	if m1 == nil || m1.Reason != reasonMerged || m1.Cell != "D4" || m2 == nil || m2.Reason != reasonMerged || m3 != nil {
		t.Errorf("%v, %v, %v", m1, m2, m3)
	}
}

// What excelize writes and reads, in memory and by stream, is what this package reads.
func TestReadsWhatExcelizeReads(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[A-Za-z0-9一-龥 <>&"'_.,()（）\n-]{1,12}`)
		rows := [][]any{{"房号", "业主", "面积"}}
		for range rapid.IntRange(1, 30).Draw(t, "rows") {
			rows = append(rows, []any{"R" + word.Draw(t, "code"), word.Draw(t, "owner"), rapid.Int32().Draw(t, "area")})
		}
		content := workbookOf(t, rows)
		f, err := excelize.OpenReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		theirs, err := f.GetRows("Sheet1", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for i, row := range theirs[1:] {
			owner := clean(row[1])
			if isNothing(owner) {
				owner = ""
			}
			want = append(want, fmt.Sprintf("%d|%s|%s|%s", i+2, clean(row[0]), owner, row[2]))
		}
		if diff := cmp.Diff(want, table(t, content, "code", "owner", "area")); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A header over two lines lends nothing to the rows below it.
func TestMergedHeader(t *testing.T) {
	t.Parallel()
	p := parts(headerXML+`<row r="2"><c r="C2" t="str"><v>（套内）</v></c></row>`+strings.ReplaceAll(rowXML, `2"`, `3"`),
		map[string]string{"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet name="表一" r:id="rId1"/></sheets></workbook>`})
	p["xl/worksheets/sheet1.xml"] = strings.Replace(p["xl/worksheets/sheet1.xml"], "</sheetData>",
		`</sheetData><mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells>`, 1)
	if diff := cmp.Diff([]string{"2||", "3|1-101|88"}, table(t, zipped(t, p), "code", "area")); diff != "" {
		t.Error(diff)
	}
}
