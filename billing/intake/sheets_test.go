package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/billing/sheet"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// page is a worksheet of a test's workbook.
type page struct {
	name   string
	hidden bool
	rows   [][]any
}

// workbook returns a workbook of these sheets as excelize writes it.
func workbook(t testing.TB, pages ...page) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, p := range pages {
		if i == 0 {
			billingtest.NoError(t, f.SetSheetName("Sheet1", p.name))
		} else if _, err := f.NewSheet(p.name); err != nil {
			t.Fatal(err)
		}
		for k, row := range p.rows {
			billingtest.NoError(t, f.SetSheetRow(p.name, fmt.Sprintf("A%d", k+1), &row))
		}
	}
	for _, p := range pages {
		if p.hidden {
			billingtest.NoError(t, f.SetSheetVisible(p.name, false))
		}
	}
	var b bytes.Buffer
	billingtest.NoError(t, f.Write(&b))
	return b.Bytes()
}

// importBytes imports a file. The counts of the result must add up, whatever the error.
func importBytes(t testing.TB, db *store.DB, kind, name string, content []byte) (intake.Result, error) {
	t.Helper()
	r, err := intake.Import(context.Background(), db, modelstest.Actor, kind,
		intake.File{Name: name, Content: bytes.NewReader(content), Size: int64(len(content))})
	billingtest.AddsUp(t, r)
	return r, err
}

var roomHead = []any{"小区", "房号", "业主姓名", "联系电话", "建筑面积"}

func roomOf(code string) []any { return []any{"海棠花园", code, "吕敏", "13800000000", 95.37} }

func TestEveryVisibleSheetIsRead(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	r, err := importBytes(t, db, intake.Rooms, "房产.xlsx", workbook(t,
		page{name: "说明", rows: [][]any{{"填表说明：一栋一张表"}}},
		page{name: "1栋", rows: [][]any{roomHead, roomOf("1-1-101"), roomOf("1-1-102")}},
		page{name: "去年", hidden: true, rows: [][]any{roomHead, roomOf("9-9-909")}},
		page{name: "2栋", rows: [][]any{{"二栋"}, {"建筑面积", "房号", "小区"}, {88, "2-1-101", "海棠花园"}}},
		page{name: "3栋", rows: [][]any{{"小区", "房屋", "建筑面积"}, {"海棠花园", "3-1-101", 88}}},
		page{name: "Sheet6"},
	))
	billingtest.NoError(t, err)
	if r.Read != 3 || billingtest.Counts(r) != "3 added 0 changed 0 unchanged 0 left out" {
		t.Errorf("read %d: %s", r.Read, billingtest.Counts(r))
	}
	if diff := cmp.Diff([]sheet.Table{{Name: "1栋", Rows: 2}, {Name: "2栋", Rows: 1}}, r.Sheets); diff != "" {
		t.Error(diff)
	}
	want := []sheet.Unread{
		{Name: "说明", Reason: "前 20 行里没有找到表头，应有列：小区、房号、建筑面积"},
		{Name: "去年", Reason: "工作表是隐藏的", Alike: true},
		{Name: "3栋", Reason: "表头缺少列：房号", Alike: true},
		{Name: "Sheet6", Reason: "表里没有任何内容"},
	}
	if diff := cmp.Diff(want, r.Unread); diff != "" {
		t.Error(diff)
	}
	billingtest.RoomOf(t, db, "2-1-101")
	if r, err := importBytes(t, db, intake.Rooms, "房产.xlsx", workbook(t,
		page{name: "2栋", rows: [][]any{roomHead, roomOf("2-1-102"), {}, roomOf("2-1-103")}},
		page{name: "2栋 (2)", rows: [][]any{roomHead, roomOf("2-1-201"), roomOf("2-1-1-103"), roomOf("2-1-103")}},
		page{name: "3栋", rows: [][]any{roomHead, {"海棠花园", "3-1-101", "", "", "大"}}},
	)); err == nil || err.Error() != `表「2栋 (2)」第 4 行「房号」列（B4）：与表「2栋」第 4 行是同一间房
表「3栋」第 2 行「建筑面积」列（E2）：不是数字` || r.Wrong != 2 {
		t.Errorf("%d wrong: %v", r.Wrong, err)
	}
}

func TestMistakesOfSeveralSheetsNameTheirSheet(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Rooms, billingtest.OneRoom)
	head := []any{"房号", "收费项目", "账期起", "账期止", "应收金额", "已收金额", "缴费截止日"}
	bill := []any{"1-1-101", "物业服务费", "2025-01-01", "2025-01-31", 100, 0, "2025-02-15"}
	_, err := importBytes(t, db, intake.Arrears, "欠费.xlsx", workbook(t,
		page{name: "2024", rows: [][]any{head, {}, bill}}, page{name: "2025", rows: [][]any{head, bill}}))
	var mistakes sheet.Mistakes
	if !errors.As(err, &mistakes) || len(mistakes) != 1 ||
		mistakes[0].Error() != "表「2025」第 2 行「账期起」列（C2）：与表「2024」第 3 行是同一账单" {
		t.Error(err)
	}
}
