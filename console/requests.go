package console

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// requestList is a page of 申请与审批.
type requestList struct {
	Kind, Status  string
	Kinds, States []choice
	Rows          []requestLine
	Pager         pager
}

// requestLine is a request with the room it is about.
type requestLine struct {
	models.Request
	Room  models.Room
	Parts []models.RequestPart
}

var requestWords = map[string]string{
	models.RequestWaiver: "减免违约金", models.RequestCorrection: "更正账单", models.RequestVoid: "作废账单",
	models.RequestInstalment: "分期缴费", models.RequestDispute: "账单异议", models.RequestPromise: "承诺缴费日",
	models.RequestRefund: "退还预存",
}

var requestStates = map[string]string{models.RequestOpen: "待审批", models.RequestApproved: "已同意", models.RequestRejected: "未同意"}

var disputeWords = map[string]string{"amount": "金额有误", "period": "账期有误", "service": "服务未提供", "quality": "服务质量", "not_mine": "不是我的账单", "other": "其他"}

var entryWords = map[string]string{models.EntryWaiver: "减免违约金", models.EntryCorrection: "更正本金", models.EntryVoid: "作废", models.EntryDiscount: "优惠"}

var planWords = map[string]string{models.PlanActive: "进行中", models.PlanKept: "已完成", models.PlanBroken: "已终止"}

func init() {
	functions["request"] = func(s string) string { return word(requestWords, s) }
	functions["requeststate"] = func(s string) string { return word(requestStates, s) }
	functions["planstate"] = func(s string) string { return word(planWords, s) }
	functions["dispute"] = func(s string) string { return word(disputeWords, s) }
	functions["entry"] = func(s string) string { return word(entryWords, s) }
}

var (
	requestKindChoices  = append(choices(requestWords, models.RequestKinds...), choices(requestWords, models.RequestRefund)...)
	askKindChoices      = choices(requestWords, models.RequestKinds...) // prepayment is asked back on its own page
	requestStateChoices = choices(requestStates, models.RequestOpen, models.RequestApproved, models.RequestRejected)
)

func (c *call) requestFilter() (models.RequestFilter, error) {
	f := models.RequestFilter{Scope: c.scope(), Limit: pageSize + 1}
	var err error
	if f.Kind, err = c.oneOf("kind", requestKindChoices); err != nil {
		return f, err
	}
	f.Status, err = c.oneOf("status", requestStateChoices)
	return f, err
}

func (c *call) requests() error {
	f, err := c.requestFilter()
	if err != nil {
		return err
	}
	f.After = c.r.URL.Query().Get("after")
	rows, err := c.view.Requests(f)
	if err != nil {
		return err
	}
	out := requestList{Kind: f.Kind, Status: f.Status, Kinds: requestKindChoices, States: requestStateChoices}
	rows, out.Pager = cut(c, rows, func(r models.Request) string { return r.ID })
	for _, r := range rows {
		line, err := c.requestLine(r)
		if err != nil {
			return err
		}
		out.Rows = append(out.Rows, line)
	}
	return c.render("requests", "申请与审批", out)
}

func (c *call) requestLine(r models.Request) (requestLine, error) {
	room, err := c.view.RoomByID(r.RoomID)
	if err != nil {
		return requestLine{}, err
	}
	parts, err := r.PartList()
	return requestLine{r, room, parts}, err
}

func (c *call) exportRequests() error {
	f, err := c.requestFilter()
	if err != nil {
		return err
	}
	header := []string{"类型", "状态", "房号", "账单数", "金额（元）", "承诺日", "申请内容", "申请人", "申请时间", "审批人", "审批意见", "审批时间"}
	return c.export("申请与审批", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.Request, error) {
			f.After, f.Limit = after, limit
			return c.view.Requests(f)
		}
		return eachPage(read, func(r models.Request) string { return r.ID }, func(r models.Request) error {
			line, err := c.requestLine(r)
			if err != nil {
				return err
			}
			decider := ""
			if r.DecidedKind != "" {
				decider = actorWord(r.DecidedKind, r.DecidedName)
			}
			return b.Row(word(requestWords, r.Kind), word(requestStates, r.Status), line.Room.Code, len(r.BillIDs), sheet.Yuan(r.AmountFen), r.PayOn.String(), r.Text,
				actorWord(r.AskedKind, r.AskedName), at(r.CreatedAt), decider, r.Note, at(r.DecidedAt))
		})
	})
}

// requestPage is one request: what is asked for, what it would do, and the answer.
type requestPage struct {
	requestLine
	Bills     []billLine
	Refunds   []models.Refund // that an approved refund of prepayment has led to
	Preview   billing.RequestPreview
	Refused   string // why it cannot be granted as things stand
	MayDecide bool
	Own       bool   // who looks is who asked
	Typed     string // the note of a form that was refused
	Error     string
}

func (c *call) request() error { return c.showRequest(200, requestPage{}) }

func (c *call) showRequest(status int, p requestPage) error {
	r, err := c.view.ScopedRequest(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	if p.requestLine, err = c.requestLine(r); err != nil {
		return err
	}
	if p.Bills, err = c.billsOf(r.BillIDs); err != nil {
		return err
	}
	if r.Kind == models.RequestRefund {
		if p.Refunds, err = c.view.RefundsOfRequest(r.ID); err != nil {
			return err
		}
	}
	p.Own = r.AskedKind == models.ActorStaff && r.AskedID == c.staff.ID
	p.MayDecide = r.Status == models.RequestOpen && !p.Own && billing.MayDecide(c.staff.Role, r.Kind)
	if r.Status == models.RequestOpen && len(r.BillIDs) > 0 {
		p.Preview, err = billing.PreviewRequest(c.view, billing.Asking{Kind: r.Kind, RoomID: r.RoomID, BillIDs: r.BillIDs, AmountFen: r.AmountFen,
			Parts: p.Parts, BreakDays: r.BreakDays})
		if e, ok := models.AsError(err); ok {
			p.Refused = e.Message
		} else if err != nil {
			return err
		}
	}
	return c.renderAs(status, "request", word(requestWords, r.Kind), p)
}

// billsOf gives bills with their figures in words, by the order of their ids.
func (c *call) billsOf(ids []string) ([]billLine, error) {
	found, err := c.view.BillsByIDs(ids)
	if err != nil {
		return nil, err
	}
	bills := make([]models.Bill, 0, len(ids))
	for _, id := range ids {
		bills = append(bills, found[id])
	}
	states, err := billing.States(c.view, bills, c.view.Today())
	if err != nil {
		return nil, err
	}
	return billLines(states)
}

// decide approves or rejects, as the button says.
func (c *call) decide() error {
	if err := c.form(); err != nil {
		return err
	}
	if _, err := c.view.ScopedRequest(c.scope(), c.r.PathValue("id")); err != nil {
		return err
	}
	d := billing.Decision{RequestID: c.r.PathValue("id"), Approve: c.field("do") == "approve", Note: c.field("note"), Frozen: c.field("frozen") == "1"}
	if d.Approve == (c.field("do") == "reject") { // neither button
		return errBadForm
	}
	var err error
	if text := strings.TrimSpace(c.field("amount")); text != "" {
		if d.AmountFen, err = yuanField(text); err != nil {
			return c.showRequest(400, requestPage{Typed: d.Note, Error: errYuan.Message})
		}
	}
	_, err = c.Requests.Decide(c.r.Context(), c.staff, d)
	if e, ok := models.AsError(err); ok && e.Kind != models.KindNotFound {
		return c.showRequest(statusOf(e.Kind), requestPage{Typed: d.Note, Error: e.Message})
	}
	if err != nil {
		return err
	}
	c.say("request_decided")
	return c.redirect("/staff/requests/" + d.RequestID)
}
