package bill_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

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
		request := sandboxtest.RefundOf(no, fmt.Sprint("RF", i+1), 2345, total, sandboxtest.Nowhere)
		if _, _, err := service.Create(t.Context(), request); err != nil {
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
