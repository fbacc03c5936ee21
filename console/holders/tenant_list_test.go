package holders_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

func TestTenantPage(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	b := w.As(w.Staff[office.RoleManager])
	path := "/staff/rooms/" + n.Room.ID + "/tenants"
	b.Get("/staff/rooms/"+n.Room.ID).Want(t, http.StatusOK, path)
	b.Get(path).Want(t, http.StatusOK, "没有登记租户", "水费", "登记租户")
	form := url.Values{"name": {"赵租"}, "phone": {"137"}, "from": {"2026-01-01"}, "item": {"水费", "车位费"}}
	b.Post(path, form).Want(t, http.StatusUnprocessableEntity, "联系电话须为", "赵租", `value="水费" checked`)
	form.Set("phone", "137 0000 0005")
	if a := b.Post(path, form); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	a := b.Get(path).Want(t, http.StatusOK, "租户已登记", "赵租", "137****0005", "水费、车位费", "结束租赁")
	b.Post(path, form).Want(t, http.StatusConflict, "已约定由租户缴纳")
	w.As(w.Staff[office.RoleCashier]).Get(path).Want(t, http.StatusOK, "赵租").Without(t, "结束租赁", "登记</button>")
	end := consoletest.FindAll(a.Body, `action="([^"]+/end)"`)
	if len(end) != 1 {
		t.Fatal("no way to end it")
	}
	b.Post(end[0], url.Values{"last": {"2025-12-31"}}).Want(t, http.StatusConflict, "已经结束")
	if a := b.Post(end[0], url.Values{"last": {"2026-03-15"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	b.Get(path).Want(t, http.StatusOK, "2026-01-01 至 2026-03-15", "租赁已结束").Without(t, "结束租赁</button>")
	b.Post(path+"/nothing/end", url.Values{"last": {"2026-03-15"}}).Want(t, http.StatusNotFound)
}
