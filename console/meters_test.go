package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// metersOf gives a room two meters of 水费: W1 with 30 units a month, W2 that has
// never been read.
func metersOf(t testing.TB, w *world, r models.Room) {
	t.Helper()
	modelstest.Write(t, w.db, func(tx *models.Tx) error {
		err := tx.InsertMeters([]models.Meter{{ID: "m1-" + r.ID[3:], RoomID: r.ID, Item: "水费", Serial: "W1", Multiplier: "1", CreatedAt: tx.Now},
			{ID: "m2-" + r.ID[3:], RoomID: r.ID, Item: "水费", Serial: "W2", Multiplier: "10", CreatedAt: tx.Now}})
		if err != nil {
			return err
		}
		return tx.InsertReadings([]models.Reading{
			{ID: "r1-" + r.ID[3:], MeterID: "m1-" + r.ID[3:], ReadOn: models.MustDate("2026-01-14"), Value: "100", Multiplier: "1", CreatedAt: tx.Now},
			{ID: "r2-" + r.ID[3:], MeterID: "m1-" + r.ID[3:], ReadOn: models.MustDate("2026-02-13"), Previous: "100", Value: "130", Multiplier: "1", CreatedAt: tx.Now}})
	})
}

func TestMetersAreReadOnAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := modelstest.Room(t, w.db, func(r *models.Room) { r.Steward = "周楠" })
	metersOf(t, w, room)
	m1, m2 := "m1-"+room.ID[3:], "m2-"+room.ID[3:]
	b := w.as(w.addStaff("zhou", "周楠", models.RoleSteward))
	b.get("/staff/meters").want(t, http.StatusOK, "水费", `<td data-label="在用表" class="num">2</td>`, `name="community" value="`+room.CommunityID+`"`)
	place := url.Values{"community": {room.CommunityID}, "building": {room.Building}, "item": {"水费"}, "on": {"2026-03-15"}}
	b.get("/staff/meters/sheet?"+place.Encode()).want(t, http.StatusOK, "130<div class=\"sub\">2026-02-13", `class="num">30</td>`, "无，本次为底数", "倍率 10")
	post := func(do string, values ...string) answer {
		form := url.Values{"do": {do}}
		for k, v := range place {
			form[k] = v
		}
		for i := 0; i+1 < len(values); i += 2 {
			form.Set(values[i], values[i+1])
		}
		return b.post("/staff/meters/sheet", form)
	}
	post("check", "value."+m1, "158", "value."+m2, "５").want(t, http.StatusOK, "用量 28", "底数，不计费").without(t, "请核对")
	post("save", "value."+m1, "129").want(t, 422, "小于上次读数", "全部未保存")
	post("save", "value."+m1, "x1").want(t, 422, "读数应为不小于 0 的数字")
	post("save").want(t, http.StatusBadRequest, "没有填写读数")
	post("save", "value."+m1, "250").want(t, http.StatusConflict, "达到平时的 3 倍以上", "标出的读数已核对无误")
	if n := readings(t, w, m1); len(n) != 2 {
		t.Fatalf("%d readings after refusals", len(n))
	}
	post("save", "value."+m1, "250", "value."+m2, "5", "confirmed", "1").want(t, http.StatusSeeOther)
	b.get("/staff/meters/sheet?"+place.Encode()).want(t, http.StatusOK, "读数已保存", "250")
	if n := readings(t, w, m1); len(n) != 3 || n[2].Previous != "130" || n[2].ByName != "周楠" {
		t.Errorf("%+v", n)
	}
	post("save", "value."+m1, "251").want(t, 422, "已有读数")
	other := w.as(w.addStaff("gao", "高远", models.RoleSteward))
	other.get("/staff/meters").want(t, http.StatusOK, "还没有表计")
	other.get("/staff/meters/sheet?"+place.Encode()).want(t, http.StatusNotFound)
	other.get("/staff/rooms/"+room.ID+"/meters").want(t, http.StatusNotFound)
	other.post("/staff/meters/"+m1+"/doubt", url.Values{"reason": {"x"}}).want(t, http.StatusNotFound)
	w.as(w.staff[models.RoleFinance]).get("/staff/meters/sheet?"+place.Encode()).want(t, http.StatusOK, "先看看").without(t, `value="save"`)
	b.get("/staff/meters/sheet?item=x").want(t, http.StatusNotFound)
	b.get("/staff/meters/sheet?"+strings.Replace(place.Encode(), "2026-03-15", "2026-02-30", 1)).want(t, http.StatusBadRequest)
}

func readings(t testing.TB, w *world, meter string) []models.Reading {
	t.Helper()
	list, err := w.db.View(context.Background()).ReadingsOfMeters([]string{meter})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestMetersAreChangedOnAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := modelstest.Room(t, w.db)
	metersOf(t, w, room)
	m1 := "/staff/meters/m1-" + room.ID[3:]
	page := "/staff/rooms/" + room.ID + "/meters"
	b := w.as(w.staff[models.RoleManager])
	b.get("/staff/rooms/"+room.ID).want(t, http.StatusOK, page)
	b.get(page).want(t, http.StatusOK, "表 W1", "底数", `<td data-label="用量" class="num">30</td>`, "文件导入", "换表")
	form := func(values ...string) url.Values {
		out := url.Values{}
		for i := 0; i+1 < len(values); i += 2 {
			out.Set(values[i], values[i+1])
		}
		return out
	}
	b.post(m1+"/digits", form("digits", "2")).want(t, http.StatusBadRequest, "容得下已有的读数")
	b.post(m1+"/digits", form("digits", "5")).want(t, http.StatusSeeOther)
	b.post(m1+"/multiplier", form("on", "2026-03-01", "value", "140", "multiplier", "40", "reason", "更换互感器")).want(t, http.StatusSeeOther)
	b.get(page).want(t, http.StatusOK, "表计资料已修改", "至 2026-03-01 倍率 1（更换互感器，员工manager）", "倍率 40 · 5 位")
	b.post(m1+"/doubt", form("reading", "r2-"+room.ID[3:], "reason", "抄错")).want(t, http.StatusConflict, "最近一次的读数")
	b.post(m1+"/replace", form("on", "2026-03-10", "last", "120", "serial", "W9", "first", "0", "multiplier", "1", "reason", "坏了")).want(t, http.StatusBadRequest, "表 W1：小于上次读数")
	b.post(m1+"/replace", form("on", "2026-03-10", "last", "150", "serial", "W9", "first", "7", "multiplier", "1", "reason", "")).want(t, http.StatusBadRequest, "请填写原因")
	b.post(m1+"/replace", form("on", "2026-03-10", "last", "150", "serial", "W9", "first", "7", "multiplier", "1", "digits", "6", "reason", "坏了")).want(t, http.StatusSeeOther)
	b.get(page).want(t, http.StatusOK, "换表已登记", "2026-03-10 已拆除", "表 W9", "替换表 W1", "6 位")
	b.post(m1+"/replace", form("on", "2026-03-11", "last", "150", "serial", "W10", "first", "7", "multiplier", "1", "reason", "坏了")).want(t, http.StatusConflict)
	for _, action := range []string{"meter.replaced", "meter.multiplier", "meter.digits"} {
		if n := countActions(t, w, room.ID, action); n != 1 {
			t.Errorf("%s stands %d times in the log", action, n)
		}
	}
}

// A room's first meter is typed on its page: what was refused stays in the form.
func TestFirstMeterOfARoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := modelstest.Room(t, w.db)
	page := "/staff/rooms/" + room.ID + "/meters"
	b := w.as(w.staff[models.RoleCashier])
	b.get(page).want(t, http.StatusOK, "没有表计", "没有按表计费的收费项目")
	modelstest.Write(t, w.db, func(tx *models.Tx) error {
		return tx.InsertTariff(&models.Tariff{ID: models.NewID(), CommunityID: room.CommunityID, Item: "热水费", Method: models.MethodMeter, Price: "20", Cycle: "month",
			CycleStart: 1, DueDay: 15, LateRate: "0", FromOn: models.MustDate("2026-01-01"), CreatedAt: tx.Now, UpdatedAt: tx.Now})
	})
	form := url.Values{"item": {"热水费"}, "serial": {"H-77"}, "on": {"2026-03-16"}, "first": {"12.5"}, "multiplier": {"1"}, "note": {"入住"}}
	b.get(page).want(t, http.StatusOK, "登记新表", "<option>热水费</option>")
	b.post(page, form).want(t, http.StatusBadRequest, "抄表日期不能晚于今天", `value="H-77"`, `value="12.5"`)
	form.Set("on", "2026-03-10")
	form.Set("digits", "x")
	b.post(page, form).want(t, http.StatusBadRequest, `role="alert"`)
	form.Set("digits", "")
	b.post(page, form).want(t, http.StatusSeeOther)
	b.get(page).want(t, http.StatusOK, "新表已登记", "热水费 表 H-77", "2026-03-10 装表", "12.5", "底数", "入住", "员工cashier")
	b.post(page, form).want(t, http.StatusConflict, "已有这个表号")
	w.as(w.staff[models.RoleFinance]).post(page, form).want(t, http.StatusForbidden)
	if n := countActions(t, w, room.ID, "meter.added"); n != 1 {
		t.Errorf("the meter stands %d times in the log", n)
	}
}

func countActions(t testing.TB, w *world, roomID, action string) (n int) {
	t.Helper()
	for _, e := range audited(t, w, "room", roomID) {
		if e.Action == action {
			n++
		}
	}
	return n
}

func TestPrepaymentIsMovedOnAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := modelstest.Room(t, w.db)
	modelstest.Bill(t, w.db, room, func(b *models.Bill) {
		b.Item, b.PrincipalFen, b.PeriodStart, b.PeriodEnd = "水费", 5000, models.MustDate("2026-02-01"), models.MustDate("2026-02-28")
	})
	modelstest.Write(t, w.db, func(tx *models.Tx) error { return tx.MovePrepaid(room.ID, models.PrepaidTopup, 3000, "", "") })
	path := "/staff/rooms/" + room.ID + "/prepaid"
	b := w.as(w.staff[models.RoleCashier])
	b.get("/staff/rooms/"+room.ID).want(t, http.StatusOK, path)
	b.get(path).want(t, http.StatusOK, "余额 30.00 元", "通用", "下次出账约 50.00 元，可用预存 30.00 元，还差约 20.00 元", "改变用途")
	form := url.Values{"from": {""}, "to": {"水费"}, "amount": {"40"}, "reason": {"业主要求"}}
	b.post(path, form).want(t, http.StatusConflict, "预存余额不足", `value="业主要求"`)
	form.Set("amount", "12.50")
	b.post(path, form).want(t, http.StatusSeeOther)
	b.get(path).want(t, http.StatusOK, "预存用途已变更", "17.50", "12.50", "业主要求", "员工cashier", "改变用途")
	w.as(w.staff[models.RoleSteward]).post(path, form).want(t, http.StatusForbidden)
	if n := countActions(t, w, room.ID, "prepaid.moved"); n != 1 {
		t.Errorf("the move stands %d times in the log", n)
	}
}

// One person asks for prepayment to be given back, another one approves; the balance
// stays until the money goes.
func TestRefundOfPrepaymentNeedsTwo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := modelstest.Room(t, w.db)
	modelstest.Write(t, w.db, func(tx *models.Tx) error { return tx.MovePrepaid(room.ID, models.PrepaidTopup, 3000, "", "") })
	path := "/staff/rooms/" + room.ID + "/prepaid"
	manager := w.as(w.staff[models.RoleManager])
	form := url.Values{"amount": {"30.01"}, "reason": {"业主搬走"}}
	manager.post(path+"/refund", form).want(t, http.StatusConflict, "申请退还：预存余额不足")
	form.Set("amount", "0")
	manager.post(path+"/refund", form).want(t, http.StatusBadRequest, "金额应大于 0")
	form.Set("amount", "20")
	manager.post(path+"/refund", form).want(t, http.StatusSeeOther)
	manager.post(path+"/refund", form).want(t, http.StatusConflict, "已有同类申请")
	list, err := w.db.View(context.Background()).Requests(models.RequestFilter{Scope: models.AllRooms(), Kind: models.RequestRefund, Limit: 10})
	if err != nil || len(list) != 1 || list[0].AmountFen != 2000 {
		t.Fatalf("%+v, %v", list, err)
	}
	request := "/staff/requests/" + list[0].ID
	manager.get(request).want(t, http.StatusOK, "退还预存", "20.00 元", "须由另一位")
	answer := url.Values{"do": {"approve"}, "note": {"情况属实"}}
	manager.post(request, answer).want(t, http.StatusForbidden)
	w.as(w.staff[models.RoleCashier]).post(request, answer).want(t, http.StatusForbidden)
	w.as(w.staff[models.RoleAdmin]).post(request, answer).want(t, http.StatusSeeOther)
	manager.get(request).want(t, http.StatusOK, "已同意", "员工admin", "情况属实")
	if r, err := w.db.View(context.Background()).RoomByID(room.ID); err != nil || r.PrepaidFen != 3000 {
		t.Errorf("%d, %v", r.PrepaidFen, err)
	}
}
