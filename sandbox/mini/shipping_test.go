package mini_test

import (
	"testing"
	"time"

	wxorder "github.com/silenceper/wechat/v2/miniprogram/order"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

func TestSDKShipping(t *testing.T) {
	s := sandboxtest.Start(t, sandbox.Config{})
	mp, _ := sandboxtest.MiniProgram(t, s, true)
	paid := sandboxtest.PayOrder(t, s, "PF000001", 100)
	at := time.Now().In(sandboxtest.Shanghai).Truncate(time.Millisecond)
	request := wxorder.UploadShippingInfoRequest{
		OrderKey:      &wxorder.ShippingOrderKey{OrderNumberType: wxorder.NumberTypeOutTradeNo, Mchid: paid.MchID, OutTradeNo: "PF000001"},
		LogisticsType: wxorder.LogisticsTypeVirtual, DeliveryMode: wxorder.DeliveryModeUnifiedDelivery,
		ShippingList: []*wxorder.ShippingInfo{{ItemDesc: "物业费"}}, UploadTime: &at,
		Payer: &wxorder.ShippingPayer{Openid: paid.OpenID},
	}
	if err := mp.GetShipping().UploadShippingInfo(&request); err != nil {
		t.Fatal(err)
	}
	request.Payer.Openid = "oSomebodyElse"
	if err := mp.GetShipping().UploadShippingInfo(&request); sandboxtest.ErrCode(err) != 10060031 {
		t.Errorf("other payer: %v, want 10060031", err)
	}
	request.OrderKey.OutTradeNo = "NOBODY01"
	if err := mp.GetShipping().UploadShippingInfo(&request); sandboxtest.ErrCode(err) != 10060001 {
		t.Errorf("no such order: %v, want 10060001", err)
	}
}
