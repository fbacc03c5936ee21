package reconcile_test

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/payment/paymenttest"
	"wuyepay/sandbox"
)

// billRow is a row of a bill of the test's own making.
type billRow struct {
	no, transaction, state string
	fen                    int64
	at                     time.Time
}

// bill has WeChat give this bill from now on: rows that the sandbox would never
// write, but with a signature, a hash and a summary that are right.
func bill(w *paymenttest.World, rows ...billRow) {
	w.T.Helper()
	creds := w.Box.Credentials()
	m, _ := creds.Merchant("main")
	var b strings.Builder
	b.WriteString("\ufeff交易时间,公众账号ID,商户号,特约商户号,微信订单号,商户订单号,用户标识,交易类型,交易状态,货币种类,应结订单金额,手续费,订单金额\r\n")
	yuan := func(fen int64) string { return models.Fen(fen).String() }
	total := int64(0)
	for _, r := range rows {
		total += r.fen
		fmt.Fprintf(&b, "`%s,`%s,`%s,`0,`%s,`%s,`,`JSAPI,`%s,`CNY,`%s,`0.00000,`%s\r\n", r.at.In(models.Shanghai).Format(time.DateTime),
			creds.AppID, m.MchID, r.transaction, r.no, r.state, yuan(r.fen), yuan(r.fen))
	}
	fmt.Fprintf(&b, "总交易单数,应结订单总金额,手续费总金额,订单总金额\r\n`%d,`%s,`0.00000,`%s\r\n", len(rows), yuan(total), yuan(total))
	var f strings.Builder // and the fund-flow bill that fits it
	f.WriteString("\ufeff记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n")
	for _, r := range rows {
		fmt.Fprintf(&f, "`%s,`%s,`%s,`交易,`交易,`收入,`%s,`0.00,`x,`,`%s\r\n", r.at.In(models.Shanghai).Format(time.DateTime), r.transaction,
			r.transaction, yuan(r.fen), r.no)
	}
	fmt.Fprintf(&f, "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n`%d,`%d,`%s,`0,`0.00\r\n", len(rows), len(rows), yuan(total))
	p := w.Platform("main")
	forge := func(mark, text string) func(http.Header, []byte) []byte {
		sum := sha1.Sum([]byte(text))
		return func(h http.Header, answer []byte) []byte {
			var reply map[string]string
			if err := json.Unmarshal(answer, &reply); err != nil {
				w.T.Error(err)
			}
			reply["hash_value"] = hex.EncodeToString(sum[:])
			reply["download_url"] += mark
			body, _ := json.Marshal(reply)
			p.Sign(h, body)
			return body
		}
	}
	w.Gate.Mu.Lock()
	defer w.Gate.Mu.Unlock()
	w.Gate.Forge[paymenttest.CallBill], w.Gate.Forge[paymenttest.CallFlow] = forge("", b.String()), forge(paymenttest.FlowMark, f.String())
	w.Gate.Forge[paymenttest.CallDownload] = func(http.Header, []byte) []byte { return []byte(b.String()) }
	w.Gate.Forge[paymenttest.CallFlowDownload] = func(http.Header, []byte) []byte { return []byte(f.String()) }
}

func rowOf(tr sandbox.Transaction) billRow {
	return billRow{tr.OutTradeNo, tr.TransactionID, "SUCCESS", tr.TotalFen, tr.PaidAt}
}

// Rows that no bill should have: each is found, money is booked once, and a second
// run says the same.
func TestStrangeBills(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		rows    func(known, lost, open billRow) []billRow
		booked  int
		differs []string // kind, which order, resolution
	}{
		{"a known row twice", func(known, lost, _ billRow) []billRow { return []billRow{known, lost, known} }, 2,
			[]string{"duplicate known open", "paid_there_not_here lost settled"}},
		{"an unknown row twice", func(known, lost, _ billRow) []billRow { return []billRow{lost, lost, known} }, 2,
			[]string{"duplicate lost open", "paid_there_not_here lost settled"}},
		{"thrice", func(known, lost, _ billRow) []billRow { return []billRow{known, known, known, lost} }, 2,
			[]string{"duplicate known open", "paid_there_not_here lost settled"}},
		{"twice with another transaction", func(known, lost, _ billRow) []billRow {
			other := known
			other.transaction = "T2"
			return []billRow{other, known, lost}
		}, 2, []string{"paid_there_not_here lost settled", "state known open"}},
		{"another amount first, the right one after it", func(known, lost, _ billRow) []billRow {
			other := known
			other.fen++
			return []billRow{other, known, lost}
		}, 2, []string{"amount known open", "paid_there_not_here lost settled"}},
		{"another amount for an open order", func(known, lost, open billRow) []billRow {
			open.fen--
			return []billRow{known, lost, open}
		}, 2, []string{"amount open open", "paid_there_not_here lost settled"}},
		{"revoked", func(known, lost, _ billRow) []billRow {
			lost.state = "REVOKED"
			return []billRow{known, lost}
		}, 1, []string{"state lost open"}},
		{"a known one revoked", func(known, lost, _ billRow) []billRow {
			known.state = "REVOKED"
			return []billRow{known, lost}
		}, 2, []string{"paid_there_not_here lost settled", "state known open"}},
		{"one of another day", func(known, lost, _ billRow) []billRow {
			known.at = known.at.Add(-24 * time.Hour)
			return []billRow{known, lost}
		}, 2, []string{"other_day known open", "paid_there_not_here lost settled"}},
		{"a transaction that is booked for another order", func(known, lost, open billRow) []billRow {
			open.transaction = known.transaction
			return []billRow{known, lost, open}
		}, 2, []string{"paid_there_not_here lost settled", "state open open"}},
		{"nothing but the heads", func(_, _, _ billRow) []billRow { return nil }, 1, []string{"paid_here_not_there known open"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := paymenttest.NewWorld(t)
			h := w.Home(3)
			known, lost, open := h.Paid(0), h.Paid(1, paymenttest.Silent), h.Order(0, 2)
			names := map[string]string{known.OutTradeNo: "known", lost.OutTradeNo: "lost", open.Order.No: "open"}
			day := w.NextDay()
			rows := tt.rows(rowOf(known), rowOf(lost), billRow{open.Order.No, "T9", "SUCCESS", int64(open.Order.AmountFen), known.PaidAt})
			bill(w, rows...)
			r := w.Reconcile(day)
			var got []string
			for _, d := range r.Differences {
				got = append(got, d.Kind+" "+names[d.OrderNo]+" "+d.Resolution)
			}
			if diff := cmp.Diff(sorted(tt.differs), sorted(got)); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
			if r.Theirs.Count != len(rows) || r.Ours.Count != tt.booked {
				t.Errorf("ours %+v, theirs %+v", r.Ours, r.Theirs)
			}
			w.Again(day, r)
			w.Clean()
		})
	}
}

func sorted(list []string) []string {
	out := append([]string{}, list...)
	for i := range out {
		for j := i; j > 0 && out[j] < out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// A hundred thousand payments of a day: all but a few agree, and memory stays
// bounded.
func TestReconcileLargeDay(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	count := 100_000
	if modelstest.RaceEnabled {
		count = 10_000
	}
	w := paymenttest.NewWorld(t)
	h := w.Home(0)
	day := w.Db.Today()
	seed := sandbox.Seed{Date: day.String(), Prefix: "SEED", Count: count, TotalFen: 100, StepFen: 1, Spread: 999}
	if err := w.Box.SeedOrders(seed); err != nil {
		t.Fatal(err)
	}
	missing, strange := map[int]bool{7: true, count / 2: true}, map[int]bool{count - 1: true}
	bookSeeds(w, h, seed, missing, strange)
	day = w.NextDay()
	runtime.GC()
	var before, peak runtime.MemStats
	runtime.ReadMemStats(&before)
	watched := make(chan struct{})
	stop := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				var m runtime.MemStats
				if runtime.ReadMemStats(&m); m.HeapInuse > peak.HeapInuse {
					peak = m
				}
			}
		}
	}()
	start := time.Now()
	r := w.Reconcile(day)
	took := time.Since(start)
	close(stop)
	<-watched
	if r.Theirs.Count != count || r.Ours.Count != count-2 || len(r.Differences) != 3 {
		t.Errorf("ours %+v, theirs %+v, %d differences", r.Ours, r.Theirs, len(r.Differences))
	}
	kinds := map[string]int{}
	for _, d := range r.Differences {
		kinds[d.Kind]++
	}
	if diff := cmp.Diff(map[string]int{proof.FindingUnknown: 2, proof.FindingAmount: 1}, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	grown := int64(peak.HeapInuse) - int64(before.HeapInuse)
	t.Logf("%d rows in %s, at most %d MB more heap, the sandbox's side among it", count, took.Round(time.Millisecond), grown>>20)
	if grown > 100<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
	w.Again(day, r)
}

// bookSeeds puts our side of a seeded day into the books: without the missing
// ones, and with a fen too much where it is strange.
func bookSeeds(w *paymenttest.World, h *paymenttest.Home, seed sandbox.Seed, missing, strange map[int]bool) {
	w.T.Helper()
	tx, err := w.Raw.Begin()
	if err != nil {
		w.T.Fatal(err)
	}
	const columns = 14
	var args []any
	flush := func() {
		if len(args) == 0 {
			return
		}
		rows := strings.TrimSuffix(strings.Repeat("("+strings.TrimSuffix(strings.Repeat("?,", columns), ",")+"),", len(args)/columns), ",")
		if _, err := tx.Exec(
			"INSERT INTO payments (id, channel, order_no, transaction_id, merchant, community_id, room_id, user_id, amount_fen, "+
				"surplus_fen, source, paid_at, paid_on, booked_at) VALUES "+rows, args...); err != nil {
			w.T.Fatal(err)
		}
		args = args[:0]
	}
	for i := range seed.Count {
		if missing[i] {
			continue
		}
		tr, err := w.Box.SeededOrder(seed, i)
		if err != nil {
			w.T.Fatal(err)
		}
		if strange[i] {
			tr.TotalFen++
		}
		args = append(args, models.NewID(), money.ChannelWechat, tr.OutTradeNo, tr.TransactionID, "main", h.Room.CommunityID, h.Room.ID,
			h.User.ID, tr.TotalFen, 0, money.LearnedByCallback, tr.PaidAt.UnixMilli(), seed.Date, tr.PaidAt.UnixMilli())
		if len(args) == 400*columns {
			flush()
		}
	}
	flush()
	if err := tx.Commit(); err != nil {
		w.T.Fatal(err)
	}
}
