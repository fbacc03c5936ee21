package reconcile_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"wuyepay/models"
	"wuyepay/models/modelstest"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
	"wuyepay/payment/paymenttest"
	"wuyepay/payment/reconcile"
	"wuyepay/sandbox"
)

// Columns of the bills, as WeChat orders them.
const (
	colTime, colTradeID, colTradeNo                    = 0, 5, 6
	colTradeState, colRefundID, colRefNo               = 9, 14, 15
	colRefundStatus                                    = 19
	colFee, colRate, colTotal, colRefund               = 22, 23, 24, 25
	colFlowBusiness, colFlowType                       = 1, 4
	colFlowDirection, colFlowAmount                    = 5, 6
	colFlowVoucher                                     = 10
	fundFlow, tradeBill                  sandbox.Route = sandbox.RouteFundFlowBill, sandbox.RouteTradeBill
)

// editBill has the rows of one bill changed, and its summary made to fit.
func editBill(w *paymenttest.World, route sandbox.Route, change func(rows [][]string) [][]string) {
	w.Box.EditBills(func(r sandbox.Route, _, text string) string {
		if r != route {
			return text
		}
		lines := strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")
		var rows [][]string
		for _, line := range lines[1 : len(lines)-2] {
			rows = append(rows, strings.Split(line[1:], ",`"))
		}
		rows = change(rows)
		out := lines[:1:1]
		for _, row := range rows {
			out = append(out, "`"+strings.Join(row, ",`"))
		}
		return strings.Join(append(out, lines[len(lines)-2], summaryOf(route, rows)), "\r\n") + "\r\n"
	})
}

func summaryOf(route sandbox.Route, rows [][]string) string {
	sum := func(col int, use func(row []string) bool) decimal.Decimal {
		total := decimal.Zero
		for _, row := range rows {
			if use(row) {
				total = total.Add(decimal.RequireFromString(row[col]))
			}
		}
		return total
	}
	count := func(use func(row []string) bool) decimal.Decimal {
		n := int64(0)
		for _, row := range rows {
			if use(row) {
				n++
			}
		}
		return decimal.NewFromInt(n)
	}
	all := func([]string) bool { return true }
	var values []decimal.Decimal
	if route == fundFlow {
		in := func(row []string) bool { return row[colFlowDirection] == "收入" }
		out := func(row []string) bool { return !in(row) }
		values = []decimal.Decimal{count(all), count(in), sum(colFlowAmount, in), count(out), sum(colFlowAmount, out)}
	} else {
		values = []decimal.Decimal{
			count(all), sum(12, all), sum(16, all), sum(17, all), sum(colFee, all), sum(colTotal, all), sum(colRefund, all),
		}
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = "`" + v.String()
	}
	return strings.Join(texts, ",")
}

// sideRow finds a row by the value of one column.
func sideRow(t testing.TB, rows [][]string, col int, value string) []string {
	t.Helper()
	for _, row := range rows {
		if row[col] == value {
			return row
		}
	}
	t.Fatalf("no row with %q", value)
	return nil
}

// The fund-flow bill lacks a payment, has one too many, moves another amount, and
// holds a withdrawal, which is nobody's difference.
func TestReconcileFundFlow(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(4)
	lacks, less, fee := h.Paid(0), h.Paid(1), h.Paid(2)
	h.Paid(3)
	day := w.NextDay()
	editBill(w, fundFlow, func(rows [][]string) [][]string {
		var out [][]string
		for _, row := range rows {
			switch {
			case row[colFlowBusiness] == lacks.TransactionID:
				continue
			case row[colFlowBusiness] == less.TransactionID && row[colFlowType] == "交易":
				row[colFlowAmount] = "129.48"
			case row[colFlowBusiness] == fee.TransactionID && row[colFlowType] == "扣除交易手续费":
				continue // the fee was not taken
			}
			out = append(out, row)
		}
		strange := append([]string(nil), rows[0]...)
		strange[colFlowBusiness], strange[colFlowVoucher] = "4200STRANGE", "X1"
		strange[colFlowType], strange[colFlowDirection], strange[colFlowAmount] = "交易", "收入", "7.00"
		drawn := append([]string(nil), rows[0]...)
		drawn[colFlowBusiness], drawn[colFlowVoucher] = "100STRANGE", "X2"
		drawn[colFlowType], drawn[colFlowDirection], drawn[colFlowAmount] = "提现", "支出", "50.00"
		return append(out, strange, drawn)
	})
	r := w.Reconcile(day)
	want := map[string]reconcile.Difference{}
	for _, d := range []reconcile.Difference{
		{Kind: proof.FindingFlowMissing, OrderNo: lacks.OutTradeNo, TransactionID: lacks.TransactionID, OursFen: 12871, Resolution: "open"},
		{
			Kind: proof.FindingFlowAmount, OrderNo: less.OutTradeNo, TransactionID: less.TransactionID, OursFen: 12871, TheirsFen: 12870,
			Resolution: "open",
		},
		{
			Kind: proof.FindingFlowAmount, OrderNo: fee.OutTradeNo, TransactionID: fee.TransactionID, OursFen: 12871, TheirsFen: 12949,
			Resolution: "open",
		},
		{Kind: proof.FindingFlowExtra, OrderNo: "X1", TransactionID: "4200STRANGE", TheirsFen: 700, Resolution: "open"},
	} {
		want[d.OrderNo] = d
	}
	wantDifferences(t, r, want)
	flow := reconcile.FundFlow{
		State: proof.FlowCompared, Paid: paymenttest.Sums(4, 12948+12949+12949+700), FeeFen: 2 * 78,
		NetFen: 12948 + 12949 + 12949 + 700 - 156, OtherOutFen: 5000,
	}
	if diff := cmp.Diff(flow, r.FundFlow); diff != "" {
		t.Errorf("fund flow (-want +got):\n%s", diff)
	}
	w.Again(day, r)
	for _, f := range w.Findings(day) {
		if e := reconcile.ReadEvidence(f.Evidence); e.Flow == nil {
			t.Errorf("%s of %s has no evidence: %q", f.Kind, f.OrderNo, f.Evidence)
		}
	}
	// A bill that is right again: every difference is gone.
	w.Box.EditBills(nil)
	for _, d := range w.Reconcile(day).Differences {
		if d.Resolution != proof.ResolutionGone {
			t.Errorf("%+v", d)
		}
	}
	w.Agree()
}

func wantDifferences(t testing.TB, r reconcile.Report, want map[string]reconcile.Difference) {
	t.Helper()
	got := map[string]reconcile.Difference{}
	for _, d := range r.Differences {
		got[d.OrderNo] = d
	}
	if diff := cmp.Diff(want, got); diff != "" || len(r.Differences) != len(want) {
		t.Errorf("%d differences (-want +got):\n%s", len(r.Differences), diff)
	}
}

// There is no fund-flow bill at all, or WeChat does not let us have it: one finding
// for the day. One that is being made is waited for, and a broken one changes
// nothing.
func TestReconcileWithoutFundFlow(t *testing.T) {
	t.Parallel()
	for code, state := range map[string]string{"NO_STATEMENT_EXIST": proof.FlowNone, "NO_AUTH": proof.FlowRefused} {
		w := paymenttest.NewWorld(t)
		h := w.Home(2)
		h.Paid(0)
		h.Paid(1, paymenttest.Silent)
		day := w.NextDay()
		w.Inject(sandbox.Fault{Kind: sandbox.FaultError, Route: fundFlow, Status: 400, Code: "STATEMENT_CREATING"})
		_, err := reconcile.Run(paymenttest.Bg, w.Pay, day)
		paymenttest.Refused(t, err, payment.ErrBillCreating)
		w.Inject(sandbox.Fault{Kind: sandbox.FaultWrongHash, Route: fundFlow})
		if _, err := reconcile.Run(paymenttest.Bg, w.Pay, day); err == nil {
			t.Error("a wrong hash was taken")
		}
		if n := w.Number("SELECT COUNT(*) FROM payments") + w.Number("SELECT COUNT(*) FROM findings"); n != 1 {
			t.Errorf("%d payments and findings: something was changed", n)
		}
		w.Inject(sandbox.Fault{Kind: sandbox.FaultError, Route: fundFlow, Status: 400, Code: code})
		r := w.Reconcile(day)
		if r.FundFlow.State != state {
			t.Errorf("%s: state %q", code, r.FundFlow.State)
		}
		found := 0
		for _, d := range r.Differences {
			if d.Kind == proof.FindingFlowMissing {
				found++
				if d.OursFen != 2*12871 || d.OrderNo != "" {
					t.Errorf("%+v", d)
				}
			}
		}
		if found != 1 || len(r.Differences) != 2 {
			t.Errorf("%s: %+v", code, r.Differences)
		}
	}
}

// A fee that is not the row's rate of its amount is found; five decimals of a yuan
// are as good as whole fen.
func TestReconcileFee(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(3)
	wrong, exact := h.Paid(0), h.Paid(1)
	h.Paid(2)
	day := w.NextDay()
	editBill(w, tradeBill, func(rows [][]string) [][]string {
		sideRow(t, rows, colTradeNo, wrong.OutTradeNo)[colFee] = "0.79000"
		sideRow(t, rows, colTradeNo, exact.OutTradeNo)[colFee] = "0.77694" // 0.60 % of 129.49
		return rows
	})
	r := w.Reconcile(day)
	if r.FeeYuan != "2.34694" || r.FeeFen != 235 || r.FeeExpectedYuan != "2.33694" || r.NetFen != 38847-235 {
		t.Errorf("fee %s (%d), expected %s, net %d", r.FeeYuan, r.FeeFen, r.FeeExpectedYuan, r.NetFen)
	}
	// The account moved by 0.78: of the odd fee that is a difference of its own.
	want := map[string]reconcile.Difference{
		"fee": {
			Kind: proof.FindingFee, OrderNo: wrong.OutTradeNo, TransactionID: wrong.TransactionID, OursFen: 78, TheirsFen: 79,
			Resolution: "open",
		},
		"flow_amount": {
			Kind: proof.FindingFlowAmount, OrderNo: wrong.OutTradeNo, TransactionID: wrong.TransactionID, OursFen: 12870, TheirsFen: 12871,
			Resolution: "open",
		},
	}
	got := map[string]reconcile.Difference{}
	for _, d := range r.Differences {
		got[d.Kind] = d
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	w.Again(day, r)
}

// Every row has another rate than it says: one finding, not thousands.
func TestReconcileFeeOfAllRows(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	if err := w.Box.SeedOrders(sandbox.Seed{Date: w.Db.Today().String(), Prefix: "MANY", Count: 300, TotalFen: 10000}); err != nil {
		t.Fatal(err)
	}
	day := w.NextDay()
	editBill(w, tradeBill, func(rows [][]string) [][]string {
		for _, row := range rows {
			row[colRate] = "0.38%"
		}
		return rows
	})
	fees := 0
	for _, d := range w.Reconcile(day).Differences {
		if d.Kind == proof.FindingFee {
			fees++
			if d.OursFen != 300*38 || d.TheirsFen != 300*60 {
				t.Errorf("%+v", d)
			}
		}
	}
	if fees != 1 {
		t.Errorf("%d findings", fees)
	}
}

// A row that is dated another day than the bill, of an order that is booked under
// its own day.
func TestReconcileOtherDay(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(2)
	tr, lost := h.Paid(0), h.Paid(1, paymenttest.Silent)
	day := w.NextDay()
	editBill(w, tradeBill, func(rows [][]string) [][]string {
		for _, row := range rows {
			row[colTime] = (day - 1).String() + " 23:59:59"
		}
		return rows
	})
	r := w.Reconcile(day)
	wantDifferences(t, r, map[string]reconcile.Difference{
		tr.OutTradeNo: {
			Kind: proof.FindingDay, OrderNo: tr.OutTradeNo, TransactionID: tr.TransactionID, OursFen: 12949, TheirsFen: 12949,
			Resolution: "open",
		},
		lost.OutTradeNo: {
			Kind: proof.FindingDay, OrderNo: lost.OutTradeNo, TransactionID: lost.TransactionID, OursFen: 12949, TheirsFen: 12949,
			Resolution: "open",
		},
	})
	w.Again(day, r)
	w.WantOrder(lost.OutTradeNo, money.OrderPaid, "SUCCESS")
	w.Clean()
}

// Refunds: there and here, only there, only here, another amount, another state.
func TestReconcileRefunds(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	h := w.Home(5)
	var paid []sandbox.Transaction
	for i := range 5 {
		paid = append(paid, h.Paid(i))
	}
	today := w.Db.Today()
	book := map[string]money.RefundOfDay{}
	for i, tr := range paid[:4] {
		if _, err := w.Client("main").Refund(paymenttest.Bg, paymenttest.RefundOf(tr, 1000)); err != nil {
			t.Fatal(err)
		}
		ours := money.RefundOfDay{RefundNo: paymenttest.RefundNo(tr.OutTradeNo), OrderNo: tr.OutTradeNo, AmountFen: 1000,
			Status: "PROCESSING", On: today}
		there, _ := w.Box.Refund(ours.RefundNo)
		ours.RefundID = there.RefundID
		switch i {
		case 1:
			continue // refunded on WeChat's platform
		case 2:
			ours.AmountFen = 999
		case 3:
			if err := w.Box.FinishRefund(ours.RefundNo, sandbox.RefundSuccess); err != nil {
				t.Fatal(err)
			}
			ours.Status = "ABNORMAL"
		}
		book[ours.RefundNo] = ours
	}
	book["GHOST"] = money.RefundOfDay{RefundNo: "GHOST", OrderNo: paid[4].OutTradeNo, AmountFen: 500, Status: "SUCCESS", On: today}
	for _, r := range book {
		bookRefund(w, r)
	}
	day := w.NextDay()
	r := w.Reconcile(day)
	id := func(i int) string {
		there, _ := w.Box.Refund(paymenttest.RefundNo(paid[i].OutTradeNo))
		return there.RefundID
	}
	wantDifferences(t, r, map[string]reconcile.Difference{
		paid[1].OutTradeNo: {
			Kind: proof.FindingRefund, OrderNo: paid[1].OutTradeNo, TransactionID: id(1), TheirsFen: 1000, Resolution: "open",
		},
		paid[2].OutTradeNo: {
			Kind: proof.FindingRefundAmount, OrderNo: paid[2].OutTradeNo, TransactionID: id(2), OursFen: 999, TheirsFen: 1000,
			Resolution: "open",
		},
		paid[3].OutTradeNo: {
			Kind: proof.FindingRefundState, OrderNo: paid[3].OutTradeNo, TransactionID: id(3), OursFen: 1000, TheirsFen: 1000,
			Resolution: "open",
		},
		paid[4].OutTradeNo: {
			Kind: proof.FindingRefundOurs, OrderNo: paid[4].OutTradeNo, TransactionID: "GHOST", OursFen: 500, Resolution: "open",
		},
	})
	if r.Refunds.Sums != paymenttest.Sums(4, 4000) || r.Refunds.Ours != paymenttest.Sums(4, 1000+999+1000+500) {
		t.Errorf("refunds %+v", r.Refunds)
	}
	// 1,000 fen each, less 6 fen of fee given back.
	if r.FundFlow.Refunded != paymenttest.Sums(4, 4*994) || r.NetFen != 5*12871-4*994 || r.FundFlow.NetFen != r.NetFen {
		t.Errorf("fund flow %+v, net %d", r.FundFlow, r.NetFen)
	}
	w.Again(day, r)

	// Ours of another day than WeChat's.
	w.Exec("UPDATE refunds SET accepted_at = ? WHERE no = ?", models.At((today - 1).Start()), paymenttest.RefundNo(paid[0].OutTradeNo))
	wantFinding(w, day, proof.FindingDay, paid[0].OutTradeNo, proof.ResolutionOpen)
}

// bookRefund puts a refund into our books, as far as reconciliation looks at it.
func bookRefund(w *paymenttest.World, r money.RefundOfDay) {
	w.T.Helper()
	status := map[string]string{
		"PROCESSING": money.RefundProcessing, "SUCCESS": money.RefundSuccess, "ABNORMAL": money.RefundAbnormal,
	}[r.Status]
	modelstest.Write(w.T, w.Db, func(tx *store.Tx) error {
		o, err := money.OrderByNo(tx, r.OrderNo)
		if err != nil {
			return err
		}
		row := money.Refund{
			No: r.RefundNo, OrderNo: o.No, CommunityID: o.CommunityID, RoomID: o.RoomID, Merchant: o.Merchant, Origin: money.RefundByStaff,
			Channel: money.ChannelWechat, AmountFen: r.AmountFen, TotalFen: r.AmountFen, BillAfter: money.BillsOwed, Status: status,
			Asked: models.Actor{Kind: models.ActorStaff}, Decided: models.Actor{Kind: models.ActorSystem},
		}
		if status == money.RefundSuccess {
			row.BookedAt = tx.Now
		}
		if r.RefundID != "" {
			row.RefundID = &r.RefundID
		}
		if err := money.InsertRefund(tx, &row, nil); err != nil {
			return err
		}
		return money.NoteRefundAccepted(tx, r.RefundNo, models.At(r.On.Start()))
	})
}

// A difference that is open takes the figures of the last run; what was asked about
// one that has gone meanwhile is forgotten when it is back.
func TestOpenFindingTakesTheFiguresOfTheRun(t *testing.T) {
	t.Parallel()
	w := paymenttest.NewWorld(t)
	day, found := strange(w, 1)
	amount := "6.99"
	editBill(w, tradeBill, func(rows [][]string) [][]string {
		row := sideRow(t, rows, colTradeNo, found[0].OrderNo)
		row[12], row[colTotal] = amount, amount
		return rows
	})
	w.Reconcile(day)
	if f := finding(w, found[0].ID); f.TheirsFen != 699 || !strings.Contains(f.Evidence, "6.99") {
		t.Errorf("%+v", f)
	}
	paymenttest.Must(t, reconcile.AskFinding(paymenttest.Bg, w.Pay, first, found[0].ID, proof.AskSuspense, "", "r"))
	amount = "6.98"
	w.Reconcile(day) // what a second person is to approve does not change under their eyes
	if f := finding(w, found[0].ID); f.TheirsFen != 699 {
		t.Errorf("%+v", f)
	}
	editBill(w, tradeBill, func(rows [][]string) [][]string {
		var out [][]string
		for _, row := range rows {
			if row[colTradeNo] != found[0].OrderNo {
				out = append(out, row)
			}
		}
		return out
	})
	w.Reconcile(day)
	if f := finding(w, found[0].ID); f.Resolution != proof.ResolutionGone {
		t.Errorf("%+v", f)
	}
	paymenttest.Refused(t, reconcile.DecideFinding(paymenttest.Bg, w.Pay, second, found[0].ID, true), reconcile.ErrFindingDone)
	w.Box.EditBills(nil)
	w.Reconcile(day)
	if f := finding(w, found[0].ID); f.Resolution != proof.ResolutionOpen || f.AskedAction != "" || f.TheirsFen != 700 {
		t.Errorf("%+v", f)
	}
	w.Clean()
}
