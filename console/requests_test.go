package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// ask goes to the form, looks at the effect, sends it and gives the request's page.
func (w *world) ask(b *browser, room string, form url.Values, effect ...string) string {
	w.t.Helper()
	path := "/staff/rooms/" + room + "/ask"
	b.get(path+"?kind="+form.Get("kind")+"&bill="+form.Get("bill")).want(w.t, http.StatusOK, "查看影响").without(w.t, "等待审批</button>")
	form.Set("do", "preview")
	b.post(path, form).want(w.t, http.StatusOK, append(effect, "等待审批</button>")...)
	form.Set("do", "send")
	b.post(path, form).want(w.t, http.StatusSeeOther)
	a := b.get("/staff/rooms/"+room).want(w.t, http.StatusOK, "等待另一位同事审批")
	return findAll(a.Body, `href="(/staff/requests/[0-9A-Z]{26})"`)[0]
}

// TestWaiverPages goes the whole way: ask, see the effect, may not decide it
// oneself, somebody else does, and the account names both.
func TestWaiverPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := modelstest.Room(t, w.db)
	bill := modelstest.Bill(t, w.db, r) // 110.02 with 19.47 late fee
	finance, manager := w.as(w.staff[models.RoleFinance]), w.as(w.staff[models.RoleManager])
	finance.get("/staff/requests").want(t, http.StatusOK, "没有申请")
	form := url.Values{"kind": {"waiver"}, "bill": {bill.ID}, "amount": {"19.48"}, "text": {"首次逾期"}, "do": {"preview"}}
	finance.post("/staff/rooms/"+r.ID+"/ask", form).want(t, http.StatusUnprocessableEntity, "减免金额超过应缴违约金", "首次逾期").without(t, "等待审批</button>")
	form.Set("amount", "十元")
	finance.post("/staff/rooms/"+r.ID+"/ask", form).want(t, http.StatusBadRequest, "金额不正确")
	form.Set("amount", "10.00")
	page := w.ask(finance, r.ID, form, "如果今天同意", "共减免违约金 <strong>10.00</strong>", ">9.47<")
	finance.get(page).want(t, http.StatusOK, "须由另一位有权限的同事审批", "首次逾期", "员工finance").without(t, `value="approve"`)
	finance.post(page, url.Values{"do": {"approve"}, "note": {"可以"}}).want(t, http.StatusForbidden, "申请人不能审批自己的申请")
	w.as(w.staff[models.RoleCashier]).get(page).want(t, http.StatusOK, "等待有权限的同事审批").without(t, `value="approve"`)
	w.as(w.staff[models.RoleCashier]).post(page, url.Values{"do": {"approve"}, "note": {"可以"}}).want(t, http.StatusForbidden)
	manager.get(page).want(t, http.StatusOK, `value="approve"`)
	manager.post(page, url.Values{"do": {"approve"}}).want(t, http.StatusBadRequest, "请填写审批意见")
	manager.post(page, url.Values{"note": {"可以"}}).want(t, http.StatusBadRequest)
	manager.post(page, url.Values{"do": {"approve"}, "note": {"同意减免"}}).want(t, http.StatusSeeOther)
	manager.get(page).want(t, http.StatusOK, "审批结果已保存", "员工finance", "员工manager", "同意减免").without(t, `value="approve"`)
	manager.get("/staff/rooms/"+r.ID).want(t, http.StatusOK, "减免违约金 违约金 -10.00 元：首次逾期", "申请 员工finance，审批 员工manager", "减免 10.00", "119.49")
	manager.get("/staff/requests?kind=waiver&status=approved").want(t, http.StatusOK, "首次逾期", "员工finance", "员工manager")
	manager.get("/staff/requests?status=open").want(t, http.StatusOK, "没有申请")
	if rows := workbookRows(t, manager.get("/staff/requests/export")); len(rows) != 2 || rows[1][0] != "减免违约金" || rows[1][10] != "同意减免" {
		t.Errorf("%v", rows)
	}
	booksAgree(t, w.db)
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
		"instalment": {url.Values{"count": {"3"}, "first": {"2026-03-31"}, "days": {"7"}, "frozen": {"1"}, "text": {"困难"}}, []string{"共 129.49 元", "2026-04-30", ">43.17<", ">43.16<"}, "逾期 7 天未缴即终止"},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			r := modelstest.Room(t, w.db)
			bill := modelstest.Bill(t, w.db, r)
			tt.form.Set("kind", kind)
			tt.form.Set("bill", bill.ID)
			page := w.ask(w.as(w.staff[models.RoleFinance]), r.ID, tt.form, tt.effect...)
			manager := w.as(w.staff[models.RoleManager])
			manager.get(page).want(t, http.StatusOK, "员工finance")
			if kind == "dispute" {
				manager.get("/staff/rooms/"+r.ID).want(t, http.StatusOK, "有异议")
			}
			manager.post(page, url.Values{"do": {"approve"}, "note": {"同意"}}).want(t, http.StatusSeeOther)
			manager.get("/staff/rooms/"+r.ID).want(t, http.StatusOK, tt.after).without(t, "有异议")
			booksAgree(t, w.db)
		})
	}
}

// TestRequestsOfOtherRooms: a steward neither sees nor asks for rooms of others.
func TestRequestsOfOtherRooms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := modelstest.Room(t, w.db, func(r *models.Room) { r.Steward = "高远" })
	bill := modelstest.Bill(t, w.db, r)
	page := w.ask(w.as(w.staff[models.RoleFinance]), r.ID, url.Values{"kind": {"waiver"}, "bill": {bill.ID}, "text": {"首次逾期"}})
	b := w.as(w.addStaff("zhou", "周楠", models.RoleSteward))
	b.get("/staff/requests").want(t, http.StatusOK, "没有申请")
	for _, path := range []string{page, "/staff/rooms/" + r.ID + "/ask"} {
		b.get(path).want(t, http.StatusNotFound)
	}
	b.post(page, url.Values{"do": {"approve"}, "note": {"x"}}).want(t, http.StatusNotFound)
	b.post("/staff/rooms/"+r.ID+"/ask", url.Values{"kind": {"void"}, "bill": {bill.ID}, "text": {"x"}, "do": {"send"}}).want(t, http.StatusNotFound)
	w.as(w.addStaff("gao", "高远", models.RoleSteward)).get(page).want(t, http.StatusOK, "首次逾期")
}

// TestAccountOfAPastDay shows what was owed on the evening of a day.
func TestAccountOfAPastDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := modelstest.Room(t, w.db)
	bill := modelstest.Bill(t, w.db, r, func(b *models.Bill) { b.CreatedAt = models.At(models.MustDate("2026-01-01").Start()) })
	// 50 yuan were prepaid in January, of which 20 were spent today.
	for _, x := range []struct {
		at     models.Time
		kind   string
		amount models.Fen
	}{{models.At(models.MustDate("2026-01-16").Start()), models.PrepaidTopup, 5000}, {w.db.Now(), models.PrepaidOffset, -2000}} {
		modelstest.Write(t, w.db, func(tx *models.Tx) error {
			tx.Now = x.at
			return tx.MovePrepaid(r.ID, x.kind, x.amount, "", "")
		})
	}
	b := w.as(w.staff[models.RoleFinance])
	path := "/staff/rooms/" + r.ID
	b.get(path).want(t, http.StatusOK, "129.49", "<h2>预存余额</h2><p class=\"figure\">30.00").without(t, "当天结束时系统显示的内容")
	for day, prepaid := range map[string]string{"2026-01-15": "0.00", "2026-01-16": "50.00", "2026-03-14": "50.00"} {
		b.get(path+"?on="+day).want(t, http.StatusOK, "<h2>预存余额（"+day+"）</h2><p class=\"figure\">"+prepaid)
	}
	b.get(path+"?on=2026-01-16").want(t, http.StatusOK, "2026-01-16 当天结束时系统显示的内容", "110.35")
	b.get(path+"?on=2025-12-31").want(t, http.StatusOK, "没有欠费")
	b.get(path+"?on=2026-03-15").want(t, http.StatusOK).without(t, "当天结束时系统显示的内容")
	b.get(path+"?on=2026-03-16").want(t, http.StatusBadRequest, "不能查询今天之后的日期")
	b.get(path+"?on=tomorrow").want(t, http.StatusBadRequest)
	if strings.Count(b.get(path).Body, bill.ID) == 0 {
		t.Error("no link to ask about the bill")
	}
}

func booksAgree(t *testing.T, db *models.DB) {
	t.Helper()
	if found, err := db.View(t.Context()).Check(); err != nil || len(found) > 0 {
		t.Fatalf("the books do not agree: %v %v", found, err)
	}
}
