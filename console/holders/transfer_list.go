package holders

import (
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/estate"
)

// transferList is the page 过户记录.
type transferList struct {
	Rows  []estate.TransferLine
	Pager ui.Pager
}

// Transfers shows a page of 过户记录.
func Transfers(c *ui.Call) error {
	rows, err := estate.TransferLines(c.View, c.Scope(), c.R.URL.Query().Get("after"), ui.PageSize+1)
	if err != nil {
		return err
	}
	var out transferList
	out.Rows, out.Pager = ui.Cut(c, rows, estate.TransferLine.Cursor)
	for i := range out.Rows {
		l := &out.Rows[i]
		l.FromName, l.ToName = c.OwnerName(l.FromName), c.OwnerName(l.ToName)
	}
	return c.Render("holders/transfer_list", "过户记录", out)
}

// ExportTransfers sends the list as a workbook.
func ExportTransfers(c *ui.Call) error {
	header := []string{"房号", "过户日", "原业主", "新业主", "原业主未缴本金（元）", "原业主未缴违约金（元）", "转给新业主的账单数", "预存余额（元）", "预存去向", "备注", "经办人", "登记时间"}
	return c.Export("过户记录", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]estate.TransferLine, error) {
			return estate.TransferLines(c.View, c.Scope(), after, limit)
		}
		return ui.EachPage(read, estate.TransferLine.Cursor, func(l estate.TransferLine) error {
			return b.Row(l.Room.Code, ui.DayCell(l.TransferOn), c.OwnerName(l.FromName), c.OwnerName(l.ToName), sheet.Yuan(l.OwedFen),
				sheet.Yuan(l.LateFeeFen), l.MovedBills, sheet.Yuan(l.PrepaidFen), words.Of(words.PrepaidTo, l.PrepaidTo), l.Note,
				words.Actor(l.By.Kind, l.By.Name), words.At(l.CreatedAt))
		})
	})
}
