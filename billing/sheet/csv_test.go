package sheet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// The same table in every encoding, separator and line end that programs choose reads the same.
func TestCSVVariants(t *testing.T) {
	t.Parallel()
	const plain = "海棠花园登记表,,\n\n房号,业主姓名,建筑面积(㎡)\n1-101,张三,\"1,088.50\"\n1-102,\"李\n四\",90\n\n1-103,王\"\"五,91㎡\n合计,,\n"
	want := []string{"4|1-101|张三|1,088.50", "5|1-102|李 四|90", "7|1-103|王五|91㎡"}
	encodings := map[string]encoding.Encoding{
		"UTF-8": unicode.UTF8, "UTF-8 BOM": unicode.UTF8BOM, "GB18030": simplifiedchinese.GB18030, "GBK": simplifiedchinese.GBK,
		"UTF-16LE": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16BE": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	}
	for encName, enc := range encodings {
		for _, separator := range []string{",", ";", "\t"} {
			for _, end := range []string{"\n", "\r\n", "\r"} {
				t.Run(fmt.Sprintf("%s %q %q", encName, separator, end), func(t *testing.T) {
					s := strings.ReplaceAll(plain, `王""五`, "王五")
					if separator != "," {
						s = strings.NewReplacer(`"1,088.50"`, "1,088.50", ",", separator).Replace(s)
						s = strings.Replace(s, "1"+separator+"088.50", "1,088.50", 1)
					}
					content, err := enc.NewEncoder().String(strings.ReplaceAll(s, "\n", end))
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(want, table(t, []byte(content), "code", "owner", "area")); diff != "" {
						t.Error(diff)
					}
				})
			}
		}
	}
}

func TestCSVCells(t *testing.T) {
	t.Parallel()
	content := "房号,面积,收费单价\n1-101,#REF!,2.35,多,出,来\n1-102\n 1-103 ,88,'-1\n'=1-104,#N/A,\n"
	want := []string{"2|1-101||2.35", "3|1-102||", "4|1-103|88|-1", "5|=1-104||"}
	if diff := cmp.Diff(want, table(t, []byte(content), "code", "area", "price")); diff != "" {
		t.Error(diff)
	}
	rows, r, err := readAll([]byte(content))
	if err != nil {
		t.Fatal(err)
	}
	if _, m := rows[0].Value("area"); m == nil || m.Error() != "表「房产.xlsx」第 2 行「面积」列（B2）：单元格是错误值或没有结果的公式" {
		t.Error(m)
	}
	if rows[0].Blank("area") || !rows[1].Blank("area") || r.Sheet() != "房产.xlsx" {
		t.Error("blank or sheet wrong")
	}
}

func TestBrokenCSVIsRefused(t *testing.T) {
	t.Parallel()
	wide := strings.Repeat(",", 256)
	for name, c := range map[string]struct{ content, want string }{
		"quote never closed":            {"房号,面积\n1-101,88\n\"1-102,90\n1-103,91\n", "第 3 行：引号不成对"},
		"quote inside":                  {"房号,面积\n1-101,8\"8\n", "第 2 行：引号不成对"},
		"quote never closed, long file": {"房号,面积\n\"1-101,88\n" + strings.Repeat("1-102,90\n", 300_000), "一行过长"},
		"neither UTF-8 nor GB18030":     {"房号,面积\n1-101,88\n1-\xff102,90\n", "是乱码"},
		"already spoilt":                {"房号,面积\n1-101,88\n\uFFFD1,90\n", "第 3 行：有无法识别的文字（A 列是乱码）"},
		"too many columns":              {"房号,面积\n1-101,88" + wide + "x\n", "第 2 行：超过 256 列"},
		"too many rows":                 {"房号,面积\n" + strings.Repeat("1,1\n", maxRows+1), "超过 200000 行"},
		"cell too long":                 {"房号,面积\n" + strings.Repeat("x", 200_000) + ",1\n", "单元格文字过长"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := readAll([]byte(c.content))
			mustFail(t, err, c.want)
		})
	}
}

func TestEmptyCellsBeyondTheLastColumnAreNothing(t *testing.T) {
	t.Parallel()
	content := "房号,面积\n1-101,88" + strings.Repeat(",", 400_000) + "\n"
	if diff := cmp.Diff([]string{"2|1-101|88"}, table(t, []byte(content), "code", "area")); diff != "" {
		t.Error(diff)
	}
}

// A row of commas must not cost a cell each: twenty such rows are kept while the header is looked for.
func TestEmptyCellsAreBounded(t *testing.T) {
	t.Parallel()
	content := strings.Repeat(",", 400_000) + "\n"
	r := &Reader{name: "a.csv"}
	if err := r.openCSV(strings.NewReader(content), int64(len(content))); err != nil {
		t.Fatal(err)
	}
	if raw, err := r.src.next(); err != nil || len(raw.cells) != maxColumns {
		t.Errorf("%d cells, %v", len(raw.cells), err)
	}
}

// The reader of line ends must not depend on where reads are cut.
func TestLineEndsInSmallReads(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[ab\r\n]{0,20}`).Draw(t, "s")
		want := strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
		l := &lineEnds{r: strings.NewReader(s)}
		var got strings.Builder
		for {
			p := make([]byte, rapid.IntRange(1, 4).Draw(t, "read"))
			n, err := l.Read(p)
			got.Write(p[:n])
			if err != nil {
				break
			}
		}
		if got.String() != want {
			t.Fatalf("%q became %q, want %q", s, got.String(), want)
		}
	})
}
