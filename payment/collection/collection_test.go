package collection_test

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
	"wuyepay/payment/collection"
	"wuyepay/payment/paymenttest"
)

// Three rooms: one is collected, one fails, one was paid at the desk meanwhile. The
// second batch takes the failed one and what is new.
func TestCollection(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	paid, failed, elsewhere, none := w.Home(2), w.Home(1), w.Home(1), w.Home(1)
	for i, h := range []*paymenttest.Home{paid, failed, elsewhere} {
		h.Agreed(fmt.Sprintf("XY-%04d", i+1))
	}
	b := paid.Batch()
	if b.LineCount != 3 || b.AmountFen != 4*12949 || b.Number != "TS20260315-1" {
		t.Fatalf("%+v", b)
	}
	_, err := collection.Make(paymenttest.Bg, w.Pay, paymenttest.Clerk, paid.Room.CommunityID, models.MustDate("2026-03-31"))
	paymenttest.Refused(t, err, collection.ErrNothingToCollect)
	_, err = collection.TakeAnswer(paymenttest.Bg, w.Pay, paymenttest.Clerk, b.ID, w.Db.Today(), paymenttest.File(nil))
	paymenttest.Refused(t, err, collection.ErrCollectionNotSent)
	rows := w.Exported(b)
	if len(rows) != 4 || strings.Join(rows[1][:8], ",") != "TS20260315-1,1,XY-0001,建设银行,王小明,6227000000000001,258.98,"+paid.Room.Code {
		t.Fatalf("%v", rows)
	}
	paymenttest.Refused(t, collection.Cancel(paymenttest.Bg, w.Pay, paymenttest.Clerk, b.ID), collection.ErrCollectionSent)
	w.Takes(w.Staff(office.RoleCashier), elsewhere.AtDesk(0))
	w.Clean()
	answer := paymenttest.Says(rows, "", "余额不足", "")
	r := w.Answer(b, answer)
	if r.Booked != 3 || r.Batch.Status != desk.CollectionAnswered || r.Batch.PaidFen != 3*12949 || r.Batch.FailedFen != 12949 {
		t.Errorf("%+v", r)
	}
	if paid.Bill(0).Status != fees.BillPaid || paid.Bill(1).Status != fees.BillPaid || failed.Bill(0).Status != fees.BillUnpaid ||
		none.Bill(0).Status != fees.BillUnpaid {
		t.Error("bills are not as the bank says")
	}
	if elsewhere.Prepaid() != 12949 {
		t.Errorf("prepaid %d", elsewhere.Prepaid())
	}
	if bank := w.Journaled(money.AccountBank); bank != 3*12949 {
		t.Errorf("bank %d", bank)
	}
	w.Clean()
	if again := w.Answer(b, answer); again.Booked != 0 || again.Unchanged != 3 {
		t.Errorf("the same answer again: %+v", again)
	}
	_, err = collection.TakeAnswer(paymenttest.Bg, w.Pay, paymenttest.Clerk, b.ID, w.Db.Today(),
		paymenttest.File(paymenttest.Says(rows, "", "", "")))
	if mistakes := (sheet.Mistakes)(nil); !errors.As(err, &mistakes) || len(mistakes) != 1 || mistakes[0].Row != 3 {
		t.Errorf("another answer: %v", err)
	}
	modelstest.Bill(t, w.Db, paid.Room, func(b *fees.Bill) { b.PrincipalFen, b.DueOn = 5000, w.Db.Today() })
	second := paid.Batch()
	if second.Number != "TS20260315-2" || second.LineCount != 2 || second.AmountFen != 12949+5000 {
		t.Errorf("%+v", second)
	}
	if err := collection.Cancel(paymenttest.Bg, w.Pay, paymenttest.Clerk, second.ID); err != nil {
		t.Error(err)
	}
	if third := paid.Batch(); third.AmountFen != second.AmountFen {
		t.Errorf("%+v", third)
	}
	w.Clean()
}

// An answer with mistakes is refused whole, and each is named.
func TestCollectionAnswerWithMistakes(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	homes := []*paymenttest.Home{w.Home(1), w.Home(1), w.Home(1)}
	for i, h := range homes {
		h.Agreed(fmt.Sprintf("XY-%04d", i+1))
	}
	b := homes[0].Batch()
	rows := w.Exported(b)
	good := paymenttest.Says(rows, "", "", "")
	for _, tt := range []struct {
		name   string
		change func(rows [][]string) [][]string
		want   []string
	}{
		{"an amount", func(r [][]string) [][]string { r[2][6] = "129.48"; return r }, []string{"第 3 行「金额」列（G3）：与批次中的金额不一致"}},
		{
			"a number twice", func(r [][]string) [][]string { r[3][1] = "1"; return r },
			[]string{"第 4 行「协议号」列", "第 4 行「序号」列（B4）：文件中有重复的序号", "缺少序号 3"},
		},
		{
			"a row too many", func(r [][]string) [][]string { return append(r, append([]string{r[3][0], "9"}, r[3][2:]...)) },
			[]string{"批次中没有这个序号"},
		},
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
		_, err := collection.TakeAnswer(paymenttest.Bg, w.Pay, paymenttest.Clerk, b.ID, w.Db.Today(), paymenttest.File(tt.change(copied)))
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
	if n := w.Number("SELECT COUNT(*) FROM payments") +
		w.Number("SELECT COUNT(*) FROM collection_lines WHERE status <> 'waiting'"); n != 0 {
		t.Errorf("%d rows were booked", n)
	}
	w.Answer(b, good)
	w.Clean()
}

// The answer is taken in by two people at once, while owners pay by phone and at the
// desk: each line is booked once, and no money is lost.
func TestCollectionAtOnce(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	var homes []*paymenttest.Home
	for i := range 8 {
		h := w.Home(1)
		h.Agreed(fmt.Sprintf("XY-%04d", i+1))
		homes = append(homes, h)
	}
	b := homes[0].Batch()
	answer := paymenttest.Says(w.Exported(b), make([]string, 8)...)
	by := w.Staff(office.RoleCashier)
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { // either may find the other's line still under way; both end well
			if _, err := collection.TakeAnswer(paymenttest.Bg, w.Pay, paymenttest.Clerk, b.ID, w.Db.Today(),
				paymenttest.File(answer)); err != nil {
				t.Error(err)
			}
		})
	}
	for i, h := range homes {
		switch req, order := h.AtDesk(0), h.Wants(0, 0); i % 3 {
		case 0:
			all.Go(func() { _, _ = w.Pay.TakeAtDesk(paymenttest.Bg, by, req) })
		case 1:
			all.Go(func() {
				if c, err := w.Pay.Checkout(paymenttest.Bg, order); err == nil {
					w.PaysAtWechat(c.Order.No)
				}
			})
		}
	}
	all.Wait()
	w.Drain()
	w.EverythingDue()
	w.Sweep()
	w.Balanced()
	if n := w.Number("SELECT COUNT(*) FROM payments WHERE channel = 'collection'"); n != 8 {
		t.Errorf("%d payments by the bank", n)
	}
	for i, h := range homes {
		if h.Bill(0).Status != fees.BillPaid {
			t.Errorf("bill %d is %s", i, h.Bill(0).Status)
		}
	}
}

// What a batch leaves out: bills in dispute, due later, of a former owner, or of a
// room whose agreement has ended.
func TestCollectionLeavesOut(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h, gone := w.Home(4), w.Home(1)
	h.Agreed("XY-0001")
	gone.Agreed("XY-0002")
	w.Exec("UPDATE bills SET disputed = 1 WHERE id = ?", h.Bills[0].ID)
	w.Exec("UPDATE bills SET due_on = '2026-04-15' WHERE id = ?", h.Bills[1].ID)
	former := modelstest.Owner(t, w.Db, gone.Room, "前业主", "13700000099")
	w.Exec("UPDATE bills SET owner_id = ? WHERE id = ?", former.ID, h.Bills[2].ID)
	m, err := desk.MandateOfRoom(w.Db.View(paymenttest.Bg), gone.Room.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := collection.EndMandate(paymenttest.Bg, w.Pay, paymenttest.Clerk, office.AllRooms(), m.ID); err != nil {
		t.Fatal(err)
	}
	paymenttest.Refused(t, collection.EndMandate(paymenttest.Bg, w.Pay, paymenttest.Clerk, office.AllRooms(),
		m.ID), collection.ErrMandateEnded)
	if b := h.Batch(); b.LineCount != 1 || b.AmountFen != 12949 {
		t.Errorf("%+v", b)
	}
}

// Agreements come by file: all or none, and the same file again changes nothing.
// Account numbers are sealed.
func TestImportMandates(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	a, b := w.Home(0), w.Home(0)
	rows := [][]string{
		{"房号", "协议号", "开户行", "户名", "账号"},
		{a.Room.Code, "XY-1", "工商银行", "王小明", "6222 0200 0000 1234"},
		{b.Room.Code, "XY-2", "工商银行", "王小明", "62220200000056"},
	}
	for _, want := range []int{2, 0} {
		n, changed, err := collection.ImportMandates(paymenttest.Bg, w.Pay, paymenttest.Clerk, a.Room.CommunityID, paymenttest.File(rows))
		if err != nil || n != 2 || changed != want {
			t.Errorf("%d rows, %d changed, %v", n, changed, err)
		}
	}
	m, err := desk.MandateOfRoom(w.Db.View(paymenttest.Bg), a.Room.ID)
	if err != nil || m.AccountLast4 != "1234" || bytes.Contains(m.AccountCipher, []byte("6222")) {
		t.Errorf("%+v, %v", m, err)
	}
	if holder, account, err := desk.OpenMandate(w.Db.View(paymenttest.Bg),
		&m); err != nil || holder != "王小明" || account != "6222020000001234" {
		t.Errorf("%s %s %v", holder, account, err)
	}
	rows = append(rows, []string{"没有的房", "XY-1", "工商银行", "李", "12"})
	rows[1][3] = "李"
	_, _, err = collection.ImportMandates(paymenttest.Bg, w.Pay, paymenttest.Clerk, a.Room.CommunityID, paymenttest.File(rows))
	mistakes := (sheet.Mistakes)(nil)
	if !errors.As(err, &mistakes) || len(mistakes) != 3 || strings.Contains(err.Error(), "6222") {
		t.Errorf("%v", err)
	}
	if holder, _, _ := desk.OpenMandate(w.Db.View(paymenttest.Bg), &m); holder != "王小明" {
		t.Errorf("changed by a file with mistakes: %s", holder)
	}
}
