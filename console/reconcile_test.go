package console_test

import (
	"fmt"
	"net/http"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// TestReconcileAgain asks WeChat's side, where nobody paid: our payment of the day
// is a difference, and days without any agree.
func TestReconcileAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	b := w.as(w.staff[models.RoleFinance])
	run := func(day string) string {
		return b.post("/staff/reconcile/"+day, nil).want(t, http.StatusSeeOther).location()
	}
	b.get(run("2026-03-13")).want(t, http.StatusOK, "仍有未处理的差异", "我方已入账，微信没有", "第 2 次对账", n.paid.No)
	b.get(run("2026-03-09")).want(t, http.StatusOK, "两边一致", "第 1 次对账", "微信当天没有交易账单")
	b.get(run("2026-03-15")).want(t, http.StatusOK, "只能对昨天及以前的日期对账")
	b.post("/staff/reconcile/nonsense", nil).want(t, http.StatusNotFound)
	log := audited(t, w, "reconciliation", "2026-03-13")
	if len(log) != 1 || log[0].Action != "reconciliation.asked" || log[0].ActorName != "员工finance" {
		t.Errorf("the log has %+v", log)
	}
	// What the run before saw and this one does not is settled by itself, and named so.
	b.get("/staff/reconcile/2026-03-13").want(t, http.StatusOK, "后一次对账时已一致", "自动对账")
}

// TestReconcileFailureIsSaidInWords has the bill not ready yet, and WeChat gone.
func TestReconcileFailureIsSaidInWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.staff[models.RoleManager])
	if err := box().SetBillState("2026-03-08", "creating"); err != nil {
		t.Fatal(err)
	}
	a := b.post("/staff/reconcile/2026-03-08", nil).want(t, http.StatusSeeOther)
	b.get(a.location()).want(t, http.StatusOK, "微信账单正在生成", "这一天还没有对账")
}

// TestManyFindings shows the open ones first, says that there are more, and
// exports all.
func TestManyFindings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	modelstest.Write(t, w.db, func(tx *models.Tx) error {
		for i := range 205 {
			f := models.Finding{Merchant: "main", BillOn: day12, Kind: models.FindingUnknown, OrderNo: fmt.Sprintf("X%03d", i), TheirsFen: 1, Resolution: models.ResolutionGone}
			if i == 204 {
				f.Resolution = models.ResolutionOpen
			}
			if _, err := tx.KeepFinding(&f); err != nil {
				return err
			}
		}
		return nil
	})
	b := w.as(w.staff[models.RoleFinance])
	b.get("/staff/reconcile/2026-03-12").want(t, http.StatusOK, "差异 200+ 条", "导出可得全部", "X204", "1 差异").without(t, "X203")
	if rows := workbookRows(t, b.get("/staff/reconcile/2026-03-12/export")); len(rows) != 206 {
		t.Errorf("%d rows, want 206", len(rows))
	}
}
