package payment_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/fees"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/office"
	"wuyepay/payment"
)

var clerk = models.Actor{Kind: models.ActorStaff, ID: "clerk", Name: "陈财务"}

// agreed gives the room an agreement with a bank.
func (h *home) agreed(number string) {
	h.w.t.Helper()
	changed, err := h.w.pay.SetMandate(bg, clerk, office.AllRooms(), payment.MandateRequest{RoomID: h.room.ID, AgreementNo: number, BankName: "建设银行", Holder: "王小明", Account: "6227 0000 0000 " + number[len(number)-4:]})
	if err != nil || !changed {
		h.w.t.Fatalf("agreement: %t, %v", changed, err)
	}
}

// batch makes a batch of what is due by the end of March.
func (h *home) batch() desk.CollectionBatch {
	h.w.t.Helper()
	b, err := h.w.pay.MakeCollection(bg, clerk, h.room.CommunityID, models.MustDate("2026-03-31"))
	if err != nil {
		h.w.t.Fatal(err)
	}
	return b
}

// exported is the file of a batch for the bank, row by row.
func (w *world) exported(b desk.CollectionBatch) [][]string {
	w.t.Helper()
	var out bytes.Buffer
	if err := w.pay.ExportCollection(bg, clerk, b.ID, payment.CollectionCSV, &out); err != nil {
		w.t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(strings.TrimPrefix(out.String(), "\ufeff")) {
		rows = append(rows, strings.Split(strings.TrimSpace(line), ","))
	}
	return rows
}

// file is rows as the bank would send them.
func file(rows [][]string) payment.File {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, ",") + "\n")
	}
	return payment.File{Name: "回盘.csv", Content: strings.NewReader(b.String()), Size: int64(b.Len())}
}

// says fills in what the bank says of each line, in order: empty is success.
func says(rows [][]string, reasons ...string) [][]string {
	out := [][]string{rows[0]}
	for i, r := range rows[1:] {
		r = append([]string{}, r...)
		r[9], r[11] = "成功", "2026-03-15"
		if reasons[i] != "" {
			r[9], r[10] = "失败", reasons[i]
		}
		out = append(out, r)
	}
	return out
}

func (w *world) answer(b desk.CollectionBatch, rows [][]string) payment.CollectionResult {
	w.t.Helper()
	r, err := w.pay.TakeAnswer(bg, clerk, b.ID, w.db.Today(), file(rows))
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// Three rooms: one is collected, one fails, one was paid at the desk meanwhile. The
// second batch takes the failed one and what is new.
func TestCollection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paid, failed, elsewhere, none := w.home(2), w.home(1), w.home(1), w.home(1)
	for i, h := range []*home{paid, failed, elsewhere} {
		h.agreed(fmt.Sprintf("XY-%04d", i+1))
	}
	b := paid.batch()
	if b.LineCount != 3 || b.AmountFen != 4*12949 || b.Number != "TS20260315-1" {
		t.Fatalf("%+v", b)
	}
	_, err := w.pay.MakeCollection(bg, clerk, paid.room.CommunityID, models.MustDate("2026-03-31"))
	refused(t, err, payment.ErrNothingToCollect)
	_, err = w.pay.TakeAnswer(bg, clerk, b.ID, w.db.Today(), file(nil))
	refused(t, err, payment.ErrCollectionNotSent)
	rows := w.exported(b)
	if len(rows) != 4 || strings.Join(rows[1][:8], ",") != "TS20260315-1,1,XY-0001,建设银行,王小明,6227000000000001,258.98,"+paid.room.Code {
		t.Fatalf("%v", rows)
	}
	refused(t, w.pay.CancelCollection(bg, clerk, b.ID), payment.ErrCollectionSent)
	w.takes(w.staff(office.RoleCashier), elsewhere.atDesk(0))
	w.clean()
	answer := says(rows, "", "余额不足", "")
	r := w.answer(b, answer)
	if r.Booked != 3 || r.Batch.Status != desk.CollectionAnswered || r.Batch.PaidFen != 3*12949 || r.Batch.FailedFen != 12949 {
		t.Errorf("%+v", r)
	}
	if paid.bill(0).Status != fees.BillPaid || paid.bill(1).Status != fees.BillPaid || failed.bill(0).Status != fees.BillUnpaid || none.bill(0).Status != fees.BillUnpaid {
		t.Error("bills are not as the bank says")
	}
	if elsewhere.prepaid() != 12949 {
		t.Errorf("prepaid %d", elsewhere.prepaid())
	}
	if bank := w.journaled(money.AccountBank); bank != 3*12949 {
		t.Errorf("bank %d", bank)
	}
	w.clean()
	if again := w.answer(b, answer); again.Booked != 0 || again.Unchanged != 3 {
		t.Errorf("the same answer again: %+v", again)
	}
	_, err = w.pay.TakeAnswer(bg, clerk, b.ID, w.db.Today(), file(says(rows, "", "", "")))
	if mistakes := (sheet.Mistakes)(nil); !errors.As(err, &mistakes) || len(mistakes) != 1 || mistakes[0].Row != 3 {
		t.Errorf("another answer: %v", err)
	}
	modelstest.Bill(t, w.db, paid.room, func(b *fees.Bill) { b.PrincipalFen, b.DueOn = 5000, w.db.Today() })
	second := paid.batch()
	if second.Number != "TS20260315-2" || second.LineCount != 2 || second.AmountFen != 12949+5000 {
		t.Errorf("%+v", second)
	}
	if err := w.pay.CancelCollection(bg, clerk, second.ID); err != nil {
		t.Error(err)
	}
	if third := paid.batch(); third.AmountFen != second.AmountFen {
		t.Errorf("%+v", third)
	}
	w.clean()
}

// An answer with mistakes is refused whole, and each is named.
func TestCollectionAnswerWithMistakes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	homes := []*home{w.home(1), w.home(1), w.home(1)}
	for i, h := range homes {
		h.agreed(fmt.Sprintf("XY-%04d", i+1))
	}
	b := homes[0].batch()
	rows := w.exported(b)
	good := says(rows, "", "", "")
	for _, tt := range []struct {
		name   string
		change func(rows [][]string) [][]string
		want   []string
	}{
		{"an amount", func(r [][]string) [][]string { r[2][6] = "129.48"; return r }, []string{"第 3 行「金额」列（G3）：与批次中的金额不一致"}},
		{"a number twice", func(r [][]string) [][]string { r[3][1] = "1"; return r }, []string{"第 4 行「协议号」列", "第 4 行「序号」列（B4）：文件中有重复的序号", "缺少序号 3"}},
		{"a row too many", func(r [][]string) [][]string { return append(r, append([]string{r[3][0], "9"}, r[3][2:]...)) }, []string{"批次中没有这个序号"}},
		{"a row missing", func(r [][]string) [][]string { return r[:3] }, []string{"缺少序号 3 的回盘结果"}},
		{"a result nobody knows", func(r [][]string) [][]string { r[1][9] = "处理中"; return r }, []string{"第 2 行「结果」列"}},
		{"another batch", func(r [][]string) [][]string { r[1][0] = "TS20260301-1"; return r }, []string{"不是这个批次"}},
		{"a day to come", func(r [][]string) [][]string { r[1][11] = "2026-03-16"; return r }, []string{"第 2 行「扣款日期」列"}},
		{"a day before the batch", func(r [][]string) [][]string { r[1][11] = "2026-03-14"; return r }, []string{"扣款日期"}},
		{"an agreement", func(r [][]string) [][]string { r[1][2] = "XY-0009"; return r }, []string{"协议号不一致"}},
	} {
		var copied [][]string
		for _, r := range good {
			copied = append(copied, append([]string{}, r...))
		}
		_, err := w.pay.TakeAnswer(bg, clerk, b.ID, w.db.Today(), file(tt.change(copied)))
		mistakes := (sheet.Mistakes)(nil)
		if !errors.As(err, &mistakes) {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	}
	if n := w.number("SELECT COUNT(*) FROM payments") + w.number("SELECT COUNT(*) FROM collection_lines WHERE status <> 'waiting'"); n != 0 {
		t.Errorf("%d rows were booked", n)
	}
	w.answer(b, good)
	w.clean()
}

// The answer is taken in by two people at once, while owners pay by phone and at the
// desk: each line is booked once, and no money is lost.
func TestCollectionAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var homes []*home
	for i := range 8 {
		h := w.home(1)
		h.agreed(fmt.Sprintf("XY-%04d", i+1))
		homes = append(homes, h)
	}
	b := homes[0].batch()
	answer := says(w.exported(b), make([]string, 8)...)
	by := w.staff(office.RoleCashier)
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { // either may find the other's line still under way; both end well
			if _, err := w.pay.TakeAnswer(bg, clerk, b.ID, w.db.Today(), file(answer)); err != nil {
				t.Error(err)
			}
		})
	}
	for i, h := range homes {
		switch req, order := h.atDesk(0), h.wants(0, 0); i % 3 {
		case 0:
			all.Go(func() { _, _ = w.pay.TakeAtDesk(bg, by, req) })
		case 1:
			all.Go(func() {
				if c, err := w.pay.Checkout(bg, order); err == nil {
					w.paysAtWechat(c.Order.No)
				}
			})
		}
	}
	all.Wait()
	w.drain()
	w.everythingDue()
	w.sweep()
	w.balanced()
	if n := w.number("SELECT COUNT(*) FROM payments WHERE channel = 'collection'"); n != 8 {
		t.Errorf("%d payments by the bank", n)
	}
	for i, h := range homes {
		if h.bill(0).Status != fees.BillPaid {
			t.Errorf("bill %d is %s", i, h.bill(0).Status)
		}
	}
}

// What a batch leaves out: bills in dispute, due later, of a former owner, or of a
// room whose agreement has ended.
func TestCollectionLeavesOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h, gone := w.home(4), w.home(1)
	h.agreed("XY-0001")
	gone.agreed("XY-0002")
	w.exec("UPDATE bills SET disputed = 1 WHERE id = ?", h.bills[0].ID)
	w.exec("UPDATE bills SET due_on = '2026-04-15' WHERE id = ?", h.bills[1].ID)
	former := modelstest.Owner(t, w.db, gone.room, "前业主", "13700000099")
	w.exec("UPDATE bills SET owner_id = ? WHERE id = ?", former.ID, h.bills[2].ID)
	m, err := desk.MandateOfRoom(w.db.View(bg), gone.room.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.pay.EndMandate(bg, clerk, office.AllRooms(), m.ID); err != nil {
		t.Fatal(err)
	}
	refused(t, w.pay.EndMandate(bg, clerk, office.AllRooms(), m.ID), payment.ErrMandateEnded)
	if b := h.batch(); b.LineCount != 1 || b.AmountFen != 12949 {
		t.Errorf("%+v", b)
	}
}

// Agreements come by file: all or none, and the same file again changes nothing.
// Account numbers are sealed.
func TestImportMandates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.home(0), w.home(0)
	rows := [][]string{{"房号", "协议号", "开户行", "户名", "账号"}, {a.room.Code, "XY-1", "工商银行", "王小明", "6222 0200 0000 1234"}, {b.room.Code, "XY-2", "工商银行", "王小明", "62220200000056"}}
	for _, want := range []int{2, 0} {
		n, changed, err := w.pay.ImportMandates(bg, clerk, a.room.CommunityID, file(rows))
		if err != nil || n != 2 || changed != want {
			t.Errorf("%d rows, %d changed, %v", n, changed, err)
		}
	}
	m, err := desk.MandateOfRoom(w.db.View(bg), a.room.ID)
	if err != nil || m.AccountLast4 != "1234" || bytes.Contains(m.AccountCipher, []byte("6222")) {
		t.Errorf("%+v, %v", m, err)
	}
	if holder, account, err := desk.OpenMandate(w.db.View(bg), &m); err != nil || holder != "王小明" || account != "6222020000001234" {
		t.Errorf("%s %s %v", holder, account, err)
	}
	rows = append(rows, []string{"没有的房", "XY-1", "工商银行", "李", "12"})
	rows[1][3] = "李"
	_, _, err = w.pay.ImportMandates(bg, clerk, a.room.CommunityID, file(rows))
	mistakes := (sheet.Mistakes)(nil)
	if !errors.As(err, &mistakes) || len(mistakes) != 3 || strings.Contains(err.Error(), "6222") {
		t.Errorf("%v", err)
	}
	if holder, _, _ := desk.OpenMandate(w.db.View(bg), &m); holder != "王小明" {
		t.Errorf("changed by a file with mistakes: %s", holder)
	}
}
