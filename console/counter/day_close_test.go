package counter_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

// TestDayClosePages counts a cashier's day, first wrongly.
func TestDayClosePages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB)
	modelstest.Bill(t, w.DB, room)
	cashier := w.As(w.Staff[office.RoleCashier])
	path := "/staff/rooms/" + room.ID + "/desk"
	take := func(b *consoletest.Client, amount string) consoletest.Answer {
		page := b.Get(path)
		return b.Post(path, url.Values{"form_key": {consoletest.Hidden(t, page.Body, "form_key")}, "channel": {"cash"},
			"paid_on": {"2026-03-15"}, "amount": {amount}, "do": {"book"}})
	}
	if a := take(cashier, "100"); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	manager := w.As(w.Staff[office.RoleManager])
	take(manager, "30")
	cashier.Get("/staff/dayclose").Want(t, http.StatusOK, "员工cashier · 现金", "100.00").Without(t, "员工manager · 现金")
	page := manager.Get("/staff/dayclose").Want(t, http.StatusOK, "员工cashier · 现金", "员工manager · 现金")
	form := url.Values{"on": {"2026-03-15"}, "channel": {"cash"}, "shown": {"100.00"}, "counted": {"99.50"},
		"staff": {w.Staff[office.RoleCashier].ID}, "community": {consoletest.Hidden(t, page.Body, "community")}}
	cashier.Post("/staff/dayclose", form).Want(t, http.StatusBadRequest, "请填写差异原因", "99.50")
	form.Set("reason", "找零少收五角")
	other := url.Values{"staff": {w.Staff[office.RoleManager].ID}}
	for k, v := range form {
		if k != "staff" {
			other[k] = v
		}
	}
	cashier.Post("/staff/dayclose", other).Want(t, http.StatusForbidden, "只能日结自己的收款")
	if a := cashier.Post("/staff/dayclose", form); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	cashier.Get("/staff/dayclose").Want(t, http.StatusOK, "已日结", "-0.50", "找零少收五角")
	cashier.Post("/staff/dayclose", form).Want(t, http.StatusConflict, "已经日结")
	if a := take(cashier, "10"); a.Status != http.StatusConflict {
		t.Errorf("entered in a closed day: %d", a.Status)
	}
	if rows := consoletest.WorkbookRows(t, manager.Get("/staff/dayclose/export?on=2026-03-15")); len(rows) != 3 || rows[1][12] != "找零少收五角" {
		t.Errorf("%v", rows)
	}
}
