package bank

import (
	"net/url"
	"strconv"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
)

// batchPage is the page of one batch: its lines, and the forms for file and answer.
type batchPage struct {
	Batch     desk.CollectionBatch
	Community string
	Status    string
	States    []ui.Option
	Rows      []desk.CollectionListed
	Pager     ui.Pager
	Today     models.Date
	Error     string
	Mistakes  []string // of an answer that was refused
}

// maxShownMistakes is how many mistakes of a file a page shows.
const maxShownMistakes = 100

// Batch shows a batch with its lines.
func Batch(c *ui.Call) error { return showBatch(c, 200, "", nil) }

func showBatch(c *ui.Call, status int, refusal string, mistakes sheet.Mistakes) error {
	p := batchPage{Today: c.View.Today(), Error: refusal, States: ui.Options(batchWords, desk.AskWaiting, desk.AskPaid,
		desk.AskFailed, desk.AskCancelled)}
	for _, m := range mistakes[:min(len(mistakes), maxShownMistakes)] {
		p.Mistakes = append(p.Mistakes, m.Error())
	}
	var err error
	if p.Batch, err = desk.CollectionByID(c.View, c.R.PathValue("id")); err != nil {
		return err
	}
	community, err := estate.CommunityByID(c.View, p.Batch.CommunityID)
	if err != nil {
		return err
	}
	p.Community = community.Name
	if p.Status, err = c.QueryOption("status", p.States); err != nil {
		return err
	}
	after, err := numberAfter(c.R.URL.Query())
	if err != nil {
		return err
	}
	rows, err := desk.CollectionList(c.View, p.Batch.ID, p.Status, after, ui.PageSize+1)
	if err != nil {
		return err
	}
	p.Rows, p.Pager = ui.Cut(c, rows, func(l desk.CollectionListed) string { return strconv.Itoa(l.Number) })
	return c.RenderAs(status, "bank/batch_page", "托收批次 "+p.Batch.Number, p)
}

func numberAfter(q url.Values) (int, error) {
	if q.Get("after") == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(q.Get("after"))
	if err != nil {
		return 0, ui.ErrBadQuery
	}
	return n, nil
}

// ExportBatch sends the lines of a batch as a workbook.
func ExportBatch(c *ui.Call) error {
	b, err := desk.CollectionByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	status := c.R.URL.Query().Get("status")
	header := []string{"批次号", "序号", "房号", "协议号", "开户行", "账号尾号", "账单笔数", "金额（元）", "结果", "失败原因", "转入预存（元）"}
	return c.Export("托收明细", b.ID, header, func(w *ui.Workbook) error {
		read := func(after string, limit int) ([]desk.CollectionListed, error) {
			n, _ := strconv.Atoi(after) // our own cursor; empty is 0
			return desk.CollectionList(c.View, b.ID, status, n, limit)
		}
		return ui.EachPage(read, func(l desk.CollectionListed) string { return strconv.Itoa(l.Number) },
			func(l desk.CollectionListed) error {
				return w.Row(b.Number, l.Number, l.Room.Code, l.AgreementNo, l.BankName, l.AccountLast4, l.Bills, sheet.Yuan(l.AmountFen),
					words.Of(batchWords, l.Status), l.Reason, sheet.Yuan(l.SurplusFen))
			})
	})
}

// batchWords are the states of a batch of bank collection and of its lines.
var batchWords = map[string]string{
	desk.CollectionMade: "待导出", desk.CollectionSent: "待回盘", desk.CollectionAnswered: "已回盘", desk.CollectionCancelled: "已撤销",
	desk.AskWaiting: "等待银行", desk.AskPaid: "成功", desk.AskFailed: "失败",
}
