package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// Staff find the receipt of an order, of a payment from before there were receipts
// as well, and export the list; a steward sees those of their own rooms only.
func TestReceiptsAndInvoices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	b := w.as(w.staff[models.RoleFinance])
	b.get("/staff/orders/"+n.paid.No).want(t, http.StatusOK, "补开收据")
	pdf := b.get("/staff/orders/"+n.paid.No+"/receipt").want(t, http.StatusOK, "%PDF-")
	if pdf.Header.Get("Content-Type") != "application/pdf" || !strings.Contains(pdf.Header.Get("Content-Disposition"), "2026-00000001") {
		t.Errorf("headers %v", pdf.Header)
	}
	b.get("/staff/orders/"+n.pending.No+"/receipt").want(t, http.StatusConflict, "尚未支付")
	b.get("/staff/orders/"+n.paid.No).want(t, http.StatusOK, "No. 2026-00000001", "开具收据")
	list := b.get("/staff/receipts?number=2026-00000001").want(t, http.StatusOK, n.paid.No, "有效", "微信支付")
	id := findAll(list.Body, `href="/staff/receipts/([0-9A-Z]{26})"`)
	if len(id) != 1 {
		t.Fatalf("links %v", id)
	}
	b.get("/staff/receipts/"+id[0]).want(t, http.StatusOK, "%PDF-")
	b.get("/staff/receipts?number=abc").want(t, http.StatusBadRequest)
	if rows := workbookRows(t, b.get("/staff/receipts/export")); len(rows) != 2 || rows[1][0] != "2026-00000001" {
		t.Errorf("workbook %v", rows)
	}
	steward := w.as(w.addStaff("sun", "孙悦", models.RoleSteward))
	steward.get("/staff/receipts/"+id[0]).want(t, http.StatusNotFound)
	steward.get("/staff/receipts").want(t, http.StatusOK, "没有收据")

	p, err := w.db.View(t.Context()).PaymentOfOrder(n.paid.No)
	if err != nil {
		t.Fatal(err)
	}
	r := models.InvoiceRequest{CommunityID: p.CommunityID, RoomID: p.RoomID, PaymentID: p.ID, OrderNo: n.paid.No, UserID: p.UserID, Kind: models.InvoiceCompany,
		Title: "福州某某公司", TaxNo: "91350100M000100Y43", AmountFen: p.AmountFen}
	modelstest.Write(t, w.db, func(tx *models.Tx) error { return tx.InsertInvoiceRequest(&r) })
	b.get("/staff/invoices?status=asked").want(t, http.StatusOK, "福州某某公司", "91350100M000100Y43")
	page := "/staff/invoices/" + r.ID
	b.get(page).want(t, http.StatusOK, "登记已开具", "2026-00000001")
	b.post(page, url.Values{"do": {"issue"}, "invoice_no": {"12"}}).want(t, http.StatusBadRequest, "8 至 20 位")
	b.post(page, url.Values{"do": {"refuse"}}).want(t, http.StatusBadRequest, "请填写不予开具的原因")
	b.post(page, url.Values{"do": {"both"}}).want(t, http.StatusBadRequest)
	b.post(page, url.Values{"do": {"issue"}, "invoice_no": {"25352000000012345678"}}).want(t, http.StatusSeeOther)
	b.get(page).want(t, http.StatusOK, "25352000000012345678", "员工finance", "处理结果已保存").without(t, "登记已开具")
	b.post(page, url.Values{"do": {"refuse"}, "reason": {"晚了"}}).want(t, http.StatusConflict, "已处理")
	b.get("/staff/orders/"+n.paid.No).want(t, http.StatusOK, "申请发票", "发票已开具")
	if rows := workbookRows(t, b.get("/staff/invoices/export")); len(rows) != 2 || rows[1][8] != "25352000000012345678" {
		t.Errorf("workbook %v", rows)
	}
}
