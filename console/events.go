package console

import (
	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// eventList is a page of 异常通知: signed notifications that settled nothing.
type eventList struct {
	Rows  []models.CallbackEvent
	Known map[string]models.Room // of orders that are ours
	Pager pager
}

func (c *call) events() error {
	rows, err := c.view.EventPage(models.EventFilter{After: c.r.URL.Query().Get("after"), Limit: pageSize + 1})
	if err != nil {
		return err
	}
	var out eventList
	out.Rows, out.Pager = cut(c, rows, models.CallbackEvent.Cursor)
	nos := make([]string, len(out.Rows))
	for i, e := range out.Rows {
		nos[i] = e.OrderNo
	}
	if out.Known, err = c.view.RoomsOfOrders(nos); err != nil {
		return err
	}
	return c.render("events", "异常通知", out)
}

func (c *call) exportEvents() error {
	header := []string{"首次收到", "最近收到", "次数", "商户", "订单号", "交易号", "金额（元）", "原因", "说明"}
	return c.export("异常通知", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.CallbackEvent, error) {
			return c.view.EventPage(models.EventFilter{After: after, Limit: limit})
		}
		return eachPage(read, models.CallbackEvent.Cursor, func(e models.CallbackEvent) error {
			return b.Row(at(e.CreatedAt), at(e.UpdatedAt), e.Times, e.Merchant, e.OrderNo, e.TransactionID, sheet.Yuan(e.AmountFen),
				word(eventWords, e.Reason), word(eventDetails, e.Detail))
		})
	})
}
