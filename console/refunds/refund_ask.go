package refunds

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/payment/refund"
)

// refundForm is the form 申请退款 of an order: what goes back, and what that would do.
// Nothing is sent before its effect was shown.
type refundForm struct {
	Order   money.ListedOrder
	Free    refund.Refundable
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
	Preview refund.Preview
	Lines   []refundLine
	Error   string
}

// refundShare is the part of a bill that can go back.
type refundShare struct {
	billing.PaidShare
	Bill fees.Bill
}

// AskPage shows the empty form 申请退款 of an order.
func AskPage(c *ui.Call) error {
	f := refundForm{Way: "all", After: money.BillsOwed, RetryOf: c.R.URL.Query().Get("retry"), Key: models.NewID()}
	return showRefundForm(c, 200, f)
}

func showRefundForm(c *ui.Call, status int, f refundForm) error {
	var err error
	if f.Order, err = money.ScopedOrder(c.View, c.Scope(), c.R.PathValue("no")); err != nil {
		return err
	}
	f.Free, err = refund.RefundableOf(c.View, f.Order.Order)
	if e, ok := models.AsError(err); ok {
		f.Refusal = e.Message
	} else if err != nil {
		return err
	}
	ids := make([]string, len(f.Free.Shares))
	for i, s := range f.Free.Shares {
		ids[i] = s.BillID
	}
	bills, err := fees.BillsByIDs(c.View, ids)
	if err != nil {
		return err
	}
	for _, s := range f.Free.Shares {
		f.Shares = append(f.Shares, refundShare{s, bills[s.BillID]})
	}
	if f.Shown {
		if f.Lines, err = refundLines(c, f.Preview.Lines); err != nil {
			return err
		}
	}
	if f.Typed == nil {
		f.Typed = map[string]string{}
	}
	return c.RenderAs(status, "refunds/refund_ask", "申请退款", f)
}

// Ask shows the effect of what is in the form, or sends what was shown.
func Ask(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	f := refundForm{Way: c.Field("way"), Amount: c.Field("amount"), Prepaid: c.Field("prepaid"), After: c.Field("after"),
		Reason: c.Field("reason"), Key: c.Field("key"), RetryOf: c.Field("retry_of"), Typed: map[string]string{}}
	ask, err := refundAsk(c, &f)
	no := ""
	if err == nil && c.Field("do") == "send" {
		var r money.Refund
		r, err = refund.Request(c.R.Context(), c.Pay, c.Staff, ask)
		no = r.No
	} else if err == nil {
		f.Preview, err = refund.PreviewRequest(c.View, c.Staff, ask)
		f.Shown = err == nil
	}
	e, refused := models.AsError(err)
	switch {
	case refused && e.Kind == models.KindNotFound, err != nil && !refused:
		return err
	case refused:
		f.Error = e.Message
		return showRefundForm(c, ui.StatusOf(e.Kind), f)
	case f.Shown:
		return showRefundForm(c, 200, f)
	}
	c.Say("refund_asked")
	return c.Redirect("/staff/refunds/" + no)
}

// refundAsk returns what the form asks for.
func refundAsk(c *ui.Call, f *refundForm) (refund.Ask, error) {
	ask := refund.Ask{OrderNo: c.R.PathValue("no"), BillAfter: f.After, Reason: f.Reason, FormKey: f.Key, RetryOf: f.RetryOf}
	if len(ask.FormKey) > 64 || len(ask.RetryOf) > 26 {
		return ask, ui.ErrBadForm
	}
	var err error
	switch f.Way {
	case "all":
		return ask, nil
	case "amount":
		if ask.AmountFen, err = ui.YuanField(f.Amount); err == nil && ask.AmountFen == 0 {
			err = refund.ErrRefundAmount
		}
		return ask, err
	case "lines":
		return refundAskLines(c, f, ask)
	}
	return ask, ui.ErrBadForm
}

func refundAskLines(c *ui.Call, f *refundForm, ask refund.Ask) (refund.Ask, error) {
	amount := func(name string) (models.Fen, error) {
		text := strings.TrimSpace(c.Field(name))
		f.Typed[name] = text
		if text == "" {
			return 0, nil
		}
		return ui.YuanField(text)
	}
	var failed error
	read := func(name string) models.Fen {
		fen, err := amount(name)
		if err != nil {
			failed = err
		}
		return fen
	}
	for _, id := range c.R.Form["bill"] {
		s := billing.PaidShare{BillID: id, PrincipalFen: read("p_" + id), LateFeeFen: read("l_" + id)}
		if s.TotalFen() > 0 {
			ask.Lines = append(ask.Lines, s)
		}
	}
	ask.PrepaidFen = read("prepaid")
	if failed == nil && len(ask.Lines) == 0 && ask.PrepaidFen == 0 {
		failed = refund.ErrRefundAmount
	}
	return ask, failed
}
