package bill_test

import (
	"testing"

	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

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
