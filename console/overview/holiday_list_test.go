package overview_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/office"
)

func TestHolidayPage(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b := w.As(w.Staff[office.RoleManager])
	b.Get("/staff/holidays").Want(t, http.StatusOK, "2026 年还没有登记节假日")
	form := url.Values{"day": {"2026-10-01"}, "until": {"2026-10-02"}, "kind": {office.DayOff}, "name": {"国庆节"}}
	b.Post("/staff/holidays", form).Want(t, http.StatusSeeOther)
	b.Get("/staff/holidays?year=2026").Want(t, http.StatusOK, "2026-10-01", "2026-10-02", "国庆节", "周四", "员工manager")
	for text, change := range map[string]url.Values{
		"截止日期不能早于开始日期": {"day": {"2026-10-01"}, "until": {"2026-09-01"}, "kind": {office.DayOff}},
		"日期应写成":        {"day": {"2062-10-01"}, "kind": {office.DayOff}},
		"类型应为":         {"day": {"2026-10-05"}, "kind": {"party"}},
	} {
		b.Post("/staff/holidays", change).Want(t, http.StatusBadRequest, text)
	}
	b.Post("/staff/holidays/2026-10-02/drop", nil).Want(t, http.StatusSeeOther)
	b.Get("/staff/holidays").Want(t, http.StatusOK, "2026-10-01").Without(t, "2026-10-02")
	entries, err := office.AuditEntries(w.DB.View(context.Background()), office.AuditFilter{Subject: "holiday", Limit: 10})
	if err != nil || len(entries) != 3 {
		t.Errorf("%d lines in the audit log, want 3: %v", len(entries), err)
	}
	b.Get("/staff/audit").Want(t, http.StatusOK, "登记节假日", "删除节假日", "类型 休息")
}
