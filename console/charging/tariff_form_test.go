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
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

func TestTariffIsPreviewedBeforeItChanges(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	m := w.Estate()
	b := w.As(w.Staff[office.RoleFinance])
	list, err := fees.Tariffs(w.DB.View(context.Background()), m.ID)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	page := "/staff/tariffs/" + list[0].ID
	b.Get("/staff/tariffs").Want(t, http.StatusOK, m.Name, "物业服务费", "按面积", page)
	b.Get(page).Want(t, http.StatusOK, "调整 物业服务费（全部）", `value="2026-04-01"`)
	form := url.Values{"price": {"2.5"}, "cycle": {"month"}, "cycle_start": {"1"}, "due_day": {"15"}, "late_rate": {"3‰"},
		"late_cap": {"30%"},
		"from_on":  {"2026-04-01"}}
	shown := b.Post(page, form).Want(t, http.StatusOK, "下一期账单共 2 笔，其中 2 笔金额变化", "由 300.00 元变为 375.00 元", "1-1-101")
	seen := consoletest.FindAll(shown.Body, `name="seen" value="([^"]+)"`)
	if len(seen) != 1 {
		t.Fatal(shown.Body)
	}
	form.Set("seen", seen[0])
	form.Set("late_rate", "0.001")
	b.Post(page, form).Want(t, http.StatusOK, "在预览之后有变化")
	form.Set("late_rate", "0.3%")
	b.Post(page, form).Want(t, http.StatusSeeOther)
	b.Get("/staff/tariffs").Want(t, http.StatusOK, "收费标准已调整", "2025-01-01 至 2026-03-31", "2026-04-01 至 长期", "2.50",
		"每日 3‰", "上限 30%").Without(t, "0.003")
	form.Set("from_on", "2024-01-01")
	b.Post(page, form).Want(t, http.StatusConflict, "必须晚于")
	fresh := url.Values{"community": {m.ID}, "item": {"水费"}, "method": {"meter"}, "tiers": {"0-15:3;20-:4"}, "cycle": {"month"},
		"late_rate": {"0.5‰"}, "from_on": {"2026-04-01"}}
	b.Post("/staff/tariffs/new", fresh).Want(t, http.StatusBadRequest, "首尾相接")
	fresh.Set("tiers", "0-15:3;15-:4")
	fresh.Set("room", "9-9-999")
	b.Post("/staff/tariffs/new", fresh).Want(t, http.StatusNotFound, "未找到")
	fresh.Set("room", "1-1-102")
	b.Post("/staff/tariffs/new", fresh).Want(t, http.StatusSeeOther)
	b.Get("/staff/tariffs").Want(t, http.StatusOK, "房号 1-1-102", "0–15：3.00 元")
	if rows := consoletest.WorkbookRows(t, b.Get("/staff/tariffs/export")); len(rows) != 4 || !strings.Contains(
		strings.Join(rows[1], " ")+strings.Join(rows[2], " ")+strings.Join(rows[3], " "), "0.5‰") {
		t.Errorf("%v", rows)
	}
}

func TestTariffIsEnded(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	m := w.Estate()
	b := w.As(w.Staff[office.RoleFinance])
	list, err := fees.Tariffs(w.DB.View(context.Background()), m.ID)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	page := "/staff/tariffs/" + list[0].ID
	b.Get(page).Want(t, http.StatusOK, "停止收费", `action="`+page+`/end"`)
	b.Post(page+"/end", url.Values{"last_day": {"2024-12-31"}}).Want(t, http.StatusBadRequest, "不能早于起始日期")
	b.Post(page+"/end", url.Values{"last_day": {"soon"}}).Want(t, http.StatusBadRequest, "停止收费")
	w.As(w.Staff[office.RoleCashier]).Post(page+"/end", url.Values{"last_day": {"2026-06-30"}}).Want(t, http.StatusForbidden)
	shown := b.Post(page+"/end", url.Values{"last_day": {"2026-06-30"}}).Want(t, http.StatusOK, "2026-06-30 是最后一天",
		"2026-07 起的下一期账单共 2 笔，其中 2 笔变化：合计由 300.00 元变为 0.00 元")
	seen := consoletest.FindAll(shown.Body, `name="seen" value="([^"]+)"`)
	if len(seen) != 1 {
		t.Fatal(shown.Body)
	}
	b.Post(page+"/end", url.Values{"last_day": {"2026-05-31"}, "seen": seen}).Want(t, http.StatusConflict, "在预览之后有变化")
	b.Post(page+"/end", url.Values{"last_day": {"2026-06-30"}, "seen": seen}).Want(t, http.StatusSeeOther)
	b.Get("/staff/tariffs").Want(t, http.StatusOK, "收费标准已停止", "2025-01-01 至 2026-06-30")
	if shown = b.Get(page); len(consoletest.FindAll(shown.Body, `(action="`+page+`/end")`)) != 0 {
		t.Error("a tariff that has ended can be ended again")
	}
	b.Post(page+"/end", url.Values{"last_day": {"2026-07-31"}}).Want(t, http.StatusConflict, "已在更早的日期停止")
	after, err := fees.TariffByID(w.DB.View(context.Background()), list[0].ID)
	if err != nil || after.ToOn.String() != "2026-06-30" {
		t.Errorf("ends on %s, %v", after.ToOn, err)
	}
}

// TestTariffPreviewCountsRoomsOfTheirOwn has a room with a price of its own, which the new
// price does not touch, and one with a cycle of its own.
func TestTariffPreviewCountsRoomsOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	m := w.Estate()
	modelstest.Room(t, w.DB, func(r *estate.Room) { r.Code, r.Area, r.Price = "3-1-101", "100", "9" })
	modelstest.Room(t, w.DB, func(r *estate.Room) { r.Code, r.Area, r.Cycle = "3-1-102", "100", fees.CycleQuarter })
	list, err := fees.Tariffs(w.DB.View(context.Background()), m.ID)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	b := w.As(w.Staff[office.RoleFinance])
	link := "/staff/rooms?own=price&amp;community=" + m.ID
	form := url.Values{"price": {"2.5"}, "cycle": {"month"}, "cycle_start": {"1"}, "due_day": {"15"}, "late_rate": {"3‰"},
		"from_on": {"2026-04-01"}}
	b.Post("/staff/tariffs/"+list[0].ID, form).Want(t, http.StatusOK, "1 户有自己的单价", "1 户有自己的缴费周期", link,
		"共 4 笔，其中 3 笔金额变化")
	b.Get("/staff/rooms?own=price&community="+m.ID).Want(t, http.StatusOK, "3-1-101", "单价 9 元", "只列出有自己的单价").Without(t,
		"3-1-102", "1-1-101")
	b.Get("/staff/rooms?own=cycle").Want(t, http.StatusOK, "3-1-102", "按季缴").Without(t, "3-1-101")
	b.Get("/staff/rooms?own=price&kind=%E5%95%86%E9%93%BA").Want(t, http.StatusOK).Without(t, "3-1-101")
	b.Get("/staff/rooms?own=x").Want(t, http.StatusBadRequest)
}
