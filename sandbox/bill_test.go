package sandbox

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"
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

type billAnswer struct {
	HashType  string `json:"hash_type"`
	HashValue string `json:"hash_value"`
	URL       string `json:"download_url"`
}

func askBill(t *testing.T, s *Server, query string) (billAnswer, error) {
	t.Helper()
	result, err := sdk(t, s).Get(t.Context(), consts.WechatPayAPIServer+"/v3/bill/"+query)
	if err != nil {
		return billAnswer{}, err
	}
	var a billAnswer
	if err := core.UnMarshalResponse(result.Response, &a); err != nil {
		t.Fatal(err)
	}
	return a, nil
}

func download(t *testing.T, s *Server, a billAnswer) []byte {
	t.Helper()
	result, err := unverified(t, s, "main").Get(t.Context(), a.URL)
	if err != nil {
		t.Fatal(err)
	}
	if result.Response.Header.Get("Wechatpay-Signature") != "" {
		t.Error("a bill file is signed; it must not be")
	}
	data, err := io.ReadAll(result.Response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		zip, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if data, err = io.ReadAll(zip); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha1.Sum(data)
	if a.HashType != "SHA1" || a.HashValue != hex.EncodeToString(sum[:]) {
		t.Errorf("hash %s %s is not the plain file's %x", a.HashType, a.HashValue, sum)
	}
	return data
}

// billDay is a day with three payments and two refunds, seen from the next.
func billDay(t *testing.T) (*Server, *clock) {
	t.Helper()
	c := newClock("2026-10-08 10:11")
	s := start(t, Config{Now: c.now})
	payOrder(t, s, "PF000001", 12345)
	payOrder(t, s, "PF000002", 80)
	place(t, s, "PF000003", 5000, nowhere)
	if _, err := s.PayWith("PF000003", PayOptions{NoNotify: true, CouponFen: 1000}); err != nil {
		t.Fatal(err)
	}
	place(t, s, "UNPAID01", 777, nowhere)
	service := refunddomestic.RefundsApiService{Client: sdk(t, s)}
	c.add(5 * time.Hour)
	for i, no := range []string{"PF000001", "PF000003"} {
		total := []int64{12345, 5000}[i]
		if _, _, err := service.Create(t.Context(), refundOf(no, fmt.Sprint("RF", i+1), 2345, total, nowhere)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.FinishRefund("RF1", RefundSuccess); err != nil {
		t.Fatal(err)
	}
	c.add(20 * time.Hour)
	return s, c
}

func TestTradeBillAll(t *testing.T) {
	t.Parallel()
	s, _ := billDay(t)
	for _, packed := range []string{"", "&tar_type=GZIP"} {
		a, err := askBill(t, s, "tradebill?bill_date=2026-10-08"+packed)
		if err != nil {
			t.Fatal(err)
		}
		bill := parseBill(t, download(t, s, a))
		if len(bill.rows) != 5 {
			t.Fatalf("%d rows, want 3 payments and 2 refunds", len(bill.rows))
		}
		paid, _ := s.Order("PF000001")
		refund, _ := s.Refund("RF1")
		want := map[string]string{
			"交易时间": "2026-10-08 10:11:00", "公众账号ID": s.Credentials().AppID, "商户号": keysOf(t, s, "main").MchID,
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
		a, err := askBill(t, s, "tradebill?bill_date=2026-10-08&bill_type="+test.kind)
		if err != nil {
			t.Fatal(err)
		}
		bill := parseBill(t, download(t, s, a))
		if len(bill.rows) != test.rows || len(bill.rows[0]) != test.columns || len(bill.summary) != test.summary {
			t.Errorf("%s: %d rows of %d columns, %d sums; want %d of %d, %d", test.kind, len(bill.rows),
				len(bill.rows[0]), len(bill.summary), test.rows, test.columns, test.summary)
		}
	}
}

func TestFundFlowBill(t *testing.T) {
	t.Parallel()
	s, c := billDay(t)
	a, err := askBill(t, s, "fundflowbill?bill_date=2026-10-08")
	if err != nil {
		t.Fatal(err)
	}
	bill := parseBill(t, download(t, s, a))
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
	payOrder(t, s, "PF000004", 100)
	c.add(24 * time.Hour)
	if a, err = askBill(t, s, "fundflowbill?bill_date=2026-10-09"); err != nil {
		t.Fatal(err)
	}
	next := parseBill(t, download(t, s, a))
	if got := next.rows[0]["账户结余(元)"]; got != "122.31" {
		t.Errorf("balance after the next day's first payment: %s, want 122.31", got)
	}
}

func TestWhenABillIsThere(t *testing.T) {
	t.Parallel()
	c := newClock("2026-10-08 23:50")
	s := start(t, Config{Now: c.now})
	payOrder(t, s, "PF000001", 100)
	ask := func(query string) string {
		_, err := askBill(t, s, query)
		if err == nil {
			return "ok"
		}
		return apiCode(t, err)
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
	c.add(10 * time.Hour) // 09:50
	check("before ten", day, "STATEMENT_CREATING")
	if err := s.SetBillState("2026-10-08", BillReady); err != nil {
		t.Fatal(err)
	}
	check("told to be ready", day, "ok")
	if err := s.SetBillState("2026-10-08", BillCreating); err != nil {
		t.Fatal(err)
	}
	c.add(time.Hour)
	check("told to be late", day, "STATEMENT_CREATING")
	if err := s.SetBillState("2026-10-08", BillAuto); err != nil {
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
	c := newClock("2026-10-08 12:00")
	s := start(t, Config{Now: c.now, Merchants: []Merchant{{Name: "main"}, {Name: "other"}}})
	payOrder(t, s, "PF000001", 100)
	c.add(24 * time.Hour)
	a, err := askBill(t, s, "tradebill?bill_date=2026-10-08")
	if err != nil {
		t.Fatal(err)
	}
	_, err = unverified(t, s, "other").Get(t.Context(), a.URL)
	if code := apiCode(t, err); code != "NO_AUTH" {
		t.Errorf("another merchant: %s, want NO_AUTH", code)
	}
	_, err = unverified(t, s, "main").Get(t.Context(), strings.Replace(a.URL, "token=", "token=x", 1))
	if code := apiCode(t, err); code != "INVALID_REQUEST" {
		t.Errorf("bad token: %s, want INVALID_REQUEST", code)
	}
	u, err := url.Parse(a.URL)
	if err != nil {
		t.Fatal(err)
	}
	status, _, _ := rawCall(t, s, "main", "GET", u.RequestURI(), "unsigned body", nil)
	if status != 401 {
		t.Errorf("wrongly signed download: %d, want 401", status)
	}
	token := u.Query().Get("token")
	s.bills.mu.Lock()
	old := s.bills.tokens[token]
	old.until = time.Now().Add(-time.Second)
	s.bills.tokens[token] = old
	s.bills.mu.Unlock()
	_, err = unverified(t, s, "main").Get(t.Context(), a.URL)
	if code := apiCode(t, err); code != "INVALID_REQUEST" {
		t.Errorf("expired token: %s, want INVALID_REQUEST", code)
	}
}

func TestSeededDay(t *testing.T) {
	t.Parallel()
	c := newClock("2026-10-09 12:00")
	s := start(t, Config{Now: c.now})
	seed := Seed{Date: "2026-10-08", Prefix: "SEED", Count: 20_000, TotalFen: 100, StepFen: 7, Spread: 13, Description: "物业费"}
	if err := s.SeedOrders(seed); err != nil {
		t.Fatal(err)
	}
	if err := s.SeedOrders(seed); err == nil {
		t.Error("the same prefix was seeded twice")
	}
	a, err := askBill(t, s, "tradebill?bill_date=2026-10-08&tar_type=GZIP")
	if err != nil {
		t.Fatal(err)
	}
	bill := parseBill(t, download(t, s, a))
	var sum int64
	for i := range seed.Count {
		order, err := s.SeededOrder(seed, i)
		if err != nil {
			t.Fatal(err)
		}
		sum += order.TotalFen
		row := bill.rows[i]
		if row["商户订单号"] != order.OutTradeNo || row["微信订单号"] != order.TransactionID || row["订单金额"] != yuanText(order.TotalFen) {
			t.Fatalf("row %d: %v, want %+v", i, row, order)
		}
	}
	if len(bill.rows) != seed.Count || bill.summary["订单总金额"] != yuanText(sum) {
		t.Errorf("%d rows, sum %s; want %d, %s", len(bill.rows), bill.summary["订单总金额"], seed.Count, yuanText(sum))
	}
	// A seeded order can be asked for and refunded like any other.
	service := refunddomestic.RefundsApiService{Client: sdk(t, s)}
	if _, _, err := service.Create(t.Context(), refundOf("SEED00000013", "R1", 50, 100, nowhere)); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Transactions("2026-10-08")); n != seed.Count {
		t.Errorf("%d transactions after a refund, want %d", n, seed.Count)
	}
	if _, err := s.Order("SEED00020000"); err == nil {
		t.Error("an order beyond the seed's end was found")
	}
}

func BenchmarkMillionRowBill(b *testing.B) {
	c := newClock("2026-10-09 12:00")
	s := start(b, Config{Now: c.now})
	if err := s.SeedOrders(Seed{Date: "2026-10-08", Prefix: "SEED", Count: 1_000_000, TotalFen: 100, StepFen: 1, Spread: 999}); err != nil {
		b.Fatal(err)
	}
	file := s.tradeBill(s.merchants[0], "ALL", s.snapshot(s.merchants[0], "2026-10-08"))
	b.ResetTimer()
	for b.Loop() {
		if err := file(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func TestYuanText(t *testing.T) {
	t.Parallel()
	for fen, want := range map[int64]string{0: "0.00", 5: "0.05", -14: "-0.14", 12345: "123.45", -100: "-1.00"} {
		if got := yuanText(fen); got != want {
			t.Errorf("%d fen = %s, want %s", fen, got, want)
		}
	}
}
