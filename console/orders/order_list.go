package orders

import (
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
)

// orderList is a page of 订单.
type orderList struct {
	Status, On, Number string
	States             []ui.Option
	Rows               []models.ListedOrder
	Pager              ui.Pager
}

// orderStates are the states that the list can be narrowed to.
var orderStates = ui.Options(words.Orders, models.OrderPending, models.OrderPaid, models.OrderClosed, models.OrderException, models.OrderRefunding,
	models.OrderRefunded, models.OrderPartRefunded)

// orderFilter reads what the list is narrowed to.
func orderFilter(c *ui.Call) (models.OrderFilter, error) {
	f := models.OrderFilter{Scope: c.Scope(), Number: strings.TrimSpace(c.R.URL.Query().Get("number")), Limit: ui.PageSize + 1}
	var err error
	if f.Status, err = c.QueryOption("status", orderStates); err != nil {
		return f, err
	}
	f.On, err = c.QueryDay("on")
	return f, err
}

func List(c *ui.Call) error {
	f, err := orderFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	rows, err := c.View.ListedOrders(f)
	if err != nil {
		return err
	}
	out := orderList{Status: f.Status, On: f.On.String(), Number: f.Number, States: orderStates}
	out.Rows, out.Pager = ui.Cut(c, rows, func(o models.ListedOrder) string { return o.No })
	return c.Render("orders/order_list", "订单", out)
}

func ExportList(c *ui.Call) error {
	f, err := orderFilter(c)
	if err != nil {
		return err
	}
	header := []string{"订单号", "状态", "房号", "金额（元）", "其中预存（元）", "下单时间", "过期时间", "支付时间", "微信交易号", "商户", "商户号"}
	return c.Export("订单", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]models.ListedOrder, error) {
			f.After, f.Limit = after, limit
			return c.View.ListedOrders(f)
		}
		return ui.EachPage(read, func(o models.ListedOrder) string { return o.No }, func(o models.ListedOrder) error {
			return b.Row(o.No, words.Of(words.Orders, o.Status), o.Room.Code, sheet.Yuan(o.AmountFen), sheet.Yuan(o.PrepayFen), words.At(o.CreatedAt), words.At(o.ExpiresAt),
				words.At(o.PaidAt), o.TransactionID, o.Merchant, o.MchID)
		})
	})
}
