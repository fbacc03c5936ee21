package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// hidden gives the value of a hidden field of a page.
func hidden(t testing.TB, page, name string) string {
	t.Helper()
	found := findAll(page, `name="`+name+`" value="([^"]*)"`)
	if len(found) == 0 {
		t.Fatalf("no field %s on the page", name)
	}
	return found[0]
}

// TestDeskPages goes the way of a payment at the desk: find the room, choose bills,
// see what it does, book it, look at it, find it in the list, undo it.
func TestDeskPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := modelstest.Room(t, w.db, func(r *models.Room) { r.Building, r.Unit, r.Number, r.Code = "3栋", "2单元", "1201", "3-2-1201" })
	first := modelstest.Bill(t, w.db, room)
	modelstest.Bill(t, w.db, room)
	cashier := w.as(w.staff[models.RoleCashier])
	cashier.get("/staff/desk").want(t, http.StatusOK, "先找到房产")
	path := "/staff/rooms/" + room.ID + "/desk"
	cashier.get("/staff/desk?q=1201").want(t, http.StatusOK, path)
	page := cashier.get(path).want(t, http.StatusOK, "258.98", first.ID).without(t, "确认收款")
	form := url.Values{"form_key": {hidden(t, page.Body, "form_key")}, "channel": {"card"}, "paid_on": {"2026-03-15"}, "bill": {first.ID}, "note": {"业主之子代缴"}}
	cashier.post(path, form).want(t, http.StatusBadRequest, "请填写凭证号", "业主之子代缴")
	form.Set("voucher", "POS-17")
	page = cashier.post(path, form).want(t, http.StatusOK, "收 129.49 元将这样入账", "19.47", "110.02", "结清", "此后还欠 <strong>129.49</strong>", "确认收款 129.49 元")
	form.Set("do", "book")
	form.Set("shown", "129.48")
	cashier.post(path, form).want(t, http.StatusConflict, "应缴金额已变化")
	form.Set("shown", hidden(t, page.Body, "shown"))
	a := cashier.post(path, form)
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.location(), "/staff/desk/payments/") {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	detail := a.location()
	cashier.get(detail).want(t, http.StatusOK, "收款已入账", "POS-17", "业主之子代缴", "员工cashier", "110.02", "19.47")
	if again := cashier.post(path, form); again.location() != detail {
		t.Errorf("the form posted twice led to %q", again.location())
	}
	cashier.get(detail).want(t, http.StatusOK, "没有重复入账")
	cashier.get("/staff/desk/payments?channel=card&voucher=pos-17").want(t, http.StatusOK, "129.49", "有效")
	if rows := workbookRows(t, cashier.get("/staff/desk/payments/export")); len(rows) != 2 || rows[1][6] != "POS-17" {
		t.Errorf("%v", rows)
	}
	cashier.get("/staff/takings").want(t, http.StatusOK, "银行卡", "物业服务费", "当日进账净额 <strong>129.49</strong>")
	cashier.post(detail+"/reverse", url.Values{"reason": {"录错"}}).want(t, http.StatusForbidden, "不能冲正自己登记的收款", "录错")
	finance := w.as(w.staff[models.RoleFinance])
	finance.post(detail+"/reverse", url.Values{"reason": {""}}).want(t, http.StatusBadRequest, "请填写")
	if a := finance.post(detail+"/reverse", url.Values{"reason": {"录错房号"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	finance.get(detail).want(t, http.StatusOK, "已冲正：账单恢复为未缴", "录错房号").without(t, "冲正这笔收款")
	finance.post(detail+"/reverse", url.Values{"reason": {"再来"}}).want(t, http.StatusConflict, "不能重复冲正")
	finance.get("/staff/rooms/"+room.ID).want(t, http.StatusOK, "已冲正 2026-03-15", "258.98")
	finance.get("/staff/takings").want(t, http.StatusOK, "当日进账净额 <strong>0.00</strong>")
	log := audited(t, w, "payment", strings.TrimPrefix(detail, "/staff/desk/payments/"))
	if len(log) != 2 || log[0].Action != "desk.reversed" || log[0].ActorName != "员工finance" || log[1].Action != "desk.taken" {
		t.Errorf("%+v", log)
	}
}

// TestDayClosePages counts a cashier's day, first wrongly.
func TestDayClosePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := modelstest.Room(t, w.db)
	modelstest.Bill(t, w.db, room)
	cashier := w.as(w.staff[models.RoleCashier])
	path := "/staff/rooms/" + room.ID + "/desk"
	take := func(b *browser, amount string) answer {
		page := b.get(path)
		return b.post(path, url.Values{"form_key": {hidden(t, page.Body, "form_key")}, "channel": {"cash"}, "paid_on": {"2026-03-15"}, "amount": {amount}, "do": {"book"}})
	}
	if a := take(cashier, "100"); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	manager := w.as(w.staff[models.RoleManager])
	take(manager, "30")
	cashier.get("/staff/dayclose").want(t, http.StatusOK, "员工cashier · 现金", "100.00").without(t, "员工manager · 现金")
	page := manager.get("/staff/dayclose").want(t, http.StatusOK, "员工cashier · 现金", "员工manager · 现金")
	form := url.Values{"on": {"2026-03-15"}, "channel": {"cash"}, "shown": {"100.00"}, "counted": {"99.50"}, "staff": {w.staff[models.RoleCashier].ID},
		"community": {hidden(t, page.Body, "community")}}
	cashier.post("/staff/dayclose", form).want(t, http.StatusBadRequest, "请填写差异原因", "99.50")
	form.Set("reason", "找零少收五角")
	other := url.Values{"staff": {w.staff[models.RoleManager].ID}}
	for k, v := range form {
		if k != "staff" {
			other[k] = v
		}
	}
	cashier.post("/staff/dayclose", other).want(t, http.StatusForbidden, "只能日结自己的收款")
	if a := cashier.post("/staff/dayclose", form); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	cashier.get("/staff/dayclose").want(t, http.StatusOK, "已日结", "-0.50", "找零少收五角")
	cashier.post("/staff/dayclose", form).want(t, http.StatusConflict, "已经日结")
	if a := take(cashier, "10"); a.Status != http.StatusConflict {
		t.Errorf("entered in a closed day: %d", a.Status)
	}
	if rows := workbookRows(t, manager.get("/staff/dayclose/export?on=2026-03-15")); len(rows) != 3 || rows[1][12] != "找零少收五角" {
		t.Errorf("%v", rows)
	}
}
