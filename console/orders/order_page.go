package orders

import (
	"errors"
	"slices"

	"wuyepay/console/ui"
	"wuyepay/models"
)

// orderPage is an order with its lines and what became of it.
type orderPage struct {
	Order    models.ListedOrder
	Lines    []orderLine
	Payment  *models.Payment
	Timeline []ui.Moment
	Pending  bool // money may be on its way
	Refunds  []models.Refund
	Paid     bool // it has money that could go back

	Exception bool // WeChat took other money than the order's

	Shipment *shipmentRow        // nil where deliveries are not reported
	Receipts []models.Receipt    // the latest first
	Share    *models.SharedOrder // nil: not made by a share
}

type orderLine struct {
	models.OrderLine
	Bill models.Bill
}

func Order(c *ui.Call) error {
	o, err := c.View.ScopedOrder(c.Scope(), c.R.PathValue("no"))
	if err != nil {
		return err
	}
	v := orderPage{Order: o, Pending: o.Status == models.OrderPending, Exception: o.Status == models.OrderException}
	if v.Lines, err = orderLines(c, o.No); err != nil {
		return err
	}
	p, err := c.View.PaymentOfOrder(o.No)
	if err == nil {
		v.Payment = &p
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if v.Refunds, err = c.View.RefundsOfOrder(o.No); err != nil {
		return err
	}
	v.Paid = o.WasPaid()
	if v.Timeline, err = timeline(c, o, v.Payment); err != nil {
		return err
	}
	v.Timeline = withRefunds(v.Timeline, v.Refunds)
	if v.Payment != nil {
		if v.Receipts, err = c.View.ReceiptsOfPayment(v.Payment.ID); err != nil {
			return err
		}
	}
	if err := v.add(c.View); err != nil {
		return err
	}
	return c.Render("orders/order_page", "订单 "+o.No, v)
}

// add looks up what not every order has: a delivery to report, the share it came by.
func (v *orderPage) add(view *models.Tx) error {
	s, err := view.ShipmentOf(v.Order.No)
	if err == nil {
		v.Shipment = &shipmentRow{s}
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	share, err := view.ShareOfOrder(v.Order.No)
	if err == nil {
		v.Share = &share
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	return nil
}

// EndException closes an order whose money did not fit it, with what staff have
// done about the money. A refusal is said on the order's page.
func EndException(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	no := c.R.PathValue("no")
	err := c.Pay.EndException(c.R.Context(), c.Staff.Actor(), no, c.Field("reason"))
	if e, ok := models.AsError(err); ok && ui.HasFlash(e.Code) {
		c.Say(e.Code)
	} else if err != nil {
		return err
	} else {
		c.Say("exception_ended")
	}
	return c.Redirect("/staff/orders/" + no)
}

func orderLines(c *ui.Call, no string) ([]orderLine, error) {
	lines, err := c.View.OrderLines(no)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.BillID
	}
	bills, err := c.View.BillsByIDs(ids)
	if err != nil {
		return nil, err
	}
	out := make([]orderLine, len(lines))
	for i, l := range lines {
		out[i] = orderLine{l, bills[l.BillID]}
	}
	slices.SortFunc(out, func(a, b orderLine) int { return int(a.Bill.DueOn - b.Bill.DueOn) })
	return out, nil
}
