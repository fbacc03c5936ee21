package requests_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

// TestWaiverPages goes the whole way: ask, see the effect, may not decide it
// oneself, somebody else does, and the account names both.
func TestWaiverPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	r := modelstest.Room(t, w.DB)
	bill := modelstest.Bill(t, w.DB, r) // 110.02 with 19.47 late fee
	finance, manager := w.As(w.Staff[office.RoleFinance]), w.As(w.Staff[office.RoleManager])
	finance.Get("/staff/requests").Want(t, http.StatusOK, "没有申请")
	form := url.Values{"kind": {"waiver"}, "bill": {bill.ID}, "amount": {"19.48"}, "text": {"首次逾期"}, "do": {"preview"}}
	finance.Post("/staff/rooms/"+r.ID+"/ask", form).Want(t, http.StatusUnprocessableEntity, "减免金额超过应缴违约金", "首次逾期").Without(t,
		"等待审批</button>")
	form.Set("amount", "十元")
	finance.Post("/staff/rooms/"+r.ID+"/ask", form).Want(t, http.StatusBadRequest, "金额不正确")
	form.Set("amount", "10.00")
	page := w.Ask(finance, r.ID, form, "如果今天同意", "共减免违约金 <strong>10.00</strong>", ">9.47<")
	finance.Get(page).Want(t, http.StatusOK, "须由另一位有权限的同事审批", "首次逾期", "员工finance").Without(t, `value="approve"`)
	finance.Post(page, url.Values{"do": {"approve"}, "note": {"可以"}}).Want(t, http.StatusForbidden, "申请人不能审批自己的申请")
	w.As(w.Staff[office.RoleCashier]).Get(page).Want(t, http.StatusOK, "等待有权限的同事审批").Without(t, `value="approve"`)
	w.As(w.Staff[office.RoleCashier]).Post(page, url.Values{"do": {"approve"}, "note": {"可以"}}).Want(t, http.StatusForbidden)
	manager.Get(page).Want(t, http.StatusOK, `value="approve"`)
	manager.Post(page, url.Values{"do": {"approve"}}).Want(t, http.StatusBadRequest, "请填写审批意见")
	manager.Post(page, url.Values{"note": {"可以"}}).Want(t, http.StatusBadRequest)
	manager.Post(page, url.Values{"do": {"approve"}, "note": {"同意减免"}}).Want(t, http.StatusSeeOther)
	manager.Get(page).Want(t, http.StatusOK, "审批结果已保存", "员工finance", "员工manager", "同意减免").Without(t, `value="approve"`)
	manager.Get("/staff/rooms/"+r.ID).Want(t, http.StatusOK, "减免违约金 违约金 -10.00 元：首次逾期", "申请 员工finance，审批 员工manager", "减免 10.00", "119.49")
	manager.Get("/staff/requests?kind=waiver&status=approved").Want(t, http.StatusOK, "首次逾期", "员工finance", "员工manager")
	manager.Get("/staff/requests?status=open").Want(t, http.StatusOK, "没有申请")
	if rows := consoletest.WorkbookRows(t, manager.Get("/staff/requests/export")); len(rows) != 2 || rows[1][0] != "减免违约金" ||
		rows[1][10] != "同意减免" {
		t.Errorf("%v", rows)
	}
	consoletest.BooksAgree(t, w.DB)
}

// TestOtherRequestPages asks for each of the other kinds, with its effect shown.
func TestOtherRequestPages(t *testing.T) {
	t.Parallel()
	for kind, tt := range map[string]struct {
		form   url.Values
		effect []string
		after  string
	}{
		"correction": {url.Values{"amount": {"100"}, "text": {"面积有误"}}, []string{">100.00<", ">17.70<"}, "117.70"},
		"void":       {url.Values{"text": {"重复出账"}}, []string{"之后（作废）"}, "没有欠费"},
		"dispute":    {url.Values{"reason": {"service"}, "text": {"没有清运"}}, []string{"答复前不再催缴"}, "129.49"},
		"promise":    {url.Values{"pay_on": {"2026-03-20"}}, []string{"不再催缴这套房产"}, "承诺 2026-03-20"},
		"instalment": {url.Values{"count": {"3"}, "first": {"2026-03-31"}, "days": {"7"}, "frozen": {"1"}, "text": {"困难"}},
			[]string{"共 129.49 元", "2026-04-30", ">43.17<", ">43.16<"}, "逾期 7 天未缴即终止"},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := consoletest.New(t)
			r := modelstest.Room(t, w.DB)
			bill := modelstest.Bill(t, w.DB, r)
			tt.form.Set("kind", kind)
			tt.form.Set("bill", bill.ID)
			page := w.Ask(w.As(w.Staff[office.RoleFinance]), r.ID, tt.form, tt.effect...)
			manager := w.As(w.Staff[office.RoleManager])
			manager.Get(page).Want(t, http.StatusOK, "员工finance")
			if kind == "dispute" {
				manager.Get("/staff/rooms/"+r.ID).Want(t, http.StatusOK, "有异议")
			}
			manager.Post(page, url.Values{"do": {"approve"}, "note": {"同意"}}).Want(t, http.StatusSeeOther)
			manager.Get("/staff/rooms/"+r.ID).Want(t, http.StatusOK, tt.after).Without(t, "有异议")
			consoletest.BooksAgree(t, w.DB)
		})
	}
}

// TestRequestsOfOtherRooms: a steward neither sees nor asks for rooms of others.
func TestRequestsOfOtherRooms(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	r := modelstest.Room(t, w.DB, func(r *estate.Room) { r.Steward = "高远" })
	bill := modelstest.Bill(t, w.DB, r)
	page := w.Ask(w.As(w.Staff[office.RoleFinance]), r.ID, url.Values{"kind": {"waiver"}, "bill": {bill.ID}, "text": {"首次逾期"}})
	b := w.As(w.AddStaff("zhou", "周楠", office.RoleSteward))
	b.Get("/staff/requests").Want(t, http.StatusOK, "没有申请")
	for _, path := range []string{page, "/staff/rooms/" + r.ID + "/ask"} {
		b.Get(path).Want(t, http.StatusNotFound)
	}
	b.Post(page, url.Values{"do": {"approve"}, "note": {"x"}}).Want(t, http.StatusNotFound)
	b.Post("/staff/rooms/"+r.ID+"/ask", url.Values{"kind": {"void"}, "bill": {bill.ID}, "text": {"x"}, "do": {"send"}}).Want(t,
		http.StatusNotFound)
	w.As(w.AddStaff("gao", "高远", office.RoleSteward)).Get(page).Want(t, http.StatusOK, "首次逾期")
}
