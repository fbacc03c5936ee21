package parties

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"

	"wuyepay/billing/sheet"
	"wuyepay/billing/statement"
	"wuyepay/console/ui"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// statementPage is the one statement of a developer for a year.
type statementPage struct {
	statement.PartyStatement
	Community string
	Year      int
	Years     []int
}

// statementOf returns the statement that the query asks for; without a year, that of this
// year.
func statementOf(c *ui.Call) (p statementPage, err error) {
	d, err := estate.DeveloperByOwner(c.View, c.R.PathValue("id"))
	if err != nil {
		return p, err
	}
	m, err := estate.CommunityByID(c.View, d.CommunityID)
	if err != nil {
		return p, err
	}
	this := c.View.Today().Year()
	p.Community, p.Year = m.Name, this
	if text := c.R.URL.Query().Get("year"); text != "" {
		if p.Year, err = strconv.Atoi(text); err != nil || p.Year < 1990 || p.Year > this {
			return p, ui.ErrBadQuery
		}
	}
	for y := this; y > this-6; y-- {
		p.Years = append(p.Years, y)
	}
	c.LongWork()
	from, to := statement.Year(p.Year, c.View.Today())
	p.PartyStatement, err = statement.OfParty(c.View, d.OwnerID, from, to)
	return p, err
}

// Statement shows the statement of a year: a line for each room, and their sums.
func Statement(c *ui.Call) error {
	p, err := statementOf(c)
	if err != nil {
		return err
	}
	return c.Render("parties/party_statement", "对账单", p)
}

// StatementPDF sends the statement of a year as a PDF, with every movement.
func StatementPDF(c *ui.Call) error {
	p, err := statementOf(c)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := p.WritePDF(&b, statement.Party{Community: p.Community, Owner: c.OwnerName(p.Owner.Name), MadeAt: c.DB.Now()}); err != nil {
		return err
	}
	err = c.DB.Write(c.R.Context(), func(tx *store.Tx) error {
		return office.Audit(tx, c.Staff.Actor(), "list.exported", "list", p.Owner.ID, map[string]any{
			"list": "建设单位对账单", "rows": len(p.Rooms),
		})
	})
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="statement.pdf"; filename*=UTF-8''`+
		url.PathEscape(fmt.Sprintf("对账单-%s-%d.pdf", p.Owner.Name, p.Year)))
	c.W.Write(b.Bytes())
	return nil
}

// ExportStatement sends the statement of a year as a workbook: for each room its opening
// balance, its movements and its closing balance, and the sums at the end.
func ExportStatement(c *ui.Call) error {
	p, err := statementOf(c)
	if err != nil {
		return err
	}
	header := []string{"房号", "日期", "摘要", "账期", "增加应缴", "缴费或减少", "余额", "未缴违约金", "期末余额（含违约金）"}
	return c.Export(fmt.Sprintf("对账单-%s-%d", p.Owner.Name, p.Year), p.Owner.ID, header, func(b *ui.Workbook) error {
		for _, s := range p.Rooms {
			if err := b.Row(s.Room.Code, s.From.String(), "期初余额", "", "", "", sheet.Yuan(s.OpeningFen), "", ""); err != nil {
				return err
			}
			for _, l := range s.Lines {
				if err := b.Row(s.Room.Code, l.On.String(), l.Text(), l.Period(), sheet.Yuan(l.ChargeFen), sheet.Yuan(l.PaidFen),
					sheet.Yuan(l.BalanceFen), "", ""); err != nil {
					return err
				}
			}
			if err := b.Row(s.Room.Code, s.To.String(), "本期合计与期末账面余额", "", sheet.Yuan(s.ChargeFen), sheet.Yuan(s.PaidFen),
				sheet.Yuan(s.BookedFen), sheet.Yuan(s.LateDueFen), sheet.Yuan(s.ClosingFen)); err != nil {
				return err
			}
		}
		if err := b.Row("合计", p.From.String(), "期初余额", "", "", "", sheet.Yuan(p.OpeningFen), "", ""); err != nil {
			return err
		}
		return b.Row("合计", p.To.String(), "本期合计与期末账面余额", "", sheet.Yuan(p.ChargeFen), sheet.Yuan(p.PaidFen), sheet.Yuan(p.BookedFen),
			sheet.Yuan(p.LateDueFen), sheet.Yuan(p.ClosingFen))
	})
}
