package orders

import (
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/money"
)

// orderList is the page 订单.
type orderList struct {
	Status, On, Number string
	States             []ui.Option
	Rows               []money.ListedOrder
	Pager              ui.Pager
}

// orderStates are the states that the list can be narrowed to.
var orderStates = ui.Options(words.Orders, money.OrderPending, money.OrderPaid, money.OrderClosed, money.OrderException,
	money.OrderRefunding, money.OrderRefunded, money.OrderPartRefunded)

// orderFilter returns the filter that the query names.
func orderFilter(c *ui.Call) (money.OrderFilter, error) {
	f := money.OrderFilter{Scope: c.Scope(), Number: strings.TrimSpace(c.R.URL.Query().Get("number")), Limit: ui.PageSize + 1}
	var err error
	if f.Status, err = c.QueryOption("status", orderStates); err != nil {
		return f, err
	}
	f.On, err = c.QueryDay("on")
	return f, err
}

// List shows a page of 订单.
func List(c *ui.Call) error {
	f, err := orderFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	rows, err := money.ListedOrders(c.View, f)
	if err != nil {
		return err
	}
	out := orderList{Status: f.Status, On: f.On.String(), Number: f.Number, States: orderStates}
	out.Rows, out.Pager = ui.Cut(c, rows, func(o money.ListedOrder) string { return o.No })
	return c.Render("orders/order_list", "订单", out)
}

// ExportList sends the list as a workbook.
func ExportList(c *ui.Call) error {
	f, err := orderFilter(c)
	if err != nil {
		return err
	}
	header := []string{"订单号", "状态", "房号", "金额（元）", "其中预存（元）", "下单时间", "过期时间", "支付时间", "微信交易号", "商户", "商户号"}
	return c.Export("订单", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]money.ListedOrder, error) {
			f.After, f.Limit = after, limit
			return money.ListedOrders(c.View, f)
		}
		return ui.EachPage(read, func(o money.ListedOrder) string { return o.No }, func(o money.ListedOrder) error {
			return b.Row(o.No, words.Of(words.Orders, o.Status), o.Room.Code, sheet.Yuan(o.AmountFen), sheet.Yuan(o.PrepayFen),
				words.At(o.CreatedAt), words.At(o.ExpiresAt), words.At(o.PaidAt), o.TransactionID, o.Merchant, o.MchID)
		})
	})
}
