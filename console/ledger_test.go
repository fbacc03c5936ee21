package console_test

import (
	"net/http"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

func TestLedgerPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.staff[models.RoleFinance])
	b.get("/staff/arrears").want(t, http.StatusOK, "没有符合条件的欠费")
	n := w.town()
	modelstest.Bill(t, w.db, n.other, func(b *models.Bill) { b.Item, b.DueOn = "停车费", models.MustDate("2023-03-20") })
	modelstest.Bill(t, w.db, n.other, func(b *models.Bill) { b.Item, b.DueOn = "装修费", models.MustDate("2022-01-15") })
	b.get("/staff/arrears").want(t, http.StatusOK, "3栋2单元1201", "5栋1单元301", "王小明", "本页合计", "逾期 500 天")
	b.get("/staff/arrears?building="+escape("3栋")).want(t, http.StatusOK, "3栋2单元1201").without(t, "5栋1单元301")
	b.get("/staff/arrears?item="+escape("车位费")).want(t, http.StatusOK, "3栋2单元1201", "300.00").without(t, "5栋1单元301", "物业服务费")
	b.get("/staff/arrears?band=over&sort=oldest").want(t, http.StatusOK, "3栋2单元1201", "5栋1单元301")
	b.get("/staff/arrears?band=365").want(t, http.StatusOK, "没有符合条件的欠费")
	b.get("/staff/arrears?steward="+escape("高远")+"&q=301").want(t, http.StatusOK, "5栋1单元301").without(t, "3栋2单元1201")
	b.get("/staff/arrears?sort=price").want(t, http.StatusBadRequest)
	b.get("/staff/arrears?band=7").want(t, http.StatusBadRequest)
	b.get("/staff/arrears/sums").want(t, http.StatusOK, "365 天以上", "截至今天应缴违约金", "105,506.44")
	b.get("/staff/arrears/sums?item="+escape("车位费")).want(t, http.StatusOK, "只统计台账当前筛选的范围", "300.00")
	rows := workbookRows(t, b.get("/staff/arrears/export"))
	if len(rows) != 3 || rows[1][1] != "3-2-1201" || rows[2][1] != "5-1-301" || !strings.Contains(rows[0][17], "365 天以上") {
		t.Errorf("%q", rows)
	}
	b.get("/staff/limitation").want(t, http.StatusOK, "还剩 5 天", "可能已届满", "2026-03-20", "民法典第一百八十八条")
	b.get("/staff/limitation?past=1").want(t, http.StatusOK, "装修费").without(t, "停车费")
	if rows := workbookRows(t, b.get("/staff/limitation/export")); len(rows) != 3 || rows[2][9] != "即将届满" {
		t.Errorf("%q", rows)
	}
	b.get("/staff/").want(t, http.StatusOK, "欠费账龄", "2 笔临近或超过三年诉讼时效")
	zhou := w.as(w.addStaff("zhou", "周楠", models.RoleSteward))
	zhou.get("/staff/arrears").want(t, http.StatusOK, "3栋2单元1201").without(t, "5栋1单元301")
	zhou.get("/staff/arrears?steward="+escape("高远")).want(t, http.StatusOK, "没有符合条件的欠费")
	zhou.get("/staff/limitation").want(t, http.StatusOK, "没有临近时效的账单")
	zhou.get("/staff/").want(t, http.StatusOK, "欠费账龄").without(t, "诉讼时效")
	zhou.get("/staff/arrears/sums").want(t, http.StatusOK).without(t, "105,506.44")
}

// TestLedgerGoesOn walks the pages of a ledger of more rooms than a page shows.
func TestLedgerGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 45 {
		modelstest.Bill(t, w.db, modelstest.Room(t, w.db))
	}
	b := w.as(w.staff[models.RoleCashier])
	for _, sort := range []string{"room", "owed", "oldest"} {
		seen := map[string]bool{}
		path := "/staff/arrears?sort=" + sort
		pages := 0
		for ; path != "" && pages < 5; pages++ {
			a := b.get(path).want(t, http.StatusOK)
			for _, id := range findAll(a.Body, `<td data-label="房号"><a href="/staff/rooms/([^"]+)"`) {
				seen[id] = true
			}
			path = ""
			if next := findAll(a.Body, `<a class="btn" href="([^"]+)">下一页`); len(next) == 1 {
				path = strings.ReplaceAll(next[0], "&amp;", "&")
			}
		}
		if len(seen) != 45 || pages != 3 {
			t.Errorf("sort %s: %d rooms on %d pages", sort, len(seen), pages)
		}
	}
}
