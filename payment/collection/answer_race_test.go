package collection_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"wuyepay/billing/sheet"
	"wuyepay/models/desk"
	"wuyepay/payment/collection"
	"wuyepay/payment/paymenttest"
)

// lateFile is a file that somebody else is quicker than: before is run when it is read from
// its beginning once more after skip times.
type lateFile struct {
	io.ReaderAt
	begun, skip int
	before      func()
}

func (f *lateFile) ReadAt(p []byte, at int64) (int, error) {
	if at == 0 {
		if f.begun++; f.begun == f.skip+1 && f.before != nil {
			f.before()
		}
	}
	return f.ReaderAt.ReadAt(p, at)
}

// Of two answers of the bank at once that differ, one is taken in whole; the other is
// told so, with the row.
func TestTwoDifferingAnswersAtOnce(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h, other := w.Home(1), w.Home(1)
	h.Agreed("XY-0001")
	other.Agreed("XY-0002")
	b := h.Batch()
	rows := w.Exported(b)
	// How often a file is begun until all of it is compared: a file with a mistake is no
	// longer read after that, a good one for its hash.
	wrong := paymenttest.Says(rows, "", "")
	wrong[1][6] = "1.00"
	compared := paymenttest.File(wrong)
	count := &lateFile{ReaderAt: compared.Content}
	compared.Content = count
	if _, err := collection.TakeAnswer(paymenttest.Bg, w.Pay, paymenttest.Clerk, b.ID, w.Db.Today(), compared); err == nil {
		t.Fatal("another amount was taken")
	}
	late, ran := paymenttest.File(paymenttest.Says(rows, "", "")), false
	late.Content = &lateFile{ReaderAt: late.Content, skip: count.begun, before: func() {
		ran = true
		w.Answer(b, paymenttest.Says(rows, "", "余额不足"))
	}}
	_, err := collection.TakeAnswer(paymenttest.Bg, w.Pay, paymenttest.Clerk, b.ID, w.Db.Today(), late)
	if mistakes := (sheet.Mistakes)(nil); !ran || !errors.As(err, &mistakes) || len(mistakes) != 1 || mistakes[0].Row != 3 {
		t.Errorf("the slower answer: %v", err)
	}
	now, err := desk.CollectionByID(w.Db.View(paymenttest.Bg), b.ID)
	if err != nil || now.PaidFen != 12949 || now.FailedFen != 12949 {
		t.Errorf("%+v, %v", now, err)
	}
	w.Clean()
}

// Numbers that cannot be read are each a mistake of their own, and not the same number.
func TestUnreadableNumbers(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h, other := w.Home(1), w.Home(1)
	h.Agreed("XY-0001")
	other.Agreed("XY-0002")
	b := h.Batch()
	rows := paymenttest.Says(w.Exported(b), "", "")
	rows[1][1], rows[2][1] = "甲", "乙"
	_, err := collection.TakeAnswer(paymenttest.Bg, w.Pay, paymenttest.Clerk, b.ID, w.Db.Today(), paymenttest.File(rows))
	if err == nil || strings.Contains(err.Error(), "重复的序号") {
		t.Errorf("%v", err)
	}
}

// A batch that was taken back says so when it is taken back again.
func TestCancelTwice(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	h.Agreed("XY-0001")
	b := h.Batch()
	paymenttest.Must(t, collection.Cancel(paymenttest.Bg, w.Pay, paymenttest.Clerk, b.ID))
	paymenttest.Refused(t, collection.Cancel(paymenttest.Bg, w.Pay, paymenttest.Clerk, b.ID), collection.ErrCollectionCancelled)
}

// A spreadsheet that opens the file computes nothing of it, whatever a holder is called.
func TestCSVWithoutFormulas(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"=1+1", "+1", "-1", "@A", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A"} {
		var out bytes.Buffer
		if err := collection.WriteCSV(&out, [][]any{{text}}); err != nil || !strings.Contains(out.String(), "'"+text) {
			t.Errorf("%q is written as %q (%v)", text, out.String(), err)
		}
	}
	var out bytes.Buffer
	if err := collection.WriteCSV(&out, [][]any{{"王小明", "6227", ""}}); err != nil || !strings.Contains(out.String(), "\n王小明,6227,\n") {
		t.Errorf("plain texts are written as %q (%v)", out.String(), err)
	}
}
