package console

import (
	"context"
	"slices"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/payment"
)

// refundPage is one refund: what is asked for, what it would do, what became of it,
// and the evidence beside it.
type refundPage struct {
	Refund   models.ListedRefund
	Lines    []refundLine
	Bills    []billing.Undone // what the money's arrival would do today; none once it has arrived
	Gone     string           // why it cannot be done any more as asked for
	Timeline []moment
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
	models.RefundLine
	Bill models.Bill
}

func (c *call) refund() error { return c.showRefund(200, refundPage{}) }

func (c *call) showRefund(status int, p refundPage) error {
	r, err := c.view.ScopedRefund(c.scope(), c.r.PathValue("no"))
	if err != nil {
		return err
	}
	p.Refund = r
	lines, err := c.view.RefundLines(r.No)
	if err != nil {
		return err
	}
	if p.Lines, err = c.refundLines(lines); err != nil {
		return err
	}
	if r.Status == models.RefundAsked || r.UnderWay() {
		p.Bills, err = payment.PreviewUndo(c.view, r.Refund, lines)
		if e, ok := models.AsError(err); ok {
			p.Gone = e.Message
		} else if err != nil {
			return err
		}
	}
	if p.Timeline, err = c.refundTimeline(r.Refund); err != nil {
		return err
	}
	p.Own = r.AskedKind == models.ActorStaff && r.AskedID == c.staff.ID
	p.Decide = r.Status == models.RefundAsked && !p.Own && c.can(permRefundApprove)
	if c.can(permRefundKeep) {
		wechat := r.Channel == models.ChannelWechat
		p.Follow = wechat && r.UnderWay()
		p.ByHand = r.Status == models.RefundAbnormal || !wechat && r.Status == models.RefundSending
		p.GiveUp = r.Status == models.RefundSending
	}
	p.Retry = r.Status == models.RefundClosed && r.OrderNo != "" && r.Origin == models.RefundByStaff && c.can(permRefundAsk)
	return c.renderAs(status, "refund", "退款 "+r.No, p)
}

func (c *call) refundLines(lines []models.RefundLine) ([]refundLine, error) {
	ids := make([]string, 0, len(lines))
	for _, l := range lines {
		if l.BillID != "" {
			ids = append(ids, l.BillID)
		}
	}
	bills, err := c.view.BillsByIDs(ids)
	if err != nil {
		return nil, err
	}
	out := make([]refundLine, len(lines))
	for i, l := range lines {
		out[i] = refundLine{l, bills[l.BillID]}
	}
	return out, nil
}

// refundTimeline puts together what is stored of a refund: its lines of the audit
// log, WeChat's times, and notifications that did not fit it.
func (c *call) refundTimeline(r models.Refund) ([]moment, error) {
	entries, err := c.view.AuditEntries(models.AuditFilter{Subject: "refund", SubjectID: r.No, Limit: maxMoments})
	if err != nil {
		return nil, err
	}
	var out []moment
	for _, e := range entries {
		m := moment{At: e.At, Text: actionWord(e.Action), By: actorWord(e.ActorKind, e.ActorName), Tone: "blue"}
		switch e.Action {
		case "refund.success", "refund.by_hand":
			m.Tone = "green"
		case "refund.abnormal", "refund.rejected", "refund.closed":
			m.Tone = "red"
		}
		out = append(out, m)
	}
	if !r.SentAt.IsZero() {
		out = append(out, moment{At: r.SentAt, Text: "首次向微信支付发出", Tone: "orange"})
	}
	if !r.DoneAt.IsZero() && r.Source != models.LearnedByStaff {
		out = append(out, moment{At: r.DoneAt, Text: "微信退款成功", Note: "得知方式：" + word(learnedWords, r.Source), Tone: "green"})
	}
	if r.OrderNo != "" {
		events, err := c.view.EventPage(models.EventFilter{OrderNo: r.OrderNo, Limit: maxMoments})
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			out = append(out, moment{At: e.CreatedAt, Text: "收到不符的微信通知：" + word(eventWords, e.Reason), Note: word(eventDetails, e.Detail), By: "微信支付", Tone: "red"})
		}
	}
	slices.SortStableFunc(out, func(a, b moment) int { return a.At.Compare(b.At.Time) })
	return out, nil
}

// decideRefund approves or rejects, as the button says.
func (c *call) decideRefund() error {
	return c.changeRefund("note", func(ctx context.Context, no, note string) error {
		var err error
		switch c.field("do") {
		case "approve":
			_, err = c.Pay.ApproveRefund(ctx, c.staff, no, note)
		case "reject":
			_, err = c.Pay.RejectRefund(ctx, c.staff, no, note)
		default:
			err = errBadForm
		}
		return err
	}, "refund_decided")
}

// followRefund sends the refund, or asks WeChat about it, now.
func (c *call) followRefund() error {
	return c.changeRefund("", func(ctx context.Context, no, _ string) error {
		_, err := c.Pay.FollowRefund(ctx, no)
		return err
	}, "refund_followed")
}

// refundByHand ends a refund that staff have paid themselves.
func (c *call) refundByHand() error {
	return c.changeRefund("hand_note", func(ctx context.Context, no, note string) error {
		_, err := c.Pay.SettleByHand(ctx, c.staff, no, note)
		return err
	}, "refund_by_hand")
}

// giveUpRefund ends a refund that WeChat has not taken.
func (c *call) giveUpRefund() error {
	return c.changeRefund("give_up_note", func(ctx context.Context, no, note string) error {
		_, err := c.Pay.GiveUpRefund(ctx, c.staff, no, note)
		return err
	}, "refund_given_up")
}

// changeRefund does something to a refund in scope and shows what came of it; a
// refusal is shown on its page.
func (c *call) changeRefund(field string, do func(ctx context.Context, no, note string) error, said string) error {
	if err := c.form(); err != nil {
		return err
	}
	no := c.r.PathValue("no")
	if _, err := c.view.ScopedRefund(c.scope(), no); err != nil {
		return err
	}
	note := ""
	if field != "" {
		note = c.field(field)
	}
	err := do(c.r.Context(), no, note)
	if e, ok := models.AsError(err); ok {
		return c.showRefund(statusOf(e.Kind), refundPage{Error: e.Message, Typed: note})
	}
	if err != nil {
		return err
	}
	c.say(said)
	return c.redirect("/staff/refunds/" + no)
}
