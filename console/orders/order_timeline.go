package orders

import (
	"slices"
	"strings"

	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/payment"
)

// timeline returns what is stored of an order: its own times, its payment, notifications
// that did not fit it, and its lines of the audit log.
func timeline(c *ui.Call, o money.ListedOrder, p *money.Payment) ([]ui.Moment, error) {
	entries, err := office.AuditEntries(c.View, office.AuditFilter{Subject: "order", SubjectID: o.No, Limit: ui.MaxMoments})
	if err != nil {
		return nil, err
	}
	events, err := proof.EventPage(c.View, proof.EventFilter{OrderNo: o.No, Limit: ui.MaxMoments})
	if err != nil {
		return nil, err
	}
	var out []ui.Moment
	if !o.WasPaid() {
		out = append(out, ui.Moment{At: o.ExpiresAt, Text: "支付有效期截止", Tone: "secondary"})
	}
	if !slices.ContainsFunc(entries, func(e office.AuditEntry) bool { return e.Action == "order.created" }) {
		out = append(out, ui.Moment{At: o.CreatedAt, Text: "创建订单", Tone: "blue"})
	}
	if !o.PaidAt.IsZero() {
		out = append(out, ui.Moment{At: o.PaidAt, Text: "微信支付成功", Note: "微信交易号 " + o.TransactionID, Tone: "green"})
	}
	for _, e := range entries {
		out = append(out, auditMoment(e, p))
	}
	for _, e := range events {
		out = append(out, ui.Moment{At: e.CreatedAt, Text: "收到不符的微信通知：" + words.Of(words.Events, e.Reason),
			Note: words.Of(words.EventDetails, e.Detail), By: "微信支付通知", Tone: "red"})
	}
	more, err := c.Pay.Timeline(c.R.Context(), o.No)
	if err != nil {
		return nil, err
	}
	for _, m := range more {
		switch m.Kind { // the others are above, with who did it
		case payment.MomentPlaced, payment.MomentReceipt, payment.MomentVoided, payment.MomentInvoice:
			out = append(out, ui.Moment{At: m.At, Text: m.Text, Note: m.Evidence, Tone: "blue"})
		}
	}
	slices.SortStableFunc(out, func(a, b ui.Moment) int { return a.At.Compare(b.At.Time) })
	return out, nil
}

// withRefunds returns the moments of an order with those of its refunds.
func withRefunds(out []ui.Moment, refunds []money.Refund) []ui.Moment {
	for _, r := range refunds {
		if r.Origin == money.RefundOfSurplus {
			for i := range out {
				out[i].Note = strings.Replace(out[i].Note, "转入房间预存", "按设置退回付款人", 1)
			}
		}
		out = append(out, ui.Moment{At: r.CreatedAt, Text: "申请退款 " + words.Yuan(r.AmountFen) + " 元", Note: r.Reason,
			By: words.Actor(r.Asked.Kind, r.Asked.Name), Tone: "orange"})
		if r.Status == money.RefundSuccess {
			out = append(out, ui.Moment{At: r.DoneAt, Text: "退款到账 " + words.Yuan(r.AmountFen) + " 元", By: words.Of(words.Learned, r.Source),
				Tone: "green"})
		}
	}
	slices.SortStableFunc(out, func(a, b ui.Moment) int { return a.At.Compare(b.At.Time) })
	return out
}

func auditMoment(e office.AuditEntry, p *money.Payment) ui.Moment {
	m := ui.Moment{At: e.At, Text: words.Action(e.Action), By: words.Actor(e.Actor.Kind, e.Actor.Name), Tone: "blue"}
	switch e.Action {
	case "order.paid":
		m.Tone = "green"
		if p != nil {
			m.Note = "得知方式：" + words.Of(words.Learned, p.Source)
			if p.SurplusFen > 0 {
				m.Note += "；其中 " + words.Yuan(p.SurplusFen) + " 元的账单已由他处缴清，转入房间预存"
			}
		}
	case "order.closed":
		m.Tone = "secondary"
	case "order.exception":
		m.Tone = "red"
	}
	return m
}
