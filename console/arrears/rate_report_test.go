package arrears_test

import (
	"net/http"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

func TestReportsPage(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b := w.As(w.Staff[office.RoleFinance])
	b.Get("/staff/reports").Want(t, http.StatusOK, "这段账期没有账单", "户数收费率")
	w.Town()
	b.Get("/staff/reports?from=2024-01&to=2026-03").Want(t, http.StatusOK, "测试小区", "目标 95 %", "0 / 2")
	b.Get("/staff/reports?from=2025-01&to=2025-12&by=building").Want(t, http.StatusOK, "3栋", "381.18", "28.87 %")
	b.Get("/staff/reports?from=2024-01&to=2026-03&by=item").Want(t, http.StatusOK, "车位费", "水费")
	b.Get("/staff/reports?from=2024-01&to=2026-03&by=steward").Want(t, http.StatusOK, "周楠", "高远")
	b.Get("/staff/reports?from=2026-01&to=2026-03").Want(t, http.StatusOK, "2026 年清欠", "601.22", "13.33 %")
	for _, q := range []string{"from=2026-13", "from=2026-03&to=2026-02", "by=colour"} {
		b.Get("/staff/reports?"+q).Want(t, http.StatusBadRequest)
	}
	rows := consoletest.WorkbookRows(t, b.Get("/staff/reports/export?from=2025-01&to=2025-12&by=building"))
	if len(rows) != 3 || rows[1][5] != "28.87 %" || rows[2][0] != "合计" {
		t.Errorf("%q", rows)
	}
	zhou := w.As(w.AddStaff("zhou", "周楠", office.RoleSteward))
	zhou.Get("/staff/reports?from=2024-01&to=2026-03&by=building").Want(t, http.StatusOK, "3栋").Without(t, "5栋")
}
