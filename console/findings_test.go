package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// findingID finds the finding of an order on the list.
func findingID(t *testing.T, w *world, orderNo string) string {
	t.Helper()
	list, err := w.db.View(t.Context()).FindingPage(models.FindingFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.OrderNo == orderNo {
			return f.ID
		}
	}
	t.Fatal("no finding of " + orderNo)
	return ""
}

// Finance asks to have strange money booked into a room's prepayment, a manager
// approves; another finding is accepted; then the day is signed off.
func TestFindingsAreDealtWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	finance, manager, cashier := w.as(w.staff[models.RoleFinance]), w.as(w.staff[models.RoleManager]), w.as(w.staff[models.RoleCashier])
	id := findingID(t, w, "OFFLINE-1")
	page := "/staff/findings/" + id
	cashier.get(page).want(t, http.StatusForbidden)
	finance.get("/staff/findings").want(t, http.StatusOK, "微信有收款，我方无此订单", "微信有退款，我方未登记", "0–1 天", "31 天以上").without(t, "已补记入账")
	finance.get("/staff/findings?all=all&kind=paid_there_not_here").want(t, http.StatusOK, "已补记入账")
	finance.get("/staff/findings?kind=nonsense").want(t, http.StatusBadRequest)
	finance.get(page).want(t, http.StatusOK, "各方记录", "交易账单", "资金账单", "申请存入该房屋预存", "按现状接受").without(t, "向微信核实")
	finance.get("/staff/reconcile/2026-03-13").want(t, http.StatusOK, "看各方记录并处理").without(t, "签核这一天</button>")

	surplus := url.Values{"do": {"surplus"}, "community": {n.room.CommunityID}, "room": {"3-2-1201"}, "reason": {"业主扫线下码"}}
	wrong := url.Values{"do": {"surplus"}, "community": {n.room.CommunityID}, "room": {"9-9-9"}, "reason": {"x"}}
	finance.get(finance.post(page, wrong).want(t, http.StatusSeeOther).location()).want(t, http.StatusOK, "没有找到这个房号")
	finance.post(page, url.Values{"do": {"nonsense"}}).want(t, http.StatusSeeOther)
	finance.get(finance.post(page, surplus).want(t, http.StatusSeeOther).location()).want(t, http.StatusOK, "等待另一位同事审批", "员工finance", "3栋2单元1201", "撤回申请").without(t, "同意并入账")
	finance.get(finance.post(page, url.Values{"do": {"approve"}}).location()).want(t, http.StatusOK, "申请人不能审批自己的申请")
	manager.get(page).want(t, http.StatusOK, "同意并入账", "业主扫线下码")
	manager.get(manager.post(page, url.Values{"do": {"approve"}}).location()).want(t, http.StatusOK, "已登记为多收款", "员工manager", "员工finance")
	manager.get(manager.post(page, url.Values{"do": {"accept"}, "reason": {"x"}}).location()).want(t, http.StatusOK, "已经处理过")
	finance.get("/staff/suspense").want(t, http.StatusOK, "3栋2单元1201", "1.00")

	// The day has another open finding: it cannot be signed off before that.
	sign := "/staff/reconcile/2026-03-13/sign"
	finance.get(finance.post(sign, url.Values{"merchant": {"main"}}).location()).want(t, http.StatusOK, "处理完才能签核")
	other := "/staff/findings/" + findingID(t, w, n.paid.No)
	finance.get(finance.post(other, url.Values{"do": {"accept"}, "reason": {" "}}).location()).want(t, http.StatusOK, "请填写处理说明")
	finance.get(finance.post(other, url.Values{"do": {"accept"}, "reason": {"已在线下退现"}}).location()).want(t, http.StatusOK, "已说明原因并接受", "已在线下退现")
	finance.get("/staff/reconcile/2026-03-13").want(t, http.StatusOK, "签核这一天</button>")
	finance.get(finance.post(sign, url.Values{"merchant": {"main"}}).location()).want(t, http.StatusOK, "已签核", "员工finance").without(t, "签核这一天</button>")
	finance.get(finance.post(sign, url.Values{"merchant": {"main"}}).location()).want(t, http.StatusOK, "这一天已经签核")
	finance.post("/staff/reconcile/2099-03-13/sign", url.Values{"merchant": {"main"}}).want(t, http.StatusNotFound)
	finance.get("/staff/reconcile?month=2026-03").want(t, http.StatusOK, "mark-signed")
	if rows := workbookRows(t, finance.get("/staff/findings/export?all=all")); len(rows) != 4 {
		t.Errorf("%d rows", len(rows))
	}

	// WeChat, where nobody paid: the run finds our payment missing, and the signature is gone.
	finance.get(finance.post("/staff/reconcile/2026-03-13", nil).location()).want(t, http.StatusOK, "签核已失效", "我方已入账，微信没有")
}

// Money in suspense is claimed for a room by two persons.
func TestSuspenseIsClaimed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	finance, manager := w.as(w.staff[models.RoleFinance]), w.as(w.staff[models.RoleManager])
	page := "/staff/findings/" + findingID(t, w, "OFFLINE-1")
	finance.post(page, url.Values{"do": {"suspense"}, "reason": {"不知来源"}}).want(t, http.StatusSeeOther)
	manager.post(page, url.Values{"do": {"approve"}}).want(t, http.StatusSeeOther)
	list := finance.get("/staff/suspense").want(t, http.StatusOK, "待查", "申请存入")
	m := regexp.MustCompile(`/staff/suspense/([0-9A-Z]{26})`).FindStringSubmatch(list.Body)
	if m == nil {
		t.Fatal(list.Body)
	}
	claim := url.Values{"do": {"ask"}, "community": {n.room.CommunityID}, "room": {"3-2-1201"}}
	finance.get(finance.post(m[0], claim).location()).want(t, http.StatusOK, "认领申请已提交", "撤回").without(t, ">同意<")
	finance.get(finance.post(m[0], url.Values{"do": {"approve"}}).location()).want(t, http.StatusOK, "申请人不能审批自己的申请")
	manager.get(manager.post(m[0], url.Values{"do": {"approve"}}).location()).want(t, http.StatusOK, "已存入该房屋的预存", "员工manager 同意")
	if rows := workbookRows(t, finance.get("/staff/suspense/export")); len(rows) != 2 {
		t.Errorf("%d rows", len(rows))
	}
	var prepaid models.Fen
	modelstest.Write(t, w.db, func(tx *models.Tx) (err error) {
		prepaid, err = tx.LockPrepaid(n.room.ID)
		return err
	})
	if prepaid != 200 { // one yuan of before
		t.Errorf("prepaid %d", prepaid)
	}
}
