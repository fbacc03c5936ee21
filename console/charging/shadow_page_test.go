package charging_test

import (
	"net/http"
	"strings"
	"testing"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

func TestShadowPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	billingtest.MustImport(t, w.DB, intake.Rooms, billingtest.OneRoom)
	billingtest.MustImport(t, w.DB, intake.Tariffs, billingtest.TariffHead+billingtest.Monthly+"\n")
	b := w.As(w.Staff[office.RoleFinance])
	b.Get("/staff/shadow").Want(t, http.StatusOK, "还没有对比过")
	const head = "小区,房号,收费项目,账期起,账期止,应收金额,计费面积\n海棠花园,1-1-101,物业服务费,2026-03-01,"
	b.SendFile("/staff/shadow", "旧.csv", head+"2026-02-01,x,\n", nil).Want(t, http.StatusUnprocessableEntity, "没有对比",
		"第 2 行「账期止」列（E2）：早于账期开始", "第 2 行「应收金额」列（F2）：不是数字")
	b.SendFile("/staff/shadow", "旧.csv", head+"2026-03-31,300,\n", map[string]string{"period": "2026-13"}).
		Want(t, http.StatusBadRequest, "账期应写成")
	a := b.SendFile("/staff/shadow", "旧.csv", head+"2026-03-31,292.58,124.50\n海棠花园,9-9-999,物业服务费,2026-03-01,2026-03-31,1,\n", nil).
		Want(t, http.StatusSeeOther)
	page := a.Location()
	b.Get(page).Want(t, http.StatusOK, "面积不同", "面积：对方 124.5，系统 123.47，差 2.43 元", "系统没有", "系统中没有这个房号", "293.58", "290.15", "3.43",
		"读取 2 行，对比 2 行")
	b.Get(page+"?cause=extra").Want(t, http.StatusOK, "9-9-999").Without(t, ">1-1-101<")
	b.Get(page+"?cause=nothing").Want(t, http.StatusBadRequest)
	b.Get(page+"?item=水费").Want(t, http.StatusOK, "没有符合条件的记录")
	b.Get("/staff/shadow").Want(t, http.StatusOK, "旧.csv", "完成")
	for _, path := range []string{page + "/export", "/staff/shadow/export", page + "/export?cause=area"} {
		if x := b.Get(path).Want(t, http.StatusOK); !strings.HasPrefix(x.Body, "PK") {
			t.Errorf("%s is no workbook", path)
		}
	}
}
