package refunds_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/office"
	"wuyepay/models/proof"
)

// TestRefundPages goes the whole way of a refund: ask with its effect shown, not
// decided by who asked, approved by another, sent, refused by WeChat (which knows no
// such order in this test), asked for once more, rejected.
func TestRefundPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	cashier, finance, manager := w.As(w.Staff[office.RoleCashier]), w.As(w.Staff[office.RoleFinance]), w.As(w.Staff[office.RoleManager])
	order, form := "/staff/orders/"+n.Paid.No, "/staff/orders/"+n.Paid.No+"/refund"
	finance.Get("/staff/refunds").Want(t, http.StatusOK, "还没有退款")
	cashier.Get(order).Want(t, http.StatusOK, "申请退款")
	w.As(w.Staff[office.RoleSteward]).Get("/staff/refunds").Want(t, http.StatusOK)
	finance.Get("/staff/orders/"+n.Pending.No+"/refund").Want(t, http.StatusOK, "只有已支付的订单可以退款")
	page := finance.Get(form).Want(t, http.StatusOK, "可退 110.02 元", "查看影响").Without(t, "等待审批</button>")
	key := consoletest.FindAll(page.Body, `name="key" value="([0-9A-Z]{26})"`)[0]
	bill := consoletest.FindAll(page.Body, `name="bill" value="([0-9A-Z]{26})"`)[0]
	v := url.Values{"key": {key}, "way": {"amount"}, "amount": {"200"}, "after": {"owed"}, "reason": {"多收"}, "do": {"preview"}}
	finance.Post(form, v).Want(t, http.StatusUnprocessableEntity, "退款金额超过可退金额", "多收")
	v.Set("amount", "abc")
	finance.Post(form, v).Want(t, http.StatusBadRequest, "金额不正确")
	v.Set("way", "lines")
	v.Set("bill", bill)
	finance.Post(form, v).Want(t, http.StatusBadRequest, "请填写退款金额")
	v.Set("p_"+bill, "10.02")
	finance.Post(form, v).Want(t, http.StatusOK, "退给付款人 10.02 元", "如果今天到账", "现在（已缴清）", "之后（部分已缴）", "等待审批</button>")
	v.Set("do", "send")
	to := finance.Post(form, v).Want(t, http.StatusSeeOther).Location()
	if again := finance.Post(form, v).Want(t, http.StatusSeeOther).Location(); again != to {
		t.Errorf("the form asked twice: %s and %s", to, again)
	}
	finance.Get(to).Want(t, http.StatusOK, "退款申请已提交", "这是您提交的退款申请", "10.02", "多收", "员工finance").Without(t, `value="approve"`)
	finance.Post(to, url.Values{"do": {"approve"}}).Want(t, http.StatusForbidden)
	cashier.Get(to).Want(t, http.StatusOK, "等待有权限的同事审批")
	cashier.Post(to+"/follow", nil).Want(t, http.StatusForbidden)
	manager.Get("/staff/").Want(t, http.StatusOK, "退款待处理", "待审批 1")
	manager.Get(to).Want(t, http.StatusOK, `value="approve"`)
	manager.Post(to, url.Values{"do": {"reject"}}).Want(t, http.StatusBadRequest, "请填写说明")
	manager.Post(to, url.Values{}).Want(t, http.StatusBadRequest)
	manager.Post(to, url.Values{"do": {"approve"}, "note": {"核对无误"}}).Want(t, http.StatusSeeOther)
	manager.Get(to).Want(t, http.StatusOK, "待发出", "核对无误", "员工manager", "现在发出")
	manager.Post(to, url.Values{"do": {"approve"}}).Want(t, http.StatusConflict, "状态已经变化")
	finance.Get(order).Want(t, http.StatusOK, "退款中", "待发出")
	finance.Post(to+"/by-hand", url.Values{"hand_note": {"现金"}}).Want(t, http.StatusConflict, "状态已经变化")
	finance.Post(to+"/follow", nil).Want(t, http.StatusSeeOther)
	finance.Get(to).Want(t, http.StatusOK, "已关闭", "微信支付查不到这笔订单", "重新申请")
	finance.Get(order).Want(t, http.StatusOK, "已支付")
	booksAgreeExceptTown(t, w)

	finance.Get(form+"?retry="+to[len("/staff/refunds/"):]).Want(t, http.StatusOK, "可退 110.02 元")
	v.Set("key", "another")
	second := finance.Post(form, v).Want(t, http.StatusSeeOther).Location()
	manager.Post(second, url.Values{"do": {"reject"}, "note": {"不用退"}}).Want(t, http.StatusSeeOther)
	manager.Get(second).Want(t, http.StatusOK, "已驳回", "不用退")
	manager.Get("/staff/refunds?status=rejected").Want(t, http.StatusOK, "10.02").Without(t, to)
	manager.Get("/staff/refunds?number="+n.Paid.No).Want(t, http.StatusOK, to, second)
	if rows := consoletest.WorkbookRows(t, manager.Get("/staff/refunds/export?status=closed")); len(rows) != 2 ||
		rows[1][1] != "已关闭" || rows[1][10] != "多收" {
		t.Errorf("%v", rows)
	}
	manager.Get("/staff/refunds/nothing").Want(t, http.StatusNotFound)
	w.As(w.Staff[office.RoleSteward]).Get(to).Want(t, http.StatusNotFound)
}

// Giving up asks WeChat only about what was sent.
func TestGiveUpRefundPage(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	cashier, manager := w.As(w.Staff[office.RoleCashier]), w.As(w.Staff[office.RoleManager])
	v := url.Values{"key": {"k"}, "way": {"all"}, "after": {"credited"}, "reason": {"关怀"}, "do": {"preview"}}
	form := "/staff/orders/" + n.Paid.No + "/refund"
	cashier.Post(form, v).Want(t, http.StatusOK, "由公司承担", "退给付款人 110.02 元")
	v.Set("do", "send")
	to := cashier.Post(form, v).Want(t, http.StatusSeeOther).Location()
	manager.Post(to, url.Values{"do": {"approve"}}).Want(t, http.StatusSeeOther)
	manager.Post(to+"/give-up", url.Values{"give_up_note": {""}}).Want(t, http.StatusBadRequest, "请填写说明")
	manager.Post(to+"/give-up", url.Values{"give_up_note": {"弄错了"}}).Want(t, http.StatusSeeOther)
	manager.Get(to).Want(t, http.StatusOK, "已放弃", "弄错了", "员工manager")
	booksAgreeExceptTown(t, w)
}

// booksAgreeExceptTown checks what refunds must agree with; the town's own books are
// made up.
func booksAgreeExceptTown(t *testing.T, w *consoletest.World) {
	t.Helper()
	found, err := proof.Check(w.DB.View(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		switch v.Rule {
		case "what goes back of a payment, and is under way, is what its refunds say", "a refund's lines are its amount",
			"an order's state fits its refunds",
			"prepayment in transit is what refunds under way hold", "who asked for a refund did not approve it":
			t.Errorf("the books: %s", v)
		}
	}
}
