package orders

import (
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/delivery"
	"wuyepay/models/messages"
)

// shipmentList is the page 发货信息: the deliveries that were reported to WeChat.
type shipmentList struct {
	Status string
	States []ui.Option
	Rows   []shipmentRow
	Pager  ui.Pager
}

type shipmentRow struct{ messages.Shipment }

// StatusWord returns the word of the state.
func (s shipmentRow) StatusWord() string { return words.Of(shipmentWords, s.Status) }

// ReasonWord returns why the report was not sent.
func (s shipmentRow) ReasonWord() string { return words.Of(shipmentReasons, s.Reason) }

// Tone returns the colour of the state.
func (s shipmentRow) Tone() string { return shipmentTones[s.Status] }

var (
	shipmentWords = map[string]string{messages.ShipmentQueued: "等待上传", messages.ShipmentSent: "已上传", messages.ShipmentSkipped: "无需上传",
		messages.ShipmentFailed: "上传失败"}
	shipmentTones = map[string]string{messages.ShipmentQueued: "blue", messages.ShipmentSent: "green",
		messages.ShipmentSkipped: "secondary",
		messages.ShipmentFailed:  "red"}
	// shipmentReasons are those of package delivery.
	shipmentReasons = map[string]string{"": "", "order_unknown": "微信还查不到这笔支付，稍后再试", "state": "这笔支付已退款，不需要发货",
		"field":  "内容未被微信接受，请检查设置里的商品说明",
		"openid": "付款人与微信的记录不符", "unavailable": "微信暂时不可用，稍后再试", "credential": "小程序凭据未被接受，稍后再试", "refused": "微信拒绝"}
	shipmentStates = ui.Options(shipmentWords, messages.ShipmentQueued, messages.ShipmentSent, messages.ShipmentSkipped,
		messages.ShipmentFailed)
)

// Shipments shows a page of 发货信息.
func Shipments(c *ui.Call) error {
	status, err := c.QueryOption("status", shipmentStates)
	if err != nil {
		return err
	}
	rows, err := messages.ShipmentPage(c.View, messages.ShipmentFilter{Status: status, After: c.R.URL.Query().Get("after"),
		Limit: ui.PageSize + 1})
	if err != nil {
		return err
	}
	out := shipmentList{Status: status, States: shipmentStates}
	rows, out.Pager = ui.Cut(c, rows, messages.Shipment.Cursor)
	for _, s := range rows {
		out.Rows = append(out.Rows, shipmentRow{s})
	}
	return c.Render("orders/shipment_list", "发货信息", out)
}

// ExportShipments sends the list as a workbook.
func ExportShipments(c *ui.Call) error {
	status, err := c.QueryOption("status", shipmentStates)
	if err != nil {
		return err
	}
	header := []string{"支付入账时间", "订单号", "微信交易号", "状态", "说明", "微信错误码", "次数", "上传时间"}
	return c.Export("发货信息", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]messages.Shipment, error) {
			return messages.ShipmentPage(c.View, messages.ShipmentFilter{Status: status, After: after, Limit: limit})
		}
		return ui.EachPage(read, messages.Shipment.Cursor, func(s messages.Shipment) error {
			w := shipmentRow{s}
			return b.Row(words.At(s.CreatedAt), s.OrderNo, s.TransactionID, w.StatusWord(), w.ReasonWord(), s.ErrCode, s.Tries,
				words.At(s.SentAt))
		})
	})
}

// RetryShipment queues a report again that had failed.
func RetryShipment(c *ui.Call) error {
	err := delivery.Retry(c.R.Context(), c.DB, c.Staff.Actor(), c.R.PathValue("no"))
	if err := c.SayOutcome(err, "shipment_retried"); err != nil {
		return err
	}
	return c.Redirect("/staff/shipments?status=queued")
}
