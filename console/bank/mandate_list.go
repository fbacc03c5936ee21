package bank

import (
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
	"wuyepay/payment/collection"
)

// mandateList is the page 托收协议: those in force, and the forms for others. It never shows
// again what was typed of an account.
type mandateList struct {
	Rows        []desk.MandateLine
	Pager       ui.Pager
	Communities []ui.Option
	Community   string
	Room        string
	Agreement   string
	Bank        string
	Error       string
	Mistakes    []string
}

// Mandates shows a page of 托收协议 and the forms for others.
func Mandates(c *ui.Call) error { return showMandates(c, 200, mandateList{}) }

func showMandates(c *ui.Call, status int, l mandateList) error {
	var err error
	if l.Communities, err = c.CommunityOptions(); err != nil {
		return err
	}
	rows, err := desk.MandateLines(c.View, c.Scope(), "", c.R.URL.Query().Get("after"), ui.PageSize+1)
	if err != nil {
		return err
	}
	l.Rows, l.Pager = ui.Cut(c, rows, desk.MandateLine.Cursor)
	l.Pager.Export = "/staff/mandates/export"
	return c.RenderAs(status, "bank/mandate_list", "托收协议", l)
}

// AddMandate registers an agreement of a room.
func AddMandate(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	l := mandateList{Community: c.Field("community"), Room: strings.TrimSpace(c.Field("room")), Agreement: c.Field("agreement"),
		Bank: c.Field("bank")}
	room, err := estate.RoomByCode(c.View, l.Community, l.Room)
	if e, ok := models.AsError(err); ok && e.Kind == models.KindNotFound {
		err = models.Refusal(models.KindUnprocessable, "ROOM_UNKNOWN", "该小区没有这个房号")
	}
	if err == nil {
		_, err = collection.SetMandate(c.R.Context(), c.Pay, c.Staff.Actor(), c.Scope(),
			collection.MandateRequest{RoomID: room.ID, AgreementNo: l.Agreement, BankName: l.Bank, Holder: c.Field("holder"),
				Account: c.Field("account")})
	}
	if e, ok := models.AsError(err); ok {
		l.Error = e.Message
		return showMandates(c, ui.StatusOf(e.Kind), l)
	}
	if err != nil {
		return err
	}
	c.Say("mandate_made")
	return c.Redirect("/staff/mandates")
}

// ImportMandates registers the agreements of a file.
func ImportMandates(c *ui.Call) error {
	c.LongWork()
	f, done, err := c.Upload("file")
	if err == nil {
		defer done()
		if _, err = estate.CommunityByID(c.View, c.R.FormValue("community")); err == nil {
			_, _, err = collection.ImportMandates(c.R.Context(), c.Pay, c.Staff.Actor(), c.R.FormValue("community"), f)
		}
	}
	show := func(status int, refusal string, mistakes sheet.Mistakes) error {
		l := mandateList{Error: refusal}
		for _, m := range mistakes[:min(len(mistakes), maxShownMistakes)] {
			l.Mistakes = append(l.Mistakes, m.Error())
		}
		return showMandates(c, status, l)
	}
	if shown, err := c.RefusedFile(err, show); shown || err != nil {
		return err
	}
	c.Say("mandates_imported")
	return c.Redirect("/staff/mandates")
}

// EndMandate ends an agreement.
func EndMandate(c *ui.Call) error {
	err := collection.EndMandate(c.R.Context(), c.Pay, c.Staff.Actor(), c.Scope(), c.R.PathValue("id"))
	if e, ok := models.AsError(err); ok && e.Kind == models.KindConflict {
		return showMandates(c, ui.StatusOf(e.Kind), mandateList{Error: e.Message})
	}
	if err != nil {
		return err
	}
	c.Say("mandate_ended")
	return c.Redirect("/staff/mandates")
}

// ExportMandates sends the list as a workbook. It has the last four digits of an account.
func ExportMandates(c *ui.Call) error {
	header := []string{"小区", "房号", "协议号", "开户行", "账号尾号", "登记人", "登记时间"}
	return c.Export("托收协议", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]desk.MandateLine, error) {
			return desk.MandateLines(c.View, c.Scope(), "", after, limit)
		}
		return ui.EachPage(read, desk.MandateLine.Cursor, func(m desk.MandateLine) error {
			return b.Row(m.Community, m.Room.Code, m.AgreementNo, m.BankName, m.AccountLast4, m.MadeName, words.At(m.CreatedAt))
		})
	})
}
