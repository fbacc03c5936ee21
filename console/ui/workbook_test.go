package ui_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"wuyepay/console"
	"wuyepay/console/consoletest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// TestExportedTextIsNeverAFormula puts formulas where owners and staff may write.
func TestExportedTextIsNeverAFormula(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	community := modelstest.Community(t, w.DB, "测试小区")
	r := estate.Room{ID: models.NewID(), CommunityID: community.ID, Code: "1-1-101", CodeKey: "1-1-101", Kind: "@SUM(1)",
		Steward: "+1+1", Occupancy: estate.Vacant}
	modelstest.Write(t, w.DB, func(tx *store.Tx) error { return estate.InsertRooms(tx, []estate.Room{r}) })
	modelstest.Owner(t, w.DB, r, `=HYPERLINK("http://evil.example","点我")`, "13900009999")
	body := w.As(w.Staff[office.RoleFinance]).Get("/staff/rooms/export")
	f, err := excelize.OpenReader(bytes.NewReader([]byte(body.Body)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := f.GetSheetList()[0]
	for _, cell := range []string{"F2", "H2", "M2"} {
		formula, _ := f.GetCellFormula(name, cell)
		value, _ := f.GetCellValue(name, cell)
		if formula != "" || !strings.HasPrefix(value, "'") {
			t.Errorf("%s holds %q, formula %q", cell, value, formula)
		}
	}
}

// TestExportTooLong refuses rather than leave rows out.
func TestExportTooLong(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t, func(d *console.Deps) { d.MaxExportRows = 25 })
	n := w.Town() // of 26 rooms
	a := w.As(w.Staff[office.RoleFinance]).Get("/staff/rooms/export").Want(t, http.StatusUnprocessableEntity, "请先缩小查询范围")
	if a.Header.Get("Content-Disposition") != "" {
		t.Error("a refused export is a download")
	}
	w.As(w.Staff[office.RoleFinance]).Get("/staff/rooms/export?q="+n.Room.Code).Want(t, http.StatusOK)
}
