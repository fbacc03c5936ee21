package intake_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/billing/billingtest"
	"wuyepay/billing/intake"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// holidaysOf lists the holidays of the tests' year.
func holidaysOf(t *testing.T, db *store.DB) []string {
	t.Helper()
	list, err := office.Holidays(db.View(context.Background()), billingtest.Day("2026-01-01"), billingtest.Day("2026-12-31"))
	billingtest.NoError(t, err)
	out := make([]string, len(list))
	for i, h := range list {
		out[i] = fmt.Sprintf("%s %s %s", h.Day, h.Kind, h.Name)
	}
	return out
}

func TestImportHolidays(t *testing.T) {
	t.Parallel()
	want := []string{
		"2026-01-01 holiday 元旦", "2026-01-04 workday 元旦调休",
		"2026-05-01 holiday 劳动节", "2026-05-02 holiday 劳动节", "2026-05-03 holiday 劳动节",
	}
	for _, text := range []string{
		"日期,类型,名称\n2026-01-01,休息,元旦\n2026-01-04,上班,元旦调休\n2026-05-01,休息,劳动节\n2026-05-02,休息,劳动节\n2026-05-03,休息,劳动节\n",
		"2026 年放假安排\n起止日期,类型,名称\n2026/1/1,放假,元旦\n2026年1月4日,补班,元旦调休\n2026年5月1日至3日,假,劳动节\n",
		"开始日期,结束日期,安排,节日\n2026-01-01,,法定节假日,元旦\n2026-01-04,2026-01-04,调休上班,元旦调休\n20260501,2026.5.3,休息,劳动节\n",
		"名称,类型,日期\n元旦,休　息,２０２６-01-01\n元旦调休,上班,2026-1-4～2026-1-4\n劳动节,休息,2026-05-01—05-03\n",
	} {
		db := modelstest.Open(t)
		r := billingtest.MustImport(t, db, intake.Holidays, text)
		if diff := cmp.Diff(want, holidaysOf(t, db)); diff != "" || r.Added != r.Read || r.Read < 3 {
			t.Errorf("%s:\n%s\nwanted (-), had (+):\n%s", text, billingtest.Counts(r), diff)
		}
		if r := billingtest.MustImport(t, db, intake.Holidays, text); r.Unchanged != r.Read || r.Added+r.Changed != 0 {
			t.Errorf("%s: the same file again: %s", text, billingtest.Counts(r))
		}
	}
}

func TestAmendedHolidays(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t)
	billingtest.MustImport(t, db, intake.Holidays, "日期,类型,名称\n2026-05-01至05-03,休息,劳动节\n2026-05-09,上班,\n")
	r := billingtest.MustImport(t, db, intake.Holidays,
		"日期,类型,名称\n2026-05-01至05-04,休息,劳动节\n2026-05-09,休息,\n2026-05-01,休息,劳动节\n2026-05-10,上班,\n2026-05-10,上班,调休\n")
	if got := billingtest.Counts(r); got != "2 added 2 changed 1 unchanged 0 left out" || r.Read != 5 {
		t.Errorf("%d read, %s", r.Read, got)
	}
	want := []string{"2026-05-01 holiday 劳动节", "2026-05-02 holiday 劳动节", "2026-05-03 holiday 劳动节", "2026-05-04 holiday 劳动节",
		"2026-05-09 holiday ", "2026-05-10 workday 调休"}
	if diff := cmp.Diff(want, holidaysOf(t, db)); diff != "" {
		t.Errorf("wanted (-), had (+):\n%s", diff)
	}
}

func TestHolidaysThatCannotBeRight(t *testing.T) {
	t.Parallel()
	billingtest.WantMistakes(t, modelstest.Open(t), intake.Holidays, "日期,截止日期,类型,名称\n"+
		"2026-02-30,,休息,\n"+
		"2026-05-01,,不知道,\n"+
		"2026-05-02,,,\n"+
		",,休息,\n"+
		"2026-06-05,2026-06-01,休息,\n"+
		"2026-07-01,2026-08-31,休息,\n"+
		"2062-10-01,,休息,\n"+
		"2026-10-01至2026-09-31,,休息,\n"+
		"2026-10-01,2026-10-03,休息,国庆节\n"+
		"2026-10-03,,上班,\n",
		"2 日期 没有这一天", "3 类型 应为：休息、上班", "4 类型 不能为空", "5 日期 不能为空", "6 日期 截止日期早于开始日期", "7 日期 一行最多 31 天",
		"8 日期 年份应在 2000 到 2028 之间", "9 日期 没有这一天", "11 类型 2026-10-03 与第 10 行的类型不同")
}
