package console

import (
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/payment"
)

// mandateList is 托收协议: those that hold, and the forms for others. What was typed of
// an account is never shown again.
type mandateList struct {
	Rows        []models.MandateLine
	Pager       pager
	Communities []choice
	Community   string
	Room        string
	Agreement   string
	Bank        string
	Error       string
	Mistakes    []string
}

func (c *call) mandates() error { return c.showMandates(200, mandateList{}) }

func (c *call) showMandates(status int, l mandateList) error {
	var err error
	if l.Communities, err = c.communityChoices(); err != nil {
		return err
	}
	rows, err := c.view.MandateLines(c.scope(), "", c.r.URL.Query().Get("after"), pageSize+1)
	if err != nil {
		return err
	}
	l.Rows, l.Pager = cut(c, rows, models.MandateLine.Cursor)
	l.Pager.Export = "/staff/mandates/export"
	return c.renderAs(status, "mandates", "托收协议", l)
}

// addMandate registers an agreement of a room.
func (c *call) addMandate() error {
	if err := c.form(); err != nil {
		return err
	}
	l := mandateList{Community: c.field("community"), Room: strings.TrimSpace(c.field("room")), Agreement: c.field("agreement"), Bank: c.field("bank")}
	room, err := c.view.RoomByCode(l.Community, l.Room)
	if e, ok := models.AsError(err); ok && e.Kind == models.KindNotFound {
		err = models.Refusal(models.KindUnprocessable, "ROOM_UNKNOWN", "该小区没有这个房号")
	}
	if err == nil {
		_, err = c.Pay.SetMandate(c.r.Context(), c.staff.Actor(), c.scope(), payment.MandateRequest{RoomID: room.ID, AgreementNo: l.Agreement, BankName: l.Bank,
			Holder: c.field("holder"), Account: c.field("account")})
	}
	if e, ok := models.AsError(err); ok {
		l.Error = e.Message
		return c.showMandates(statusOf(e.Kind), l)
	}
	if err != nil {
		return err
	}
	c.say("mandate_made")
	return c.redirect("/staff/mandates")
}

// importMandates registers the agreements of a file.
func (c *call) importMandates() error {
	c.longWork()
	f, done, err := c.upload("file")
	if err == nil {
		defer done()
		if _, err = c.view.CommunityByID(c.r.FormValue("community")); err == nil {
			_, _, err = c.Pay.ImportMandates(c.r.Context(), c.staff.Actor(), c.r.FormValue("community"), f)
		}
	}
	show := func(status int, refusal string, mistakes sheet.Mistakes) error {
		l := mandateList{Error: refusal}
		for _, m := range mistakes[:min(len(mistakes), maxShownMistakes)] {
			l.Mistakes = append(l.Mistakes, m.Error())
		}
		return c.showMandates(status, l)
	}
	if shown, err := c.refusedFile(err, show); shown || err != nil {
		return err
	}
	c.say("mandates_imported")
	return c.redirect("/staff/mandates")
}

// endMandate ends an agreement.
func (c *call) endMandate() error {
	err := c.Pay.EndMandate(c.r.Context(), c.staff.Actor(), c.scope(), c.r.PathValue("id"))
	if e, ok := models.AsError(err); ok && e.Kind == models.KindConflict {
		return c.showMandates(statusOf(e.Kind), mandateList{Error: e.Message})
	}
	if err != nil {
		return err
	}
	c.say("mandate_ended")
	return c.redirect("/staff/mandates")
}

// exportMandates sends the list; of an account only its last four digits.
func (c *call) exportMandates() error {
	header := []string{"小区", "房号", "协议号", "开户行", "账号尾号", "登记人", "登记时间"}
	return c.export("托收协议", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.MandateLine, error) {
			return c.view.MandateLines(c.scope(), "", after, limit)
		}
		return eachPage(read, models.MandateLine.Cursor, func(m models.MandateLine) error {
			return b.Row(m.Community, m.Room.Code, m.AgreementNo, m.BankName, m.AccountLast4, m.MadeName, at(m.CreatedAt))
		})
	})
}
