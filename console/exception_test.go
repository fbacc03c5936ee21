package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// Finance ends an exception with what was done about the money; who did it and why
// stands in the order's history.
func TestEndException(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	modelstest.Write(t, w.db, func(tx *models.Tx) error {
		_, err := tx.MarkException(n.pending.No)
		return err
	})
	page, action := "/staff/orders/"+n.pending.No, "/staff/orders/"+n.pending.No+"/end-exception"
	cashier, finance := w.as(w.staff[models.RoleCashier]), w.as(w.staff[models.RoleFinance])
	cashier.get(page).want(t, http.StatusOK, "微信收到的款与本订单不符").without(t, "结束异常订单")
	cashier.post(action, url.Values{"reason": {"已退款"}}).want(t, http.StatusForbidden)

	finance.get(page).want(t, http.StatusOK, "结束异常订单")
	finance.post(action, url.Values{"reason": {" "}}).want(t, http.StatusSeeOther)
	finance.get(page).want(t, http.StatusOK, "请填写处理说明", "微信收到的款与本订单不符")
	finance.post(action, url.Values{"reason": {"已在商户平台退款"}}).want(t, http.StatusSeeOther)
	finance.get(page).want(t, http.StatusOK, "异常订单已结束", "结束异常订单", "员工finance").without(t, "微信收到的款与本订单不符")
	finance.post(action, url.Values{"reason": {"再次"}}).want(t, http.StatusSeeOther)
	finance.get(page).want(t, http.StatusOK, "可能已由他人处理")
	w.as(w.staff[models.RoleFinance]).post("/staff/orders/nothing/end-exception", url.Values{"reason": {"x"}}).want(t, http.StatusSeeOther)
	if claims, err := w.db.View(t.Context()).ClaimsOn([]string{n.pending.No}); err != nil || len(claims) != 0 {
		t.Errorf("claims %v, %v", claims, err)
	}
}
