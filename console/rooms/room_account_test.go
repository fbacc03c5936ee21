package rooms_test

import (
	"net/http"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// TestAccountShowsHowFiguresCameAbout compares the page of a room with the worked
// figures: 1320.19 due 31 January, 500 paid on 2 March, looked at on 15 March.
func TestAccountShowsHowFiguresCameAbout(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	w.As(w.Staff[office.RoleFinance]).Get("/staff/rooms/"+n.Room.ID).Want(t, http.StatusOK,
		"建筑面积 137.52 ㎡ × 0.80 元/㎡·月 × 12 个月",
		"本金 1,320.19 × 日利率 3‰ × 30 天 = <span class=\"nowrap\">118.8171 元",
		"本金 939.01 × 日利率 3‰ × 13 天 = <span class=\"nowrap\">36.62139 元",
		"合计 155.43849，四舍五入到分 155.44 元",
		"155.44 − 减免 0.00 − 已缴 118.82 = <strong>36.62</strong>",
		"上限 2,861.01 × 30% = 858.30 元", "已达上限，按上限计 858.30 元", "有异议",
		"用量 272（读数 372 − 上次 100） × 阶梯价 0–180：3.45 元，180–260：4.83 元，260 以上：5.83 元",
		"没有产生违约金")
}

// TestAccountOfAPastDay shows what was owed on the evening of a day.
func TestAccountOfAPastDay(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	r := modelstest.Room(t, w.DB)
	bill := modelstest.Bill(t, w.DB, r, func(b *fees.Bill) { b.CreatedAt = models.At(models.MustDate("2026-01-01").Start()) })
	// 50 yuan were prepaid in January, of which 20 were spent today.
	for _, x := range []struct {
		at     models.Time
		kind   string
		amount models.Fen
	}{{models.At(models.MustDate("2026-01-16").Start()), money.PrepaidTopup, 5000}, {w.DB.Now(), money.PrepaidOffset, -2000}} {
		modelstest.Write(t, w.DB, func(tx *store.Tx) error {
			tx.Now = x.at
			return money.MovePrepaid(tx, r.ID, x.kind, x.amount, "", "")
		})
	}
	b := w.As(w.Staff[office.RoleFinance])
	path := "/staff/rooms/" + r.ID
	b.Get(path).Want(t, http.StatusOK, "129.49", "<h2>预存余额</h2><p class=\"figure\">30.00").Without(t, "当天结束时系统显示的内容")
	for day, prepaid := range map[string]string{"2026-01-15": "0.00", "2026-01-16": "50.00", "2026-03-14": "50.00"} {
		b.Get(path+"?on="+day).Want(t, http.StatusOK, "<h2>预存余额（"+day+"）</h2><p class=\"figure\">"+prepaid)
	}
	b.Get(path+"?on=2026-01-16").Want(t, http.StatusOK, "2026-01-16 当天结束时系统显示的内容", "110.35")
	b.Get(path+"?on=2025-12-31").Want(t, http.StatusOK, "没有欠费")
	b.Get(path+"?on=2026-03-15").Want(t, http.StatusOK).Without(t, "当天结束时系统显示的内容")
	b.Get(path+"?on=2026-03-16").Want(t, http.StatusBadRequest, "不能查询今天之后的日期")
	b.Get(path+"?on=tomorrow").Want(t, http.StatusBadRequest)
	if strings.Count(b.Get(path).Body, bill.ID) == 0 {
		t.Error("no link to ask about the bill")
	}
}
