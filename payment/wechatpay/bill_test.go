package wechatpay

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const tradeHeader = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识," +
	"交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号," +
	"商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包," +
	"手续费,费率,订单金额,申请退款金额,费率备注"

const tradeRows = "`2026-10-08 10:11:12,`wx8888888888888888,`1900000001,`0,`,`4200000001202610080000000001,`PF20261008000001," +
	"`oAbc,`JSAPI,`SUCCESS,`OTHERS,`CNY,`123.45," +
	"`0.00,`0,`0,`0.00,`0.00,`,`,`物业费` 1-101\\ x," +
	"`,`0.74000,`0.60%,`123.45,`0.00,`\n" +
	"`2026-10-08 15:00:00,`wx8888888888888888,`1900000001,`0,`,`4200000001202610080000000001,`PF20261008000001," +
	"`oAbc,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00," +
	"`0.00,`50300000012026100800000001,`RF1,`23.45,`0.00,`ORIGINAL,`SUCCESS," +
	"`物业费 1-101,`,`-0.14000,`0.60%,`0.00,`23.45,`\n"

const tradeSummary = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\n`2,`123.45,`23.45,`0.00,`0.60000,`123.45,`23.45\n"

// asFile returns a text in the real form of a bill: with BOM and CRLF.
func asFile(text string) string { return "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n") }

const tradeBill = tradeHeader + "\n" + tradeRows + tradeSummary

// spoolOf puts a bill on disk as a download would.
func spoolOf(t testing.TB, text string) *spool {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "bill")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(text); err != nil {
		t.Fatal(err)
	}
	s := &spool{op: opTradeBill, file: file, Size: int64(len(text))}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestTradeRows(t *testing.T) {
	t.Parallel()
	var rows []TradeRow
	sum, err := (&BillFile{spoolOf(t, asFile(tradeBill))}).Rows(context.Background(), func(r *TradeRow) error {
		rows = append(rows, *r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	pay := TradeRow{
		Time: "2026-10-08 10:11:12", AppID: testAppID, MchID: testMchID, SubMchID: "0", TransactionID: "4200000001202610080000000001",
		OutTradeNo: "PF20261008000001", OpenID: "oAbc", TradeType: "JSAPI", State: RowSuccess, Currency: "CNY",
		RefundID: "0", OutRefundNo: "0", Rate: "0.60%", TotalFen: 12345, SettledFen: 12345, FeeMilliFen: 74000,
	}
	refund := pay
	refund.Time, refund.State, refund.RefundID, refund.OutRefundNo = "2026-10-08 15:00:00", RowRefund, "50300000012026100800000001", "RF1"
	refund.RefundType, refund.RefundStatus, refund.TotalFen, refund.SettledFen = "ORIGINAL", "SUCCESS", 0, 0
	refund.RefundFen, refund.ReturnedFen, refund.FeeMilliFen = 2345, 2345, -14000
	if diff := cmp.Diff([]TradeRow{pay, refund}, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	want := Summary{Rows: 2, Payments: 1, Refunds: 1, TotalFen: 12345, SettledFen: 12345,
		RefundFen: 2345, ReturnedFen: 2345, FeeMilliFen: 60000}
	if diff := cmp.Diff(want, sum); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	at, err := rows[0].At()
	if err != nil || !at.Equal(time.Date(2026, 10, 8, 2, 11, 12, 0, time.UTC)) {
		t.Errorf("At = %v, %v", at, err)
	}
}

func TestTradeBillVariants(t *testing.T) {
	t.Parallel()
	swap := func(pairs ...string) string { return asFile(strings.NewReplacer(pairs...).Replace(tradeBill)) }
	old := "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型," +
		"交易状态,付款银行,货币种类,总金额,企业红包金额,微信退款单号," +
		"商户退款单号,退款金额,企业红包退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率\n" +
		"`2014-11-10 16:33:45,`wx2421b1c4370ec43b,`10000100,`0,`1000,`1001690740201411100005734289," +
		"`1415640626,`085e9858e3ba5186aafcbaed1,`MICROPAY,`SUCCESS,`CFT,`CNY,`0.01," +
		"`0.0,`0,`0,`0,`0,`,`,`被扫支付测试,`订单额外描述,`0,`0.60%\n" +
		"总交易单数,总交易额,总退款金额,总企业红包退款金额,手续费总金额\n`1,`0.01,`0.0,`0.0,`0\n"
	tests := []struct {
		name, file string
		rows       int    // -1 = corrupt
		reason     string // part of the message
	}{
		{"as it should be", asFile(tradeBill), 2, ""},
		{"no BOM, LF, no last line end", strings.TrimSuffix(tradeBill, "\n"), 2, ""},
		{"format of 2014", asFile(old), 1, ""},
		{"counts and sums written loosely", swap("`2,`123.45,`23.45,`0.00,`0.60000", "`2.0,`123.450,`23.45000,`0.0,`0.6"), 2, ""},
		{"fee given back without a minus", swap("`-0.14000", "`0.14000"), 2, ""},
		{"an empty day", asFile(tradeHeader + "\n总交易单数,订单总金额\n`0,`0.00\n"), 0, ""},
		{"cut in a row", asFile(tradeHeader + "\n" + tradeRows[:400]), -1, "line 3"},
		{"cut after the rows", asFile(tradeHeader + "\n" + tradeRows), -1, "cut off"},
		{"cut after the summary header", asFile(tradeHeader + "\n" + tradeRows + strings.Split(tradeSummary, "\n")[0]), -1, "cut off"},
		{"cut in the summary", strings.TrimSuffix(asFile(tradeBill), ",`123.45,`23.45\r\n"), -1, "summary has"},
		{"a row lost", strings.Replace(asFile(tradeBill), asFile(strings.Split(tradeRows, "\n")[0] + "\n")[3:], "", 1), -1,
			"counts other rows"},
		{"a row doubled", swap(tradeRows, tradeRows+tradeRows), -1, "counts other rows"},
		{"total changed", swap("`123.45,`0.00,`\n", "`123.46,`0.00,`\n"), -1, "订单总金额"},
		{"refund changed", swap("`23.45,`\n", "`23.44,`\n"), -1, "申请退款总金额"},
		{"fee changed", swap("`0.74000", "`0.75000"), -1, "手续费总金额"},
		{"amount no number", swap("`0.74000", "`0.7x"), -1, "not a number"},
		{"half a fen", swap("`123.45,`0.00,`\n", "`123.455,`0.00,`\n"), -1, "not a number"},
		{"overflow", swap("`123.45,`0.00,`\n", "`99999999999999999999.00,`0.00,`\n"), -1, "not a number"},
		{"a column more", swap("`0.00,`\n", "`0.00,`,`\n"), -1, "columns"},
		{"no transaction column", swap("微信订单号", "订单号"), -1, "微信订单号"},
		{"no amount column", swap(",订单金额,", ",x,"), -1, "订单金额"},
		{"summary without count", swap("`2,", "`,"), -1, "counts other rows"},
		{"summary without total", swap("订单总金额,申请", "x,申请", "应结x", "应结订单总金额"), -1, "订单总金额"},
		{"something after the end", asFile(tradeBill + "`1\n"), -1, "follows"},
		{"a page", "<html></html>", -1, "missing"},
		{"nothing", "", -1, "cut off"},
		{"an endless line", asFile(tradeHeader + "\n`" + strings.Repeat("x", maxBillLine)), -1, "too long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := 0
			sum, err := (&BillFile{spoolOf(t, tt.file)}).Rows(context.Background(), func(*TradeRow) error { n++; return nil })
			if tt.rows >= 0 {
				if err != nil || n != tt.rows || sum.Rows != n {
					t.Fatalf("%d rows, %+v, %v", n, sum, err)
				}
				return
			}
			if !errors.Is(err, ErrBillCorrupt) || !strings.Contains(err.Error(), tt.reason) {
				t.Fatalf("%v, want ErrBillCorrupt about %q", err, tt.reason)
			}
			if strings.Contains(err.Error(), "oAbc") || strings.Contains(err.Error(), "PF2026") {
				t.Errorf("text shows a row: %v", err)
			}
		})
	}
}

func TestRowsStops(t *testing.T) {
	t.Parallel()
	b := &BillFile{spoolOf(t, asFile(tradeBill))}
	mine := errors.New("mine")
	if _, err := b.Rows(context.Background(), func(*TradeRow) error { return mine }); err != mine {
		t.Errorf("error of the caller came back as %v", err)
	}
	// A second reading starts anew.
	if sum, err := b.Rows(context.Background(), func(*TradeRow) error { return nil }); err != nil || sum.Rows != 2 {
		t.Errorf("second reading: %+v, %v", sum, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	long := &BillFile{spoolOf(t, syntheticBill(3000))}
	if _, err := long.Rows(ctx, func(*TradeRow) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

const flowBill = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\n" +
	"`2026-10-08 10:11:12,`4200000001202610080000000001,`4200000001202610080000000001,`交易,`交易,`收入,`123.45,`1123.45," +
	"`system,`结算总金额123.45元;含手续费0.74元,`PF20261008000001\n" +
	"`2026-10-08 10:11:12,`4200000001202610080000000001,`4200000001202610080000000001,`扣除交易手续费,`扣除交易手续费," +
	"`支出,`0.74,`1122.71,`system,`,`PF20261008000001\n" +
	"资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`2,`1,`123.45,`1,`0.74\n"

func TestFlowRows(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file string
		good bool
	}{
		"as it should be":  {asFile(flowBill), true},
		"wide parentheses": {asFile(strings.NewReplacer("(", "（", ")", "）").Replace(flowBill)), true},
		"income changed":   {asFile(strings.Replace(flowBill, "`收入,`123.45", "`收入,`123.46", 1)), false},
		"direction odd":    {asFile(strings.Replace(flowBill, "`收入", "`冻结", 1)), false},
		"column missing":   {asFile(strings.Replace(flowBill, "业务凭证号", "x", 1)), false},
		"cut":              {asFile(flowBill)[:600], false},
	} {
		var rows []FlowRow
		sum, err := (&FlowFile{spoolOf(t, tt.file)}).Rows(context.Background(), func(r *FlowRow) error {
			rows = append(rows, *r)
			return nil
		})
		if !tt.good {
			if !errors.Is(err, ErrBillCorrupt) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := FlowRow{
			Time: "2026-10-08 10:11:12", BusinessID: "4200000001202610080000000001", FlowID: "4200000001202610080000000001",
			Name: "交易", Type: "交易",
			Direction: FlowIncome, AmountFen: 12345, BalanceFen: 112345, Applicant: "system",
			Remark: "结算总金额123.45元;含手续费0.74元", VoucherNo: "PF20261008000001",
		}
		if diff := cmp.Diff(want, rows[0]); diff != "" {
			t.Errorf("%s: row (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(FlowSummary{Rows: 2, Incomes: 1, Expenses: 1, IncomeFen: 12345, ExpenseFen: 74}, sum); diff != "" {
			t.Errorf("%s: summary (-want +got):\n%s", name, diff)
		}
	}
}

// serveBill scripts both steps of a bill.
func serveBill(f *fake, path string, file []byte, sum string, header map[string]string) {
	f.on("GET "+path, reply{body: fmt.Sprintf(`{"hash_type":"SHA1","hash_value":%q,`+
		`"download_url":"https://api.mch.weixin.qq.com/v3/billdownload/file?token=a%%2Fb&tartype=gzip"}`, sum)})
	f.on("GET /v3/billdownload/file", reply{body: string(file), unsigned: true, header: header})
}

func gzipped(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.Bytes()
}

func sha(text string) string { s := sha1.Sum([]byte(text)); return hex.EncodeToString(s[:]) }

func TestDownload(t *testing.T) {
	t.Parallel()
	file := asFile(tradeBill)
	zipped := gzipped(file)
	tests := []struct {
		name   string
		file   []byte
		sum    string
		header map[string]string
		limits billLimits
		want   Kind
	}{
		{name: "gzip", file: zipped, sum: sha(file)},
		{name: "plain", file: []byte(file), sum: strings.ToUpper(sha(file))},
		{name: "gzip announced as encoding", file: zipped, sum: sha(file), header: map[string]string{"Content-Encoding": "gzip"}},
		{name: "two gzip members", file: append(gzipped(file[:500]), gzipped(file[500:])...), sum: sha(file)},
		{name: "hash of the gzip bytes", file: zipped, sum: sha(string(zipped)), want: ErrBillHash},
		{name: "one byte changed", file: bytes.Replace([]byte(file), []byte("123.45"), []byte("123.46"), 1), sum: sha(file),
			want: ErrBillHash},
		{name: "half a gzip", file: zipped[:len(zipped)/2], sum: sha(file), want: ErrBillCorrupt},
		{name: "half a plain file", file: []byte(file[:600]), sum: sha(file), want: ErrBillHash},
		{name: "rubbish after the gzip", file: append(bytes.Clone(zipped), "xx"...), sum: sha(file), want: ErrBillCorrupt},
		{name: "bomb", file: gzipped(strings.Repeat("0", 1<<20)), sum: sha(file),
			limits: billLimits{wire: 1 << 20, plain: 1 << 16}, want: ErrBillCorrupt},
		{name: "too much on the wire", file: zipped, sum: sha(file), limits: billLimits{wire: 100, plain: 1 << 16}, want: ErrBillCorrupt},
		{name: "no hash", file: zipped, sum: "", want: ErrUnknown},
		{name: "cut connection", file: zipped, sum: sha(file), header: map[string]string{"Content-Length": "100000"}, want: ErrUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			serveBill(f, "/v3/bill/tradebill", tt.file, tt.sum, tt.header)
			c := newTestClient(t, testConfig(f.URL))
			if tt.limits.wire > 0 {
				tt.limits.stall = hangs
				c.limits = tt.limits
			}
			b, err := c.TradeBill(context.Background(), "2026-10-08")
			if KindOf(err) != tt.want {
				t.Fatalf("error %v, want %q", err, tt.want)
			}
			if got := f.queries["GET /v3/bill/tradebill"]; got != "bill_date=2026-10-08&bill_type=ALL&tar_type=GZIP" {
				t.Errorf("asked with %q", got)
			}
			if err != nil {
				return
			}
			if got := f.queries["GET /v3/billdownload/file"]; got != "token=a%2Fb&tartype=gzip" {
				t.Errorf("download address changed to %q", got)
			}
			sum, err := b.Rows(context.Background(), func(*TradeRow) error { return nil })
			if err != nil || sum.Rows != 2 || b.Date != "2026-10-08" {
				t.Errorf("rows: %+v, %v", sum, err)
			}
			_ = b.Close()
			if _, err := b.Rows(context.Background(), func(*TradeRow) error { return nil }); err == nil {
				t.Error("a closed bill can still be read")
			}
		})
	}
}

func TestBillRefusalsAndFlow(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := newTestClient(t, testConfig(f.URL))
	for code, want := range map[string]Kind{
		"NO_STATEMENT_EXIST": ErrNoStatement, "STATEMENT_CREATING": ErrStatementCreating, "INVALID_REQUEST": ErrRefused,
	} {
		f.on("GET /v3/bill/tradebill", reply{status: 400, body: `{"code":"` + code + `"}`})
		if _, err := c.TradeBill(context.Background(), "2026-10-08"); !errors.Is(err, want) {
			t.Errorf("%s: %v", code, err)
		}
	}
	if _, err := c.TradeBill(context.Background(), "20261008"); !errors.Is(err, ErrRefused) {
		t.Error("a date of another shape was sent")
	}
	f.on("GET /v3/bill/tradebill", reply{body: `{"hash_type":"SHA1","hash_value":"` + sha("") + `","download_url":"/relative"}`})
	if _, err := c.TradeBill(context.Background(), "2026-10-08"); !errors.Is(err, ErrUnknown) {
		t.Errorf("relative address: %v", err)
	}
	serveBill(f, "/v3/bill/fundflowbill", gzipped(asFile(flowBill)), sha(asFile(flowBill)), nil)
	b, err := c.FundFlowBill(context.Background(), "2026-10-08")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if sum, err := b.Rows(context.Background(), func(*FlowRow) error { return nil }); err != nil || sum.Rows != 2 {
		t.Errorf("flow: %+v, %v", sum, err)
	}
	f.on("GET /v3/billdownload/file", reply{status: 400, body: `{"code":"INVALID_REQUEST"}`})
	if _, err = c.FundFlowBill(context.Background(), "2026-10-08"); !errors.Is(err, ErrRefused) {
		t.Errorf("expired address: %v", err)
	}
}

func TestSilentDownloadEnds(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	file := asFile(tradeBill)
	serveBill(f, "/v3/bill/tradebill", []byte(file), sha(file), nil)
	f.handle("GET /v3/billdownload/file", func(r *http.Request, _ []byte) reply {
		return reply{body: file, unsigned: true, delay: hangs}
	})
	c := newTestClient(t, testConfig(f.URL))
	c.limits.stall = 100 * time.Millisecond
	if _, err := c.TradeBill(context.Background(), "2026-10-08"); !errors.Is(err, ErrUnknown) {
		t.Errorf("%v, want ErrUnknown", err)
	}
}

// Not parallel: it looks at the process's temporary folder.
func TestNoBillStaysOnDisk(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	f := newFake(t)
	file := asFile(tradeBill)
	c := newTestClient(t, testConfig(f.URL))
	for _, sum := range []string{sha(file), sha("other")} {
		serveBill(f, "/v3/bill/tradebill", gzipped(file), sum, nil)
		if b, err := c.TradeBill(context.Background(), "2026-10-08"); err == nil {
			_ = b.Close()
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
