package counter_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

// TestDeskPages goes the way of a payment at the desk: find the room, choose bills,
// see what it does, book it, look at it, find it in the list, undo it.
func TestDeskPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB, func(r *estate.Room) { r.Building, r.Unit, r.Number, r.Code = "3栋", "2单元", "1201", "3-2-1201" })
	first := modelstest.Bill(t, w.DB, room)
	modelstest.Bill(t, w.DB, room)
	cashier := w.As(w.Staff[office.RoleCashier])
	cashier.Get("/staff/desk").Want(t, http.StatusOK, "先找到房产")
	path := "/staff/rooms/" + room.ID + "/desk"
	cashier.Get("/staff/desk?q=1201").Want(t, http.StatusOK, path)
	page := cashier.Get(path).Want(t, http.StatusOK, "258.98", first.ID).Without(t, "确认收款")
	form := url.Values{"form_key": {consoletest.Hidden(t, page.Body, "form_key")}, "channel": {"card"}, "paid_on": {"2026-03-15"},
		"bill": {first.ID}, "note": {"业主之子代缴"}}
	cashier.Post(path, form).Want(t, http.StatusBadRequest, "请填写凭证号", "业主之子代缴")
	form.Set("voucher", "POS-17")
	page = cashier.Post(path, form).Want(t, http.StatusOK, "收 129.49 元将这样入账", "19.47", "110.02", "结清", "此后还欠 <strong>129.49</strong>",
		"确认收款 129.49 元")
	form.Set("do", "book")
	form.Set("shown", "129.48")
	cashier.Post(path, form).Want(t, http.StatusConflict, "应缴金额已变化")
	form.Set("shown", consoletest.Hidden(t, page.Body, "shown"))
	a := cashier.Post(path, form)
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location(), "/staff/desk/payments/") {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	detail := a.Location()
	cashier.Get(detail).Want(t, http.StatusOK, "收款已入账", "POS-17", "业主之子代缴", "员工cashier", "110.02", "19.47")
	if again := cashier.Post(path, form); again.Location() != detail {
		t.Errorf("the form posted twice led to %q", again.Location())
	}
	cashier.Get(detail).Want(t, http.StatusOK, "没有重复入账")
	cashier.Get("/staff/desk/payments?channel=card&voucher=pos-17").Want(t, http.StatusOK, "129.49", "有效")
	if rows := consoletest.WorkbookRows(t, cashier.Get("/staff/desk/payments/export")); len(rows) != 2 || rows[1][6] != "POS-17" {
		t.Errorf("%v", rows)
	}
	cashier.Get("/staff/takings").Want(t, http.StatusOK, "银行卡", "物业服务费", "当日进账净额 <strong>129.49</strong>")
	cashier.Post(detail+"/reverse", url.Values{"reason": {"录错"}}).Want(t, http.StatusForbidden, "不能冲正自己登记的收款", "录错")
	finance := w.As(w.Staff[office.RoleFinance])
	finance.Post(detail+"/reverse", url.Values{"reason": {""}}).Want(t, http.StatusBadRequest, "请填写")
	if a := finance.Post(detail+"/reverse", url.Values{"reason": {"录错房号"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	finance.Get(detail).Want(t, http.StatusOK, "已冲正：账单恢复为未缴", "录错房号").Without(t, "冲正这笔收款")
	finance.Post(detail+"/reverse", url.Values{"reason": {"再来"}}).Want(t, http.StatusConflict, "不能重复冲正")
	finance.Get("/staff/rooms/"+room.ID).Want(t, http.StatusOK, "已冲正 2026-03-15", "258.98")
	finance.Get("/staff/takings").Want(t, http.StatusOK, "当日进账净额 <strong>0.00</strong>")
	log := consoletest.Audited(t, w, "payment", strings.TrimPrefix(detail, "/staff/desk/payments/"))
	if len(log) != 2 || log[0].Action != "desk.reversed" || log[0].Actor.Name != "员工finance" || log[1].Action != "desk.taken" {
		t.Errorf("%+v", log)
	}
}
