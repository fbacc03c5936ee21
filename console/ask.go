package console

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing"
	"wuyepay/models"
)

// askForm is 提交申请: what, about which bills, and what it would do. Nothing is
// sent before its effect was shown.
type askForm struct {
	Room    models.Room
	Kind    string
	Kinds   []choice
	Bills   []billLine
	Chosen  map[string]bool
	Reasons []choice // of a dispute
	Reason  string
	Text    string
	Amount  string // yuan, as typed
	PayOn   string
	Count   string // parts of a plan
	First   string // its first date
	Frozen  bool
	Days    string // until a plan is broken
	Shown   bool   // the effect is on the page: it can be sent
	Preview billing.RequestPreview
	Error   string
}

var errYuan = models.Invalid("AMOUNT", "金额不正确，请填写以元为单位的数字，最多两位小数")

// yuanField reads an amount as people type it.
func yuanField(text string) (models.Fen, error) {
	d, err := decimal.NewFromString(models.HalfWidth(strings.NewReplacer(",", "", "元", "").Replace(text)))
	if err != nil || d.IsNegative() || !d.Equal(d.Truncate(2)) {
		return 0, errYuan
	}
	return models.RoundFen(d)
}

var disputeChoices = choices(disputeWords, billing.DisputeReasons...)

func (c *call) askPage() error {
	kind, err := c.oneOf("kind", askKindChoices)
	if err != nil {
		return err
	}
	f := askForm{Kind: kind, Chosen: map[string]bool{}, Count: "3", Days: strconv.Itoa(billing.DefaultBreakDays)}
	for _, id := range c.r.URL.Query()["bill"] {
		f.Chosen[id] = true
	}
	return c.showAsk(200, f)
}

func (c *call) showAsk(status int, f askForm) error {
	room, _, err := c.view.ScopedRoom(c.scope(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	f.Room, f.Kinds, f.Reasons = room, askKindChoices, disputeChoices
	bills, err := c.view.OpenBills(room.ID)
	if err != nil {
		return err
	}
	// A paid bill is corrected, voided or disputed from its own line.
	open := map[string]bool{}
	for _, b := range bills {
		open[b.ID] = true
	}
	for id := range f.Chosen {
		if b, err := c.view.BillByID(id); err == nil && !open[id] && b.RoomID == room.ID {
			bills = append(bills, b)
		}
	}
	states, err := billing.States(c.view, bills, c.view.Today())
	if err != nil {
		return err
	}
	if f.Bills, err = billLines(states); err != nil {
		return err
	}
	return c.renderAs(status, "ask", "提交申请", f)
}

func (c *call) ask() error {
	if err := c.form(); err != nil {
		return err
	}
	f := askForm{Kind: c.field("kind"), Chosen: map[string]bool{}, Reason: c.field("reason"), Text: c.field("text"), Amount: c.field("amount"), PayOn: c.field("pay_on"),
		Count: c.field("count"), First: c.field("first"), Frozen: c.field("frozen") == "1", Days: c.field("days")}
	for _, id := range c.fields("bill") {
		f.Chosen[id] = true
	}
	a, err := c.asking(&f)
	if err == nil {
		err = c.sendOrShow(&f, a)
	}
	e, refused := models.AsError(err)
	switch {
	case refused && e.Kind == models.KindNotFound, err != nil && !refused:
		return err
	case refused:
		f.Error = e.Message
		return c.showAsk(statusOf(e.Kind), f)
	case f.Shown:
		return c.showAsk(200, f)
	}
	c.say("request_sent")
	return c.redirect("/staff/rooms/" + c.r.PathValue("id"))
}

// asking reads the form.
func (c *call) asking(f *askForm) (a billing.Asking, err error) {
	a = billing.Asking{Kind: f.Kind, RoomID: c.r.PathValue("id"), Reason: f.Reason, Text: f.Text, Frozen: f.Frozen}
	if !slices.Contains(models.RequestKinds, f.Kind) {
		return a, errBadForm
	}
	for id := range f.Chosen {
		a.BillIDs = append(a.BillIDs, id)
	}
	if f.Kind != models.RequestDispute {
		a.Reason = ""
	}
	switch f.Kind {
	case models.RequestPromise:
		a.BillIDs = nil
		if a.PayOn, err = models.ParseDate(f.PayOn); err != nil {
			return a, billing.ErrPromiseDay
		}
	case models.RequestCorrection:
		a.AmountFen, err = yuanField(f.Amount)
	case models.RequestWaiver:
		if strings.TrimSpace(f.Amount) != "" {
			a.AmountFen, err = yuanField(f.Amount)
		}
	case models.RequestInstalment:
		return c.askingParts(f, a)
	}
	return a, err
}

func (c *call) askingParts(f *askForm, a billing.Asking) (billing.Asking, error) {
	count, err := strconv.Atoi(f.Count)
	if err != nil || count < 2 || count > 24 {
		return a, billing.ErrPlanParts
	}
	if a.BreakDays, err = strconv.Atoi(f.Days); err != nil {
		return a, billing.ErrPlanBreak
	}
	first, err := models.ParseDate(f.First)
	if err != nil {
		return a, billing.ErrPlanParts
	}
	total, err := billing.DueTotal(c.view, a.RoomID, a.BillIDs)
	a.Parts = billing.EvenParts(total, count, first)
	return a, err
}

// sendOrShow shows the effect, or sends what was shown.
func (c *call) sendOrShow(f *askForm, a billing.Asking) error {
	if _, _, err := c.view.ScopedRoom(c.scope(), a.RoomID); err != nil {
		return err
	}
	if c.field("do") == "send" {
		_, err := c.Requests.AskAsStaff(c.r.Context(), c.staff, a)
		return err
	}
	f.Shown = true
	if f.Kind == models.RequestPromise {
		return nil
	}
	var err error
	f.Preview, err = billing.PreviewRequest(c.view, a)
	f.Shown = err == nil
	return err
}
