package papers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// Staff find the receipt of an order, of a payment from before there were receipts
// as well, and export the list; a steward sees those of their own rooms only.
func TestReceiptsAndInvoices(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	b := w.As(w.Staff[office.RoleFinance])
	b.Get("/staff/orders/"+n.Paid.No).Want(t, http.StatusOK, "补开收据")
	pdf := b.Get("/staff/orders/"+n.Paid.No+"/receipt").Want(t, http.StatusOK, "%PDF-")
	if pdf.Header.Get("Content-Type") != "application/pdf" || !strings.Contains(pdf.Header.Get("Content-Disposition"), "2026-00000001") {
		t.Errorf("headers %v", pdf.Header)
	}
	b.Get("/staff/orders/"+n.Pending.No+"/receipt").Want(t, http.StatusConflict, "尚未支付")
	b.Get("/staff/orders/"+n.Paid.No).Want(t, http.StatusOK, "No. 2026-00000001", "开具收据")
	list := b.Get("/staff/receipts?number=2026-00000001").Want(t, http.StatusOK, n.Paid.No, "有效", "微信支付")
	id := consoletest.FindAll(list.Body, `href="/staff/receipts/([0-9A-Z]{26})"`)
	if len(id) != 1 {
		t.Fatalf("links %v", id)
	}
	b.Get("/staff/receipts/"+id[0]).Want(t, http.StatusOK, "%PDF-")
	b.Get("/staff/receipts?number=abc").Want(t, http.StatusBadRequest)
	if rows := consoletest.WorkbookRows(t, b.Get("/staff/receipts/export")); len(rows) != 2 || rows[1][0] != "2026-00000001" {
		t.Errorf("workbook %v", rows)
	}
	steward := w.As(w.AddStaff("sun", "孙悦", office.RoleSteward))
	steward.Get("/staff/receipts/"+id[0]).Want(t, http.StatusNotFound)
	steward.Get("/staff/receipts").Want(t, http.StatusOK, "没有收据")

	p, err := money.PaymentOfOrder(w.DB.View(t.Context()), n.Paid.No)
	if err != nil {
		t.Fatal(err)
	}
	r := receipts.InvoiceRequest{CommunityID: p.CommunityID, RoomID: p.RoomID, PaymentID: p.ID, OrderNo: n.Paid.No, UserID: p.UserID,
		Kind: receipts.InvoiceCompany, Title: "福州某某公司", TaxNo: "91350100M000100Y43", AmountFen: p.AmountFen}
	modelstest.Write(t, w.DB, func(tx *store.Tx) error { return receipts.InsertInvoiceRequest(tx, &r) })
	b.Get("/staff/invoices?status=asked").Want(t, http.StatusOK, "福州某某公司", "91350100M000100Y43")
	page := "/staff/invoices/" + r.ID
	b.Get(page).Want(t, http.StatusOK, "登记已开具", "2026-00000001")
	b.Post(page, url.Values{"do": {"issue"}, "invoice_no": {"12"}}).Want(t, http.StatusBadRequest, "8 至 20 位")
	b.Post(page, url.Values{"do": {"refuse"}}).Want(t, http.StatusBadRequest, "请填写不予开具的原因")
	b.Post(page, url.Values{"do": {"both"}}).Want(t, http.StatusBadRequest)
	b.Post(page, url.Values{"do": {"issue"}, "invoice_no": {"25352000000012345678"}}).Want(t, http.StatusSeeOther)
	b.Get(page).Want(t, http.StatusOK, "25352000000012345678", "员工finance", "处理结果已保存").Without(t, "登记已开具")
	b.Post(page, url.Values{"do": {"refuse"}, "reason": {"晚了"}}).Want(t, http.StatusConflict, "已处理")
	b.Get("/staff/orders/"+n.Paid.No).Want(t, http.StatusOK, "申请发票", "发票已开具")
	if rows := consoletest.WorkbookRows(t, b.Get("/staff/invoices/export")); len(rows) != 2 || rows[1][8] != "25352000000012345678" {
		t.Errorf("workbook %v", rows)
	}
}
