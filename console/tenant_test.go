package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/models"
)

func TestTenantPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	b := w.as(w.staff[models.RoleManager])
	path := "/staff/rooms/" + n.room.ID + "/tenants"
	b.get("/staff/rooms/"+n.room.ID).want(t, http.StatusOK, path)
	b.get(path).want(t, http.StatusOK, "没有登记租户", "水费", "登记租户")
	form := url.Values{"name": {"赵租"}, "phone": {"137"}, "from": {"2026-01-01"}, "item": {"水费", "车位费"}}
	b.post(path, form).want(t, http.StatusUnprocessableEntity, "联系电话须为", "赵租", `value="水费" checked`)
	form.Set("phone", "137 0000 0005")
	if a := b.post(path, form); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	a := b.get(path).want(t, http.StatusOK, "租户已登记", "赵租", "137****0005", "水费、车位费", "结束租赁")
	b.post(path, form).want(t, http.StatusConflict, "已约定由租户缴纳")
	w.as(w.staff[models.RoleCashier]).get(path).want(t, http.StatusOK, "赵租").without(t, "结束租赁", "登记</button>")
	end := findAll(a.Body, `action="([^"]+/end)"`)
	if len(end) != 1 {
		t.Fatal("no way to end it")
	}
	b.post(end[0], url.Values{"last": {"2025-12-31"}}).want(t, http.StatusConflict, "已经结束")
	if a := b.post(end[0], url.Values{"last": {"2026-03-15"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	b.get(path).want(t, http.StatusOK, "2026-01-01 至 2026-03-15", "租赁已结束").without(t, "结束租赁</button>")
	b.post(path+"/nothing/end", url.Values{"last": {"2026-03-15"}}).want(t, http.StatusNotFound)
}
