package charging_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
)

func billsOf(w *consoletest.World, code string) []fees.Bill {
	w.T.Helper()
	found, err := estate.RoomsByCodeKey(w.DB.View(context.Background()), []string{code})
	if err != nil || len(found[code]) != 1 {
		w.T.Fatal(found, err)
	}
	bills, err := fees.OpenBills(w.DB.View(context.Background()), found[code][0].ID)
	if err != nil {
		w.T.Fatal(err)
	}
	return bills
}

func TestBillingRunFromDraftToBills(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	m := w.Estate()
	b := w.As(w.Staff[office.RoleFinance])
	b.Get("/staff/billing").Want(t, http.StatusOK, "还没有账单批次", m.Name, "自动出账日")
	b.Post("/staff/billing", url.Values{"community": {m.ID}, "period": {"2026-3"}}).Want(t, http.StatusBadRequest, "账期应写成")
	b.Post("/staff/billing", url.Values{"community": {m.ID}, "period": {"2036-03"}}).Want(t, http.StatusBadRequest, "十二个月")
	page := b.Post("/staff/billing", url.Values{"community": {m.ID}, "period": {"2026-03"}}).Want(t, http.StatusSeeOther).Location()
	b.Get(page).Want(t, http.StatusOK, "待发布", "发布 2 笔账单", "300.00", "没有建筑面积", "2-1-101", "业主看不到")
	// Fourteen months since the tariff began, of 200.00 and 100.00, before the first run.
	b.Get(page).Want(t, http.StatusOK, "启用系统以前没有账单的日期", "2 处，共 848 天，4,200.00 元", "2025-01-01 至 2026-02-28，424 天", "共 3 户：有账单 2 户，没有面积 1 户")
	b.Post(page+"/gaps", url.Values{"gaps": {"all"}}).Want(t, http.StatusSeeOther)
	b.Get(page).Want(t, http.StatusOK, "发布 30 笔账单", "4,500.00", "不补出以前的日期").Without(t, "启用系统以前没有账单的日期")
	b.Post(page+"/gaps", url.Values{"gaps": {""}}).Want(t, http.StatusSeeOther)
	b.Get(page).Want(t, http.StatusOK, "发布 2 笔账单")
	if n := len(billsOf(w, "1-1-101")); n != 0 {
		t.Fatalf("%d bills before publishing", n)
	}
	b.Post("/staff/billing", url.Values{"community": {m.ID}, "period": {"2026-03"}}).Want(t, http.StatusSeeOther)
	b.Get(page).Want(t, http.StatusOK, "已有未完成的批次")
	b.Post(page+"/publish", nil).Want(t, http.StatusSeeOther)
	b.Get(page).Want(t, http.StatusOK, "已发布").Without(t, "hx-trigger", "/publish")
	b.Post(page+"/publish", nil).Want(t, http.StatusSeeOther)
	b.Get(page).Want(t, http.StatusOK, "该批次的状态已经变化")
	if bills := billsOf(w, "1-1-101"); len(bills) != 1 || bills[0].PrincipalFen != 20000 || !strings.HasSuffix(page, bills[0].BatchID) {
		t.Fatalf("%+v", bills)
	}
	b.Get("/staff/billing").Want(t, http.StatusOK, "2026-03", "2 笔", w.Staff[office.RoleFinance].Name)
	consoletest.WorkbookRows(t, b.Get("/staff/billing/export"))
	if rows := consoletest.WorkbookRows(t, b.Get(page+"/export")); len(rows) != 4 || rows[3][3] != "2-1-101" {
		t.Errorf("%v", rows)
	}
	w.As(w.Staff[office.RoleManager]).Post("/staff/billing/day", url.Values{"community": {m.ID}, "bill_day": {"29"}}).Want(t,
		http.StatusBadRequest, "1 到 28")
	w.As(w.Staff[office.RoleManager]).Post("/staff/billing/day", url.Values{"community": {m.ID}, "bill_day": {"5"}}).Want(t,
		http.StatusSeeOther)
	b.Get("/staff/tariffs").Want(t, http.StatusOK, "每月 5 日自动出账")
}
