package console_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"wuyepay/console"
	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// workbookRows reads a downloaded workbook.
func workbookRows(t testing.TB, a answer) [][]string {
	t.Helper()
	if a.Status != http.StatusOK || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("no download: status %d, %v\n%s", a.Status, a.Header, a.Body)
	}
	f, err := excelize.OpenReader(bytes.NewReader([]byte(a.Body)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetList()[0])
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestEveryListExports downloads each list and counts its rows.
func TestEveryListExports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	b := w.as(w.staff[models.RoleAdmin])
	for path, want := range map[string]int{
		"/staff/rooms/export": 26, "/staff/rooms/export?q=3-2-1201": 1, "/staff/rooms/" + n.room.ID + "/bills/export": 6,
		"/staff/rooms/" + n.room.ID + "/payments/export": 1, "/staff/orders/export": 3, "/staff/orders/export?status=pending": 1,
		"/staff/reconcile/export?month=2026-03": 3, "/staff/reconcile/export?month=2026-02": 0, "/staff/reconcile/2026-03-13/export": 2,
		"/staff/events/export": 1, "/staff/people/export": 5, "/staff/audit/export?subject=import": 1,
	} {
		if rows := workbookRows(t, b.get(path)); len(rows)-1 != want {
			t.Errorf("%s: %d rows, want %d", path, len(rows)-1, want)
		}
	}
	row := workbookRows(t, b.get("/staff/rooms/export?q=3-2-1201"))[1]
	if row[1] != "3-2-1201" || row[5] != "王小明" || !strings.HasPrefix(row[6], "139****") || row[8] != "137.52" || row[11] != "5,287.40" {
		t.Errorf("the room is exported as %q", row)
	}
	exports := audited(t, w, "list", n.room.ID)
	if len(exports) != 2 || exports[0].ActorName != "员工admin" || exports[0].Action != "list.exported" {
		t.Errorf("who exported the room's lists is not in the log: %+v", exports)
	}
}

// TestExportedTextIsNeverAFormula puts formulas where owners and staff may write.
func TestExportedTextIsNeverAFormula(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	community := modelstest.Community(t, w.db, "测试小区")
	r := models.Room{ID: models.NewID(), CommunityID: community.ID, Code: "1-1-101", CodeKey: "1-1-101", Kind: "@SUM(1)", Steward: "+1+1", Occupancy: models.Vacant}
	modelstest.Write(t, w.db, func(tx *models.Tx) error { return tx.InsertRooms([]models.Room{r}) })
	modelstest.Owner(t, w.db, r, `=HYPERLINK("http://evil.example","点我")`, "13900009999")
	body := w.as(w.staff[models.RoleFinance]).get("/staff/rooms/export")
	f, err := excelize.OpenReader(bytes.NewReader([]byte(body.Body)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetList()[0]
	for _, cell := range []string{"F2", "H2", "K2"} {
		formula, _ := f.GetCellFormula(sheet, cell)
		value, _ := f.GetCellValue(sheet, cell)
		if formula != "" || !strings.HasPrefix(value, "'") {
			t.Errorf("%s holds %q, formula %q", cell, value, formula)
		}
	}
}

// TestExportTooLong refuses rather than leave rows out.
func TestExportTooLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *console.Deps) { d.MaxExportRows = 25 })
	n := w.town() // of 26 rooms
	a := w.as(w.staff[models.RoleFinance]).get("/staff/rooms/export").want(t, http.StatusUnprocessableEntity, "请先缩小查询范围")
	if a.Header.Get("Content-Disposition") != "" {
		t.Error("a refused export is a download")
	}
	w.as(w.staff[models.RoleFinance]).get("/staff/rooms/export?q="+n.room.Code).want(t, http.StatusOK)
}
