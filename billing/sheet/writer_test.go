package sheet

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// write is a table of one row below its header.
func write(t tester, header []string, cells ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, "欠费台账", header)
	if err == nil {
		err = w.Row(cells...)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// excelize, not our own Reader, says what a spreadsheet program finds in the file.
func TestWriterCells(t *testing.T) {
	t.Parallel()
	shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
	content := write(t, []string{"房号", "=欠费"},
		"1-1-101", "=1+1", "-1", "'=1", "　＋86", "＝1", "a\x00b\u200bc", 7, int64(8), Yuan(131003091), Yuan(-5),
		decimal.RequireFromString("0.003"),
		time.Date(2019, 1, 7, 0, 30, 0, 0, shanghai), time.Time{}, time.Date(1920, 1, 7, 0, 0, 0, 0, time.UTC), true, nil, "末")
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	shown, err := f.GetRows("欠费台账")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"房号", "'=欠费"}, {
		"1-1-101", "'=1+1", "'-1", "''=1", "'　＋86", "'＝1", "abc", "7", "8", "1,310,030.91", "-0.05", "0.003", "2019-01-07", "",
		"1920-01-07", "是", "", "末",
	}}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Error(diff)
	}
	kind, err := f.GetCellType("欠费台账", "J2")
	if formula, _ := f.GetCellFormula("欠费台账", "B2"); err != nil || kind == excelize.CellTypeInlineString || formula != "" {
		t.Errorf("money of kind %v, formula %q, %v", kind, formula, err)
	}
}

func TestWriterRefuses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "a/b", strings.Repeat("长", 32)} {
		if _, err := NewWriter(&bytes.Buffer{}, name, nil); err == nil {
			t.Errorf("sheet name %q was taken", name)
		}
	}
	w, err := NewWriter(&bytes.Buffer{}, "表", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, c := range []any{3.14, Yuan(1e13 + 1), strings.Repeat("长", 32768), []byte("x")} {
		if err := w.Row("1-101", c); err == nil || !strings.Contains(err.Error(), "column B") {
			t.Errorf("%T: %v", c, err)
		}
	}
	if err := w.Row(make([]any, maxColumns+1)...); err == nil {
		t.Error("too wide a row was taken")
	}
}

// What Writer writes, Reader reads back.
func TestWriterAndReaderAgree(t *testing.T) {
	t.Parallel()
	header := []string{"房号", "业主姓名", "联系电话", "建筑面积", "应收金额", "交房日期"}
	rapid.Check(t, func(t *rapid.T) {
		owner := rapid.StringMatching(`['=+@＝－-]{0,3}[一-龥a-zA-Z<&"' ]{0,10}`).Draw(t, "owner")
		fen := rapid.Int64Range(-1e13, 1e13).Draw(t, "fen")
		area := decimal.New(rapid.Int64Range(0, 1e9).Draw(t, "area"), -2)
		day := time.Date(1900, 1, 1+rapid.IntRange(0, 109937).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		rows, _, err := readAll(write(t, header, "1-101", owner, "+8613800000003", area, Yuan(fen), day))
		if err != nil || len(rows) != 1 {
			t.Fatal(err, len(rows))
		}
		gotFen, m1 := rows[0].Fen("amount")
		gotArea, m2 := rows[0].Decimal("area")
		gotDay, m3 := rows[0].Date("handover")
		phone, m4 := rows[0].Phone("phone")
		if m1 != nil || m2 != nil || m3 != nil || m4 != nil {
			t.Fatal(m1, m2, m3, m4)
		}
		if gotFen != fen || !gotArea.Equal(area) || !gotDay.Equal(day) || phone != "13800000003" {
			t.Fatalf("%d %v %v %s", gotFen, gotArea, gotDay, phone)
		}
		// Reader trims and narrows; but for that the text is the same, apostrophes included.
		if want := strings.TrimSpace(strings.ReplaceAll(owner, "－", "-")); !isNothing(want) && rows[0].Text("owner") != want {
			t.Fatalf("owner %q read as %q", owner, rows[0].Text("owner"))
		}
	})
}
