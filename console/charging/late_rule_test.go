package charging_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

// TestLateRuleIsPreviewedAskedForAndApproved goes the whole way on the pages: 110.02 due 15
// January, 59 days at 3‰ are 19.47, 49 at 0.5‰ are 2.70.
func TestLateRuleIsPreviewedAskedForAndApproved(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	room := modelstest.Room(t, w.DB, func(r *estate.Room) { r.Code = "1-1-101" })
	bill := modelstest.Bill(t, w.DB, room, func(b *fees.Bill) { b.Source, b.Basis = fees.SourceImport, `{"kind":"opening"}` })
	finance, manager := w.As(w.Staff[office.RoleFinance]), w.As(w.Staff[office.RoleManager])
	finance.Get("/staff/late-rules").Want(t, http.StatusOK, "违约金规则", "每日 3‰，无上限")
	form := url.Values{"community": {room.CommunityID}, "rate": {"0.5‰"}, "grace_days": {"10"}, "cap": {"30%"},
		"from_on": {"2026-03-15"}, "reach": {"new"}, "do": {"preview"}}
	finance.Post("/staff/late-rules", form).Want(t, http.StatusOK, "未缴清的导入欠费 1 笔不变", "每日 0.5‰，宽限 10 天，上限为本金的 30%")
	form.Set("reach", "open")
	finance.Post("/staff/late-rules", form).Want(t, http.StatusOK, "1 笔改用新规则", "由 19.47 元变为 <strong>2.70 元</strong>", "1-1-101")
	form.Set("do", "ask")
	finance.Post("/staff/late-rules", form).Want(t, http.StatusBadRequest, "请填写原因")
	form.Set("reason", "业主大会决议")
	form.Set("rate", "3")
	finance.Post("/staff/late-rules", form).Want(t, http.StatusBadRequest, "3‰ 或 0.3%")
	form.Set("rate", "0.05%")
	w.As(w.Staff[office.RoleCashier]).Post("/staff/late-rules", form).Want(t, http.StatusForbidden)
	finance.Post("/staff/late-rules", form).Want(t, http.StatusSeeOther)
	list, err := estate.LateRuleChanges(w.DB.View(context.Background()), room.CommunityID, "", 10)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	page := "/staff/late-rules/" + list[0].ID
	finance.Get(page).Want(t, http.StatusOK, "待审批", "等待另一位", "19.47").Without(t, "同意</button>")
	finance.Post(page, url.Values{"do": {"approve"}}).Want(t, http.StatusForbidden)
	manager.Get(page).Want(t, http.StatusOK, "同意</button>", "业主大会决议")
	manager.Post(page, url.Values{"do": {"maybe"}}).Want(t, http.StatusBadRequest)
	manager.Post(page, url.Values{"do": {"approve"}}).Want(t, http.StatusSeeOther)
	manager.Get(page).Want(t, http.StatusOK, "已同意", "已有 1 笔账单改用新规则")
	manager.Get("/staff/late-rules").Want(t, http.StatusOK, "每日 0.5‰，宽限 10 天，上限为本金的 30%", "调整记录")
	manager.Get("/staff/rooms/"+room.ID).Want(t, http.StatusOK, "更正违约金规则", "由“每日 3‰，无上限”改为“每日 0.5‰，宽限 10 天，上限为本金的 30%”",
		"按尚欠本金每天 0.5‰ 计算")
	manager.Get("/staff/rooms/"+room.ID+"?on=2026-03-14").Want(t, http.StatusOK)
	manager.Get("/staff/audit").Want(t, http.StatusOK, "同意调整违约金规则", "违约金日利率 0.5‰")
	if rows := consoletest.WorkbookRows(t, manager.Get("/staff/late-rules/export")); len(rows) != 2 || rows[1][1] != "0.5‰" {
		t.Errorf("%v", rows)
	}
	b, err := fees.BillByID(w.DB.View(context.Background()), bill.ID)
	if err != nil || b.LateRate != "0.0005" || b.PrincipalFen != models.Fen(11002) {
		t.Errorf("%+v, %v", b, err)
	}
}
