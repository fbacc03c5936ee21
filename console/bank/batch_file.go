package bank

import (
	"bytes"
	"net/http"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/payment/collection"
)

// BatchFile sends the file for the bank.
func BatchFile(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	c.LongWork()
	format := collection.CollectionXLSX
	kind := "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	if c.Field("format") == collection.CollectionCSV {
		format, kind = collection.CollectionCSV, "text/csv; charset=utf-8"
	}
	b, err := desk.CollectionByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	var out bytes.Buffer // nothing is sent before all of it is there
	err = collection.Export(c.R.Context(), c.Pay, c.Staff.Actor(), b.ID, format, &out)
	if e, ok := models.AsError(err); ok {
		return showBatch(c, ui.StatusOf(e.Kind), e.Message, nil)
	}
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+b.Number+"."+format+`"`)
	_, err = c.W.Write(out.Bytes())
	return err
}

// TakeAnswer books the answer of the bank.
func TakeAnswer(c *ui.Call) error {
	c.LongWork()
	f, done, err := c.Upload("file")
	if err == nil {
		defer done()
		on, day := c.View.Today(), c.R.FormValue("on")
		if day != "" {
			if on, err = models.ParseDate(day); err != nil {
				err = collection.ErrCollectedOn
			}
		}
		if err == nil {
			_, err = collection.TakeAnswer(c.R.Context(), c.Pay, c.Staff.Actor(), c.R.PathValue("id"), on, f)
		}
	}
	if shown, err := c.RefusedFile(err, func(status int, refusal string, mistakes sheet.Mistakes) error {
		return showBatch(c, status, refusal, mistakes)
	}); shown || err != nil {
		return err
	}
	c.Say("collection_answered")
	return c.Redirect("/staff/collection/" + c.R.PathValue("id"))
}

// CancelBatch cancels a batch whose file was not sent.
func CancelBatch(c *ui.Call) error {
	err := collection.Cancel(c.R.Context(), c.Pay, c.Staff.Actor(), c.R.PathValue("id"))
	if e, ok := models.AsError(err); ok && e.Kind == models.KindConflict {
		return showBatch(c, http.StatusConflict, e.Message, nil)
	}
	if err != nil {
		return err
	}
	c.Say("collection_cancelled")
	return c.Redirect("/staff/collection/" + c.R.PathValue("id"))
}
