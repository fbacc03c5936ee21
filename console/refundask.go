package console

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/payment"
)

// refundForm is 申请退款 from an order: what goes back, and what that would do.
// Nothing is sent before its effect was shown.
type refundForm struct {
	Order   models.ListedOrder
	Free    payment.Refundable
	Shares  []refundShare
	Way     string // all, amount or lines
	Amount  string // yuan, as typed
	Prepaid string
	After   string
	Reason  string
	Key     string // makes the form ask once
	RetryOf string
	Typed   map[string]string // what was typed of the lines
	Refusal string            // why nothing of the order can go back
	Shown   bool
	Preview payment.RefundPreview
	Lines   []refundLine
	Error   string
}

// refundShare is what of a bill can go back.
type refundShare struct {
	billing.PaidShare
	Bill models.Bill
}

func (c *call) askRefundPage() error {
	f := refundForm{Way: "all", After: models.BillsOwed, RetryOf: c.r.URL.Query().Get("retry"), Key: models.NewID()}
	return c.showRefundForm(200, f)
}

func (c *call) showRefundForm(status int, f refundForm) error {
	var err error
	if f.Order, err = c.view.ScopedOrder(c.scope(), c.r.PathValue("no")); err != nil {
		return err
	}
	f.Free, err = payment.RefundableOf(c.view, f.Order.Order)
	if e, ok := models.AsError(err); ok {
		f.Refusal = e.Message
	} else if err != nil {
		return err
	}
	ids := make([]string, len(f.Free.Shares))
	for i, s := range f.Free.Shares {
		ids[i] = s.BillID
	}
	bills, err := c.view.BillsByIDs(ids)
	if err != nil {
		return err
	}
	for _, s := range f.Free.Shares {
		f.Shares = append(f.Shares, refundShare{s, bills[s.BillID]})
	}
	if f.Shown {
		if f.Lines, err = c.refundLines(f.Preview.Lines); err != nil {
			return err
		}
	}
	if f.Typed == nil {
		f.Typed = map[string]string{}
	}
	return c.renderAs(status, "refundask", "申请退款", f)
}

func (c *call) askForRefund() error {
	if err := c.form(); err != nil {
		return err
	}
	f := refundForm{Way: c.field("way"), Amount: c.field("amount"), Prepaid: c.field("prepaid"), After: c.field("after"), Reason: c.field("reason"), Key: c.field("key"),
		RetryOf: c.field("retry_of"), Typed: map[string]string{}}
	ask, err := c.refundAsk(&f)
	no := ""
	if err == nil && c.field("do") == "send" {
		var r models.Refund
		r, err = c.Pay.RequestRefund(c.r.Context(), c.staff, ask)
		no = r.No
	} else if err == nil {
		f.Preview, err = payment.PreviewRefund(c.view, c.staff, ask)
		f.Shown = err == nil
	}
	e, refused := models.AsError(err)
	switch {
	case refused && e.Kind == models.KindNotFound, err != nil && !refused:
		return err
	case refused:
		f.Error = e.Message
		return c.showRefundForm(statusOf(e.Kind), f)
	case f.Shown:
		return c.showRefundForm(200, f)
	}
	c.say("refund_asked")
	return c.redirect("/staff/refunds/" + no)
}

// refundAsk reads the form.
func (c *call) refundAsk(f *refundForm) (payment.RefundAsk, error) {
	ask := payment.RefundAsk{OrderNo: c.r.PathValue("no"), BillAfter: f.After, Reason: f.Reason, FormKey: f.Key, RetryOf: f.RetryOf}
	if len(ask.FormKey) > 64 || len(ask.RetryOf) > 26 {
		return ask, errBadForm
	}
	var err error
	switch f.Way {
	case "all":
		return ask, nil
	case "amount":
		if ask.AmountFen, err = yuanField(f.Amount); err == nil && ask.AmountFen == 0 {
			err = payment.ErrRefundAmount
		}
		return ask, err
	case "lines":
		return c.refundAskLines(f, ask)
	}
	return ask, errBadForm
}

func (c *call) refundAskLines(f *refundForm, ask payment.RefundAsk) (payment.RefundAsk, error) {
	amount := func(name string) (models.Fen, error) {
		text := strings.TrimSpace(c.field(name))
		f.Typed[name] = text
		if text == "" {
			return 0, nil
		}
		return yuanField(text)
	}
	var failed error
	read := func(name string) models.Fen {
		fen, err := amount(name)
		if err != nil {
			failed = err
		}
		return fen
	}
	for _, id := range c.r.Form["bill"] {
		s := billing.PaidShare{BillID: id, PrincipalFen: read("p_" + id), LateFeeFen: read("l_" + id)}
		if s.TotalFen() > 0 {
			ask.Lines = append(ask.Lines, s)
		}
	}
	ask.PrepaidFen = read("prepaid")
	if failed == nil && len(ask.Lines) == 0 && ask.PrepaidFen == 0 {
		failed = payment.ErrRefundAmount
	}
	return ask, failed
}
