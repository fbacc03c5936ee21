package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// Who collects which fee item: managers say, finance sees, the audit log remembers.
func TestMerchants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	modelstest.Write(t, w.db, func(tx *models.Tx) error {
		if err := tx.NoteMerchantError("main", "bill", "wechatpay trade bill: rate limited", tx.Now); err != nil {
			return err
		}
		return tx.NoteBill("main", day10, tx.Now)
	})
	finance, manager := w.as(w.staff[models.RoleFinance]), w.as(w.staff[models.RoleManager])
	finance.get("/staff/merchants").want(t, http.StatusOK, "main", "默认", "还没有收到过", "已落后", "下载账单", "rate limited", "PUB_KEY_ID_", "没有单独指定").without(t, ">保存</button>")
	rule := url.Values{"do": {"set"}, "community": {n.room.CommunityID}, "item": {"停车费"}, "merchant": {"main"}}
	finance.post("/staff/merchants", rule).want(t, http.StatusForbidden)
	manager.get(manager.post("/staff/merchants", rule).want(t, http.StatusSeeOther).location()).want(t, http.StatusOK, "收款商户已保存", "停车费", "测试小区")
	manager.post("/staff/merchants", url.Values{"do": {"set"}, "community": {n.room.CommunityID}, "merchant": {"nobody"}}).want(t, http.StatusBadRequest)
	manager.post("/staff/merchants", url.Values{"do": {"set"}, "community": {"nowhere"}, "merchant": {"main"}}).want(t, http.StatusBadRequest)
	// A rule whose merchant is gone from the configuration is shown for what it does.
	modelstest.Write(t, w.db, func(tx *models.Tx) error {
		return tx.SetMerchantRule(modelstest.Actor, n.room.CommunityID, "", "gone")
	})
	finance.get("/staff/merchants").want(t, http.StatusOK, "其余全部", "没有配置，业主无法支付")
	if rows := workbookRows(t, finance.get("/staff/merchants/export")); len(rows) != 3 {
		t.Errorf("%d rows", len(rows))
	}
	drop := url.Values{"do": {"drop"}, "community": {n.room.CommunityID}, "item": {"停车费"}}
	manager.get(manager.post("/staff/merchants", drop).location()).want(t, http.StatusOK, "已取消").without(t, "停车费")
	log := audited(t, w, "community", n.room.CommunityID)
	if len(log) < 3 || log[0].Action != "merchant_rule.dropped" || log[0].ActorName != "员工manager" {
		t.Errorf("%+v", log)
	}
}
