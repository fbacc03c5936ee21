package sandbox_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

// parsedBill is what an outsider reads from the file: rows by column name.
type parsedBill struct {
	rows    []map[string]string
	summary map[string]string
}

// parseBill knows the file format and nothing of the code that wrote it.
func parseBill(t *testing.T, file []byte) parsedBill {
	t.Helper()
	text, ok := strings.CutPrefix(string(file), "\xef\xbb\xbf")
	if !ok {
		t.Fatal("no byte order mark")
	}
	text, ok = strings.CutSuffix(text, "\r\n")
	if !ok {
		t.Fatal("no CRLF at the end")
	}
	table := strings.Split(text, "\r\n")
	if strings.Contains(strings.Join(table, ""), "\n") {
		t.Fatal("a line ends without CR")
	}
	row := func(head, line string) map[string]string {
		names, values := strings.Split(head, ","), strings.Split(line, ",")
		if len(names) != len(values) {
			t.Fatalf("%d columns, %d values: %s", len(names), len(values), line)
		}
		m := map[string]string{}
		for i, v := range values {
			if m[names[i]], ok = strings.CutPrefix(v, "`"); !ok {
				t.Fatalf("value without backtick: %s", line)
			}
		}
		return m
	}
	n := len(table)
	bill := parsedBill{summary: row(table[n-2], table[n-1])}
	for _, line := range table[1 : n-2] {
		bill.rows = append(bill.rows, row(table[0], line))
	}
	return bill
}

// billDay is a day with three payments and two refunds, seen from the next.
func billDay(t *testing.T) (*sandbox.Server, *sandboxtest.Clock) {
	t.Helper()
	c := sandboxtest.NewClock("2026-10-08 10:11")
	s := sandboxtest.Start(t, sandbox.Config{Now: c.Now})
	sandboxtest.PayOrder(t, s, "PF000001", 12345)
	sandboxtest.PayOrder(t, s, "PF000002", 80)
	sandboxtest.Place(t, s, "PF000003", 5000, sandboxtest.Nowhere)
	if _, err := s.PayWith("PF000003", sandbox.PayOptions{NoNotify: true, CouponFen: 1000}); err != nil {
		t.Fatal(err)
	}
	sandboxtest.Place(t, s, "UNPAID01", 777, sandboxtest.Nowhere)
	service := refunddomestic.RefundsApiService{Client: sandboxtest.SDK(t, s)}
	c.Add(5 * time.Hour)
	for i, no := range []string{"PF000001", "PF000003"} {
		total := []int64{12345, 5000}[i]
		if _, _, err := service.Create(t.Context(), sandboxtest.RefundOf(no, fmt.Sprint("RF", i+1), 2345, total, sandboxtest.Nowhere)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.FinishRefund("RF1", sandbox.RefundSuccess); err != nil {
		t.Fatal(err)
	}
	c.Add(20 * time.Hour)
	return s, c
}

func TestTradeBillAll(t *testing.T) {
	t.Parallel()
	s, _ := billDay(t)
	for _, packed := range []string{"", "&tar_type=GZIP"} {
		a, err := sandboxtest.AskBill(t, s, "tradebill?bill_date=2026-10-08"+packed)
		if err != nil {
			t.Fatal(err)
		}
		bill := parseBill(t, sandboxtest.Download(t, s, a))
		if len(bill.rows) != 5 {
			t.Fatalf("%d rows, want 3 payments and 2 refunds", len(bill.rows))
		}
		paid, _ := s.Order("PF000001")
		refund, _ := s.Refund("RF1")
		want := map[string]string{
			"交易时间": "2026-10-08 10:11:00", "公众账号ID": s.Credentials().AppID, "商户号": sandboxtest.KeysOf(t, s, "main").MchID,
			"特约商户号": "0", "设备号": "", "微信订单号": paid.TransactionID, "商户订单号": "PF000001",
			"用户标识": s.OpenID("zhang"), "交易类型": "JSAPI", "交易状态": "SUCCESS", "付款银行": "OTHERS", "货币种类": "CNY",
			"应结订单金额": "123.45", "代金券金额": "0.00", "微信退款单号": "0", "商户退款单号": "0", "退款金额": "0.00",
			"充值券退款金额": "0.00", "退款类型": "", "退款状态": "", "商品名称": "物业费 1-101 & 车位",
			"商户数据包": `room=101\ <x>`, "手续费": "0.74000", "费率": "0.60%", "订单金额": "123.45", "申请退款金额": "0.00", "费率备注": "",
		}
		if diff := cmp.Diff(want, bill.rows[0]); diff != "" {
			t.Errorf("payment row:\n%s", diff)
		}
		want["交易时间"], want["交易状态"], want["应结订单金额"], want["订单金额"] = "2026-10-08 15:11:00", "REFUND", "0.00", "0.00"
		want["微信退款单号"], want["商户退款单号"], want["退款金额"], want["申请退款金额"] = refund.RefundID, "RF1", "23.45", "23.45"
		want["退款类型"], want["退款状态"], want["手续费"] = "ORIGINAL", "SUCCESS", "-0.14000"
		if diff := cmp.Diff(want, bill.rows[3]); diff != "" {
			t.Errorf("refund row:\n%s", diff)
		}
		// A coupon lowers what is settled, not what was ordered.
		if r := bill.rows[2]; r["应结订单金额"] != "40.00" || r["订单金额"] != "50.00" || r["手续费"] != "0.24000" {
			t.Errorf("coupon row: %v", r)
		}
		if r := bill.rows[1]; r["手续费"] != "0.00000" {
			t.Errorf("fee of 0.80 yuan is %s, want less than half a fen dropped", r["手续费"])
		}
		sum := map[string]string{
			"总交易单数": "5", "应结订单总金额": "164.25", "退款总金额": "42.21", "充值券退款总金额": "0.00",
			"手续费总金额": "0.73000", "订单总金额": "174.25", "申请退款总金额": "46.90",
		}
		if diff := cmp.Diff(sum, bill.summary); diff != "" {
			t.Errorf("summary:\n%s", diff)
		}
	}
}

func TestTradeBillOfOneKind(t *testing.T) {
	t.Parallel()
	s, _ := billDay(t)
	tests := []struct {
		kind          string
		columns, rows int
		summary       int
	}{{"ALL", 27, 5, 7}, {"SUCCESS", 20, 3, 4}, {"REFUND", 29, 2, 7}}
	for _, test := range tests {
		a, err := sandboxtest.AskBill(t, s, "tradebill?bill_date=2026-10-08&bill_type="+test.kind)
		if err != nil {
			t.Fatal(err)
		}
		bill := parseBill(t, sandboxtest.Download(t, s, a))
		if len(bill.rows) != test.rows || len(bill.rows[0]) != test.columns || len(bill.summary) != test.summary {
			t.Errorf("%s: %d rows of %d columns, %d sums; want %d of %d, %d", test.kind, len(bill.rows),
				len(bill.rows[0]), len(bill.summary), test.rows, test.columns, test.summary)
		}
	}
}

func TestFundFlowBill(t *testing.T) {
	t.Parallel()
	s, c := billDay(t)
	a, err := sandboxtest.AskBill(t, s, "fundflowbill?bill_date=2026-10-08")
	if err != nil {
		t.Fatal(err)
	}
	bill := parseBill(t, sandboxtest.Download(t, s, a))
	// Two fees: the one of 0.80 yuan is less than half a fen and is no line.
	if len(bill.rows) != 7 {
		t.Fatalf("%d rows, want 3 payments, 2 fees, 2 refunds", len(bill.rows))
	}
	want := map[string]string{"资金流水总笔数": "7", "收入笔数": "3", "收入金额": "164.25", "支出笔数": "4", "支出金额": "42.94"}
	if diff := cmp.Diff(want, bill.summary); diff != "" {
		t.Errorf("summary:\n%s", diff)
	}
	last := bill.rows[len(bill.rows)-1]
	if last["账户结余(元)"] != "121.31" || last["业务类型"] != "退款" || last["业务凭证号"] != "RF2" {
		t.Errorf("last line: %v", last)
	}
	// The next day goes on from this day's balance.
	sandboxtest.PayOrder(t, s, "PF000004", 100)
	c.Add(24 * time.Hour)
	if a, err = sandboxtest.AskBill(t, s, "fundflowbill?bill_date=2026-10-09"); err != nil {
		t.Fatal(err)
	}
	next := parseBill(t, sandboxtest.Download(t, s, a))
	if got := next.rows[0]["账户结余(元)"]; got != "122.31" {
		t.Errorf("balance after the next day's first payment: %s, want 122.31", got)
	}
}

func TestWhenABillIsThere(t *testing.T) {
	t.Parallel()
	c := sandboxtest.NewClock("2026-10-08 23:50")
	s := sandboxtest.Start(t, sandbox.Config{Now: c.Now})
	sandboxtest.PayOrder(t, s, "PF000001", 100)
	ask := func(query string) string {
		_, err := sandboxtest.AskBill(t, s, query)
		if err == nil {
			return "ok"
		}
		return sandboxtest.APICode(t, err)
	}
	check := func(name, query, want string) {
		t.Helper()
		if got := ask(query); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	day := "tradebill?bill_date=2026-10-08"
	check("same day", day, "INVALID_REQUEST")
	check("future", "tradebill?bill_date=2026-10-09", "INVALID_REQUEST")
	check("no date", "tradebill", "PARAM_ERROR")
	check("bad type", day+"&bill_type=SOME", "PARAM_ERROR")
	c.Add(10 * time.Hour) // 09:50
	check("before ten", day, "STATEMENT_CREATING")
	if err := s.SetBillState("2026-10-08", sandbox.BillReady); err != nil {
		t.Fatal(err)
	}
	check("told to be ready", day, "ok")
	if err := s.SetBillState("2026-10-08", sandbox.BillCreating); err != nil {
		t.Fatal(err)
	}
	c.Add(time.Hour)
	check("told to be late", day, "STATEMENT_CREATING")
	if err := s.SetBillState("2026-10-08", sandbox.BillAuto); err != nil {
		t.Fatal(err)
	}
	check("after ten", day, "ok")
	check("fees account", "fundflowbill?bill_date=2026-10-08&account_type=FEES", "NO_STATEMENT_EXIST")
	check("no refunds that day", day+"&bill_type=REFUND", "NO_STATEMENT_EXIST")
	check("no trade that day", "tradebill?bill_date=2026-10-07", "NO_STATEMENT_EXIST")
	check("too old", "tradebill?bill_date=2026-06-01", "INVALID_REQUEST")
}

func TestBillTokenIsTheMerchantsOwn(t *testing.T) {
	t.Parallel()
	c := sandboxtest.NewClock("2026-10-08 12:00")
	s := sandboxtest.Start(t, sandbox.Config{Now: c.Now, Merchants: []sandbox.Merchant{{Name: "main"}, {Name: "other"}}})
	sandboxtest.PayOrder(t, s, "PF000001", 100)
	c.Add(24 * time.Hour)
	a, err := sandboxtest.AskBill(t, s, "tradebill?bill_date=2026-10-08")
	if err != nil {
		t.Fatal(err)
	}
	_, err = sandboxtest.Unverified(t, s, "other").Get(t.Context(), a.URL)
	if code := sandboxtest.APICode(t, err); code != "NO_AUTH" {
		t.Errorf("another merchant: %s, want NO_AUTH", code)
	}
	_, err = sandboxtest.Unverified(t, s, "main").Get(t.Context(), strings.Replace(a.URL, "token=", "token=x", 1))
	if code := sandboxtest.APICode(t, err); code != "INVALID_REQUEST" {
		t.Errorf("bad token: %s, want INVALID_REQUEST", code)
	}
	u, err := url.Parse(a.URL)
	if err != nil {
		t.Fatal(err)
	}
	status, _, _ := sandboxtest.RawCall(t, s, "main", "GET", u.RequestURI(), "unsigned body", nil)
	if status != 401 {
		t.Errorf("wrongly signed download: %d, want 401", status)
	}
}

func TestSeededDay(t *testing.T) {
	t.Parallel()
	c := sandboxtest.NewClock("2026-10-09 12:00")
	s := sandboxtest.Start(t, sandbox.Config{Now: c.Now})
	seed := sandbox.Seed{Date: "2026-10-08", Prefix: "SEED", Count: 20_000, TotalFen: 100, StepFen: 7, Spread: 13, Description: "物业费"}
	if err := s.SeedOrders(seed); err != nil {
		t.Fatal(err)
	}
	if err := s.SeedOrders(seed); err == nil {
		t.Error("the same prefix was seeded twice")
	}
	a, err := sandboxtest.AskBill(t, s, "tradebill?bill_date=2026-10-08&tar_type=GZIP")
	if err != nil {
		t.Fatal(err)
	}
	bill := parseBill(t, sandboxtest.Download(t, s, a))
	var sum int64
	for i := range seed.Count {
		order, err := s.SeededOrder(seed, i)
		if err != nil {
			t.Fatal(err)
		}
		sum += order.TotalFen
		row := bill.rows[i]
		if row["商户订单号"] != order.OutTradeNo || row["微信订单号"] != order.TransactionID || row["订单金额"] != yuan(order.TotalFen) {
			t.Fatalf("row %d: %v, want %+v", i, row, order)
		}
	}
	if len(bill.rows) != seed.Count || bill.summary["订单总金额"] != yuan(sum) {
		t.Errorf("%d rows, sum %s; want %d, %s", len(bill.rows), bill.summary["订单总金额"], seed.Count, yuan(sum))
	}
	// A seeded order can be asked for and refunded like any other.
	service := refunddomestic.RefundsApiService{Client: sandboxtest.SDK(t, s)}
	if _, _, err := service.Create(t.Context(), sandboxtest.RefundOf("SEED00000013", "R1", 50, 100, sandboxtest.Nowhere)); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Transactions("2026-10-08")); n != seed.Count {
		t.Errorf("%d transactions after a refund, want %d", n, seed.Count)
	}
	if _, err := s.Order("SEED00020000"); err == nil {
		t.Error("an order beyond the seed's end was found")
	}
}

// yuan writes an amount of at least zero as a bill does.
func yuan(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }
