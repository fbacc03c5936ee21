package paper

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestCleanReplacesWhatTheFontLacks(t *testing.T) {
	t.Parallel()
	f, err := face()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"王小明": "王小明", "龑㛃喆": "龑㛃喆", "A-1 ¥1,234.56": "A-1 ¥1,234.56", "一\n二\t三": "一 二 三", "王\u200b明": "王明", "笑😀": "笑□", "\xff": "□", "": "",
	} {
		if have := f.clean(in); have != want {
			t.Errorf("%q becomes %q, want %q", in, have, want)
		}
	}
	if !f.glyphs['𠮷'] {
		t.Log("𠮷 is drawn as □")
	}
}

// Whatever text there is, in a cell, a line or a fact: a document comes out.
func TestAnyTextIsDrawn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d := New("任意", rapid.String().Draw(rt, "footer"))
		d.Line(rapid.String().Draw(rt, "line"), 10, Center)
		d.Facts([][2]string{{rapid.String().Draw(rt, "name"), rapid.String().Draw(rt, "value")}})
		d.Table([]Column{{Title: rapid.String().Draw(rt, "title"), Width: 1}, {Width: 9, Align: Right}},
			[]Row{{Cells: []string{rapid.String().Draw(rt, "a"), rapid.String().Draw(rt, "b")}}})
		var b bytes.Buffer
		if _, err := d.WriteTo(&b); err != nil || !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) {
			rt.Fatal(err)
		}
	})
}

func TestWordsKeepTogether(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"应缴1,320.19元": "应|缴|1,320.19|元", "2026-01-01 至 2026-12-31": "2026-01-01 |至| |2026-12-31", "物业（含税）费。": "物|业|（含|税）|费。", "": "",
	} {
		if have := strings.Join(words(in), "|"); have != want {
			t.Errorf("%q is parted as %s, want %s", in, have, want)
		}
	}
}

// textOf reads the text of a document back, by a program that is not ours.
func textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed")
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// A long table goes on over pages, each with its titles and its number; documents
// drawn at once do not disturb each other.
func TestTablesGoOnOverPages(t *testing.T) {
	t.Parallel()
	var all [4][]byte
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() {
			d := New("长表", fmt.Sprintf("第%d份", i))
			var rows []Row
			for n := range 120 {
				cells := []string{fmt.Sprintf("行%d-%d", i, n), strings.Repeat("很长的摘要", n%9), "1,234.56"}
				rows = append(rows, Row{Cells: cells, Strong: n%10 == 0})
			}
			d.Table([]Column{{Title: "编号", Width: 1}, {Title: "摘要", Width: 3}, {Title: "金额", Width: 1, Align: Right}}, rows)
			var b bytes.Buffer
			if _, err := d.WriteTo(&b); err != nil {
				t.Error(err)
			}
			all[i] = b.Bytes()
		})
	}
	wg.Wait()
	for i, pdf := range all {
		text := textOf(t, pdf)
		pages := strings.Count(text, "\f")
		if pages < 3 || strings.Count(text, "编号") != pages || strings.Count(text, fmt.Sprintf("共 %d 页", pages)) != pages {
			t.Errorf("document %d: %d pages, titles %d times", i, pages, strings.Count(text, "编号"))
		}
		for n := range 120 {
			if !strings.Contains(text, fmt.Sprintf("行%d-%d", i, n)) {
				t.Errorf("document %d lacks row %d", i, n)
			}
		}
		if len(pdf) > 300_000 {
			t.Errorf("document %d has %d bytes: the font was not subset", i, len(pdf))
		}
	}
}

func BenchmarkDocument(b *testing.B) {
	for b.Loop() {
		d := New("一页", "页脚")
		d.Line("对账单", 18, Center)
		d.Table([]Column{{Title: "摘要", Width: 1}}, []Row{{Cells: []string{"物业服务费"}}})
		if _, err := d.WriteTo(&bytes.Buffer{}); err != nil {
			b.Fatal(err)
		}
	}
}
