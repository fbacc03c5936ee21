package console

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/payment"
)

// collectionList is 托收批次: those there are, and the form for another.
type collectionList struct {
	Rows        []models.CollectionRow
	Pager       pager
	Communities []choice
	Community   string
	DueBy       string
	Error       string
}

func (c *call) collections() error { return c.showCollections(200, collectionList{}) }

func (c *call) showCollections(status int, l collectionList) error {
	var err error
	if l.Communities, err = c.communityChoices(); err != nil {
		return err
	}
	rows, err := c.view.CollectionRows("", c.r.URL.Query().Get("after"), pageSize+1)
	if err != nil {
		return err
	}
	l.Rows, l.Pager = cut(c, rows, models.CollectionRow.Cursor)
	if l.DueBy == "" {
		l.DueBy = c.view.Today().String()
	}
	return c.renderAs(status, "collections", "托收批次", l)
}

// makeCollection makes a batch.
func (c *call) makeCollection() error {
	if err := c.form(); err != nil {
		return err
	}
	l := collectionList{Community: c.field("community"), DueBy: c.field("due_by")}
	due, err := models.ParseDate(l.DueBy)
	if err != nil {
		err = payment.ErrDueBy
	}
	var b models.CollectionBatch
	if err == nil {
		b, err = c.Pay.MakeCollection(c.r.Context(), c.staff.Actor(), l.Community, due)
	}
	if e, ok := models.AsError(err); ok && e.Kind != models.KindNotFound {
		l.Error = e.Message
		return c.showCollections(statusOf(e.Kind), l)
	}
	if err != nil {
		return err
	}
	c.say("collection_made")
	return c.redirect("/staff/collection/" + b.ID)
}

func (c *call) exportCollections() error {
	header := []string{"小区", "批次号", "应缴日截止", "状态", "户数", "金额（元）", "成功户数", "成功金额（元）", "失败户数", "失败金额（元）", "扣款日期", "生成人", "生成时间", "导出人", "导出时间", "回盘人", "回盘时间"}
	return c.export("托收批次", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.CollectionRow, error) {
			return c.view.CollectionRows("", after, limit)
		}
		return eachPage(read, models.CollectionRow.Cursor, func(r models.CollectionRow) error {
			return b.Row(r.Community, r.Number, day(r.DueBy), word(collectionWords, r.Status), r.LineCount, sheet.Yuan(r.AmountFen), r.PaidCount, sheet.Yuan(r.PaidFen), r.FailedCount,
				sheet.Yuan(r.FailedFen), day(r.CollectedOn), r.MadeName, at(r.CreatedAt), r.ExportedName, at(r.ExportedAt), r.AnsweredName, at(r.AnsweredAt))
		})
	})
}

// collectionPage is one batch: its lines, its file, its answer.
type collectionPage struct {
	Batch     models.CollectionBatch
	Community string
	Status    string
	States    []choice
	Rows      []models.CollectionListed
	Pager     pager
	Today     models.Date
	Error     string
	Mistakes  []string // of an answer that was refused
}

// maxShownMistakes bounds the mistakes of a page; nobody reads more.
const maxShownMistakes = 100

func (c *call) collection() error { return c.showCollection(200, "", nil) }

func (c *call) showCollection(status int, refusal string, mistakes sheet.Mistakes) error {
	p := collectionPage{Today: c.view.Today(), Error: refusal, States: choices(collectionWords, models.AskWaiting, models.AskPaid, models.AskFailed, models.AskCancelled)}
	for _, m := range mistakes[:min(len(mistakes), maxShownMistakes)] {
		p.Mistakes = append(p.Mistakes, m.Error())
	}
	var err error
	if p.Batch, err = c.view.CollectionByID(c.r.PathValue("id")); err != nil {
		return err
	}
	community, err := c.view.CommunityByID(p.Batch.CommunityID)
	if err != nil {
		return err
	}
	p.Community = community.Name
	if p.Status, err = c.oneOf("status", p.States); err != nil {
		return err
	}
	after, err := numberAfter(c.r.URL.Query())
	if err != nil {
		return err
	}
	rows, err := c.view.CollectionList(p.Batch.ID, p.Status, after, pageSize+1)
	if err != nil {
		return err
	}
	p.Rows, p.Pager = cut(c, rows, func(l models.CollectionListed) string { return strconv.Itoa(l.Number) })
	return c.renderAs(status, "collection", "托收批次 "+p.Batch.Number, p)
}

func numberAfter(q url.Values) (int, error) {
	if q.Get("after") == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(q.Get("after"))
	if err != nil {
		return 0, errBadQuery
	}
	return n, nil
}

func (c *call) exportCollection() error {
	b, err := c.view.CollectionByID(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	status := c.r.URL.Query().Get("status")
	header := []string{"批次号", "序号", "房号", "协议号", "开户行", "账号尾号", "账单笔数", "金额（元）", "结果", "失败原因", "转入预存（元）"}
	return c.export("托收明细", b.ID, header, func(w *workbook) error {
		read := func(after string, limit int) ([]models.CollectionListed, error) {
			n, _ := strconv.Atoi(after) // our own cursor; empty is 0
			return c.view.CollectionList(b.ID, status, n, limit)
		}
		return eachPage(read, func(l models.CollectionListed) string { return strconv.Itoa(l.Number) }, func(l models.CollectionListed) error {
			return w.Row(b.Number, l.Number, l.Room.Code, l.AgreementNo, l.BankName, l.AccountLast4, l.Bills, sheet.Yuan(l.AmountFen), word(collectionWords, l.Status), l.Reason, sheet.Yuan(l.SurplusFen))
		})
	})
}

// bankFile gives the file for the bank.
func (c *call) bankFile() error {
	if err := c.form(); err != nil {
		return err
	}
	c.longWork()
	format := payment.CollectionXLSX
	kind := "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	if c.field("format") == payment.CollectionCSV {
		format, kind = payment.CollectionCSV, "text/csv; charset=utf-8"
	}
	b, err := c.view.CollectionByID(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	var out bytes.Buffer // nothing is sent before all of it is there
	err = c.Pay.ExportCollection(c.r.Context(), c.staff.Actor(), b.ID, format, &out)
	if e, ok := models.AsError(err); ok {
		return c.showCollection(statusOf(e.Kind), e.Message, nil)
	}
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+b.Number+"."+format+`"`)
	_, err = c.w.Write(out.Bytes())
	return err
}

// bankAnswer takes in what the bank has answered.
func (c *call) bankAnswer() error {
	c.longWork()
	f, done, err := c.upload("file")
	if err == nil {
		defer done()
		on, day := c.view.Today(), c.r.FormValue("on")
		if day != "" {
			if on, err = models.ParseDate(day); err != nil {
				err = payment.ErrCollectedOn
			}
		}
		if err == nil {
			_, err = c.Pay.TakeAnswer(c.r.Context(), c.staff.Actor(), c.r.PathValue("id"), on, f)
		}
	}
	if shown, err := c.refusedFile(err, c.showCollection); shown || err != nil {
		return err
	}
	c.say("collection_answered")
	return c.redirect("/staff/collection/" + c.r.PathValue("id"))
}

// cancelCollection takes back a batch that was not given out.
func (c *call) cancelCollection() error {
	err := c.Pay.CancelCollection(c.r.Context(), c.staff.Actor(), c.r.PathValue("id"))
	if e, ok := models.AsError(err); ok && e.Kind == models.KindConflict {
		return c.showCollection(http.StatusConflict, e.Message, nil)
	}
	if err != nil {
		return err
	}
	c.say("collection_cancelled")
	return c.redirect("/staff/collection/" + c.r.PathValue("id"))
}
