package ui

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"time"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

const (
	// maxExport is how many rows a workbook has at most unless [Deps] says otherwise.
	maxExport = 50_000
	// ExportStep is how many rows are read from the database at a time.
	ExportStep = 500
	// LongWorkTime is how long a page may take after [Call.LongWork].
	LongWorkTime = 5 * time.Minute
)

// ErrExportTooLong returns the refusal of a list that has more rows than a workbook may.
func ErrExportTooLong(limit int) error {
	return models.Refusal(models.KindUnprocessable, "EXPORT_TOO_LONG",
		fmt.Sprintf("符合条件的记录超过 %d 行，为避免导出不完整的表格，请先缩小查询范围（例如按日期、状态或楼栋）再导出。", limit))
}

// Workbook is a table that is sent as a file.
type Workbook struct {
	w     *sheet.Writer
	rows  int
	limit int
}

// Row adds a row. See [sheet.Writer.Row] for what a cell may be.
func (b *Workbook) Row(cells ...any) error {
	if b.rows++; b.rows > b.limit {
		return ErrExportTooLong(b.limit)
	}
	return b.w.Row(cells...)
}

// Export sends a workbook, whose rows fill adds. Nothing is sent before fill has returned,
// so that an error of it still becomes a page. The audit log keeps who took which list;
// about is the id of what the list is about, or empty.
func (c *Call) Export(name, about string, header []string, fill func(b *Workbook) error) error {
	c.LongWork()
	to := &attachment{c: c, name: fmt.Sprintf("%s-%s.xlsx", name, c.DB.Today())}
	w, err := sheet.NewWriter(to, name, header)
	if err != nil {
		return err
	}
	b := &Workbook{w: w, limit: c.MaxExportRows}
	if err = fill(b); err == nil {
		err = c.DB.Write(c.R.Context(), func(tx *store.Tx) error {
			return office.Audit(tx, c.Staff.Actor(), "list.exported", "list", about, map[string]any{"list": name, "rows": b.rows})
		})
	}
	if err != nil {
		to.dropped = true // Close frees what the writer holds and sends nothing
		_ = w.Close()
		return err
	}
	if err := w.Close(); err != nil {
		// The headers have left: the browser sees a download that breaks off.
		c.Log.WarnContext(c.R.Context(), "export not sent", "list", name, "error", err)
	}
	return nil
}

// SendWorkbook sends a small workbook that is no list of the books, such as a template, with
// a header and some rows.
func (c *Call) SendWorkbook(name string, header []string, rows [][]any) error {
	var out bytes.Buffer
	w, err := sheet.NewWriter(&out, name, header)
	if err != nil {
		return err
	}
	for _, r := range rows {
		err = errors.Join(err, w.Row(r...))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	_, err = (&attachment{c: c, name: name + ".xlsx"}).Write(out.Bytes())
	return err
}

// attachment writes the headers of a download before its first byte.
type attachment struct {
	c       *Call
	name    string
	begun   bool
	dropped bool
}

// Write sends a part of the download, or drops it.
func (a *attachment) Write(p []byte) (int, error) {
	if a.dropped {
		return len(p), nil
	}
	if !a.begun {
		a.begun = true
		h := a.c.W.Header()
		h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		h.Set("Content-Disposition", `attachment; filename="export.xlsx"; filename*=UTF-8''`+url.PathEscape(a.name))
	}
	return a.c.W.Write(p)
}

// EachPage calls do for each row of a list, which it reads [ExportStep] rows at a time.
func EachPage[T any](read func(after string, limit int) ([]T, error), cursor func(T) string, do func(T) error) error {
	after := ""
	for {
		rows, err := read(after, ExportStep)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := do(r); err != nil {
				return err
			}
		}
		if len(rows) < ExportStep {
			return nil
		}
		after = cursor(rows[len(rows)-1])
	}
}

// DayCell returns a date as a cell, which is blank without a date.
func DayCell(d models.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.Start()
}
