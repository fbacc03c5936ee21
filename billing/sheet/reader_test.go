package sheet

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// company is a table as property companies hand it over: title, blank row, header with units, three ways to write
// a date, spaces in phone numbers, numbers as text, a unit behind a price, sums below.
func company() [][]any {
	return [][]any{
		{"海棠花园房产资料登记表"},
		{},
		{"小区", " 房 号 ", "业主姓名*", "联系电话（必填）", "建筑面积(㎡)", "收费单价（元/㎡·月）", "应收金额(元)", "交房日期"},
		{"海棠花园", "1-1-101", "吕敏", "13800000000", 123.47, 2.35, 248.63000000000002, "2019-01-07"},
		{"海棠花园", "１－１－１０２", "徐霞　", "138 0000 0001", "104.15 ", "2.35元", "1,290.15元", "2019/1/7"},
		{"海棠花园", 103, "欧阳·娜 ", "+86 138-0000-0002", "９０．５３㎡", "2.35元/㎡·月", "￥0.50", 43472},
		{"小 计", nil, nil, nil, 318.15},
		{"总计大厦", "A座101", "", "010-12345678", "88平方米", "0", "-12", "2019年1月7日"},
		{},
		{"合计：", "", "", "", 406.15},
	}
}

func TestReadsATableAsCompaniesHandItOver(t *testing.T) {
	t.Parallel()
	rows, r, err := readAll(workbookOf(t, company()))
	if err != nil {
		t.Fatal(err)
	}
	type read struct {
		Number                              int
		Code, Owner, Phone, Area, Price, On string
		Fen                                 int64
	}
	want := []read{
		{Number: 4, Code: "1-1-101", Owner: "吕敏", Phone: "13800000000", Area: "123.47", Price: "2.35", On: "2019-01-07", Fen: 24863},
		{Number: 5, Code: "1-1-102", Owner: "徐霞", Phone: "13800000001", Area: "104.15", Price: "2.35", On: "2019-01-07", Fen: 129015},
		{Number: 6, Code: "103", Owner: "欧阳·娜", Phone: "13800000002", Area: "90.53", Price: "2.35", On: "2019-01-07", Fen: 50},
		{Number: 8, Code: "A座101", Owner: "", Phone: "01012345678", Area: "88", Price: "0", On: "2019-01-07", Fen: -1200},
	}
	var got []read
	for _, row := range rows {
		var ms Mistakes
		keep := func(m *Mistake) {
			if m != nil {
				ms = append(ms, m)
			}
		}
		phone, m := row.Phone("phone")
		keep(m)
		area, m := row.Decimal("area")
		keep(m)
		price, m := row.Decimal("price")
		keep(m)
		fen, m := row.Fen("amount")
		keep(m)
		on, m := row.Date("handover")
		keep(m)
		if len(ms) > 0 {
			t.Errorf("mistakes in a good row:\n%v", ms)
		}
		got = append(got, read{
			Number: row.Number(), Code: row.Text("code"), Owner: row.Text("owner"), Phone: phone, Area: area.String(),
			Price: price.String(), On: on.Format(time.DateOnly), Fen: fen,
		})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	left := []LeftOut{{Sheet: "Sheet1", Row: 7, Reason: "合计行"}, {Sheet: "Sheet1", Row: 10, Reason: "合计行"}}
	if diff := cmp.Diff(left, r.leftOut); r.Sheet() != "Sheet1" || diff != "" {
		t.Errorf("sheet %q left out %s", r.Sheet(), diff)
	}
	if diff := cmp.Diff([]string{"小区"}, r.Ignored()); diff != "" {
		t.Error(diff)
	}
}

func TestMistakesSayWhereWithoutPersonalData(t *testing.T) {
	t.Parallel()
	rows, _, err := readAll(workbookOf(t, [][]any{
		{"登记表"},
		{"房号", "业主", "手机号", "面积(㎡)"},
		{"1-101", "张三", "1380000", "张三"},
	}))
	if err != nil {
		t.Fatal(err)
	}
	_, phone := rows[0].Phone("phone")
	_, area := rows[0].Decimal("area")
	_, price := rows[0].Required("price")
	own := rows[0].Mistake("code", "房号重复")
	want := `表「Sheet1」第 3 行「手机号」列（C3）：手机号应为 11 位数字
表「Sheet1」第 3 行「面积(㎡)」列（D3）：不是数字
表「Sheet1」第 3 行「收费单价」列：不能为空
表「Sheet1」第 3 行「房号」列（A3）：房号重复`
	if diff := cmp.Diff(want, Mistakes{phone, area, price, own}.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestHeaderFaults(t *testing.T) {
	t.Parallel()
	deep := make([][]any, headerRows)
	for name, c := range map[string]struct {
		rows [][]any
		want string
	}{
		"a required column is missing": {[][]any{{"登记表"}, {"房号", "业主"}, {"1-101", "张三"}}, "表「Sheet1」第 2 行：表头缺少列：建筑面积"},
		"no known column":              {[][]any{{"表号", "读数"}, {"1", "2"}}, "前 20 行里没有找到表头，应有列：房号、建筑面积"},
		"too far below":                {append(deep, []any{"房号", "面积"}), "前 20 行里没有找到表头"},
		"a column twice":               {[][]any{{"房号", "面积", "面积(㎡)"}, {"1-101", 88, 88}}, "第 1 行：表头里的列重复：面积(㎡)"},
		"an empty sheet":               {nil, "表里没有任何内容"},
	} {
		_, _, err := readAll(workbookOf(t, c.rows))
		t.Run(name, func(t *testing.T) { mustFail(t, err, c.want) })
	}
}

func TestHeaderAtTheLastAllowedRow(t *testing.T) {
	t.Parallel()
	rows := append(make([][]any, headerRows-1), []any{"房号", "面积"}, []any{"1-101", 88})
	if diff := cmp.Diff([]string{"21|1-101|88"}, table(t, workbookOf(t, rows), "code", "area")); diff != "" {
		t.Error(diff)
	}
}

func TestHeaderAloneIsAnEmptyTable(t *testing.T) {
	t.Parallel()
	if got := table(t, workbookOf(t, [][]any{{"房号", "面积"}})); len(got) != 0 {
		t.Errorf("rows %v", got)
	}
}

func TestBracketsThatDistinguishStay(t *testing.T) {
	t.Parallel()
	rows := [][]any{{"房号", "建筑面积（m²）", "面积(套内)", "面积(公摊)"}, {"1-101", 88, 70, 18}}
	if diff := cmp.Diff([]string{"2|88"}, table(t, workbookOf(t, rows), "area")); diff != "" {
		t.Error(diff)
	}
}

func TestRowsShorterAndLongerThanTheHeader(t *testing.T) {
	t.Parallel()
	rows := [][]any{{"房号", "面积"}, {"1-101"}, {"1-102", 88, "多出", "来的"}}
	if diff := cmp.Diff([]string{"2|1-101|", "3|1-102|88"}, table(t, workbookOf(t, rows), "code", "area")); diff != "" {
		t.Error(diff)
	}
}

func TestOpenReadsFromDiskWhateverTheName(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "upload.csv") // xlsx inside
	if err := os.WriteFile(path, workbookOf(t, company()), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := openFile(t, path, roomColumns)
	if err != nil {
		t.Fatal(err)
	}
	if row, err := r.Next(); err != nil || row.Text("code") != "1-1-101" {
		t.Errorf("first row %v, %v", row, err)
	}
	for range 2 {
		if err := r.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if _, err := r.Next(); err == nil || err == io.EOF {
		t.Errorf("next after close: %v", err)
	}
}
