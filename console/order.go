package console

import (
	"errors"
	"slices"
	"strings"

	"wuyepay/models"
	"wuyepay/payment"
)

// orderPage is an order with its lines and what became of it.
type orderPage struct {
	Order    models.ListedOrder
	Lines    []orderLine
	Payment  *models.Payment
	Timeline []moment
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

// moment is one thing that happened to an order.
type moment struct {
	At   models.Time
	Text string
	Note string
	By   string
	Tone string
}

func (c *call) order() error {
	o, err := c.view.ScopedOrder(c.scope(), c.r.PathValue("no"))
	if err != nil {
		return err
	}
	v := orderPage{Order: o, Pending: o.Status == models.OrderPending, Exception: o.Status == models.OrderException}
	if v.Lines, err = c.orderLines(o.No); err != nil {
		return err
	}
	p, err := c.view.PaymentOfOrder(o.No)
	if err == nil {
		v.Payment = &p
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if v.Refunds, err = c.view.RefundsOfOrder(o.No); err != nil {
		return err
	}
	v.Paid = o.WasPaid()
	if v.Timeline, err = c.timeline(o, v.Payment); err != nil {
		return err
	}
	v.Timeline = withRefunds(v.Timeline, v.Refunds)
	if v.Payment != nil {
		if v.Receipts, err = c.view.ReceiptsOfPayment(v.Payment.ID); err != nil {
			return err
		}
	}
	if err := v.add(c.view); err != nil {
		return err
	}
	return c.render("order", "订单 "+o.No, v)
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

// endException closes an order whose money did not fit it, with what staff have
// done about the money. A refusal is said on the order's page.
func (c *call) endException() error {
	if err := c.form(); err != nil {
		return err
	}
	no := c.r.PathValue("no")
	err := c.Pay.EndException(c.r.Context(), c.staff.Actor(), no, c.field("reason"))
	if e, ok := models.AsError(err); ok && flashes[e.Code].Text != "" {
		c.say(e.Code)
	} else if err != nil {
		return err
	} else {
		c.say("exception_ended")
	}
	return c.redirect("/staff/orders/" + no)
}

func (c *call) orderLines(no string) ([]orderLine, error) {
	lines, err := c.view.OrderLines(no)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.BillID
	}
	bills, err := c.view.BillsByIDs(ids)
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

// maxMoments bounds what of an order's history is read; a callback that WeChat
// repeats is one event.
const maxMoments = 100

// timeline puts together what is stored of an order: its own times, its payment,
// notifications that did not fit it, and its lines of the audit log.
func (c *call) timeline(o models.ListedOrder, p *models.Payment) ([]moment, error) {
	entries, err := c.view.AuditEntries(models.AuditFilter{Subject: "order", SubjectID: o.No, Limit: maxMoments})
	if err != nil {
		return nil, err
	}
	events, err := c.view.EventPage(models.EventFilter{OrderNo: o.No, Limit: maxMoments})
	if err != nil {
		return nil, err
	}
	var out []moment
	if !o.WasPaid() {
		out = append(out, moment{At: o.ExpiresAt, Text: "支付有效期截止", Tone: "secondary"})
	}
	if !slices.ContainsFunc(entries, func(e models.AuditEntry) bool { return e.Action == "order.created" }) {
		out = append(out, moment{At: o.CreatedAt, Text: "创建订单", Tone: "blue"})
	}
	if !o.PaidAt.IsZero() {
		out = append(out, moment{At: o.PaidAt, Text: "微信支付成功", Note: "微信交易号 " + o.TransactionID, Tone: "green"})
	}
	for _, e := range entries {
		out = append(out, auditMoment(e, p))
	}
	for _, e := range events {
		out = append(out, moment{At: e.CreatedAt, Text: "收到不符的微信通知：" + word(eventWords, e.Reason), Note: word(eventDetails, e.Detail), By: "微信支付通知", Tone: "red"})
	}
	more, err := c.Pay.Timeline(c.r.Context(), o.No)
	if err != nil {
		return nil, err
	}
	for _, m := range more {
		switch m.Kind { // the others are told above, with who did it
		case payment.MomentPlaced, payment.MomentReceipt, payment.MomentVoided, payment.MomentInvoice:
			out = append(out, moment{At: m.At, Text: m.Text, Note: m.Evidence, Tone: "blue"})
		}
	}
	slices.SortStableFunc(out, func(a, b moment) int { return a.At.Compare(b.At.Time) })
	return out, nil
}

// withRefunds adds the refunds of an order to its moments.
func withRefunds(out []moment, refunds []models.Refund) []moment {
	for _, r := range refunds {
		if r.Origin == models.RefundOfSurplus {
			for i := range out {
				out[i].Note = strings.Replace(out[i].Note, "转入房间预存", "按设置退回付款人", 1)
			}
		}
		out = append(out, moment{At: r.CreatedAt, Text: "申请退款 " + yuan(r.AmountFen) + " 元", Note: r.Reason, By: actorWord(r.AskedKind, r.AskedName), Tone: "orange"})
		if r.Status == models.RefundSuccess {
			out = append(out, moment{At: r.DoneAt, Text: "退款到账 " + yuan(r.AmountFen) + " 元", By: word(learnedWords, r.Source), Tone: "green"})
		}
	}
	slices.SortStableFunc(out, func(a, b moment) int { return a.At.Compare(b.At.Time) })
	return out
}

func auditMoment(e models.AuditEntry, p *models.Payment) moment {
	m := moment{At: e.At, Text: actionWord(e.Action), By: actorWord(e.ActorKind, e.ActorName), Tone: "blue"}
	switch e.Action {
	case "order.paid":
		m.Tone = "green"
		if p != nil {
			m.Note = "得知方式：" + word(learnedWords, p.Source)
			if p.SurplusFen > 0 {
				m.Note += "；其中 " + yuan(p.SurplusFen) + " 元的账单已由他处缴清，转入房间预存"
			}
		}
	case "order.closed":
		m.Tone = "secondary"
	case "order.exception":
		m.Tone = "red"
	}
	return m
}
