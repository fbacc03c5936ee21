package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// tester is what testing.T, testing.F and rapid.T have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// openFile opens a table on the disk, which stays open until the test is over.
func openFile(t testing.TB, path string, columns []Column) (*Reader, error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return OpenReader(filepath.Base(path), f, info.Size(), columns)
}

// roomColumns are the columns that most tests ask for.
var roomColumns = []Column{
	{Key: "code", Names: []string{"房号", "房间号"}, Required: true},
	{Key: "owner", Names: []string{"业主姓名", "业主"}},
	{Key: "phone", Names: []string{"联系电话", "手机号"}},
	{Key: "area", Names: []string{"建筑面积", "面积"}, Required: true},
	{Key: "price", Names: []string{"收费单价"}},
	{Key: "amount", Names: []string{"应收金额"}},
	{Key: "handover", Names: []string{"交房日期"}},
}

// oneCell is a row with one column v at B7, holding what a file could hold there.
func oneCell(k kind, s string) *Row {
	r := &Reader{columns: []Column{{Key: "v", Names: []string{"值"}}}, index: map[string]int{"v": 0}}
	t := &worksheet{name: "表", header: header{at: []int{1}, texts: []string{"值"}}}
	return &Row{reader: r, table: t, number: 7, cells: []cell{{kind: k, text: s}}}
}

// reason is a mistake's reason, "" for none; every mistake must know its place.
func reason(t tester, m *Mistake) string {
	t.Helper()
	if m == nil {
		return ""
	}
	if m.Sheet != "表" || m.Row != 7 || m.Column != "值" || m.Cell != "B7" || m.Reason == "" {
		t.Errorf("mistake without its place: %#v", m)
	}
	return m.Reason
}

// workbookOf writes rows by excelize, which decides on shared strings, number forms and dates as a real program.
func workbookOf(t tester, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts is an xlsx written by hand, for what no program writes; sheetXML goes into sheetData's place.
func parts(sheetXML string, more map[string]string) map[string]string {
	p := map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels": relationsXML +
			`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" ` +
			`Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook` + mainXML + `><sheets><sheet name="表一" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": relationsXML +
			`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" ` +
			`Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" ` +
			`Target="/xl/sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml":     `<sst` + mainXML + `><si><t>房号</t></si><si><t>建筑面积</t></si></sst>`,
		"xl/worksheets/sheet1.xml": `<worksheet` + mainXML + `><sheetData>` + sheetXML + `</sheetData></worksheet>`,
	}
	for name, content := range more {
		if p[name] = content; content == "" {
			delete(p, name)
		}
	}
	return p
}

const (
	relationsXML = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	mainXML      = ` xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
)

// headerXML is the header of parts: 房号 and 建筑面积.
const headerXML = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`

func zipped(t tester, p map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range p {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func openBytes(content []byte) (*Reader, error) {
	return OpenReader("房产.xlsx", bytes.NewReader(content), int64(len(content)), roomColumns)
}

// readAll returns every row, or the error that ended the reading.
func readAll(content []byte) ([]*Row, *Reader, error) {
	r, err := openBytes(content)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	var rows []*Row
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows, r, nil
		}
		if err != nil {
			return nil, r, err
		}
		rows = append(rows, row)
	}
}

// table reads a file and gives, of each row, its number and the named texts joined by |.
func table(t tester, content []byte, keys ...string) []string {
	t.Helper()
	rows, _, err := readAll(content)
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		cells := []string{fmt.Sprint(row.Number())}
		for _, k := range keys {
			cells = append(cells, row.Text(k))
		}
		lines[i] = strings.Join(cells, "|")
	}
	return lines
}

// mustFail wants a *FileError of the file 房产.xlsx whose text holds want, and no English from below.
func mustFail(t tester, err error, want string) {
	t.Helper()
	var f *FileError
	if !errors.As(err, &f) {
		t.Fatalf("error %v (%T), want a *FileError with %q", err, err, want)
	}
	if !strings.HasPrefix(err.Error(), "文件「房产.xlsx」") || !strings.Contains(err.Error(), want) {
		t.Errorf("error %q, want %q in it", err, want)
	}
}
