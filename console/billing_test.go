package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// estate is a community with three rooms, a tariff by area, and nothing billed.
func (w *world) estate() models.Community {
	w.t.Helper()
	room := modelstest.Room(w.t, w.db, func(r *models.Room) { r.Code, r.Area, r.Building = "1-1-101", "100", "1栋" })
	modelstest.Room(w.t, w.db, func(r *models.Room) { r.Code, r.Area, r.Building = "1-1-102", "50", "1栋" })
	modelstest.Room(w.t, w.db, func(r *models.Room) { r.Code, r.Area, r.Building = "2-1-101", "", "2栋" })
	t := models.Tariff{CommunityID: room.CommunityID, Item: "物业服务费", Method: models.MethodArea, Price: "2", Cycle: models.CycleMonth, CycleStart: 1, DueDay: 15,
		LateRate: "0.003", FromOn: models.MustDate("2025-01-01")}
	if _, err := billing.AddTariff(context.Background(), w.db, modelstest.Actor, t); err != nil {
		w.t.Fatal(err)
	}
	c, err := w.db.View(context.Background()).CommunityByID(room.CommunityID)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) billsOf(code string) []models.Bill {
	w.t.Helper()
	found, err := w.db.View(context.Background()).RoomsByCodeKey([]string{code})
	if err != nil || len(found[code]) != 1 {
		w.t.Fatal(found, err)
	}
	bills, err := w.db.View(context.Background()).OpenBills(found[code][0].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return bills
}

func TestBillingRunFromDraftToBills(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.estate()
	b := w.as(w.staff[models.RoleFinance])
	b.get("/staff/billing").want(t, http.StatusOK, "还没有账单批次", m.Name, "自动出账日")
	b.post("/staff/billing", url.Values{"community": {m.ID}, "period": {"2026-3"}}).want(t, http.StatusBadRequest, "账期应写成")
	b.post("/staff/billing", url.Values{"community": {m.ID}, "period": {"2036-03"}}).want(t, http.StatusBadRequest, "十二个月")
	page := b.post("/staff/billing", url.Values{"community": {m.ID}, "period": {"2026-03"}}).want(t, http.StatusSeeOther).location()
	b.get(page).want(t, http.StatusOK, "待发布", "发布 2 笔账单", "300.00", "没有建筑面积", "2-1-101", "业主看不到")
	if n := len(w.billsOf("1-1-101")); n != 0 {
		t.Fatalf("%d bills before publishing", n)
	}
	b.post("/staff/billing", url.Values{"community": {m.ID}, "period": {"2026-03"}}).want(t, http.StatusSeeOther)
	b.get(page).want(t, http.StatusOK, "已有未完成的批次")
	b.post(page+"/publish", nil).want(t, http.StatusSeeOther)
	b.get(page).want(t, http.StatusOK, "已发布").without(t, "hx-trigger", "/publish")
	b.post(page+"/publish", nil).want(t, http.StatusSeeOther)
	b.get(page).want(t, http.StatusOK, "该批次的状态已经变化")
	if bills := w.billsOf("1-1-101"); len(bills) != 1 || bills[0].PrincipalFen != 20000 || !strings.HasSuffix(page, bills[0].BatchID) {
		t.Fatalf("%+v", bills)
	}
	b.get("/staff/billing").want(t, http.StatusOK, "2026-03", "2 笔", w.staff[models.RoleFinance].Name)
	workbookRows(t, b.get("/staff/billing/export"))
	if rows := workbookRows(t, b.get(page+"/export")); len(rows) != 2 || rows[1][3] != "2-1-101" {
		t.Errorf("%v", rows)
	}
	w.as(w.staff[models.RoleManager]).post("/staff/billing/day", url.Values{"community": {m.ID}, "bill_day": {"29"}}).want(t, http.StatusBadRequest, "1 到 28")
	w.as(w.staff[models.RoleManager]).post("/staff/billing/day", url.Values{"community": {m.ID}, "bill_day": {"5"}}).want(t, http.StatusSeeOther)
	b.get("/staff/tariffs").want(t, http.StatusOK, "每月 5 日自动出账")
}

func TestTariffIsPreviewedBeforeItChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.estate()
	b := w.as(w.staff[models.RoleFinance])
	list, err := w.db.View(context.Background()).Tariffs(m.ID)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	page := "/staff/tariffs/" + list[0].ID
	b.get("/staff/tariffs").want(t, http.StatusOK, m.Name, "物业服务费", "按面积", page)
	b.get(page).want(t, http.StatusOK, "调整 物业服务费（全部）", `value="2026-04-01"`)
	form := url.Values{"price": {"2.5"}, "cycle": {"month"}, "cycle_start": {"1"}, "due_day": {"15"}, "late_rate": {"0.003"}, "from_on": {"2026-04-01"}}
	shown := b.post(page, form).want(t, http.StatusOK, "下一期账单共 2 笔，其中 2 笔金额变化", "由 300.00 元变为 375.00 元", "1-1-101")
	seen := findAll(shown.Body, `name="seen" value="([^"]+)"`)
	if len(seen) != 1 {
		t.Fatal(shown.Body)
	}
	form.Set("seen", seen[0])
	form.Set("late_rate", "0.001")
	b.post(page, form).want(t, http.StatusOK, "在预览之后有变化")
	form.Set("late_rate", "0.003")
	b.post(page, form).want(t, http.StatusSeeOther)
	b.get("/staff/tariffs").want(t, http.StatusOK, "收费标准已调整", "2025-01-01 至 2026-03-31", "2026-04-01 至 长期", "2.50")
	form.Set("from_on", "2024-01-01")
	b.post(page, form).want(t, http.StatusConflict, "必须晚于")
	fresh := url.Values{"community": {m.ID}, "item": {"水费"}, "method": {"meter"}, "tiers": {"0-15:3;20-:4"}, "cycle": {"month"}, "late_rate": {"0"}, "from_on": {"2026-04-01"}}
	b.post("/staff/tariffs/new", fresh).want(t, http.StatusBadRequest, "首尾相接")
	fresh.Set("tiers", "0-15:3;15-:4")
	fresh.Set("room", "9-9-999")
	b.post("/staff/tariffs/new", fresh).want(t, http.StatusNotFound, "未找到")
	fresh.Set("room", "1-1-102")
	b.post("/staff/tariffs/new", fresh).want(t, http.StatusSeeOther)
	b.get("/staff/tariffs").want(t, http.StatusOK, "房号 1-1-102", "0–15：3.00 元")
	if rows := workbookRows(t, b.get("/staff/tariffs/export")); len(rows) != 4 {
		t.Errorf("%v", rows)
	}
}

func TestChargesAndVacancies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.estate()
	b, chief := w.as(w.staff[models.RoleFinance]), w.as(w.staff[models.RoleManager])
	form := url.Values{"kind": {"shared"}, "community": {m.ID}, "item": {"公摊电费"}, "reason": {"电梯"}, "amount": {"100.01"}, "from": {"2026-02-01"}, "to": {"2026-02-28"},
		"share_by": {"area"}, "scope": {"all"}}
	b.get("/staff/charges/new?kind=one_off").want(t, http.StatusOK, "每户金额")
	b.post("/staff/charges/new", form).want(t, http.StatusOK, "没有建筑面积，无法按面积分摊", "2-1-101").without(t, "确认出账")
	form.Set("amount", "1.005")
	b.post("/staff/charges/new", form).want(t, http.StatusBadRequest, "金额应大于 0")
	form.Set("amount", "100.01")
	form.Set("share_by", "household")
	shown := b.post("/staff/charges/new", form).want(t, http.StatusOK, "3 户，合计 100.01 元", "33.34", "33.33", "确认出账")
	form["seen"] = findAll(shown.Body, `name="seen" value="([^"]+)"`)
	page := b.post("/staff/charges/new", form).want(t, http.StatusSeeOther).location()
	b.post("/staff/charges/new", form).want(t, http.StatusOK, "已有该项目的账单").without(t, "确认出账")
	b.get(page).want(t, http.StatusOK, "已出账", "申请作废", "按户分摊")
	if bills := w.billsOf("1-1-101"); len(bills) != 1 {
		t.Fatalf("%+v", bills)
	}
	b.post(page+"/void", url.Values{"reason": {"录错"}}).want(t, http.StatusSeeOther)
	b.post(page+"/decide", url.Values{"approve": {"1"}}).want(t, http.StatusForbidden)
	chief.get(page).want(t, http.StatusOK, "同意作废全部账单", "录错")
	chief.post(page+"/decide", url.Values{"approve": {"1"}}).want(t, http.StatusSeeOther)
	b.get(page).want(t, http.StatusOK, "已作废")
	if bills := w.billsOf("1-1-101"); len(bills) != 0 {
		t.Fatalf("%+v", bills)
	}
	b.get("/staff/charges").want(t, http.StatusOK, "公摊电费", "100.01")
	workbookRows(t, b.get("/staff/charges/export"))

	ask := url.Values{"community": {m.ID}, "room": {"1-1-101"}, "from": {"2026-04-01"}, "to": {"2026-06-30"}, "reason": {"空关"}}
	chief.post("/staff/vacancies", ask).want(t, http.StatusSeeOther)
	chief.post("/staff/vacancies", ask).want(t, http.StatusConflict, "重叠")
	w.as(w.addStaff("zhou", "周楠", models.RoleSteward)).post("/staff/vacancies", ask).want(t, http.StatusNotFound, "不在您负责的范围内")
	chief.get("/staff/vacancies").want(t, http.StatusOK, "待审批", "空关").without(t, `value="approve"`)
	admin := w.as(w.staff[models.RoleAdmin])
	target := findAll(admin.get("/staff/vacancies").Body, `action="(/staff/vacancies/[^"]+)"`)
	if len(target) != 1 {
		t.Fatal(target)
	}
	chief.post(target[0], url.Values{"do": {"approve"}}).want(t, http.StatusSeeOther)
	chief.get("/staff/vacancies").want(t, http.StatusOK, "申请人不能审批自己的申请")
	admin.post(target[0], url.Values{"do": {"approve"}, "note": {"已核实"}}).want(t, http.StatusSeeOther)
	chief.get("/staff/vacancies").want(t, http.StatusOK, "已同意", "已核实", "提前结束")
	admin.post(target[0], url.Values{"do": {"end"}, "last_day": {"2026-05-31"}}).want(t, http.StatusSeeOther)
	chief.get("/staff/vacancies").want(t, http.StatusOK, "2026-04-01 至 2026-05-31")
	workbookRows(t, chief.get("/staff/vacancies/export"))
}
