package requests

import (
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// requestList is the page 申请与审批.
type requestList struct {
	Kind, Status  string
	Kinds, States []ui.Option
	Rows          []requestLine
	Pager         ui.Pager
}

// requestLine is a request with the room it is about.
type requestLine struct {
	fees.Request
	Room  estate.Room
	Parts []fees.RequestPart
}

// disputeWords are the reasons of a dispute.
var disputeWords = map[string]string{"amount": "金额有误", "period": "账期有误", "service": "服务未提供", "quality": "服务质量",
	"not_mine": "不是我的账单", "other": "其他"}

var (
	requestKindChoices  = append(ui.Options(words.Requests, fees.RequestKinds...), ui.Options(words.Requests, fees.RequestRefund)...)
	askKindChoices      = ui.Options(words.Requests, fees.RequestKinds...) // prepayment has its own page
	requestStateChoices = ui.Options(words.RequestStates, fees.RequestOpen, fees.RequestApproved, fees.RequestRejected)
)

func requestFilter(c *ui.Call) (fees.RequestFilter, error) {
	f := fees.RequestFilter{Scope: c.Scope(), Limit: ui.PageSize + 1}
	var err error
	if f.Kind, err = c.QueryOption("kind", requestKindChoices); err != nil {
		return f, err
	}
	f.Status, err = c.QueryOption("status", requestStateChoices)
	return f, err
}

// List shows a page of 申请与审批.
func List(c *ui.Call) error {
	f, err := requestFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	rows, err := fees.Requests(c.View, f)
	if err != nil {
		return err
	}
	out := requestList{Kind: f.Kind, Status: f.Status, Kinds: requestKindChoices, States: requestStateChoices}
	rows, out.Pager = ui.Cut(c, rows, func(r fees.Request) string { return r.ID })
	for _, r := range rows {
		line, err := newRequestLine(c, r)
		if err != nil {
			return err
		}
		out.Rows = append(out.Rows, line)
	}
	return c.Render("requests/request_list", "申请与审批", out)
}

func newRequestLine(c *ui.Call, r fees.Request) (requestLine, error) {
	room, err := estate.RoomByID(c.View, r.RoomID)
	if err != nil {
		return requestLine{}, err
	}
	parts, err := r.PartList()
	return requestLine{r, room, parts}, err
}

// ExportList sends the list as a workbook.
func ExportList(c *ui.Call) error {
	f, err := requestFilter(c)
	if err != nil {
		return err
	}
	header := []string{"类型", "状态", "房号", "账单数", "金额（元）", "承诺日", "申请内容", "申请人", "申请时间", "审批人", "审批意见", "审批时间"}
	return c.Export("申请与审批", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]fees.Request, error) {
			f.After, f.Limit = after, limit
			return fees.Requests(c.View, f)
		}
		return ui.EachPage(read, func(r fees.Request) string { return r.ID }, func(r fees.Request) error {
			line, err := newRequestLine(c, r)
			if err != nil {
				return err
			}
			decider := ""
			if r.Decided.Kind != "" {
				decider = words.Actor(r.Decided.Kind, r.Decided.Name)
			}
			return b.Row(words.Of(words.Requests, r.Kind), words.Of(words.RequestStates, r.Status), line.Room.Code, len(r.BillIDs),
				sheet.Yuan(r.AmountFen), r.PayOn.String(), r.Text, words.Actor(r.Asked.Kind, r.Asked.Name), words.At(r.CreatedAt), decider,
				r.Note, words.At(r.DecidedAt))
		})
	})
}
