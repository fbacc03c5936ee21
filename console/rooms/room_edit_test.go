package rooms_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

// TestRoomDataIsChangedOnItsPage changes area and price with a reason, and shows the
// history; a second form that was opened before is refused.
func TestRoomDataIsChangedOnItsPage(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB, func(r *estate.Room) { r.Code, r.Area, r.Building, r.Unit, r.Number = "1-1-101", "100", "", "", "" })
	b := w.As(w.Staff[office.RoleFinance])
	page := "/staff/rooms/" + room.ID + "/edit"
	shown := b.Get(page).Want(t, http.StatusOK, "建筑面积", `value="100"`, "还没有变更", "只影响以后出的账单")
	seen := consoletest.FindAll(shown.Body, `name="seen" value="([^"]+)"`)
	if len(seen) != 1 {
		t.Fatal(shown.Body)
	}
	form := url.Values{"seen": seen, "area": {"98.5"}, "price": {"2.6"}, "cycle": {"quarter"}, "kind": {"高层住宅"}, "state": {"vacant"},
		"steward": {"周楠"}, "handover": {"2024-05-01"}}
	b.Post(page, form).Want(t, http.StatusBadRequest, "请填写原因", `value="98.5"`)
	form.Set("reason", "实测面积")
	form.Set("area", "大")
	b.Post(page, form).Want(t, http.StatusBadRequest, "面积应大于 0")
	form.Set("area", "98.5")
	w.As(w.Staff[office.RoleCashier]).Post(page, form).Want(t, http.StatusForbidden)
	b.Post(page, form).Want(t, http.StatusSeeOther)
	b.Get(page).Want(t, http.StatusOK, "资料已保存", "98.50", "实测面积", "资料变更记录", "2.60", "空置")
	form.Set("area", "50")
	b.Post(page, form).Want(t, http.StatusConflict, "刚被别人修改过", `value="98.50"`)
	b.Get("/staff/rooms/"+room.ID).Want(t, http.StatusOK, "修改资料", "自己的单价", "资料变更记录", "98.50")
	if rows := consoletest.WorkbookRows(t, b.Get("/staff/rooms/"+room.ID+"/changes/export")); len(rows) < 6 {
		t.Errorf("%v", rows)
	}
	w.As(w.Staff[office.RoleManager]).Get("/staff/audit").Want(t, http.StatusOK, "建筑面积 100 → 98.50", "缴费周期 — → 季")
}
