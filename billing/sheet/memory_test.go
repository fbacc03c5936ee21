package sheet

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

const manyRows = 100_000

// manyTexts is a table of 100,000 rows and 14 columns with four texts a row that occur once, in shared strings, as
// Excel itself saves it.
func manyTexts(t testing.TB, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zw := zip.NewWriter(file)
	part := func(name string, fill func(w *bufio.Writer)) {
		f, err := zw.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w := bufio.NewWriter(f)
		fill(w)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range parts("", map[string]string{"xl/worksheets/sheet1.xml": "", "xl/sharedStrings.xml": ""}) {
		part(name, func(w *bufio.Writer) { w.WriteString(content) })
	}
	part("xl/sharedStrings.xml", func(w *bufio.Writer) {
		w.WriteString(`<sst` + mainXML + `><si><t>房号</t></si><si><t>建筑面积</t></si><si><t>海棠花园</t></si>`)
		for i := range manyRows {
			fmt.Fprintf(w, `<si><t>%d-1-101</t></si><si><t>业主%d</t></si><si><t>%d</t></si><si><t>备注 %d：二〇二六年三月核对</t></si>`, i, i,
				13800000000+i, i)
		}
		w.WriteString(`</sst>`)
	})
	part("xl/worksheets/sheet1.xml", func(w *bufio.Writer) {
		w.WriteString(`<worksheet` + mainXML + `><sheetData>` + headerXML)
		for i := range manyRows {
			fmt.Fprintf(w, `<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="B%d"><v>%d.37</v></c>`, i+2, i+2, 3+4*i, i+2, 50+i%100)
			for k := range 3 {
				fmt.Fprintf(w, `<c r="%c%d" t="s"><v>%d</v></c>`, 'C'+k, i+2, 4+4*i+k)
			}
			for k := range 9 {
				fmt.Fprintf(w, `<c r="%c%d" t="s"><v>2</v></c>`, 'F'+k, i+2)
			}
			w.WriteString("</row>")
		}
		w.WriteString(`</sheetData></worksheet>`)
	})
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
}

// manyInline is such a table with its texts in the cells, as Writer writes it.
func manyInline(t testing.TB, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	header := make([]string, 14)
	for i := range header {
		header[i] = fmt.Sprintf("第%d列", i)
	}
	header[0], header[1] = "房号", "建筑面积"
	w, err := NewWriter(file, "表一", header)
	if err != nil {
		t.Fatal(err)
	}
	for i := range manyRows {
		cells := []any{fmt.Sprintf("%d-1-101", i), Yuan(5037 + 100*(i%100))}
		for k := range 12 {
			cells = append(cells, fmt.Sprintf("%d 备注 %d", k, i))
		}
		if err := w.Row(cells...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// Reading 100,000 rows holds no more memory than reading the first ones. Not parallel: it measures the heap.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	if testing.Short() || raceOn {
		t.Skip("takes some seconds, and minutes under the race detector")
	}
	for name, build := range map[string]func(testing.TB, string){"shared strings": manyTexts, "inline strings": manyInline} {
		t.Run(name, func(t *testing.T) {
			path, tmp := filepath.Join(t.TempDir(), "rooms.xlsx"), t.TempDir()
			build(t, path)
			t.Setenv("TMPDIR", tmp)
			base := heap()
			start := time.Now()
			r, err := openFile(t, path, roomColumns)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			// What had to go to the disk has no name there: names and phone numbers must not outlive a crash.
			if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
				t.Errorf("on the disk: %v, %v", left, err)
			}
			var most uint64
			rows := 0
			for ; ; rows++ {
				row, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if want := fmt.Sprintf("%d-1-101", rows); row.Text("code") != want || row.Number() != rows+2 {
					t.Fatalf("row %d: %q, want %q", row.Number(), row.Text("code"), want)
				}
				if _, m := row.Fen("area"); m != nil {
					t.Fatal(m)
				}
				if rows%20_000 == 0 {
					most = max(most, heap())
				}
			}
			grown := int64(most) - int64(base)
			if rows != manyRows || grown > 8<<20 {
				t.Errorf("%d rows, heap grown by %d KB", rows, grown>>10)
			}
			t.Logf("%d rows in %v, heap grown by at most %d KB", rows, time.Since(start), grown>>10)
		})
	}
}

// heap is what is alive; the first collection only marks the pools' content as spare.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkRead sets this package (cells checked) beside excelize's bare Rows on the same files.
func BenchmarkRead(b *testing.B) {
	for name, build := range map[string]func(testing.TB, string){"shared": manyTexts, "inline": manyInline} {
		path := filepath.Join(b.TempDir(), "rooms.xlsx")
		build(b, path)
		b.Run(name+"/sheet", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := openFile(b, path, roomColumns)
				if err != nil {
					b.Fatal(err)
				}
				peak, n := uint64(0), 0
				for row, err := r.Next(); err == nil; row, err = r.Next() {
					row.Text("code")
					row.Fen("area")
					if n++; n%10_000 == 0 {
						peak = max(peak, inUse())
					}
				}
				b.ReportMetric(float64(peak>>20), "peak-MB")
				r.Close()
			}
		})
		b.Run(name+"/excelize", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
				if err != nil {
					b.Fatal(err)
				}
				rows, err := f.Rows("表一")
				if err != nil {
					b.Fatal(err)
				}
				peak, n := uint64(0), 0
				for rows.Next() {
					if _, err := rows.Columns(excelize.Options{RawCellValue: true}); err != nil {
						b.Fatal(err)
					}
					if n++; n%10_000 == 0 {
						peak = max(peak, inUse())
					}
				}
				b.ReportMetric(float64(peak>>20), "peak-MB")
				rows.Close()
				f.Close()
			}
		})
	}
}

// inUse is what the heap holds, garbage included, without stopping to collect it.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
