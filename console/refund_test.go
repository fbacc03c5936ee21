package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/models"
)

// TestRefundPages goes the whole way of a refund: ask with its effect shown, not
// decided by who asked, approved by another, sent, refused by WeChat (which knows no
// such order in this test), asked for once more, rejected.
func TestRefundPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	cashier, finance, manager := w.as(w.staff[models.RoleCashier]), w.as(w.staff[models.RoleFinance]), w.as(w.staff[models.RoleManager])
	order, form := "/staff/orders/"+n.paid.No, "/staff/orders/"+n.paid.No+"/refund"
	finance.get("/staff/refunds").want(t, http.StatusOK, "还没有退款")
	cashier.get(order).want(t, http.StatusOK, "申请退款")
	w.as(w.staff[models.RoleSteward]).get("/staff/refunds").want(t, http.StatusOK)
	finance.get("/staff/orders/"+n.pending.No+"/refund").want(t, http.StatusOK, "只有已支付的订单可以退款")
	page := finance.get(form).want(t, http.StatusOK, "可退 110.02 元", "查看影响").without(t, "等待审批</button>")
	key := findAll(page.Body, `name="key" value="([0-9A-Z]{26})"`)[0]
	bill := findAll(page.Body, `name="bill" value="([0-9A-Z]{26})"`)[0]
	v := url.Values{"key": {key}, "way": {"amount"}, "amount": {"200"}, "after": {"owed"}, "reason": {"多收"}, "do": {"preview"}}
	finance.post(form, v).want(t, http.StatusUnprocessableEntity, "退款金额超过可退金额", "多收")
	v.Set("amount", "abc")
	finance.post(form, v).want(t, http.StatusBadRequest, "金额不正确")
	v.Set("way", "lines")
	v.Set("bill", bill)
	finance.post(form, v).want(t, http.StatusBadRequest, "请填写退款金额")
	v.Set("p_"+bill, "10.02")
	finance.post(form, v).want(t, http.StatusOK, "退给付款人 10.02 元", "如果今天到账", "现在（已缴清）", "之后（部分已缴）", "等待审批</button>")
	v.Set("do", "send")
	to := finance.post(form, v).want(t, http.StatusSeeOther).location()
	if again := finance.post(form, v).want(t, http.StatusSeeOther).location(); again != to {
		t.Errorf("the form asked twice: %s and %s", to, again)
	}
	finance.get(to).want(t, http.StatusOK, "退款申请已提交", "这是您提交的退款申请", "10.02", "多收", "员工finance").without(t, `value="approve"`)
	finance.post(to, url.Values{"do": {"approve"}}).want(t, http.StatusForbidden)
	cashier.get(to).want(t, http.StatusOK, "等待有权限的同事审批")
	cashier.post(to+"/follow", nil).want(t, http.StatusForbidden)
	manager.get("/staff/").want(t, http.StatusOK, "退款待处理", "待审批 1")
	manager.get(to).want(t, http.StatusOK, `value="approve"`)
	manager.post(to, url.Values{"do": {"reject"}}).want(t, http.StatusBadRequest, "请填写说明")
	manager.post(to, url.Values{}).want(t, http.StatusBadRequest)
	manager.post(to, url.Values{"do": {"approve"}, "note": {"核对无误"}}).want(t, http.StatusSeeOther)
	manager.get(to).want(t, http.StatusOK, "待发出", "核对无误", "员工manager", "现在发出")
	manager.post(to, url.Values{"do": {"approve"}}).want(t, http.StatusConflict, "状态已经变化")
	finance.get(order).want(t, http.StatusOK, "退款中", "待发出")
	finance.post(to+"/by-hand", url.Values{"hand_note": {"现金"}}).want(t, http.StatusConflict, "状态已经变化")
	finance.post(to+"/follow", nil).want(t, http.StatusSeeOther)
	finance.get(to).want(t, http.StatusOK, "已关闭", "微信支付查不到这笔订单", "重新申请")
	finance.get(order).want(t, http.StatusOK, "已支付")
	booksAgreeExceptTown(t, w)

	finance.get(form+"?retry="+to[len("/staff/refunds/"):]).want(t, http.StatusOK, "可退 110.02 元")
	v.Set("key", "another")
	second := finance.post(form, v).want(t, http.StatusSeeOther).location()
	manager.post(second, url.Values{"do": {"reject"}, "note": {"不用退"}}).want(t, http.StatusSeeOther)
	manager.get(second).want(t, http.StatusOK, "已驳回", "不用退")
	manager.get("/staff/refunds?status=rejected").want(t, http.StatusOK, "10.02").without(t, to)
	manager.get("/staff/refunds?number="+n.paid.No).want(t, http.StatusOK, to, second)
	if rows := workbookRows(t, manager.get("/staff/refunds/export?status=closed")); len(rows) != 2 || rows[1][1] != "已关闭" || rows[1][10] != "多收" {
		t.Errorf("%v", rows)
	}
	manager.get("/staff/refunds/nothing").want(t, http.StatusNotFound)
	w.as(w.staff[models.RoleSteward]).get(to).want(t, http.StatusNotFound)
}

// Giving up asks WeChat only about what was sent.
func TestGiveUpRefundPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	cashier, manager := w.as(w.staff[models.RoleCashier]), w.as(w.staff[models.RoleManager])
	v := url.Values{"key": {"k"}, "way": {"all"}, "after": {"credited"}, "reason": {"关怀"}, "do": {"preview"}}
	form := "/staff/orders/" + n.paid.No + "/refund"
	cashier.post(form, v).want(t, http.StatusOK, "由公司承担", "退给付款人 110.02 元")
	v.Set("do", "send")
	to := cashier.post(form, v).want(t, http.StatusSeeOther).location()
	manager.post(to, url.Values{"do": {"approve"}}).want(t, http.StatusSeeOther)
	manager.post(to+"/give-up", url.Values{"give_up_note": {""}}).want(t, http.StatusBadRequest, "请填写说明")
	manager.post(to+"/give-up", url.Values{"give_up_note": {"弄错了"}}).want(t, http.StatusSeeOther)
	manager.get(to).want(t, http.StatusOK, "已放弃", "弄错了", "员工manager")
	booksAgreeExceptTown(t, w)
}

// booksAgreeExceptTown checks what refunds must agree with; the town's own books are
// made up.
func booksAgreeExceptTown(t *testing.T, w *world) {
	t.Helper()
	found, err := w.db.View(t.Context()).Check()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		switch v.Rule {
		case "what goes back of a payment, and is under way, is what its refunds say", "a refund's lines are its amount", "an order's state fits its refunds",
			"prepayment in transit is what refunds under way hold", "who asked for a refund did not approve it":
			t.Errorf("the books: %s", v)
		}
	}
}
