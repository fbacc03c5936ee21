package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"wuyepay/models"
	"wuyepay/models/modelstest"
)

// TestShipmentPages shows what WeChat was told of deliveries, and has one that was
// given up tried again by who may.
func TestShipmentPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.town()
	finance := w.as(w.staff[models.RoleFinance])
	finance.get("/staff/shipments").want(t, http.StatusOK, "没有符合条件的发货信息")
	modelstest.Write(t, w.db, func(tx *models.Tx) error {
		s := models.Shipment{OrderNo: n.paid.No, TransactionID: "42", OpenID: "oSECRET"}
		if err := tx.QueueShipment(s); err != nil {
			return err
		}
		if _, err := tx.ClaimShipment(&s, tx.Now); err != nil {
			return err
		}
		s.Status, s.Reason, s.ErrCode = models.ShipmentFailed, "field", 268485216
		_, err := tx.FinishShipment(&s)
		return err
	})
	finance.get("/staff/shipments?status=failed").want(t, http.StatusOK, n.paid.No, "上传失败", "268485216", "重新上传").without(t, "oSECRET")
	finance.get("/staff/shipments?status=sent").want(t, http.StatusOK, "没有符合条件的发货信息")
	finance.get("/staff/orders/"+n.paid.No).want(t, http.StatusOK, "发货信息", "请检查设置里的商品说明")
	finance.get("/staff/shipments?status=x").want(t, http.StatusBadRequest, "查询条件不正确")
	if rows := workbookRows(t, finance.get("/staff/shipments/export")); len(rows) != 2 || rows[1][3] != "上传失败" {
		t.Errorf("workbook: %v", rows)
	}
	path := "/staff/shipments/" + n.paid.No + "/retry"
	finance.do(http.MethodPost, path, url.Values{}).want(t, http.StatusSeeOther)
	finance.get("/staff/shipments?status=queued").want(t, http.StatusOK, "已重新排队", n.paid.No)
	finance.do(http.MethodPost, path, url.Values{}).want(t, http.StatusSeeOther)
	finance.get("/staff/shipments").want(t, http.StatusOK, "只有上传失败的发货信息可以重新上传")
}
