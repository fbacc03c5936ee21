package arrears_test

import (
	"net/http"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

func TestLedgerPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b := w.As(w.Staff[office.RoleFinance])
	b.Get("/staff/arrears").Want(t, http.StatusOK, "没有符合条件的欠费")
	n := w.Town()
	modelstest.Bill(t, w.DB, n.Other, func(b *fees.Bill) { b.Item, b.DueOn = "停车费", models.MustDate("2023-03-20") })
	modelstest.Bill(t, w.DB, n.Other, func(b *fees.Bill) { b.Item, b.DueOn = "装修费", models.MustDate("2022-01-15") })
	b.Get("/staff/arrears").Want(t, http.StatusOK, "3栋2单元1201", "5栋1单元301", "王小明", "本页合计", "逾期 500 天")
	b.Get("/staff/arrears?building="+consoletest.Escape("3栋")).Want(t, http.StatusOK, "3栋2单元1201").Without(t, "5栋1单元301")
	b.Get("/staff/arrears?item="+consoletest.Escape("车位费")).Want(t, http.StatusOK, "3栋2单元1201", "300.00").Without(t, "5栋1单元301", "物业服务费")
	b.Get("/staff/arrears?band=over&sort=oldest").Want(t, http.StatusOK, "3栋2单元1201", "5栋1单元301")
	b.Get("/staff/arrears?band=365").Want(t, http.StatusOK, "没有符合条件的欠费")
	b.Get("/staff/arrears?steward="+consoletest.Escape("高远")+"&q=301").Want(t, http.StatusOK, "5栋1单元301").Without(t, "3栋2单元1201")
	b.Get("/staff/arrears?sort=price").Want(t, http.StatusBadRequest)
	b.Get("/staff/arrears?band=7").Want(t, http.StatusBadRequest)
	b.Get("/staff/arrears/sums").Want(t, http.StatusOK, "365 天以上", "截至今天应缴违约金", "105,506.44")
	b.Get("/staff/arrears/sums?item="+consoletest.Escape("车位费")).Want(t, http.StatusOK, "只统计台账当前筛选的范围", "300.00")
	rows := consoletest.WorkbookRows(t, b.Get("/staff/arrears/export"))
	if len(rows) != 3 || rows[1][1] != "3-2-1201" || rows[2][1] != "5-1-301" || !strings.Contains(rows[0][17], "365 天以上") {
		t.Errorf("%q", rows)
	}
	b.Get("/staff/limitation").Want(t, http.StatusOK, "还剩 5 天", "可能已届满", "2026-03-20", "民法典第一百八十八条")
	b.Get("/staff/limitation?past=1").Want(t, http.StatusOK, "装修费").Without(t, "停车费")
	if rows := consoletest.WorkbookRows(t, b.Get("/staff/limitation/export")); len(rows) != 3 || rows[2][9] != "即将届满" {
		t.Errorf("%q", rows)
	}
	b.Get("/staff/").Want(t, http.StatusOK, "欠费账龄", "2 笔临近或超过三年诉讼时效")
	zhou := w.As(w.AddStaff("zhou", "周楠", office.RoleSteward))
	zhou.Get("/staff/arrears").Want(t, http.StatusOK, "3栋2单元1201").Without(t, "5栋1单元301")
	zhou.Get("/staff/arrears?steward="+consoletest.Escape("高远")).Want(t, http.StatusOK, "没有符合条件的欠费")
	zhou.Get("/staff/limitation").Want(t, http.StatusOK, "没有临近时效的账单")
	zhou.Get("/staff/").Want(t, http.StatusOK, "欠费账龄").Without(t, "诉讼时效")
	zhou.Get("/staff/arrears/sums").Want(t, http.StatusOK).Without(t, "105,506.44")
}

// TestLedgerGoesOn walks the pages of a ledger of more rooms than a page shows.
func TestLedgerGoesOn(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	for range 45 {
		modelstest.Bill(t, w.DB, modelstest.Room(t, w.DB))
	}
	b := w.As(w.Staff[office.RoleCashier])
	for _, sort := range []string{"room", "owed", "oldest"} {
		seen := map[string]bool{}
		path := "/staff/arrears?sort=" + sort
		pages := 0
		for ; path != "" && pages < 5; pages++ {
			a := b.Get(path).Want(t, http.StatusOK)
			for _, id := range consoletest.FindAll(a.Body, `<td data-label="房号"><a href="/staff/rooms/([^"]+)"`) {
				seen[id] = true
			}
			path = ""
			if next := consoletest.FindAll(a.Body, `<a class="btn" href="([^"]+)">下一页`); len(next) == 1 {
				path = strings.ReplaceAll(next[0], "&amp;", "&")
			}
		}
		if len(seen) != 45 || pages != 3 {
			t.Errorf("sort %s: %d rooms on %d pages", sort, len(seen), pages)
		}
	}
}
