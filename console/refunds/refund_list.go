package refunds

import (
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/money"
)

// refundList is the page 退款.
type refundList struct {
	Status, Number string
	States         []ui.Option
	Rows           []money.ListedRefund
	Pager          ui.Pager
}

// refundStates are the states that the list can be narrowed to.
var refundStates = ui.Options(words.Refunds, money.RefundAsked, money.RefundSending, money.RefundProcessing,
	money.RefundAbnormal, money.RefundSuccess, money.RefundClosed, money.RefundRejected)

func refundFilter(c *ui.Call) (money.RefundFilter, error) {
	f := money.RefundFilter{Scope: c.Scope(), Number: strings.TrimSpace(c.R.URL.Query().Get("number")), Limit: ui.PageSize + 1}
	var err error
	f.Status, err = c.QueryOption("status", refundStates)
	return f, err
}

// List shows a page of 退款.
func List(c *ui.Call) error {
	f, err := refundFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	rows, err := money.ListedRefunds(c.View, f)
	if err != nil {
		return err
	}
	out := refundList{Status: f.Status, Number: f.Number, States: refundStates}
	out.Rows, out.Pager = ui.Cut(c, rows, func(r money.ListedRefund) string { return r.No })
	return c.Render("refunds/refund_list", "退款", out)
}

// ExportList sends the list as a workbook.
func ExportList(c *ui.Call) error {
	f, err := refundFilter(c)
	if err != nil {
		return err
	}
	header := []string{"退款单号", "状态", "房号", "金额（元）", "其中预存（元）", "订单号", "微信退款单号", "来源", "方式", "账单处理", "原因", "申请人", "申请时间", "审批人", "审批时间",
		"到账时间", "说明"}
	return c.Export("退款", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]money.ListedRefund, error) {
			f.After, f.Limit = after, limit
			return money.ListedRefunds(c.View, f)
		}
		return ui.EachPage(read, func(r money.ListedRefund) string { return r.No }, func(r money.ListedRefund) error {
			id, decider := "", ""
			if r.RefundID != nil {
				id = *r.RefundID
			}
			if r.Decided.Kind != "" {
				decider = words.Actor(r.Decided.Kind, r.Decided.Name)
			}
			return b.Row(r.No, words.Of(words.Refunds, r.Status), r.Room.Code, sheet.Yuan(r.AmountFen), sheet.Yuan(r.PrepaidFen), r.OrderNo,
				id, words.Of(originWords, r.Origin), words.Of(refundChannelWords, r.Channel), words.Of(afterWords, r.BillAfter), r.Reason,
				words.Actor(r.Asked.Kind, r.Asked.Name), words.At(r.CreatedAt), decider, words.At(r.DecidedAt), words.At(r.DoneAt),
				strings.TrimSpace(r.Note+" "+r.HandNote+" "+faultWords[r.Fault]))
		})
	})
}
