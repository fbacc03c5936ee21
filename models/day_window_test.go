package models_test

import (
	"strings"
	"testing"

	"wuyepay/models"
)

func TestDayKinds(t *testing.T) {
	t.Parallel()
	today := models.MustDate("2026-03-15")
	for _, tt := range []struct {
		kind models.DayKind
		day  string
		want string // of the refusal; empty: it passes
	}{
		{models.DayOfReading, "2026-03-15", ""},
		{models.DayOfReading, "2026-03-16", "抄表日期 2026-03-16 晚于今天"},
		{models.DayOfReading, "2062-02-28", "晚于今天"},
		{models.DayOfReading, "1989-12-31", "请核对年份"},
		{models.DayOfHandover, "2029-03-17", ""},
		{models.DayOfHandover, "2029-03-18", "交付日期 2029-03-18 不在合理范围内（1980-01-01 至"},
		{models.DayOfHandover, "2091-03-12", "请核对年份"},
		{models.DueDay, "2028-03-16", ""},
		{models.DueDay, "2062-02-28", "缴费截止日"},
		{models.DayOfPeriod, "2027-12-31", ""},
		{models.DayOfPeriod, "2052-12-31", "账期"},
		{models.DayOfPeriod, "1905-07-14", "账期"},
		{models.FirstDay, "2026-12-01", ""},
		{models.FirstDay, "2205-12-01", "开始日期"},
		{models.LastDay, "2096-03-15", ""},
		{models.LastDay, "2099-12-31", ""},
		{models.LastDay, "9999-12-31", ""},
		{models.LastDay, "2205-12-31", "结束日期"},
		{models.DayOfTransfer, "2027-03-16", ""},
		{models.DayOfTransfer, "1900-01-01", "过户日期"},
	} {
		have := ""
		if err := tt.kind.Check(models.MustDate(tt.day), today); err != nil {
			have = err.Message
		}
		if (have == "") != (tt.want == "") || !strings.Contains(have, tt.want) {
			t.Errorf("%s: %q, want %q", tt.day, have, tt.want)
		}
	}
	if err := models.CheckDays(today, models.DayOfKind{Kind: models.DueDay}, models.DayOfKind{Kind: models.LastDay}); err != nil {
		t.Errorf("no date: %v", err)
	}
	err := models.CheckDays(today, models.DayOfKind{Kind: models.FirstDay, Day: today},
		models.DayOfKind{Kind: models.LastDay, Day: models.MustDate("2205-12-31")})
	if e, ok := models.AsError(err); !ok || e.Code != "DAY_OUT_OF_RANGE" {
		t.Errorf("%v", err)
	}
}
