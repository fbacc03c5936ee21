package console

import (
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// orderList is a page of 订单.
type orderList struct {
	Status, On, Number string
	States             []choice
	Rows               []models.ListedOrder
	Pager              pager
}

// orderStates are the states that the list can be narrowed to.
var orderStates = choices(orderWords, models.OrderPending, models.OrderPaid, models.OrderClosed, models.OrderException, models.OrderRefunding,
	models.OrderRefunded, models.OrderPartRefunded)

func choices(words map[string]string, codes ...string) []choice {
	out := make([]choice, len(codes))
	for i, code := range codes {
		out[i] = choice{code, word(words, code)}
	}
	return out
}

// orderFilter reads what the list is narrowed to.
func (c *call) orderFilter() (models.OrderFilter, error) {
	f := models.OrderFilter{Scope: c.scope(), Number: strings.TrimSpace(c.r.URL.Query().Get("number")), Limit: pageSize + 1}
	var err error
	if f.Status, err = c.oneOf("status", orderStates); err != nil {
		return f, err
	}
	f.On, err = c.dayOf("on")
	return f, err
}

func (c *call) orders() error {
	f, err := c.orderFilter()
	if err != nil {
		return err
	}
	f.After = c.r.URL.Query().Get("after")
	rows, err := c.view.ListedOrders(f)
	if err != nil {
		return err
	}
	out := orderList{Status: f.Status, On: f.On.String(), Number: f.Number, States: orderStates}
	out.Rows, out.Pager = cut(c, rows, func(o models.ListedOrder) string { return o.No })
	return c.render("orders", "订单", out)
}

func (c *call) exportOrders() error {
	f, err := c.orderFilter()
	if err != nil {
		return err
	}
	header := []string{"订单号", "状态", "房号", "金额（元）", "其中预存（元）", "下单时间", "过期时间", "支付时间", "微信交易号", "商户", "商户号"}
	return c.export("订单", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.ListedOrder, error) {
			f.After, f.Limit = after, limit
			return c.view.ListedOrders(f)
		}
		return eachPage(read, func(o models.ListedOrder) string { return o.No }, func(o models.ListedOrder) error {
			return b.Row(o.No, word(orderWords, o.Status), o.Room.Code, sheet.Yuan(o.AmountFen), sheet.Yuan(o.PrepayFen), at(o.CreatedAt), at(o.ExpiresAt),
				at(o.PaidAt), o.TransactionID, o.Merchant, o.MchID)
		})
	})
}
