package rooms_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

func TestStatementPage(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	b := w.As(w.Staff[office.RoleCashier])
	path := "/staff/rooms/" + n.Room.ID + "/statement"
	b.Get("/staff/rooms/"+n.Room.ID).Want(t, http.StatusOK, path)
	b.Get(path).Want(t, http.StatusOK, "期初余额", "账单 物业服务费", "2025-01-01 至 2025-12-31", "王小明", "6,292.29", "下载 PDF")
	b.Get(path+"?year=2024").Want(t, http.StatusOK, "这一年没有发生账目")
	b.Get(path+"?year=2027").Want(t, http.StatusBadRequest)
	b.Get(path+"?owner=somebody").Want(t, http.StatusNotFound)
	pdf := b.Get(strings.Replace(path, "statement", "statement.pdf", 1) + "?year=2026")
	if pdf.Status != http.StatusOK || !strings.HasPrefix(pdf.Body, "%PDF-") || pdf.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("status %d, %v", pdf.Status, pdf.Header)
	}
	if log := consoletest.Audited(t, w, "list", n.Room.ID); len(log) != 1 || log[0].Action != "list.exported" {
		t.Errorf("%+v", log)
	}
	// After a transfer each owner has an account of their own.
	a := w.As(w.Staff[office.RoleManager]).Post("/staff/rooms/"+n.Room.ID+"/transfer", url.Values{"on": {"2026-03-14"}, "name": {"李新"},
		"prepaid_to": {"room"}})
	if a.Status != http.StatusSeeOther {
		t.Fatal(a.Body)
	}
	b.Get(path).Want(t, http.StatusOK, "王小明（至 2026-03-13）", "李新").Without(t, "账单 物业服务费")
	former := consoletest.FindAll(b.Get(path).Body, `<option value="([^"]+)">王小明`)
	if len(former) != 1 {
		t.Fatal("no account of the former owner")
	}
	b.Get(path+"?owner="+former[0]).Want(t, http.StatusOK, "账单 物业服务费")
	w.As(w.AddStaff("gao", "高远", office.RoleSteward)).Get(path).Want(t, http.StatusNotFound)
}
