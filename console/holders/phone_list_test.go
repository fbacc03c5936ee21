package holders_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

// TestPhonesOfAnOwner adds a number, makes it the registered one, and never shows one in
// full.
func TestPhonesOfAnOwner(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	page := "/staff/rooms/" + n.Room.ID + "/phones"
	cashier, manager := w.As(w.Staff[office.RoleCashier]), w.As(w.Staff[office.RoleManager])
	shown := cashier.Get(page).Want(t, http.StatusOK, "登记号码", "没有其他号码", "增加号码").Without(t, "改为登记号码")
	owner := consoletest.FindAll(shown.Body, `name="owner" value="([^"]+)"`)
	if len(owner) == 0 {
		t.Fatal(shown.Body)
	}
	form := url.Values{"owner": owner[:1], "phone": {"139 1234-5678"}, "label": {"子女"}, "reason": {"业主来电"}, "do": {"add"}}
	cashier.Post(page, form).Want(t, http.StatusSeeOther)
	cashier.Get(page).Want(t, http.StatusOK, "139****5678", "子女", "可用").Without(t, "12345678")
	cashier.Post(page, form).Want(t, http.StatusConflict, "已登记这个号码")
	form.Set("do", "register")
	cashier.Post(page, form).Want(t, http.StatusForbidden)
	form.Set("phone", "13812340000")
	manager.Post(page, form).Want(t, http.StatusSeeOther)
	manager.Get(page).Want(t, http.StatusOK, "登记号码 138****0000", "原登记号码", "139****5678")
	form.Set("do", "burn")
	manager.Post(page, form).Want(t, http.StatusBadRequest)
}
