package reconciliation_test

import (
	"fmt"
	"net/http"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// TestReconcileAgain asks WeChat's side, where nobody paid: our payment of the day
// is a difference, and days without any agree.
func TestReconcileAgain(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	b := w.As(w.Staff[office.RoleFinance])
	run := func(day string) string {
		return b.Post("/staff/reconcile/"+day, nil).Want(t, http.StatusSeeOther).Location()
	}
	b.Get(run("2026-03-13")).Want(t, http.StatusOK, "仍有未处理的差异", "我方已入账，微信没有", "第 2 次对账", n.Paid.No)
	b.Get(run("2026-03-09")).Want(t, http.StatusOK, "两边一致", "第 1 次对账", "微信当天没有交易账单")
	b.Get(run("2026-03-15")).Want(t, http.StatusOK, "只能对昨天及以前的日期对账")
	b.Post("/staff/reconcile/nonsense", nil).Want(t, http.StatusNotFound)
	log := consoletest.Audited(t, w, "reconciliation", "2026-03-13")
	if len(log) != 1 || log[0].Action != "reconciliation.asked" || log[0].Actor.Name != "员工finance" {
		t.Errorf("the log has %+v", log)
	}
	// What the run before saw and this one does not is settled by itself, and named so.
	b.Get("/staff/reconcile/2026-03-13").Want(t, http.StatusOK, "后一次对账时已一致", "自动对账")
}

// TestReconcileFailureIsSaidInWords has the bill not ready yet, and WeChat gone.
func TestReconcileFailureIsSaidInWords(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b := w.As(w.Staff[office.RoleManager])
	if err := consoletest.Sandbox().SetBillState("2026-03-08", "creating"); err != nil {
		t.Fatal(err)
	}
	a := b.Post("/staff/reconcile/2026-03-08", nil).Want(t, http.StatusSeeOther)
	b.Get(a.Location()).Want(t, http.StatusOK, "微信账单正在生成", "这一天还没有对账")
}

// TestManyFindings shows the open ones first, says that there are more, and
// exports all.
func TestManyFindings(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	modelstest.Write(t, w.DB, func(tx *store.Tx) error {
		for i := range 205 {
			f := proof.Finding{Merchant: "main", BillOn: consoletest.Day12, Kind: proof.FindingUnknown, OrderNo: fmt.Sprintf("X%03d", i),
				TheirsFen: 1, Resolution: proof.ResolutionGone}
			if i == 204 {
				f.Resolution = proof.ResolutionOpen
			}
			if _, err := proof.KeepFinding(tx, &f); err != nil {
				return err
			}
		}
		return nil
	})
	b := w.As(w.Staff[office.RoleFinance])
	b.Get("/staff/reconcile/2026-03-12").Want(t, http.StatusOK, "差异 200+ 条", "导出可得全部", "X204", "1 差异").Without(t, "X203")
	if rows := consoletest.WorkbookRows(t, b.Get("/staff/reconcile/2026-03-12/export")); len(rows) != 206 {
		t.Errorf("%d rows, want 206", len(rows))
	}
}
