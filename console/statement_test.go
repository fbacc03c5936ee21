package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/models"
)

func TestStatementPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	b := w.as(w.staff[models.RoleCashier])
	path := "/staff/rooms/" + n.room.ID + "/statement"
	b.get("/staff/rooms/"+n.room.ID).want(t, http.StatusOK, path)
	b.get(path).want(t, http.StatusOK, "期初余额", "账单 物业服务费", "2025-01-01 至 2025-12-31", "王小明", "6,292.29", "下载 PDF")
	b.get(path+"?year=2024").want(t, http.StatusOK, "这一年没有发生账目")
	b.get(path+"?year=2027").want(t, http.StatusBadRequest)
	b.get(path+"?owner=somebody").want(t, http.StatusNotFound)
	pdf := b.get(strings.Replace(path, "statement", "statement.pdf", 1) + "?year=2026")
	if pdf.Status != http.StatusOK || !strings.HasPrefix(pdf.Body, "%PDF-") || pdf.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("status %d, %v", pdf.Status, pdf.Header)
	}
	if log := audited(t, w, "list", n.room.ID); len(log) != 1 || log[0].Action != "list.exported" {
		t.Errorf("%+v", log)
	}
	// After a transfer each owner has an account of their own.
	a := w.as(w.staff[models.RoleManager]).post("/staff/rooms/"+n.room.ID+"/transfer", url.Values{"on": {"2026-03-14"}, "name": {"李新"}, "prepaid_to": {"room"}})
	if a.Status != http.StatusSeeOther {
		t.Fatal(a.Body)
	}
	b.get(path).want(t, http.StatusOK, "王小明（至 2026-03-13）", "李新").without(t, "账单 物业服务费")
	former := findAll(b.get(path).Body, `<option value="([^"]+)">王小明`)
	if len(former) != 1 {
		t.Fatal("no account of the former owner")
	}
	b.get(path+"?owner="+former[0]).want(t, http.StatusOK, "账单 物业服务费")
	w.as(w.addStaff("gao", "高远", models.RoleSteward)).get(path).want(t, http.StatusNotFound)
}
