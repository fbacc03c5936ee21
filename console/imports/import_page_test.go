package imports_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/console"
	"wuyepay/console/consoletest"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"

	"log/slog"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
)

// newWorld is a console whose worker a test has work when it wants.
func newWorld(t *testing.T) (*consoletest.World, func()) {
	t.Helper()
	var worker *intake.Worker
	w := consoletest.New(t, func(d *console.Deps) {
		worker = intake.NewWorker(d.DB, slog.New(slog.DiscardHandler))
		d.Imports = intake.NewWorker(d.DB, slog.New(slog.DiscardHandler))
		_ = d.Imports.Close() // a kick does nothing
	})
	return w, func() {
		t.Helper()
		if _, err := worker.Work(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestImportPages hands in a file with mistakes, then the right one, takes it in and back.
func TestImportPages(t *testing.T) {
	t.Parallel()
	w, work := newWorld(t)
	b := w.As(w.Staff[office.RoleFinance])
	b.Get("/staff/imports").Want(t, http.StatusOK, "还没有导入过文件", "/staff/import-templates/rooms")
	b.SendFile("/staff/imports", "", "", nil).Want(t, http.StatusBadRequest, "请选择文件")
	b.SendFile("/staff/imports", "x.csv", "a", map[string]string{"kind": "staff"}).Want(t, http.StatusBadRequest, "不支持的导入类型")
	b.SendFile("/staff/imports", "空.csv", "", map[string]string{"kind": "rooms"}).Want(t, http.StatusUnprocessableEntity, "文件是空的")
	send := func(kind, text string) string {
		t.Helper()
		a := b.SendFile("/staff/imports", "表.csv", text, map[string]string{"kind": kind})
		if a.Status != http.StatusSeeOther {
			t.Fatalf("status %d: %s", a.Status, a.Body)
		}
		return a.Location()
	}
	post := func(path string, form url.Values) {
		t.Helper()
		if a := b.Post(path, form); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: status %d: %s", path, a.Status, a.Body)
		}
	}
	wrong := send("rooms", billingtest.RoomHead+"海棠花园,1-1-101,1栋,,,,吕敏,138,123.47,,,2020-05-02,已入住,\n"+
		"海棠花园,1-1-102,1栋,,,,何川,13800000002,70,,,2020-05-02,已入住,\n")
	b.Get(wrong).Want(t, http.StatusOK, "正在读取", `hx-trigger="every 1s"`)
	work()
	b.Get(wrong).Want(t, http.StatusOK, "未导入", `class="cell-wrong"`, "138", "全部 2", "错误 1", "文件有错误时整份都不导入").
		Without(t, "确认导入", "1-1-102", "hx-trigger")
	b.Get(wrong+"?rows=all").Want(t, http.StatusOK, "1-1-102")
	b.Get(wrong+"?rows=x").Want(t, http.StatusBadRequest)
	b.Post(wrong+"/commit", nil).Want(t, http.StatusUnprocessableEntity, "文件有错误，不能导入")
	right := send("rooms", billingtest.OneRoom)
	work()
	b.Get(right).Want(t, http.StatusOK, "待确认", "确认导入", "海棠花园", "新增")
	post(right+"/commit", nil)
	b.Get(right).Want(t, http.StatusOK, "正在导入", "0 / 1 行", "中止并恢复")
	work()
	b.Get(right).Want(t, http.StatusOK, "已导入", "撤回这次导入").Without(t, "确认导入")
	b.Get("/staff/rooms").Want(t, http.StatusOK, "1栋1单元101")
	changed := send("rooms", strings.Replace(billingtest.OneRoom, "123.47", "120", 1))
	work()
	b.Get(changed+"?rows=changed").Want(t, http.StatusOK, "<del>123.47</del>", "<ins>120.00</ins>")
	post(changed+"/discard", nil)
	b.Get(changed).Want(t, http.StatusOK, "已放弃")
	b.Post(right+"/back", url.Values{"reason": {" "}}).Want(t, http.StatusBadRequest, "请填写原因")
	post(right+"/back", url.Values{"reason": {"传错了"}})
	work()
	b.Get(right).Want(t, http.StatusOK, "已撤回")
	b.Get("/staff/rooms").Want(t, http.StatusOK).Without(t, "1栋1单元101")
	b.Get("/staff/imports?state=taken_back").Want(t, http.StatusOK, "表.csv").Without(t, "未导入</span>")
	if a := b.Get(right+"/file").Want(t, http.StatusOK); a.Body != billingtest.OneRoom {
		t.Errorf("the file is %q", a.Body)
	}
	if rows := consoletest.WorkbookRows(t, b.Get("/staff/import-templates/arrears")); len(rows) != 2 || rows[0][1] != "房号" {
		t.Errorf("the template is %v", rows)
	}
	b.Get("/staff/import-templates/nothing").Want(t, http.StatusNotFound)
	if rows := consoletest.WorkbookRows(t, b.Get("/staff/imports/export")); len(rows) != 4 {
		t.Errorf("%v", rows)
	}
	w.As(w.Staff[office.RoleAdmin]).Get("/staff/audit").Want(t, http.StatusOK, "确认导入", "导入已撤回", "下载导入的原文件")
	if strings.Contains(w.Logs.String(), "13800000000") {
		t.Error("a phone number is in the log")
	}
	if rows, err := modelstest.Rows(context.Background(), w.DB, "SELECT id FROM rooms"); err != nil || len(rows) != 0 {
		t.Errorf("%d rooms, %v", len(rows), err)
	}
}
