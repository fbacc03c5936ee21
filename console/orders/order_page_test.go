package orders_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Finance ends an exception with what was done about the money; who did it and why
// stands in the order's history.
func TestEndException(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	modelstest.Write(t, w.DB, func(tx *store.Tx) error {
		_, err := money.MarkException(tx, n.Pending.No)
		return err
	})
	page, action := "/staff/orders/"+n.Pending.No, "/staff/orders/"+n.Pending.No+"/end-exception"
	cashier, finance := w.As(w.Staff[office.RoleCashier]), w.As(w.Staff[office.RoleFinance])
	cashier.Get(page).Want(t, http.StatusOK, "微信收到的款与本订单不符").Without(t, "结束异常订单")
	cashier.Post(action, url.Values{"reason": {"已退款"}}).Want(t, http.StatusForbidden)

	finance.Get(page).Want(t, http.StatusOK, "结束异常订单")
	finance.Post(action, url.Values{"reason": {" "}}).Want(t, http.StatusSeeOther)
	finance.Get(page).Want(t, http.StatusOK, "请填写处理说明", "微信收到的款与本订单不符")
	finance.Post(action, url.Values{"reason": {"已在商户平台退款"}}).Want(t, http.StatusSeeOther)
	finance.Get(page).Want(t, http.StatusOK, "异常订单已结束", "结束异常订单", "员工finance").Without(t, "微信收到的款与本订单不符")
	finance.Post(action, url.Values{"reason": {"再次"}}).Want(t, http.StatusSeeOther)
	finance.Get(page).Want(t, http.StatusOK, "可能已由他人处理")
	w.As(w.Staff[office.RoleFinance]).Post("/staff/orders/nothing/end-exception", url.Values{"reason": {"x"}}).Want(t, http.StatusSeeOther)
	if claims, err := money.ClaimsOn(w.DB.View(t.Context()), []string{n.Pending.No}); err != nil || len(claims) != 0 {
		t.Errorf("claims %v, %v", claims, err)
	}
}
