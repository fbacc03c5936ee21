package sheet

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

const rowXML = `<row r="2"><c r="A2" t="inlineStr"><is><t>1-101</t></is></c><c r="B2"><v>88</v></c></row>`

func TestOtherKindsOfFileAreRefused(t *testing.T) {
	t.Parallel()
	ole := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 100_000)...)
	encrypted := bytes.Clone(ole)
	for i, u := range utf16.Encode([]rune("EncryptedPackage")) { // across the border of two reads
		binary.LittleEndian.PutUint16(encrypted[64<<10-10+2*i:], u)
	}
	for name, c := range map[string]struct{ content, want string }{
		"empty file":                {"", "文件是空的"},
		"only a byte order mark":    {"\xef\xbb\xbf", "表里没有任何内容"},
		"only blank lines":          {"\r\n\r\n \r\n", "表里没有任何内容"},
		"workbook with a password":  {string(encrypted), "设有打开密码"},
		"Excel 97":                  {string(ole), "旧版 .xls"},
		"web page called xls":       {"<html><table><tr><td>房号</td></tr></table></html>", "网页或 XML"},
		"XML spreadsheet":           {"\xef\xbb\xbf<?xml version=\"1.0\"?><Workbook/>", "网页或 XML"},
		"PDF":                       {"%PDF-1.7 ...", "是 PDF"},
		"picture":                   {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "含有空字符"},
		"csv with a zero byte":      {"房号,面积\n1-101,8\x008\n", "含有空字符"},
		"GBK csv with a zero byte":  {"\xb7\xbf\xba\xc5,\xc3\xe6\xbb\xfd\n1-101,8\x008\n", "含有空字符"},
		"not quite a zip":           {"PK\x03\x04 and then something else", "不是完整的 xlsx"},
		"plain text without header": {"你好\n世界\n", "没有找到表头"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := readAll([]byte(c.content))
			mustFail(t, err, c.want)
		})
	}
}

func TestDamagedWorkbooksAreRefused(t *testing.T) {
	t.Parallel()
	sheet := "xl/worksheets/sheet1.xml"
	for name, c := range map[string]struct {
		rows string
		more map[string]string
		want string
	}{
		"no workbook":              {rowXML, map[string]string{"xl/workbook.xml": ""}, "没有 Excel 工作簿（缺少部件 xl/workbook.xml）"},
		"no relations of workbook": {rowXML, map[string]string{"xl/_rels/workbook.xml.rels": ""}, "缺少部件：xl/_rels/workbook.xml.rels"},
		"no worksheet":             {rowXML, map[string]string{sheet: ""}, "缺少部件：" + sheet},
		"no shared strings":        {rowXML, map[string]string{"xl/sharedStrings.xml": ""}, "缺少部件：xl/sharedstrings.xml"},
		"broken workbook":          {rowXML, map[string]string{"xl/workbook.xml": "<workbook><sheets>"}, "部件无法读取：xl/workbook.xml"},
		"broken shared strings":    {rowXML, map[string]string{"xl/sharedStrings.xml": "<sst><si><t>a"}, "部件无法读取：xl/sharedstrings.xml"},
		"text document": {
			rowXML,
			map[string]string{
				"_rels/.rels": `<R><Relationship Type="x/officeDocument" Target="word/document.xml"/></R>`, "word/document.xml": "<d/>",
			},
			"不是 .xlsx 表格",
		},
		"binary workbook": {
			rowXML,
			map[string]string{
				"_rels/.rels": `<R><Relationship Type="x/officeDocument" Target="xl/workbook.bin"/></R>`, "xl/workbook.bin": "x",
			},
			"不是 .xlsx 表格",
		},
		"every sheet hidden": {
			rowXML,
			map[string]string{
				"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet name="a" state="hidden" r:id="rId1"/></sheets></workbook>`,
			},
			"没有可见的工作表",
		},
		"no sheet data": {rowXML, map[string]string{sheet: "<worksheet/>"}, "表格内容不完整"},
		"sheet cut off": {
			rowXML,
			map[string]string{sheet: "<worksheet><sheetData>" + headerXML + rowXML}, "第 2 行：文件已损坏，表格内容不完整",
		},
		"sheet cut off in a cell": {
			rowXML,
			map[string]string{sheet: "<worksheet><sheetData>" + headerXML + rowXML[:60]}, "第 2 行：文件已损坏，表格内容不完整",
		},
		"elements that do not fit": {`<row r="2"><c r="A2"></row></c>`, nil, "第 2 行：文件已损坏，表格内容不完整"},
		"unknown entity":           {`<row r="2"><c r="A2"><v>&boom;</v></c></row>`, nil, "表格内容不完整"},
		"shared string beyond":     {`<row r="2"><c r="A2" t="s"><v>7</v></c></row>`, nil, "第 2 行：文件已损坏，缺少共享文字"},
		"shared string negative":   {`<row r="2"><c r="A2" t="s"><v>-1</v></c></row>`, nil, "缺少共享文字"},
		"shared string no number":  {`<row r="2"><c r="A2" t="s"><v>x</v></c></row>`, nil, "缺少共享文字"},
		"rows out of order":        {rowXML + `<row r="1"/>`, nil, "行号混乱"}, "row number out of bounds": {`<row r="9999999"/>`, nil, "行号混乱"},
		"row number no number":     {`<row r="x"/>`, nil, "行号混乱"},
		"cell of another row":      {`<row r="2"><c r="A3"><v>1</v></c></row>`, nil, "单元格位置混乱"},
		"cell without a row":       {`<row r="2"><c r="A"><v>1</v></c></row>`, nil, "单元格位置混乱"},
		"cell twice":               {`<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>`, nil, "单元格 A2 重复"},
		"value beyond 256 columns": {`<row r="2"><c r="IW2"><v>1</v></c></row>`, nil, "第 2 行：超过 256 列"},
		"cell too long":            {`<row r="2"><c r="A2" t="str"><v>` + strings.Repeat("好", 50_000) + `</v></c></row>`, nil, "单元格文字过长"},
		"token too long":           {`<row r="2"><c r="A2" t="str"><v>` + strings.Repeat("x", 2<<20) + `</v></c></row>`, nil, "单元格文字过长"},
		"shared string too long": {
			rowXML,
			map[string]string{"xl/sharedStrings.xml": "<sst><si><t>" + strings.Repeat("x", 200_000) + "</t></si></sst>"}, "单元格文字过长",
		},
		"row too long": {
			`<row r="2">` + strings.Repeat(`<c t="str"><v>`+strings.Repeat("x", 100_000)+`</v></c>`, 11) + `</row>`, nil, "一行的文字过多",
		},
		"nested without end": {strings.Repeat("<a>", 5000), nil, "嵌套过深"},
		"more merges than there is": {
			rowXML,
			map[string]string{
				sheet: "<worksheet><sheetData>" + headerXML + "</sheetData><mergeCells>" + strings.Repeat(`<mergeCell ref="A1:A2"/>`,
					maxMerges+1) + "</mergeCells></worksheet>",
			},
			"合并的单元格超过 100000 处",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := readAll(zipped(t, parts(headerXML+c.rows, c.more)))
			mustFail(t, err, c.want)
		})
	}
}

// A file damaged on its way is never read as a shorter or another table: whatever byte is wrong, either all rows
// come or an error does.
func TestNoFlippedByteGoesUnnoticed(t *testing.T) {
	t.Parallel()
	good := workbookOf(t, company())
	want := strings.Join(table(t, good, "code", "owner", "area", "amount"), "\n")
	silent := 0
	for at := 0; at < len(good); at += 7 {
		bad := bytes.Clone(good)
		bad[at] ^= 0x10
		rows, _, err := readAll(bad)
		if err == nil && len(rows) > 0 && strings.Join(table(t, bad, "code", "owner", "area", "amount"), "\n") != want {
			silent++
		}
	}
	if silent > 0 {
		t.Errorf("%d damaged files were read as something else", silent)
	}
}

func TestCutFileIsRefused(t *testing.T) {
	t.Parallel()
	good := workbookOf(t, company())
	for n := 1; n < len(good); n += 37 {
		if _, _, err := readAll(good[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes were read as a whole file", n, len(good))
		}
	}
}
