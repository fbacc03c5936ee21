package orders_test

import (
	"net/http"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// TestEvidencePages lists, narrows, opens and exports what WeChat told us; who paid
// is hidden everywhere.
func TestEvidencePages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	b := w.As(w.Staff[office.RoleFinance])
	b.Get("/staff/evidence").Want(t, http.StatusOK, "没有符合条件的凭证")
	reply := proof.Evidence{Kind: proof.EvidenceQuery, Merchant: "main", OrderNo: "ORDER-1", Verdict: proof.VerdictBooked,
		Status: 200, Serial: "PUB_KEY_ID_1", Signature: "c2ln", RequestID: "R-1"}
	reply.SetBody([]byte(`{"out_trade_no":"ORDER-1","amount":{"total":4200000000000000001},"payer":{"openid":"oSECRET"}}`))
	forged := proof.Evidence{Kind: proof.EvidenceCallback, Merchant: "main", Verdict: proof.VerdictBadSignature,
		Detail: "signature probe", Times: 12}
	modelstest.Write(t, w.DB, func(tx *store.Tx) error {
		if err := proof.KeepEvidence(tx, &reply); err != nil {
			return err
		}
		return proof.KeepEvidence(tx, &forged)
	})
	b.Get("/staff/evidence").Want(t, http.StatusOK, "ORDER-1", "已入账", "微信的签名探测", "R-1")
	b.Get("/staff/evidence?kind=query&verdict=booked&on=2026-03-15&order_no=ORDER-1&merchant=main").Want(t, http.StatusOK,
		"ORDER-1").Without(t, "签名探测")
	b.Get("/staff/evidence?on=2026-03-14").Want(t, http.StatusOK, "没有符合条件的凭证")
	b.Get("/staff/evidence/"+reply.ID).Want(t, http.StatusOK, "查询应答", "PUB_KEY_ID_1", "4200000000000000001", "***", "验证不通过").Without(t,
		"oSECRET")
	b.Get("/staff/evidence/"+forged.ID).Want(t, http.StatusOK, "签名不符", "没有内容", "没有签名")
	b.Get("/staff/evidence?kind=x").Want(t, http.StatusBadRequest, "查询条件不正确")
	for _, path := range []string{"/staff/evidence/none", "/staff/evidence?after=x"} {
		b.Get(path).Want(t, http.StatusNotFound, "没有找到")
	}
	rows := consoletest.WorkbookRows(t, b.Get("/staff/evidence/export?verdict=booked"))
	if len(rows) != 2 || strings.Join(rows[1][1:3], " ") != "查询应答 已入账" || strings.Contains(strings.Join(rows[1], " "), "oSECRET") {
		t.Errorf("workbook: %v", rows)
	}
	n := w.Town()
	b.Get("/staff/orders/"+n.Paid.No).Want(t, http.StatusOK, "/staff/evidence?order_no="+n.Paid.No)
	w.As(w.Staff[office.RoleCashier]).Get("/staff/orders/"+n.Paid.No).Want(t, http.StatusOK).Without(t, "/staff/evidence")
}
