package reconciliation_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// Who collects which fee item: managers say, finance sees, the audit log remembers.
func TestMerchants(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	modelstest.Write(t, w.DB, func(tx *store.Tx) error {
		if err := proof.NoteMerchantError(tx, "main", "bill", "wechatpay trade bill: rate limited", tx.Now); err != nil {
			return err
		}
		return proof.NoteBill(tx, "main", consoletest.Day10, tx.Now)
	})
	finance, manager := w.As(w.Staff[office.RoleFinance]), w.As(w.Staff[office.RoleManager])
	finance.Get("/staff/merchants").Want(t, http.StatusOK, "main", "默认", "还没有收到过", "已落后", "下载账单", "rate limited", "PUB_KEY_ID_",
		"没有单独指定").Without(t, ">保存</button>")
	rule := url.Values{"do": {"set"}, "community": {n.Room.CommunityID}, "item": {"停车费"}, "merchant": {"main"}}
	finance.Post("/staff/merchants", rule).Want(t, http.StatusForbidden)
	manager.Get(manager.Post("/staff/merchants", rule).Want(t, http.StatusSeeOther).Location()).Want(t, http.StatusOK, "收款商户已保存",
		"停车费", "测试小区")
	manager.Post("/staff/merchants", url.Values{"do": {"set"}, "community": {n.Room.CommunityID}, "merchant": {"nobody"}}).Want(t,
		http.StatusBadRequest)
	manager.Post("/staff/merchants", url.Values{"do": {"set"}, "community": {"nowhere"}, "merchant": {"main"}}).Want(t,
		http.StatusBadRequest)
	// A rule whose merchant is gone from the configuration is shown for what it does.
	modelstest.Write(t, w.DB, func(tx *store.Tx) error {
		return estate.SetMerchantRule(tx, modelstest.Actor, n.Room.CommunityID, "", "gone")
	})
	finance.Get("/staff/merchants").Want(t, http.StatusOK, "其余全部", "没有配置，业主无法支付")
	if rows := consoletest.WorkbookRows(t, finance.Get("/staff/merchants/export")); len(rows) != 3 {
		t.Errorf("%d rows", len(rows))
	}
	drop := url.Values{"do": {"drop"}, "community": {n.Room.CommunityID}, "item": {"停车费"}}
	manager.Get(manager.Post("/staff/merchants", drop).Location()).Want(t, http.StatusOK, "已取消").Without(t, "停车费")
	log := consoletest.Audited(t, w, "community", n.Room.CommunityID)
	if len(log) < 3 || log[0].Action != "merchant_rule.dropped" || log[0].Actor.Name != "员工manager" {
		t.Errorf("%+v", log)
	}
}
