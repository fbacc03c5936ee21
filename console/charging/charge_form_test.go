package charging_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

func TestChargesAndVacancies(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	m := w.Estate()
	b, chief := w.As(w.Staff[office.RoleFinance]), w.As(w.Staff[office.RoleManager])
	form := url.Values{"kind": {"shared"}, "community": {m.ID}, "item": {"公摊电费"}, "reason": {"电梯"}, "amount": {"100.01"},
		"from": {"2026-02-01"}, "to": {"2026-02-28"}, "share_by": {"area"}, "scope": {"all"}}
	b.Get("/staff/charges/new?kind=one_off").Want(t, http.StatusOK, "每户金额")
	b.Post("/staff/charges/new", form).Want(t, http.StatusOK, "没有建筑面积，无法按面积分摊", "2-1-101").Without(t, "确认出账")
	form.Set("amount", "1.005")
	b.Post("/staff/charges/new", form).Want(t, http.StatusBadRequest, "金额应大于 0")
	form.Set("amount", "100.01")
	form.Set("share_by", "household")
	shown := b.Post("/staff/charges/new", form).Want(t, http.StatusOK, "3 户，合计 100.01 元", "33.34", "33.33", "确认出账")
	form["seen"] = consoletest.FindAll(shown.Body, `name="seen" value="([^"]+)"`)
	page := b.Post("/staff/charges/new", form).Want(t, http.StatusSeeOther).Location()
	b.Post("/staff/charges/new", form).Want(t, http.StatusOK, "已有该项目的账单").Without(t, "确认出账")
	b.Get(page).Want(t, http.StatusOK, "已出账", "申请作废", "按户分摊")
	if bills := billsOf(w, "1-1-101"); len(bills) != 1 {
		t.Fatalf("%+v", bills)
	}
	b.Post(page+"/void", url.Values{"reason": {"录错"}}).Want(t, http.StatusSeeOther)
	b.Post(page+"/decide", url.Values{"approve": {"1"}}).Want(t, http.StatusForbidden)
	chief.Get(page).Want(t, http.StatusOK, "同意作废全部账单", "录错")
	chief.Post(page+"/decide", url.Values{"approve": {"1"}}).Want(t, http.StatusSeeOther)
	b.Get(page).Want(t, http.StatusOK, "已作废")
	if bills := billsOf(w, "1-1-101"); len(bills) != 0 {
		t.Fatalf("%+v", bills)
	}
	b.Get("/staff/charges").Want(t, http.StatusOK, "公摊电费", "100.01")
	consoletest.WorkbookRows(t, b.Get("/staff/charges/export"))

	ask := url.Values{"community": {m.ID}, "room": {"1-1-101"}, "from": {"2026-04-01"}, "to": {"2026-06-30"}, "reason": {"空关"}}
	chief.Post("/staff/vacancies", ask).Want(t, http.StatusSeeOther)
	chief.Post("/staff/vacancies", ask).Want(t, http.StatusConflict, "重叠")
	w.As(w.AddStaff("zhou", "周楠", office.RoleSteward)).Post("/staff/vacancies", ask).Want(t, http.StatusNotFound, "不在您负责的范围内")
	chief.Get("/staff/vacancies").Want(t, http.StatusOK, "待审批", "空关").Without(t, `value="approve"`)
	admin := w.As(w.Staff[office.RoleAdmin])
	target := consoletest.FindAll(admin.Get("/staff/vacancies").Body, `action="(/staff/vacancies/[^"]+)"`)
	if len(target) != 1 {
		t.Fatal(target)
	}
	chief.Post(target[0], url.Values{"do": {"approve"}}).Want(t, http.StatusSeeOther)
	chief.Get("/staff/vacancies").Want(t, http.StatusOK, "申请人不能审批自己的申请")
	admin.Post(target[0], url.Values{"do": {"approve"}, "note": {"已核实"}}).Want(t, http.StatusSeeOther)
	chief.Get("/staff/vacancies").Want(t, http.StatusOK, "已同意", "已核实", "提前结束")
	admin.Post(target[0], url.Values{"do": {"end"}, "last_day": {"2026-05-31"}}).Want(t, http.StatusSeeOther)
	chief.Get("/staff/vacancies").Want(t, http.StatusOK, "2026-04-01 至 2026-05-31")
	consoletest.WorkbookRows(t, chief.Get("/staff/vacancies/export"))
}
