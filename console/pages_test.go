package console_test

import (
	"net/http"
	"strings"
	"testing"

	"wuyepay/models"
)

// TestPages opens every page as an admin, empty and full, and looks for what each
// is about.
func TestPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as(w.staff[models.RoleAdmin])
	for path, text := range map[string]string{
		"/staff/": "还没有房产资料", "/staff/rooms": "还没有可以查看的房产", "/staff/orders": "还没有订单", "/staff/reconcile": "未对账",
		"/staff/reconcile/2026-03-13": "这一天还没有对账", "/staff/events": "没有异常通知", "/staff/audit": "添加员工", "/staff/people": "添加员工",
		"/staff/people/new": "初始密码", "/staff/settings": "证书将在 7 天后过期", "/staff/password": "至少 8 个字符",
	} {
		admin.get(path).want(t, http.StatusOK, text, "模拟环境", "管理员")
	}
	n := w.town()
	for path, texts := range map[string][]string{
		"/staff/":                           {"测试小区", "还没有运行过", "1 个商户，2 条差异", "rooms.xlsx", "去处理"},
		"/staff/rooms":                      {"3栋2单元1201", "王小明", "139****", "下一页", "99,999.00"},
		"/staff/rooms/" + n.room.ID:         {"催缴通知", "逾期第 9 天", "138****8001", "多付转入", n.paid.No, "微信支付通知"},
		"/staff/orders":                     {n.paid.No, n.pending.No, "待支付"},
		"/staff/orders/" + n.paid.No:        {"订单入账", "42000" + n.paid.No, "转入房间预存", "业主（小程序）"},
		"/staff/orders/" + n.pending.No:     {"不要让业主重复付款", "收到不符的微信通知", "金额与订单不同"},
		"/staff/orders?status=paid":         {n.paid.No},
		"/staff/reconcile?month=2026-03":    {"2 差异", ">已处理<", ">一致<", "未对账"},
		"/staff/reconcile/2026-03-13":       {"微信有收款，我方无此订单", "OFFLINE-1", "微信有退款，我方未登记", "3栋2单元1201", "可能还用于其他收款", "105.35"},
		"/staff/reconcile/2026-03-12":       {"已补记入账", "自动对账", "0.66012", n.otherPaid.No},
		"/staff/reconcile/2026-03-10":       {"没有差异", "微信当天没有交易账单"},
		"/staff/events":                     {"金额与订单不同", n.pending.No},
		"/staff/audit?subject=order&actor=": {"订单入账", "金额 110.02 元"},
		"/staff/audit?on=2026-03-15":        {"导入房产业主"},
	} {
		admin.get(path).want(t, http.StatusOK, texts...)
	}
	admin.get("/staff/orders?status=paid").without(t, n.pending.No)
	admin.get("/staff/audit?on=2026-03-14").want(t, http.StatusOK, "没有符合条件的记录")
}

// TestAccountShowsHowFiguresCameAbout compares the page of a room with the worked
// figures: 1320.19 due 31 January, 500 paid on 2 March, looked at on 15 March.
func TestAccountShowsHowFiguresCameAbout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	w.as(w.staff[models.RoleFinance]).get("/staff/rooms/"+n.room.ID).want(t, http.StatusOK,
		"建筑面积 137.52 ㎡ × 0.80 元/㎡·月 × 12 个月",
		"本金 1,320.19 × 日利率 0.003 × 30 天 = <span class=\"nowrap\">118.8171 元",
		"本金 939.01 × 日利率 0.003 × 13 天 = <span class=\"nowrap\">36.62139 元",
		"合计 155.43849，四舍五入到分 155.44 元",
		"155.44 − 减免 0.00 − 已缴 118.82 = <strong>36.62</strong>",
		"上限 2,861.01 × 0.3 = 858.30 元", "已达上限，按上限计 858.30 元", "有异议",
		"用量 272（读数 372 − 上次 100） × 阶梯价 0–180：3.45 元，180–260：4.83 元，260 以上：5.83 元",
		"没有产生违约金")
}

func TestRoomSearchKnowsEverySpelling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	b := w.as(w.staff[models.RoleCashier])
	phone := lastFour(t, w, n.room)
	for _, q := range []string{"3栋2单元1201", "3-2-1201", "３－２－１２０１", "1201室", "1201", "3栋", "2单元1201", "3-2-12", phone} {
		b.get("/staff/rooms?q="+escape(q)).want(t, http.StatusOK, "3栋2单元1201").without(t, "5栋1单元301")
	}
	b.get("/staff/rooms?q="+escape("王小")).want(t, http.StatusOK, "3栋2单元1201", "5栋1单元301")
	b.get("/staff/rooms?q="+escape("%")).want(t, http.StatusOK, "没有找到")
	b.get("/staff/rooms?q="+escape("不存在")).want(t, http.StatusOK, "没有找到“不存在”")
}

// TestRoomPages walks the list to its end: every room once.
func TestRoomPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.town()
	b := w.as(w.staff[models.RoleCashier])
	seen := map[string]int{}
	path := "/staff/rooms"
	for pages := 1; path != ""; pages++ {
		if pages > 3 {
			t.Fatal("the list does not end")
		}
		a := b.get(path).want(t, http.StatusOK)
		for _, id := range findAll(a.Body, `<td data-label="房号"><a href="/staff/rooms/([^"]+)"`) {
			seen[id]++
		}
		path = ""
		if next := findAll(a.Body, `<a class="btn" href="([^"]+)">下一页`); len(next) == 1 {
			path = strings.ReplaceAll(next[0], "&amp;", "&")
		}
	}
	if len(seen) != 26 {
		t.Errorf("%d rooms seen, want 26", len(seen))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("room %s seen %d times", id, n)
		}
	}
}

func TestBadQueriesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.staff[models.RoleAdmin])
	for _, path := range []string{"/staff/orders?on=2026-02-30", "/staff/orders?status=%27", "/staff/audit?subject=nothing", "/staff/reconcile?month=2026-13"} {
		b.get(path).want(t, http.StatusBadRequest, "查询条件不正确")
	}
	for _, path := range []string{"/staff/nothing", "/staff/rooms/nobody", "/staff/orders/none", "/staff/reconcile/2026-03-15", "/staff/reconcile/x",
		"/staff/audit?after=x", "/staff/rooms?after=x", "/staff/events?after=1"} {
		b.get(path).want(t, http.StatusNotFound, "没有找到")
	}
}
