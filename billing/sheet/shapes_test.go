package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"
)

// shapeColumns are columns with the roles that tell totals from rows.
var shapeColumns = []Column{
	{Key: "community", Names: []string{"小区"}, Role: RoleGroup, Required: true},
	{Key: "code", Names: []string{"房号"}, Role: RoleKey, Required: true},
	{Key: "owner", Names: []string{"业主姓名"}, Role: RoleName},
	{Key: "phone", Names: []string{"联系电话", "手机号"}, Prefer: []string{"手机号"}, Either: true, Role: RoleProof},
	{Key: "area", Names: []string{"建筑面积", "计费面积", "面积"}, Prefer: []string{"计费面积", "建筑面积"}, Required: true},
}

// shapesOf reads a file and returns each row as its texts, with a ? before those in doubt,
// and what was left out.
func shapesOf(t tester, name string, content []byte) (rows, left []string) {
	t.Helper()
	r, err := OpenReader(name, bytes.NewReader(content), int64(len(content)), shapeColumns)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		row, err := r.Next()
		if err != nil {
			break
		}
		doubt := ""
		if row.Doubt() != nil {
			doubt = "?"
		}
		rows = append(rows, doubt+strings.Join([]string{row.Text("community"), row.Text("code"), row.Text("owner"), row.Text("phone"),
			row.Text("area")}, "|"))
	}
	list, _ := r.LeftOut()
	for _, l := range list {
		left = append(left, fmt.Sprintf("%d %s", l.Row, l.Reason))
	}
	return rows, left
}

const shapeHead = "序号,小区,房号,业主姓名,联系电话,建筑面积\n1,甲苑,1-101,张三,13800000001,88\n"

func TestTotalsAndRemarksAreToldFromRows(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"合计,,,,,88": "合计行", ",甲苑,合计,,,88": "合计行", ",甲苑,合 计,,,88": "合计行", ",甲苑,共2户,,,88": "合计行", ",甲苑,小计（2户）,,,88": "合计行",
		",甲苑,2栋小计,,,88": "合计行", ",2栋小计,,,,88": "合计行", "总计：,甲苑,,,,88": "合计行", ",合计,943,,,88": "合计行", ",甲苑,累计,,0,88": "合计行",
		",,,本页小计,,88": "合计行", ",甲苑,合计共2户,,-,88": "合计行", "Total,,,,,88": "合计行",
		"制表人：李四    审核：王五,,,,,": "表尾", "备注：面积以房产证为准,,,,,": "表尾", "制表：,李四,,审核：,王五,": "表尾", "说明,以上面积以房产证为准,,,,": "",
		",打印日期: 2026-03-01,,,,": "表尾",
		",以上数据以系统为准。,,,,":       "表尾", "序号,小区,房号,业主姓名,联系电话,建筑面积": "重复的表头",
		// These may be rows: nothing is dropped without a word.
		",甲苑,合计,李四,13800000002,88": "?", ",小计,1-102,李四,13800000002,88": "?", ",甲苑,小计,,13800000002,88": "?", ",小计,1-102,,,88": "?",
		",甲苑,1-102,小计,,88": "?",
		// These are rows.
		",总计大厦,1-102,李四,13800000002,88": "row", ",甲苑,1-102,小计,13800000002,88": "row", ",甲苑,,,,": "row", ",甲苑,1-102,,,": "row",
	} {
		if want == "" {
			continue // a word without its colon is no remark
		}
		rows, left := shapesOf(t, "a.csv", []byte(shapeHead+line+"\n"))
		got := ""
		switch {
		case len(left) == 1:
			got = strings.TrimPrefix(left[0], "3 ")
		case len(rows) == 2 && strings.HasPrefix(rows[1], "?"):
			got = "?"
		case len(rows) == 2:
			got = "row"
		}
		if got != want {
			t.Errorf("%q is %q, want %q", line, got, want)
		}
	}
}

func TestNumberFormatsShowWhatIsMeant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, value, text, fen string }{
		{"0000", "101", "0101", "10100"}, {"000-0000", "1230101", "123-0101", ""}, {`0"-"0"-"000`, "11101", "1-1-101", ""},
		{"0.00", "110.016", "110.02", "11002"}, {"#,##0.00", "1110.016", "1110.02", "111002"}, {"0", "110.4", "110", reasonSeen},
		{`_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ `, "110.016", "110.02", "11002"},
		{`_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ `, "0", "", "0"}, {`0.00"元"`, "1.5", "1.50元", "150"},
		{"0.00_);(0.00)", "-2.5", "(2.50)", "-250"}, {"0.00;[Red]0.00", "-2.5", "2.50", reasonSeen}, {"[$¥-804]#,##0.00", "2.5", "¥2.50",
			"250"},
		{"General", "110.016", "110.016", "金额最多两位小数"}, {`General"元"`, "110.01", "110.01元", "11001"}, {"G/通用格式", "110.01", "110.01",
			"11001"}, {"yyyy/m/d", "36925", "", reasonDay},
		{`m"月"d"日"`, "36925", "", reasonDay}, {"0.0,", "1234", "", reasonScaled}, {"0.00E+00", "13800000003", "13800000003",
			"1380000000300"},
		{"#.##", "0.5", ".5", "50"}, {"@", "101", "101", "10100"}, {"0%", "0.5", "50%", "金额的单位应为元"},
	} {
		row := oneCell(number, c.value)
		f := parseFormat(c.code)
		row.cells[0].format = &f
		got := row.Text("v")
		if got != c.text {
			t.Errorf("%s of %s is seen as %q, want %q", c.code, c.value, got, c.text)
		}
		if c.fen == "" {
			continue
		}
		fen, m := row.Fen("v")
		if have := reason(t, m); have == "" && fmt.Sprint(fen) != c.fen || have != "" && have != c.fen {
			t.Errorf("%s of %s is %d fen %q, want %s", c.code, c.value, fen, have, c.fen)
		}
	}
}

func TestSpoiltIdentifiersAreMistakes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2001/2/3": reasonDateCell, "2001-02-03": reasonDateCell, "1月2日": reasonDateCell, "2-Jan": reasonDateCell, "Jan-02": reasonDateCell,
		"1.23E+17": reasonExponent, "1E+17": reasonExponent, "=1-2-3": reasonFormula, "1-2-3": "", `="1-2-3"`: "", "1-1-101": "",
		"'0101": "",
		"A座101": "", "3E2": "", "12-3-2001": "", "２００１/２/３": reasonDateCell,
	} {
		_, m := oneCell(text, in).Identifier("v")
		if got := reason(t, m); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"123456789012345": "", "1234567890123456": reasonDigits,
		"1.2345678901234568E+17": reasonDigits} {
		if _, m := oneCell(number, in).Identifier("v"); reason(t, m) != want {
			t.Errorf("%s: %v, want %q", in, m, want)
		}
	}
	if s := oneCell(text, `="0101"`).Text("v"); s != "0101" {
		t.Errorf("guarded text: %q", s)
	}
}

func TestHeadingsOfTwoRows(t *testing.T) {
	t.Parallel()
	want := []string{"甲苑|1-101|张三|13800000001|88"}
	for name, head := range map[string]string{
		"groups":       "小区,房号,业主信息,,建筑面积\n,,业主姓名,联系电话,\n",
		"short names":  "小区,房号,业主,,建筑面积\n,,姓名,联系电话,\n",
		"split":        "小,房,业主,联系,建筑\n区,号,姓名,电话,面积\n",
		"units below":  "小区,房号,业主姓名,联系电话,建筑面积\n,,,,㎡\n",
		"below titles": "甲苑房产登记表,,,,\n\n小区,房号,业主信息,,建筑面积\n,,业主姓名,联系电话,（㎡）\n",
		"numbers":      "小区,房号,业主姓名,联系电话,建筑面积\n1,2,3,4,5\n",
	} {
		rows, _ := shapesOf(t, "a.csv", []byte(head+"甲苑,1-101,张三,13800000001,88\n"))
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A file in any of the harmless spellings has the same rows.
func TestHarmlessSpellingsReadTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		heads := []string{"小区", "房号", "业主姓名", "联系电话", "建筑面积"}
		order := rapid.Permutation([]int{0, 1, 2, 3, 4}).Draw(t, "order")
		yes := func(name string) bool { return rapid.Bool().Draw(t, name) }
		var want []string
		var lines [][]string
		for i := range rapid.IntRange(1, 8).Draw(t, "rows") {
			code, phone := fmt.Sprintf("%d-1-10%d", i+1, i), fmt.Sprintf("1380000000%d", i)
			want = append(want, fmt.Sprintf("甲苑|%s|张三%d|%s|%d.5", code, i, phone, 80+i))
			cells := []string{"甲苑", code, fmt.Sprintf("张三%d", i), phone, fmt.Sprintf("%d.5", 80+i)}
			if yes("wide") {
				cells[1] = strings.NewReplacer("1", "１", "-", "－").Replace(cells[1])
			}
			if yes("spaces") {
				cells[2] = "　" + cells[2] + " "
			}
			if yes("guarded") {
				cells[1] = `="` + cells[1] + `"`
			}
			if yes("apostrophe") {
				cells[3] = "'" + cells[3]
			}
			lines = append(lines, cells)
		}
		if yes("total") {
			lines = append(lines, []string{"甲苑", "合 计", "", "", "999"}, []string{"制表人：李四", "", "", "", ""})
		}
		table := [][]string{}
		if yes("title") {
			table = append(table, []string{"甲苑房产资料登记表"})
		}
		head := pick(heads, order)
		if yes("two rows") {
			upper, lower := make([]string, 5), make([]string, 5)
			for i, h := range head {
				r := []rune(h)
				upper[i], lower[i] = string(r[:len(r)/2]), string(r[len(r)/2:])
			}
			table = append(table, upper, lower)
		} else {
			table = append(table, head)
		}
		for _, l := range lines {
			table = append(table, pick(l, order))
		}
		// The total may stand in a column to the right of its sum, and the remark must be the first cell.
		rows, _ := shapesOf(t, "房产", encoded(t, table, rapid.SampledFrom([]string{"utf8", "gbk", "xlsx"}).Draw(t, "as")))
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Fatalf("%v\n%s", table, diff)
		}
	})
}

// pick returns the cells in another order.
func pick(cells []string, order []int) []string {
	out := make([]string, len(cells))
	for i, at := range order {
		out[i] = cells[at]
	}
	return out
}

// encoded writes a table as a file of one kind.
func encoded(t tester, table [][]string, as string) []byte {
	t.Helper()
	if as == "xlsx" {
		var rows [][]any
		for _, line := range table {
			var cells []any
			for _, c := range line {
				cells = append(cells, c)
			}
			rows = append(rows, slices.Clone(cells))
		}
		return workbookOf(t, rows)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(table); err != nil {
		t.Fatal(err)
	}
	if as == "utf8" {
		return b.Bytes()
	}
	out, err := simplifiedchinese.GB18030.NewEncoder().Bytes(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// FuzzNumberFormat: any code is parsed, and shows every number as a text that ends.
func FuzzNumberFormat(f *testing.F) {
	for _, code := range []string{"0000", "#,##0.00_);[Red](#,##0.00)", `0!.0,"万"`, "[h]:mm", "G/通用格式", `_ * "-"??_ `, "[$-804]yyyy",
		"# ?/?", "0.0.0", ";;;@"} {
		f.Add(code, "110.016")
	}
	f.Fuzz(func(t *testing.T, code, value string) {
		c := cell{kind: number, text: value}
		format := parseFormat(code)
		c.format = &format
		seenText(c)
		seenFigure(c, 2)
	})
}
