package reconciliation_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Finance asks to have strange money booked into a room's prepayment, a manager
// approves; another finding is accepted; then the day is signed off.
func TestFindingsAreDealtWith(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	finance, manager, cashier := w.As(w.Staff[office.RoleFinance]), w.As(w.Staff[office.RoleManager]), w.As(w.Staff[office.RoleCashier])
	id := consoletest.FindingID(t, w, "OFFLINE-1")
	page := "/staff/findings/" + id
	cashier.Get(page).Want(t, http.StatusForbidden)
	finance.Get("/staff/findings").Want(t, http.StatusOK, "微信有收款，我方无此订单", "微信有退款，我方未登记", "0–1 天", "31 天以上").Without(t, "已补记入账")
	finance.Get("/staff/findings?all=all&kind=paid_there_not_here").Want(t, http.StatusOK, "已补记入账")
	finance.Get("/staff/findings?kind=nonsense").Want(t, http.StatusBadRequest)
	finance.Get(page).Want(t, http.StatusOK, "各方记录", "交易账单", "资金账单", "申请存入该房屋预存", "按现状接受").Without(t, "向微信核实")
	finance.Get("/staff/reconcile/2026-03-13").Want(t, http.StatusOK, "看各方记录并处理").Without(t, "签核这一天</button>")

	surplus := url.Values{"do": {"surplus"}, "community": {n.Room.CommunityID}, "room": {"3-2-1201"}, "reason": {"业主扫线下码"}}
	wrong := url.Values{"do": {"surplus"}, "community": {n.Room.CommunityID}, "room": {"9-9-9"}, "reason": {"x"}}
	finance.Get(finance.Post(page, wrong).Want(t, http.StatusSeeOther).Location()).Want(t, http.StatusOK, "没有找到这个房号")
	finance.Post(page, url.Values{"do": {"nonsense"}}).Want(t, http.StatusSeeOther)
	finance.Get(finance.Post(page, surplus).Want(t, http.StatusSeeOther).Location()).Want(t, http.StatusOK, "等待另一位同事审批", "员工finance",
		"3栋2单元1201", "撤回申请").Without(t, "同意并入账")
	finance.Get(finance.Post(page, url.Values{"do": {"approve"}}).Location()).Want(t, http.StatusOK, "申请人不能审批自己的申请")
	manager.Get(page).Want(t, http.StatusOK, "同意并入账", "业主扫线下码")
	manager.Get(manager.Post(page, url.Values{"do": {"approve"}}).Location()).Want(t, http.StatusOK, "已登记为多收款", "员工manager", "员工finance")
	manager.Get(manager.Post(page, url.Values{"do": {"accept"}, "reason": {"x"}}).Location()).Want(t, http.StatusOK, "已经处理过")
	finance.Get("/staff/suspense").Want(t, http.StatusOK, "3栋2单元1201", "1.00")

	// The day has another open finding: it cannot be signed off before that.
	sign := "/staff/reconcile/2026-03-13/sign"
	finance.Get(finance.Post(sign, url.Values{"merchant": {"main"}}).Location()).Want(t, http.StatusOK, "处理完才能签核")
	other := "/staff/findings/" + consoletest.FindingID(t, w, n.Paid.No)
	finance.Get(finance.Post(other, url.Values{"do": {"accept"}, "reason": {" "}}).Location()).Want(t, http.StatusOK, "请填写处理说明")
	finance.Get(finance.Post(other, url.Values{"do": {"accept"}, "reason": {"已在线下退现"}}).Location()).Want(t, http.StatusOK, "已说明原因并接受",
		"已在线下退现")
	finance.Get("/staff/reconcile/2026-03-13").Want(t, http.StatusOK, "签核这一天</button>")
	finance.Get(finance.Post(sign, url.Values{"merchant": {"main"}}).Location()).Want(t, http.StatusOK, "已签核", "员工finance").Without(t,
		"签核这一天</button>")
	finance.Get(finance.Post(sign, url.Values{"merchant": {"main"}}).Location()).Want(t, http.StatusOK, "这一天已经签核")
	finance.Post("/staff/reconcile/2099-03-13/sign", url.Values{"merchant": {"main"}}).Want(t, http.StatusNotFound)
	finance.Get("/staff/reconcile?month=2026-03").Want(t, http.StatusOK, "mark-signed")
	if rows := consoletest.WorkbookRows(t, finance.Get("/staff/findings/export?all=all")); len(rows) != 4 {
		t.Errorf("%d rows", len(rows))
	}

	// WeChat, where nobody paid: the run finds our payment missing, and the signature is gone.
	finance.Get(finance.Post("/staff/reconcile/2026-03-13", nil).Location()).Want(t, http.StatusOK, "签核已失效", "我方已入账，微信没有")
}

// Money in suspense is claimed for a room by two persons.
func TestSuspenseIsClaimed(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	finance, manager := w.As(w.Staff[office.RoleFinance]), w.As(w.Staff[office.RoleManager])
	page := "/staff/findings/" + consoletest.FindingID(t, w, "OFFLINE-1")
	finance.Post(page, url.Values{"do": {"suspense"}, "reason": {"不知来源"}}).Want(t, http.StatusSeeOther)
	manager.Post(page, url.Values{"do": {"approve"}}).Want(t, http.StatusSeeOther)
	list := finance.Get("/staff/suspense").Want(t, http.StatusOK, "待查", "申请存入")
	m := regexp.MustCompile(`/staff/suspense/([0-9A-Z]{26})`).FindStringSubmatch(list.Body)
	if m == nil {
		t.Fatal(list.Body)
	}
	claim := url.Values{"do": {"ask"}, "community": {n.Room.CommunityID}, "room": {"3-2-1201"}}
	finance.Get(finance.Post(m[0], claim).Location()).Want(t, http.StatusOK, "认领申请已提交", "撤回").Without(t, ">同意<")
	finance.Get(finance.Post(m[0], url.Values{"do": {"approve"}}).Location()).Want(t, http.StatusOK, "申请人不能审批自己的申请")
	manager.Get(manager.Post(m[0], url.Values{"do": {"approve"}}).Location()).Want(t, http.StatusOK, "已存入该房屋的预存", "员工manager 同意")
	if rows := consoletest.WorkbookRows(t, finance.Get("/staff/suspense/export")); len(rows) != 2 {
		t.Errorf("%d rows", len(rows))
	}
	var prepaid models.Fen
	modelstest.Write(t, w.DB, func(tx *store.Tx) (err error) {
		prepaid, err = money.LockPrepaid(tx, n.Room.ID)
		return err
	})
	if prepaid != 200 { // one yuan of before
		t.Errorf("prepaid %d", prepaid)
	}
}
