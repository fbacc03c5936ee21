package console_test

import (
	"net/http"
	"testing"

	"wuyepay/models"
)

func TestReportsPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.staff[models.RoleFinance])
	b.get("/staff/reports").want(t, http.StatusOK, "这段账期没有账单", "户数收费率")
	w.town()
	b.get("/staff/reports?from=2024-01&to=2026-03").want(t, http.StatusOK, "测试小区", "目标 95 %", "0 / 2")
	b.get("/staff/reports?from=2025-01&to=2025-12&by=building").want(t, http.StatusOK, "3栋", "381.18", "28.87 %")
	b.get("/staff/reports?from=2024-01&to=2026-03&by=item").want(t, http.StatusOK, "车位费", "水费")
	b.get("/staff/reports?from=2024-01&to=2026-03&by=steward").want(t, http.StatusOK, "周楠", "高远")
	b.get("/staff/reports?from=2026-01&to=2026-03").want(t, http.StatusOK, "2026 年清欠", "601.22", "13.33 %")
	for _, q := range []string{"from=2026-13", "from=2026-03&to=2026-02", "by=colour"} {
		b.get("/staff/reports?"+q).want(t, http.StatusBadRequest)
	}
	rows := workbookRows(t, b.get("/staff/reports/export?from=2025-01&to=2025-12&by=building"))
	if len(rows) != 3 || rows[1][5] != "28.87 %" || rows[2][0] != "合计" {
		t.Errorf("%q", rows)
	}
	zhou := w.as(w.addStaff("zhou", "周楠", models.RoleSteward))
	zhou.get("/staff/reports?from=2024-01&to=2026-03&by=building").want(t, http.StatusOK, "3栋").without(t, "5栋")
}
