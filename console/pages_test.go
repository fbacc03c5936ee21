package console_test

import (
	"net/http"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

// TestPages opens every page as an admin, empty and full, and looks for what each
// is about.
func TestPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	admin := w.As(w.Staff[office.RoleAdmin])
	for path, text := range map[string]string{
		"/staff/": "还没有房产资料", "/staff/rooms": "还没有可以查看的房产", "/staff/orders": "还没有订单", "/staff/reconcile": "未对账",
		"/staff/reconcile/2026-03-13": "这一天还没有对账", "/staff/events": "没有异常通知", "/staff/audit": "添加员工", "/staff/people": "添加员工",
		"/staff/people/new": "初始密码", "/staff/settings": "证书将在 7 天后过期", "/staff/password": "至少 8 个字符",
	} {
		admin.Get(path).Want(t, http.StatusOK, text, "模拟环境", "管理员")
	}
	n := w.Town()
	for path, texts := range map[string][]string{
		"/staff/":                           {"测试小区", "还没有运行过", "1 个商户，2 条差异", "rooms.xlsx", "去处理"},
		"/staff/rooms":                      {"3栋2单元1201", "王小明", "139****", "下一页", "99,999.00"},
		"/staff/rooms/" + n.Room.ID:         {"催缴通知", "逾期第 9 天", "138****8001", "多付转入", n.Paid.No, "微信支付通知"},
		"/staff/orders":                     {n.Paid.No, n.Pending.No, "待支付"},
		"/staff/orders/" + n.Paid.No:        {"订单入账", "42000" + n.Paid.No, "转入房间预存", "业主（小程序）"},
		"/staff/orders/" + n.Pending.No:     {"不要让业主重复付款", "收到不符的微信通知", "金额与订单不同"},
		"/staff/orders?status=paid":         {n.Paid.No},
		"/staff/reconcile?month=2026-03":    {"2 差异", ">已处理<", ">一致<", "未对账"},
		"/staff/reconcile/2026-03-13":       {"微信有收款，我方无此订单", "OFFLINE-1", "微信有退款，我方未登记", "3栋2单元1201", "可能还用于其他收款", "105.35"},
		"/staff/reconcile/2026-03-12":       {"已补记入账", "自动对账", "0.66012", n.OtherPaid.No},
		"/staff/reconcile/2026-03-10":       {"没有差异", "微信当天没有交易账单"},
		"/staff/events":                     {"金额与订单不同", n.Pending.No},
		"/staff/audit?subject=order&actor=": {"订单入账", "金额 110.02 元"},
		"/staff/audit?on=2026-03-15":        {"导入房产业主"},
	} {
		admin.Get(path).Want(t, http.StatusOK, texts...)
	}
	admin.Get("/staff/orders?status=paid").Without(t, n.Pending.No)
	admin.Get("/staff/audit?on=2026-03-14").Want(t, http.StatusOK, "没有符合条件的记录")
}

func TestBadQueriesAreRefused(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b := w.As(w.Staff[office.RoleAdmin])
	for _, path := range []string{"/staff/orders?on=2026-02-30", "/staff/orders?status=%27", "/staff/audit?subject=nothing",
		"/staff/reconcile?month=2026-13"} {
		b.Get(path).Want(t, http.StatusBadRequest, "查询条件不正确")
	}
	for _, path := range []string{"/staff/nothing", "/staff/rooms/nobody", "/staff/orders/none", "/staff/reconcile/2026-03-15",
		"/staff/reconcile/x",
		"/staff/audit?after=x", "/staff/rooms?after=x", "/staff/events?after=1"} {
		b.Get(path).Want(t, http.StatusNotFound, "没有找到")
	}
}
