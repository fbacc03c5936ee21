package refunds

import (
	"context"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/payment/refund"
)

// refundPage is the page of one refund: what is asked for, what it would do, what became of
// it, and the evidence beside it.
type refundPage struct {
	Refund   money.ListedRefund
	Lines    []refundLine
	Bills    []billing.UnappliedBill // what the arrival of the money would do today; empty once it has arrived
	Gone     string                  // why it cannot be done any more as asked for
	Timeline []ui.Moment
	Own      bool
	Decide   bool
	Follow   bool
	ByHand   bool
	GiveUp   bool
	Retry    bool
	Typed    string
	Error    string
}

type refundLine struct {
	money.RefundLine
	Bill fees.Bill
}

// Refund shows one refund.
func Refund(c *ui.Call) error { return showRefund(c, 200, refundPage{}) }

func showRefund(c *ui.Call, status int, p refundPage) error {
	r, err := money.ScopedRefund(c.View, c.Scope(), c.R.PathValue("no"))
	if err != nil {
		return err
	}
	p.Refund = r
	lines, err := money.RefundLines(c.View, r.No)
	if err != nil {
		return err
	}
	if p.Lines, err = refundLines(c, lines); err != nil {
		return err
	}
	if r.Status == money.RefundAsked || r.UnderWay() {
		p.Bills, err = refund.PreviewUndo(c.View, r.Refund, lines)
		if e, ok := models.AsError(err); ok {
			p.Gone = e.Message
		} else if err != nil {
			return err
		}
	}
	if p.Timeline, err = refundTimeline(c, r.Refund); err != nil {
		return err
	}
	p.Own = r.Asked.Kind == models.ActorStaff && r.Asked.ID == c.Staff.ID
	p.Decide = r.Status == money.RefundAsked && !p.Own && c.Can(office.PermRefundApprove)
	if c.Can(office.PermRefundKeep) {
		wechat := r.Channel == money.ChannelWechat
		p.Follow = wechat && r.UnderWay()
		p.ByHand = r.Status == money.RefundAbnormal || !wechat && r.Status == money.RefundSending
		p.GiveUp = r.Status == money.RefundSending
	}
	p.Retry = r.Status == money.RefundClosed && r.OrderNo != "" && r.Origin == money.RefundByStaff && c.Can(office.PermRefundAsk)
	return c.RenderAs(status, "refunds/refund_page", "退款 "+r.No, p)
}

func refundLines(c *ui.Call, lines []money.RefundLine) ([]refundLine, error) {
	ids := make([]string, 0, len(lines))
	for _, l := range lines {
		if l.BillID != "" {
			ids = append(ids, l.BillID)
		}
	}
	bills, err := fees.BillsByIDs(c.View, ids)
	if err != nil {
		return nil, err
	}
	out := make([]refundLine, len(lines))
	for i, l := range lines {
		out[i] = refundLine{l, bills[l.BillID]}
	}
	return out, nil
}

// Decide approves or rejects, as the button says.
func Decide(c *ui.Call) error {
	return changeRefund(c, "note", func(ctx context.Context, no, note string) error {
		var err error
		switch c.Field("do") {
		case "approve":
			_, err = refund.Approve(ctx, c.Pay, c.Staff, no, note)
		case "reject":
			_, err = refund.Reject(ctx, c.Pay, c.Staff, no, note)
		default:
			err = ui.ErrBadForm
		}
		return err
	}, "refund_decided")
}

// Follow sends a refund now, or asks WeChat about it.
func Follow(c *ui.Call) error {
	return changeRefund(c, "", func(ctx context.Context, no, _ string) error {
		_, err := refund.Follow(ctx, c.Pay, no)
		return err
	}, "refund_followed")
}

// ByHand ends a refund that staff have paid themselves.
func ByHand(c *ui.Call) error {
	return changeRefund(c, "hand_note", func(ctx context.Context, no, note string) error {
		_, err := refund.SettleByHand(ctx, c.Pay, c.Staff, no, note)
		return err
	}, "refund_by_hand")
}

// GiveUp ends a refund that WeChat has not taken.
func GiveUp(c *ui.Call) error {
	return changeRefund(c, "give_up_note", func(ctx context.Context, no, note string) error {
		_, err := refund.GiveUp(ctx, c.Pay, c.Staff, no, note)
		return err
	}, "refund_given_up")
}

// changeRefund does something to a refund that the reader may see. Its page shows what came
// of it.
func changeRefund(c *ui.Call, field string, do func(ctx context.Context, no, note string) error, said string) error {
	if err := c.Form(); err != nil {
		return err
	}
	no := c.R.PathValue("no")
	if _, err := money.ScopedRefund(c.View, c.Scope(), no); err != nil {
		return err
	}
	note := ""
	if field != "" {
		note = c.Field(field)
	}
	err := do(c.R.Context(), no, note)
	if e, ok := models.AsError(err); ok {
		return showRefund(c, ui.StatusOf(e.Kind), refundPage{Error: e.Message, Typed: note})
	}
	if err != nil {
		return err
	}
	c.Say(said)
	return c.Redirect("/staff/refunds/" + no)
}
