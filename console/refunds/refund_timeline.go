package refunds

import (
	"slices"

	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/models/proof"
)

// refundTimeline returns what is stored of a refund: its lines of the audit log, WeChat's
// times, and notifications that did not fit it.
func refundTimeline(c *ui.Call, r money.Refund) ([]ui.Moment, error) {
	entries, err := office.AuditEntries(c.View, office.AuditFilter{Subject: "refund", SubjectID: r.No, Limit: ui.MaxMoments})
	if err != nil {
		return nil, err
	}
	var out []ui.Moment
	for _, e := range entries {
		m := ui.Moment{At: e.At, Text: words.Action(e.Action), By: words.Actor(e.Actor.Kind, e.Actor.Name), Tone: "blue"}
		switch e.Action {
		case "refund.success", "refund.by_hand":
			m.Tone = "green"
		case "refund.abnormal", "refund.rejected", "refund.closed":
			m.Tone = "red"
		}
		out = append(out, m)
	}
	if !r.SentAt.IsZero() {
		out = append(out, ui.Moment{At: r.SentAt, Text: "首次向微信支付发出", Tone: "orange"})
	}
	if !r.DoneAt.IsZero() && r.Source != money.LearnedByStaff {
		out = append(out, ui.Moment{At: r.DoneAt, Text: "微信退款成功", Note: "得知方式：" + words.Of(words.Learned, r.Source), Tone: "green"})
	}
	if r.OrderNo != "" {
		events, err := proof.EventPage(c.View, proof.EventFilter{OrderNo: r.OrderNo, Limit: ui.MaxMoments})
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			out = append(out, ui.Moment{At: e.CreatedAt, Text: "收到不符的微信通知：" + words.Of(words.Events, e.Reason),
				Note: words.Of(words.EventDetails, e.Detail), By: "微信支付", Tone: "red"})
		}
	}
	slices.SortStableFunc(out, func(a, b ui.Moment) int { return a.At.Compare(b.At.Time) })
	return out, nil
}
