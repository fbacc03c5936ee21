package bank

import (
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/payment/collection"
)

// batchList is the page 托收批次 with the form for another.
type batchList struct {
	Rows        []desk.CollectionRow
	Pager       ui.Pager
	Communities []ui.Option
	Community   string
	DueBy       string
	Error       string
}

// Batches shows a page of 托收批次 and the form for another.
func Batches(c *ui.Call) error { return showBatches(c, 200, batchList{}) }

func showBatches(c *ui.Call, status int, l batchList) error {
	var err error
	if l.Communities, err = c.CommunityOptions(); err != nil {
		return err
	}
	rows, err := desk.CollectionRows(c.View, "", c.R.URL.Query().Get("after"), ui.PageSize+1)
	if err != nil {
		return err
	}
	l.Rows, l.Pager = ui.Cut(c, rows, desk.CollectionRow.Cursor)
	if l.DueBy == "" {
		l.DueBy = c.View.Today().String()
	}
	return c.RenderAs(status, "bank/batch_list", "托收批次", l)
}

// MakeBatch makes a batch.
func MakeBatch(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	l := batchList{Community: c.Field("community"), DueBy: c.Field("due_by")}
	due, err := models.ParseDate(l.DueBy)
	if err != nil {
		err = collection.ErrDueBy
	}
	var b desk.CollectionBatch
	if err == nil {
		b, err = collection.Make(c.R.Context(), c.Pay, c.Staff.Actor(), l.Community, due)
	}
	if e, ok := models.AsError(err); ok && e.Kind != models.KindNotFound {
		l.Error = e.Message
		return showBatches(c, ui.StatusOf(e.Kind), l)
	}
	if err != nil {
		return err
	}
	c.Say("collection_made")
	return c.Redirect("/staff/collection/" + b.ID)
}

// ExportBatches sends all batches as a workbook.
func ExportBatches(c *ui.Call) error {
	header := []string{"小区", "批次号", "应缴日截止", "状态", "户数", "金额（元）", "成功户数", "成功金额（元）", "失败户数", "失败金额（元）", "扣款日期", "生成人", "生成时间", "导出人",
		"导出时间", "回盘人", "回盘时间"}
	return c.Export("托收批次", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]desk.CollectionRow, error) {
			return desk.CollectionRows(c.View, "", after, limit)
		}
		return ui.EachPage(read, desk.CollectionRow.Cursor, func(r desk.CollectionRow) error {
			return b.Row(r.Community, r.Number, ui.DayCell(r.DueBy), words.Of(batchWords, r.Status), r.LineCount, sheet.Yuan(r.AmountFen),
				r.PaidCount, sheet.Yuan(r.PaidFen), r.FailedCount, sheet.Yuan(r.FailedFen), ui.DayCell(r.CollectedOn), r.MadeName,
				words.At(r.CreatedAt), r.ExportedName, words.At(r.ExportedAt), r.AnsweredName, words.At(r.AnsweredAt))
		})
	})
}
