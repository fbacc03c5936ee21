package orders

import (
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/proof"
)

// eventList is the page 异常通知: signed notifications that settled nothing.
type eventList struct {
	Rows  []proof.CallbackEvent
	Known map[string]estate.Room // of orders that are ours
	Pager ui.Pager
}

// Events shows a page of 异常通知.
func Events(c *ui.Call) error {
	rows, err := proof.EventPage(c.View, proof.EventFilter{After: c.R.URL.Query().Get("after"), Limit: ui.PageSize + 1})
	if err != nil {
		return err
	}
	var out eventList
	out.Rows, out.Pager = ui.Cut(c, rows, proof.CallbackEvent.Cursor)
	nos := make([]string, len(out.Rows))
	for i, e := range out.Rows {
		nos[i] = e.OrderNo
	}
	if out.Known, err = money.RoomsOfOrders(c.View, nos); err != nil {
		return err
	}
	return c.Render("orders/event_list", "异常通知", out)
}

// ExportEvents sends the list as a workbook.
func ExportEvents(c *ui.Call) error {
	header := []string{"首次收到", "最近收到", "次数", "商户", "订单号", "交易号", "金额（元）", "原因", "说明"}
	return c.Export("异常通知", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]proof.CallbackEvent, error) {
			return proof.EventPage(c.View, proof.EventFilter{After: after, Limit: limit})
		}
		return ui.EachPage(read, proof.CallbackEvent.Cursor, func(e proof.CallbackEvent) error {
			return b.Row(words.At(e.CreatedAt), words.At(e.UpdatedAt), e.Times, e.Merchant, e.OrderNo, e.TransactionID,
				sheet.Yuan(e.AmountFen),
				words.Of(words.Events, e.Reason), words.Of(words.EventDetails, e.Detail))
		})
	})
}

// eventHelp are what staff should do about a notification that settled nothing.
var eventHelp = map[string]string{
	proof.EventUnknownOrder: "该商户号可能还用于其他收款，或者数据库不是下单时的那一个。",
	proof.EventMismatch:     "金额、商户、小程序或付款人与订单不一致，系统没有入账，请在微信商户平台核对。",
	proof.EventMalformed:    "微信的通知缺少交易号或支付时间，系统没有入账；对账时会再次核对。",
	proof.EventNotSuccess:   "收到的是其他类型的通知，不代表收款。",
	proof.EventOtherPayment: "可能重复付款，请核对两笔交易，必要时退款。",

	proof.EventUnknownRefund:  "可能有人在微信商户平台直接退了款，系统没有入账，请核对。",
	proof.EventRefundMismatch: "金额、商户、订单或微信退款单号与我方退款不一致，系统没有入账，请在微信商户平台核对。",
	proof.EventForeign:        "按配置中的规则属于共用该商户号的其他业务，已应答微信，不必处理。",
	proof.EventOther:          "分账、优惠券、投诉等通知，与收款无关，已应答微信；如需处理请到微信商户平台。",

	proof.EventRefundState: "微信的说法与我方已确定的结果矛盾，系统没有改动，请在微信商户平台核对。",
}
