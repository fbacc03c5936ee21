package receipt_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/proof"
	"wuyepay/models/receipts"
	"wuyepay/models/store"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/receipt"
	"wuyepay/sandbox"
)

// pays checks out bills and prepayment of a home and pays them.
func pays(h *paymenttest.Home, prepay models.Fen, bills ...int) string {
	h.W.T.Helper()
	c := h.Order(prepay, bills...)
	h.W.PaysAtWechat(c.Order.No)
	h.W.Drain()
	return c.Order.No
}

// textOf reads a document back by a program that is not ours.
func textOf(t testing.TB, p *receipt.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.WritePDF(&b); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("TEST_PDF_DIR"); dir != "" { // to look at by eye
		if err := os.WriteFile(filepath.Join(dir, p.Number()+fmt.Sprintf("-%d.pdf", p.Version)), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed")
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// A receipt shows what the money paid, how the late fee came about, and the sum in
// capitals.
func TestReceiptShowsHowTheMoneyWasSpent(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	no := pays(h, 10000, 0, 1)
	p := w.Receipt(no)
	if p.Number() != "2026-00000001" || p.AmountFen != 35898 || p.Status != receipts.ReceiptIssued {
		t.Fatalf("%s of %d, %s", p.Number(), p.AmountFen, p.Status)
	}
	late := receipts.ReceiptLateFee{
		Rate: "0.003", AsOf: models.MustDate("2026-03-15"), AccruedFen: 1947,
		Segments: []receipts.ReceiptSegment{
			{From: models.MustDate("2026-01-16"), To: models.MustDate("2026-03-15"), Days: 59, PrincipalFen: 11002},
		},
	}
	want := []receipts.ReceiptLine{
		{
			Kind: receipts.ReceiptBill, BillID: h.Bills[0].ID, Item: "物业服务费", PeriodStart: h.Bills[0].PeriodStart,
			PeriodEnd: h.Bills[0].PeriodEnd, DueOn: h.Bills[0].DueOn, PrincipalFen: 11002, LateFeeFen: 1947, Late: &late,
		},
		{
			Kind: receipts.ReceiptBill, BillID: h.Bills[1].ID, Item: "物业服务费", PeriodStart: h.Bills[1].PeriodStart,
			PeriodEnd: h.Bills[1].PeriodEnd, DueOn: h.Bills[1].DueOn, PrincipalFen: 11002, LateFeeFen: 1947, Late: &late,
		},
		{Kind: receipts.ReceiptPrepaid, PrincipalFen: 10000},
	}
	if diff := cmp.Diff(want, p.Lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if want := (receipts.ReceiptParty{
		Title: "测试小区", Community: "测试小区", Room: h.Room.Name(), RoomCode: h.Room.Code, Owner: "王小明", PayerRole: estate.RoleOwner,
	}); p.Party != want {
		t.Errorf("party %+v, want %+v", p.Party, want)
	}
	text := textOf(t, p)
	for _, want := range []string{
		"No. 2026-00000001", "人民币叁佰伍拾捌元玖角捌分", "¥ 358.98", "王小明", h.Room.Name(), "微信支付", p.TransactionID, no, "2026-01-16 至 2026-03-15",
		"59", "3‰", "19.47354", "累计 19.47", "本次收取 19.47", "预存（通用）", "100.00", "320.04", "38.94", "不是发票",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %q:\n%s", want, text)
		}
	}
	w.Clean()
}

// Bookings of one community at once, and several that number at once: the numbers
// are consecutive, each once.
func TestReceiptNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	const n = 12
	homes := make([]*paymenttest.Home, n)
	orders := make([]string, n)
	for i := range homes {
		homes[i] = w.Home(1)
		orders[i] = homes[i].Order(0, 0).Order.No
	}
	var all sync.WaitGroup
	for i := range orders {
		all.Go(func() {
			if _, err := w.Box.PayWith(orders[i], sandbox.PayOptions{}); err != nil {
				t.Error(err)
			}
		})
	}
	for range 4 {
		all.Go(func() {
			for range 10 {
				if _, err := w.Pay.Receipts.NumberReceipts(paymenttest.Bg); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	w.Drain()
	for range 2 {
		all.Go(func() {
			if _, err := w.Pay.Receipts.NumberReceipts(paymenttest.Bg); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, no := range orders {
		seen[w.Receipt(no).Number()] = true
	}
	for i := 1; i <= n; i++ {
		if no := fmt.Sprintf("2026-%08d", i); !seen[no] {
			t.Errorf("number %s is missing", no)
		}
	}
	if again, err := w.Pay.Receipts.NumberReceipts(paymenttest.Bg); err != nil || again != 0 {
		t.Errorf("numbered %d again, %v", again, err)
	}
	w.Clean()
}

// A new year begins a new series; what was paid in the old year and numbered in the
// new one stays in the old.
func TestReceiptSeriesOfAYear(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t, func(s *paymenttest.Setup) { s.Start = time.Date(2026, 12, 31, 23, 50, 0, 0, models.Shanghai) })
	h := w.Home(2)
	first := pays(h, 0, 0)
	w.Clock.Advance(20 * time.Minute)
	second := pays(h, 0, 1)
	if got := []string{w.Receipt(second).Number(), w.Receipt(first).Number()}; !cmp.Equal(got, []string{"2027-00000001", "2026-00000001"}) {
		t.Errorf("numbers %v", got)
	}
	w.Clean()
}

// Partial refund: the receipt is void, another stands for what is left; full refund:
// none does. Told twice, nothing more happens.
func TestRefundReplacesTheReceipt(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	no := pays(h, 10000, 0)
	first := w.Receipt(no)
	refund := func(refunded models.Fen) {
		t.Helper()
		modelstest.Write(t, w.Db, func(tx *store.Tx) error {
			return receipt.Void(tx, modelstest.Actor, first.PaymentID, "多付退回", refunded)
		})
	}
	refund(4000)
	refund(4000)
	second := w.Receipt(no)
	if second.Number() != "2026-00000002" || second.AmountFen != 18949 || second.Version != 2 || second.ReplacesID != first.ID {
		t.Fatalf("%s of %d, version %d", second.Number(), second.AmountFen, second.Version)
	}
	text := textOf(t, second)
	for _, want := range []string{"退款扣减", "-40.00", "人民币壹佰捌拾玖元肆角玖分", "已退 40.00"} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %q:\n%s", want, text)
		}
	}
	old, err := w.Pay.Receipts.PublicReceipt(paymenttest.Bg, first.ID, first.Token)
	if err != nil {
		t.Fatal(err)
	}
	if old.Status != receipts.ReceiptVoid || old.Replaced != "2026-00000002" || old.Owner != "王**" {
		t.Errorf("the first is %s, replaced by %q, of %s", old.Status, old.Replaced, old.Owner)
	}
	if text := textOf(t, old); !strings.Contains(text, "已作废") || !strings.Contains(text, "由 No. 2026-00000002 替换") {
		t.Errorf("the void document:\n%s", text)
	}
	refund(22949)
	refund(22949)
	if last := w.Receipt(no); last.Status != receipts.ReceiptVoid || last.Number() != second.Number() {
		t.Errorf("after the full refund: %s %s", last.Number(), last.Status)
	}
	cleanReceipts(w)
	if n := w.Number("SELECT COUNT(*) FROM receipts"); n != 2 {
		t.Errorf("%d receipts", n)
	}
}

// A payment from before there were receipts gets its own when it is asked for.
func TestReceiptOfAnOldPayment(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	no := pays(h, 500, 0, 1)
	fresh := w.Receipt(no)
	w.Exec("DELETE FROM receipts")
	w.Exec("DELETE FROM receipt_counters")
	w.Clock.Advance(48 * time.Hour)
	late := w.Receipt(no)
	if diff := cmp.Diff(fresh.Lines, late.Lines); diff != "" {
		t.Errorf("lines as booked (-) and as worked out later (+):\n%s", diff)
	}
	w.Clean()
}

// So does one whose refund is only under way: all of its money is still here. After the
// refund there is nothing to have a receipt for.
func TestReceiptOfAnOldPaymentThatIsRefunded(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	o := h.PaidOrder(0, 0)
	w.Exec("DELETE FROM receipts")
	w.Exec("DELETE FROM receipt_counters")
	r := w.Sent(paymenttest.WholeOrder(o))
	if d := w.Receipt(o.No); d.AmountFen != o.AmountFen || d.Status != receipts.ReceiptIssued {
		t.Errorf("under way: %s of %d", d.Status, d.AmountFen)
	}
	w.Exec("DELETE FROM receipts")
	w.Finishes(r, sandbox.RefundSuccess)
	_, err := w.Pay.Receipts.ReceiptOfOrder(paymenttest.Bg, o.No)
	paymenttest.Refused(t, err, receipt.ErrNoReceipt)
}

// An order that is not paid has no receipt, and a code that is not quite right opens
// none.
func TestNoReceipt(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	c := h.Order(0, 0)
	_, err := w.Pay.Receipts.ReceiptOfOrder(paymenttest.Bg, c.Order.No)
	paymenttest.Refused(t, err, receipt.ErrNotPaid)
	p := w.Receipt(pays(h, 0, 1))
	for _, try := range [][2]string{
		{p.ID, ""},
		{p.ID, p.Token[1:]},
		{p.ID, strings.ToLower(p.Token)},
		{models.NewID(), p.Token},
		{"收据", p.Token},
	} {
		_, err := w.Pay.Receipts.PublicReceipt(paymenttest.Bg, try[0], try[1])
		paymenttest.Refused(t, err, models.ErrNotFound)
	}
}

// cleanReceipts proves the receipts alone.
func cleanReceipts(w *paymenttest.World) {
	w.T.Helper()
	tx := w.Db.View(paymenttest.Bg)
	more, err := receipt.Audit(tx)
	if err != nil {
		w.T.Fatal(err)
	}
	found, err := proof.Check(tx)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, v := range append(more, found...) {
		w.T.Errorf("the books: %s", v)
	}
}

// Each thing that must hold of a receipt is shown to be missed.
func TestReceiptCheckFinds(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(1)
	w.Receipt(pays(h, 0, 0))
	cleanReceipts(w)
	for _, tt := range []struct{ change, back, rule string }{
		{
			"UPDATE receipts SET amount_fen = amount_fen + 1", "UPDATE receipts SET amount_fen = amount_fen - 1",
			"the lines of a receipt are its amount",
		},
		{
			"UPDATE receipts SET transaction_id = CONCAT('x', transaction_id)",
			"UPDATE receipts SET transaction_id = SUBSTR(transaction_id, 2)", "a receipt is as it was sealed",
		},
		{
			"UPDATE receipts SET party_json = REPLACE(party_json, '王小明', '李小明')",
			"UPDATE receipts SET party_json = REPLACE(party_json, '李小明', '王小明')", "a receipt is as it was sealed",
		},
		{
			`UPDATE receipts SET lines_json = REPLACE(lines_json, '"accrued_fen":1947', '"accrued_fen":1946')`,
			`UPDATE receipts SET lines_json = REPLACE(lines_json, '"accrued_fen":1946', '"accrued_fen":1947')`,
			"a receipt's late fee comes out of its computation",
		},
	} {
		w.Exec(tt.change)
		found, err := receipt.Audit(w.Db.View(paymenttest.Bg))
		if err != nil {
			t.Fatal(err)
		}
		hit := false
		for _, v := range found {
			hit = hit || v.Rule == tt.rule
		}
		if !hit {
			t.Errorf("%s: found %v", tt.change, found)
		}
		w.Exec(tt.back)
	}
	cleanReceipts(w)
}
