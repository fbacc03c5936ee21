package arrears

import (
	"wuyepay/billing"
	"wuyepay/console/ui"
)

// ledgerList is the page 欠费台账. Its sums are those of the lines shown.
type ledgerList struct {
	Form    ledgerForm
	Rows    []ledgerRow
	Pager   ui.Pager
	SumsURL string
	Page    ledgerSums
}

type ledgerRow struct {
	billing.LedgerLine
	OwnerName string
}

// Ledger shows a page of 欠费台账, and the sums of that page.
func Ledger(c *ui.Call) error {
	f, form, err := ledgerFilter(c)
	if err != nil {
		return err
	}
	f.After, f.Limit = c.R.URL.Query().Get("after"), ui.PageSize+1
	out := ledgerList{Form: form, SumsURL: c.URLWith("/staff/arrears/sums", c.R.URL.Query(), "after", "")}
	lines, err := billing.Ledger(c.View, f)
	if err != nil {
		return err
	}
	lines, out.Pager = cutRooms(c, lines)
	for _, l := range lines {
		out.Page.add(l)
		out.Rows = append(out.Rows, ledgerRow{l, c.OwnerName(l.Owner.Name)})
	}
	return c.Render("arrears/ledger_list", "欠费台账", out)
}

// cutRooms is [ui.Cut] for lines of which a room can have several: a page has whole rooms.
func cutRooms(c *ui.Call, lines []billing.LedgerLine) ([]billing.LedgerLine, ui.Pager) {
	_, p := ui.Cut(c, []billing.LedgerLine{}, func(billing.LedgerLine) string { return "" })
	rooms := 0
	for i, l := range lines {
		if i > 0 && lines[i-1].ID == l.ID {
			continue
		}
		if rooms++; rooms > ui.PageSize {
			p.Next = c.URLWith(c.R.URL.Path, c.R.URL.Query(), "after", lines[i-1].Cursor())
			return lines[:i], p
		}
	}
	return lines, p
}
