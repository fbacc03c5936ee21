package meters_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

func TestMetersAreChangedOnAPage(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB)
	consoletest.MetersOf(t, w, room)
	m1 := "/staff/meters/m1-" + room.ID[3:]
	page := "/staff/rooms/" + room.ID + "/meters"
	b := w.As(w.Staff[office.RoleManager])
	b.Get("/staff/rooms/"+room.ID).Want(t, http.StatusOK, page)
	b.Get(page).Want(t, http.StatusOK, "表 W1", "底数", `<td data-label="用量" class="num">30</td>`, "文件导入", "换表")
	form := func(values ...string) url.Values {
		out := url.Values{}
		for i := 0; i+1 < len(values); i += 2 {
			out.Set(values[i], values[i+1])
		}
		return out
	}
	b.Post(m1+"/digits", form("digits", "2")).Want(t, http.StatusBadRequest, "容得下已有的读数")
	b.Post(m1+"/digits", form("digits", "5")).Want(t, http.StatusSeeOther)
	b.Post(m1+"/multiplier", form("on", "2026-03-01", "value", "140", "multiplier", "40", "reason", "更换互感器")).Want(t, http.StatusSeeOther)
	b.Get(page).Want(t, http.StatusOK, "表计资料已修改", "至 2026-03-01 倍率 1（更换互感器，员工manager）", "倍率 40 · 5 位")
	b.Post(m1+"/doubt", form("reading", "r2-"+room.ID[3:], "reason", "抄错")).Want(t, http.StatusConflict, "最近一次的读数")
	b.Post(m1+"/replace", form("on", "2026-03-10", "last", "120", "serial", "W9", "first", "0", "multiplier", "1", "reason",
		"坏了")).Want(t, http.StatusBadRequest, "表 W1：小于上次读数")
	b.Post(m1+"/replace", form("on", "2026-03-10", "last", "150", "serial", "W9", "first", "7", "multiplier", "1", "reason",
		"")).Want(t, http.StatusBadRequest, "请填写原因")
	b.Post(m1+"/replace", form("on", "2026-03-10", "last", "150", "serial", "W9", "first", "7", "multiplier", "1", "digits", "6",
		"reason", "坏了")).Want(t, http.StatusSeeOther)
	b.Get(page).Want(t, http.StatusOK, "换表已登记", "2026-03-10 已拆除", "表 W9", "替换表 W1", "6 位")
	b.Post(m1+"/replace", form("on", "2026-03-11", "last", "150", "serial", "W10", "first", "7", "multiplier", "1", "reason",
		"坏了")).Want(t, http.StatusConflict)
	for _, action := range []string{"meter.replaced", "meter.multiplier", "meter.digits"} {
		if n := consoletest.CountActions(t, w, room.ID, action); n != 1 {
			t.Errorf("%s stands %d times in the log", action, n)
		}
	}
}

// A room's first meter is typed on its page: what was refused stays in the form.
func TestFirstMeterOfARoom(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB)
	page := "/staff/rooms/" + room.ID + "/meters"
	b := w.As(w.Staff[office.RoleCashier])
	b.Get(page).Want(t, http.StatusOK, "没有表计", "没有按表计费的收费项目")
	modelstest.Write(t, w.DB, func(tx *store.Tx) error {
		return fees.InsertTariff(tx, &fees.Tariff{ID: models.NewID(), CommunityID: room.CommunityID, Item: "热水费", Method: fees.MethodMeter,
			Price: "20", Cycle: "month", CycleStart: 1, DueDay: 15, LateRate: "0", FromOn: models.MustDate("2026-01-01"), CreatedAt: tx.Now,
			UpdatedAt: tx.Now})
	})
	form := url.Values{"item": {"热水费"}, "serial": {"H-77"}, "on": {"2026-03-16"}, "first": {"12.5"}, "multiplier": {"1"}, "note": {"入住"}}
	b.Get(page).Want(t, http.StatusOK, "登记新表", "<option>热水费</option>")
	b.Post(page, form).Want(t, http.StatusBadRequest, "抄表日期不能晚于今天", `value="H-77"`, `value="12.5"`)
	form.Set("on", "2026-03-10")
	form.Set("digits", "x")
	b.Post(page, form).Want(t, http.StatusBadRequest, `role="alert"`)
	form.Set("digits", "")
	b.Post(page, form).Want(t, http.StatusSeeOther)
	b.Get(page).Want(t, http.StatusOK, "新表已登记", "热水费 表 H-77", "2026-03-10 装表", "12.5", "底数", "入住", "员工cashier")
	b.Post(page, form).Want(t, http.StatusConflict, "已有这个表号")
	w.As(w.Staff[office.RoleFinance]).Post(page, form).Want(t, http.StatusForbidden)
	if n := consoletest.CountActions(t, w, room.ID, "meter.added"); n != 1 {
		t.Errorf("the meter stands %d times in the log", n)
	}
}

// A wrong reading is taken out on the page by two people, and stays to be seen there.
func TestReadingIsWithdrawnOnThePage(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB)
	consoletest.MetersOf(t, w, room)
	meter, reading := "m1-"+room.ID[3:], "r2-"+room.ID[3:]
	page := "/staff/rooms/" + room.ID + "/meters"
	cashier, finance := w.As(w.Staff[office.RoleCashier]), w.As(w.Staff[office.RoleFinance])
	ask := "/staff/meters/" + meter + "/withdraw"
	cashier.Get(page).Want(t, http.StatusOK, "申请撤回")
	finance.Post(ask, url.Values{"reading": {reading}, "reason": {"抄错"}}).Want(t, http.StatusForbidden)
	cashier.Post(ask, url.Values{"reading": {reading}}).Want(t, http.StatusBadRequest, "请填写原因")
	cashier.Post(ask, url.Values{"reading": {"nothing"}, "reason": {"抄错"}}).Want(t, http.StatusNotFound)
	cashier.Post(ask, url.Values{"reading": {reading}, "reason": {"看错了楼层"}}).Want(t, http.StatusSeeOther)
	cashier.Get(page).Want(t, http.StatusOK, "申请撤回中", "看错了楼层", "待审批")
	finance.Get("/staff/meters").Want(t, http.StatusOK, "待审批的撤回读数", "看错了楼层")
	asked, err := fees.WithdrawalsOfMeters(w.DB.View(t.Context()), []string{meter})
	if err != nil || len(asked[meter]) != 1 {
		t.Fatalf("%v, %v", asked, err)
	}
	decide := url.Values{"withdrawal": {asked[meter][0].ID}, "decision": {"approve"}, "note": {"同意"}}
	cashier.Post(ask+"/decide", decide).Want(t, http.StatusForbidden)
	finance.Get(page).Want(t, http.StatusOK, "同意撤回")
	finance.Post(ask+"/decide", decide).Want(t, http.StatusSeeOther)
	finance.Get(page).Want(t, http.StatusOK, "已撤回", "员工finance", "<s>")
	finance.Post(ask+"/decide", decide).Want(t, http.StatusConflict, "已经审批过")
	for _, action := range []string{"reading.withdrawal_asked", "reading.withdrawn"} {
		if n := consoletest.CountActions(t, w, room.ID, action); n != 1 {
			t.Errorf("%s stands %d times in the log", action, n)
		}
	}
}
