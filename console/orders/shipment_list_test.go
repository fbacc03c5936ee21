package orders_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/console/consoletest"
	"wuyepay/models/messages"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// TestShipmentPages shows what WeChat was told of deliveries, and has one that was
// given up tried again by who may.
func TestShipmentPages(t *testing.T) {
	t.Parallel()
	w := consoletest.New(t)
	n := w.Town()
	finance := w.As(w.Staff[office.RoleFinance])
	finance.Get("/staff/shipments").Want(t, http.StatusOK, "没有符合条件的发货信息")
	modelstest.Write(t, w.DB, func(tx *store.Tx) error {
		s := messages.Shipment{OrderNo: n.Paid.No, TransactionID: "42", OpenID: "oSECRET"}
		if err := messages.QueueShipment(tx, s); err != nil {
			return err
		}
		if _, err := messages.ClaimShipment(tx, &s, tx.Now); err != nil {
			return err
		}
		s.Status, s.Reason, s.ErrCode = messages.ShipmentFailed, "field", 268485216
		_, err := messages.FinishShipment(tx, &s)
		return err
	})
	finance.Get("/staff/shipments?status=failed").Want(t, http.StatusOK, n.Paid.No, "上传失败", "268485216", "重新上传").Without(t, "oSECRET")
	finance.Get("/staff/shipments?status=sent").Want(t, http.StatusOK, "没有符合条件的发货信息")
	finance.Get("/staff/orders/"+n.Paid.No).Want(t, http.StatusOK, "发货信息", "请检查设置里的商品说明")
	finance.Get("/staff/shipments?status=x").Want(t, http.StatusBadRequest, "查询条件不正确")
	if rows := consoletest.WorkbookRows(t, finance.Get("/staff/shipments/export")); len(rows) != 2 || rows[1][3] != "上传失败" {
		t.Errorf("workbook: %v", rows)
	}
	path := "/staff/shipments/" + n.Paid.No + "/retry"
	finance.Do(http.MethodPost, path, url.Values{}).Want(t, http.StatusSeeOther)
	finance.Get("/staff/shipments?status=queued").Want(t, http.StatusOK, "已重新排队", n.Paid.No)
	finance.Do(http.MethodPost, path, url.Values{}).Want(t, http.StatusSeeOther)
	finance.Get("/staff/shipments").Want(t, http.StatusOK, "只有上传失败的发货信息可以重新上传")
}
