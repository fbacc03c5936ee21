package sandboxtest

import (
	"testing"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"
	"github.com/wechatpay-apiv3/wechatpay-go/services/refunddomestic"

	"wuyepay/sandbox"
)

// OrderOf returns an ordinary order of the mini-program.
func OrderOf(t testing.TB, s *sandbox.Server, no string, fen int64, notifyURL string) jsapi.PrepayRequest {
	t.Helper()
	return jsapi.PrepayRequest{
		Appid: core.String(s.Credentials().AppID), Mchid: core.String(KeysOf(t, s, "main").MchID),
		Description: core.String("物业费 1-101 & 车位"), OutTradeNo: core.String(no),
		NotifyUrl: core.String(notifyURL), Attach: core.String("room=101,<x>"),
		Amount: &jsapi.Amount{Total: core.Int64(fen)},
		Payer:  &jsapi.Payer{Openid: core.String(s.OpenID("zhang"))},
	}
}

// Nowhere is an address where nothing listens.
const Nowhere = "http://127.0.0.1:9/notify"

// Place places an order and returns its prepay_id.
func Place(t testing.TB, s *sandbox.Server, no string, fen int64, notifyURL string) string {
	t.Helper()
	service := jsapi.JsapiApiService{Client: SDK(t, s)}
	reply, _, err := service.Prepay(t.Context(), OrderOf(t, s, no, fen, notifyURL))
	if err != nil {
		t.Fatalf("prepay %s: %v", no, err)
	}
	return *reply.PrepayId
}

// Pay places and pays an order of one yuan.
func Pay(t testing.TB, s *sandbox.Server, no string, notifyURL string) sandbox.Transaction {
	t.Helper()
	Place(t, s, no, 100, notifyURL)
	paid, err := s.Pay(no)
	if err != nil {
		t.Fatal(err)
	}
	return paid
}

// RefundOf returns a refund request.
func RefundOf(no, refundNo string, refund, total int64, notifyURL string) refunddomestic.CreateRequest {
	return refunddomestic.CreateRequest{
		OutTradeNo: core.String(no), OutRefundNo: core.String(refundNo), Reason: core.String("多交"),
		NotifyUrl: core.String(notifyURL),
		Amount: &refunddomestic.AmountReq{
			Refund: core.Int64(refund), Total: core.Int64(total), Currency: core.String("CNY"),
		},
	}
}

// PayOrder places and pays an order whose notification never comes.
func PayOrder(t *testing.T, s *sandbox.Server, no string, fen int64) sandbox.Transaction {
	t.Helper()
	Place(t, s, no, fen, Nowhere)
	paid, err := s.PayWith(no, sandbox.PayOptions{NoNotify: true})
	if err != nil {
		t.Fatal(err)
	}
	return paid
}
