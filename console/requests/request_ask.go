package requests

import (
	"slices"
	"strconv"
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// askForm is the form 提交申请: what is asked for, about which bills, and what that would do.
// Nothing is sent before its effect was shown.
type askForm struct {
	Room    estate.Room
	Kind    string
	Kinds   []ui.Option
	Bills   []ui.BillLine
	Chosen  map[string]bool
	Reasons []ui.Option // of a dispute
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

var disputeChoices = ui.Options(disputeWords, billing.DisputeReasons...)

// AskPage shows the empty form 提交申请 of a room.
func AskPage(c *ui.Call) error {
	kind, err := c.QueryOption("kind", askKindChoices)
	if err != nil {
		return err
	}
	f := askForm{Kind: kind, Chosen: map[string]bool{}, Count: "3", Days: strconv.Itoa(billing.DefaultBreakDays)}
	for _, id := range c.R.URL.Query()["bill"] {
		f.Chosen[id] = true
	}
	return showAsk(c, 200, f)
}

func showAsk(c *ui.Call, status int, f askForm) error {
	room, _, err := estate.ScopedRoom(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	f.Room, f.Kinds, f.Reasons = room, askKindChoices, disputeChoices
	bills, err := fees.OpenBills(c.View, room.ID)
	if err != nil {
		return err
	}
	// A paid bill is corrected, voided or disputed from its own line.
	open := map[string]bool{}
	for _, b := range bills {
		open[b.ID] = true
	}
	for id := range f.Chosen {
		if b, err := fees.BillByID(c.View, id); err == nil && !open[id] && b.RoomID == room.ID {
			bills = append(bills, b)
		}
	}
	states, err := billing.States(c.View, bills, c.View.Today())
	if err != nil {
		return err
	}
	if f.Bills, err = ui.BillLines(states); err != nil {
		return err
	}
	return c.RenderAs(status, "requests/request_ask", "提交申请", f)
}

// Ask shows the effect of what is in the form, or sends what was shown.
func Ask(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	f := askForm{Kind: c.Field("kind"), Chosen: map[string]bool{}, Reason: c.Field("reason"), Text: c.Field("text"),
		Amount: c.Field("amount"), PayOn: c.Field("pay_on"), Count: c.Field("count"), First: c.Field("first"),
		Frozen: c.Field("frozen") == "1", Days: c.Field("days")}
	for _, id := range c.Fields("bill") {
		f.Chosen[id] = true
	}
	a, err := asking(c, &f)
	if err == nil {
		err = sendOrShow(c, &f, a)
	}
	e, refused := models.AsError(err)
	switch {
	case refused && e.Kind == models.KindNotFound, err != nil && !refused:
		return err
	case refused:
		f.Error = e.Message
		return showAsk(c, ui.StatusOf(e.Kind), f)
	case f.Shown:
		return showAsk(c, 200, f)
	}
	c.Say("request_sent")
	return c.Redirect("/staff/rooms/" + c.R.PathValue("id"))
}

// asking returns what the form asks for.
func asking(c *ui.Call, f *askForm) (a billing.NewRequest, err error) {
	a = billing.NewRequest{Kind: f.Kind, RoomID: c.R.PathValue("id"), Reason: f.Reason, Text: f.Text, Frozen: f.Frozen}
	if !slices.Contains(fees.RequestKinds, f.Kind) {
		return a, ui.ErrBadForm
	}
	for id := range f.Chosen {
		a.BillIDs = append(a.BillIDs, id)
	}
	if f.Kind != fees.RequestDispute {
		a.Reason = ""
	}
	switch f.Kind {
	case fees.RequestPromise:
		a.BillIDs = nil
		if a.PayOn, err = models.ParseDate(f.PayOn); err != nil {
			return a, billing.ErrPromiseDay
		}
	case fees.RequestCorrection:
		a.AmountFen, err = ui.YuanField(f.Amount)
	case fees.RequestWaiver:
		if strings.TrimSpace(f.Amount) != "" {
			a.AmountFen, err = ui.YuanField(f.Amount)
		}
	case fees.RequestInstalment:
		return askingParts(c, f, a)
	}
	return a, err
}

func askingParts(c *ui.Call, f *askForm, a billing.NewRequest) (billing.NewRequest, error) {
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
	total, err := billing.DueTotal(c.View, a.RoomID, a.BillIDs)
	a.Parts = billing.EvenParts(total, count, first)
	return a, err
}

// sendOrShow shows the effect, or sends what was shown.
func sendOrShow(c *ui.Call, f *askForm, a billing.NewRequest) error {
	if _, _, err := estate.ScopedRoom(c.View, c.Scope(), a.RoomID); err != nil {
		return err
	}
	if c.Field("do") == "send" {
		_, err := c.Requests.SubmitAsStaff(c.R.Context(), c.Staff, a)
		return err
	}
	f.Shown = true
	if f.Kind == fees.RequestPromise {
		return nil
	}
	var err error
	f.Preview, err = billing.PreviewRequest(c.View, a)
	f.Shown = err == nil
	return err
}
