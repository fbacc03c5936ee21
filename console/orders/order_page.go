package orders

import (
	"errors"
	"slices"

	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/messages"
	"wuyepay/models/money"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
)

// orderPage is the page of one order: its lines and what became of it.
type orderPage struct {
	Order    money.ListedOrder
	Lines    []orderLine
	Payment  *money.Payment
	Timeline []ui.Moment
	Pending  bool // money may be on its way
	Refunds  []money.Refund
	Paid     bool // it has money that could go back

	Exception bool // WeChat took other money than the order's

	Shipment *shipmentRow          // nil where deliveries are not reported
	Receipts []receipts.Receipt    // the latest first
	Share    *receipts.SharedOrder // nil: not made by a share
}

type orderLine struct {
	money.OrderLine
	Bill fees.Bill
}

// Order shows an order and its timeline.
func Order(c *ui.Call) error {
	o, err := money.ScopedOrder(c.View, c.Scope(), c.R.PathValue("no"))
	if err != nil {
		return err
	}
	v := orderPage{Order: o, Pending: o.Status == money.OrderPending, Exception: o.Status == money.OrderException}
	if v.Lines, err = orderLines(c, o.No); err != nil {
		return err
	}
	p, err := money.PaymentOfOrder(c.View, o.No)
	if err == nil {
		v.Payment = &p
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if v.Refunds, err = money.RefundsOfOrder(c.View, o.No); err != nil {
		return err
	}
	v.Paid = o.WasPaid()
	if v.Timeline, err = timeline(c, o, v.Payment); err != nil {
		return err
	}
	v.Timeline = withRefunds(v.Timeline, v.Refunds)
	if v.Payment != nil {
		if v.Receipts, err = receipts.ReceiptsOfPayment(c.View, v.Payment.ID); err != nil {
			return err
		}
	}
	if err := v.add(c.View); err != nil {
		return err
	}
	return c.Render("orders/order_page", "订单 "+o.No, v)
}

// add looks up what not every order has: a delivery to report, and the share that it was
// made by.
func (v *orderPage) add(view *store.Tx) error {
	s, err := messages.ShipmentOf(view, v.Order.No)
	if err == nil {
		v.Shipment = &shipmentRow{s}
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	share, err := receipts.ShareOfOrder(view, v.Order.No)
	if err == nil {
		v.Share = &share
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	return nil
}

// EndException closes an order whose money did not fit it, with what staff have done about
// the money. The page of the order shows what came of it.
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
	lines, err := money.OrderLines(c.View, no)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.BillID
	}
	bills, err := fees.BillsByIDs(c.View, ids)
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
