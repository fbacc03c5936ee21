package wechatpay

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wechatpay-apiv3/wechatpay-go/core"
	partner "github.com/wechatpay-apiv3/wechatpay-go/services/partnerpayments/jsapi"
	direct "github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"
)

// sdkBody is the same request in the SDK's types.
func sdkBody(cfg Config, o Order) any {
	var expire *time.Time
	if !o.ExpiresAt.IsZero() {
		expire = core.Time(formatExpiry(o.ExpiresAt))
	}
	var attach *string
	if o.Attach != "" {
		attach = core.String(o.Attach)
	}
	if cfg.SubMchID != "" {
		spAppID, payer, subAppID := cfg.AppID, partner.Payer{SpOpenid: core.String(o.OpenID)}, (*string)(nil)
		if cfg.SubAppID != "" {
			spAppID, payer, subAppID = cfg.SpAppID, partner.Payer{SubOpenid: core.String(o.OpenID)}, core.String(cfg.SubAppID)
		}
		return partner.PrepayRequest{SpAppid: core.String(spAppID), SubAppid: subAppID,
			SpMchid: core.String(cfg.MchID), SubMchid: core.String(cfg.SubMchID),
			Description: core.String(o.Description), OutTradeNo: core.String(o.OutTradeNo), TimeExpire: expire,
			Attach: attach, NotifyUrl: core.String(o.NotifyURL),
			Amount: &partner.Amount{Total: core.Int64(o.TotalFen), Currency: core.String("CNY")},
			Payer:  &payer}
	}
	return direct.PrepayRequest{Appid: core.String(cfg.AppID), Mchid: core.String(cfg.MchID),
		Description: core.String(o.Description), OutTradeNo: core.String(o.OutTradeNo), TimeExpire: expire,
		Attach: attach, NotifyUrl: core.String(o.NotifyURL),
		Amount: &direct.Amount{Total: core.Int64(o.TotalFen), Currency: core.String("CNY")},
		Payer:  &direct.Payer{Openid: core.String(o.OpenID)}}
}

var prepayOrder = Order{OutTradeNo: "01K9ABCDEFGHJKMNPQRSTVWXYZ", Description: "物业费 云杉苑 <1栋> & 1单元101",
	OpenID:    "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
	NotifyURL: "https://pay.example.com/wechat/pay/main/notify", TotalFen: 12345, ExpiresAt: time.Date(2026, 3, 16, 2, 30, 5, 0, time.UTC)}

// The body says what the SDK's own types would say.
func TestPrepayBodyIsTheSDKs(t *testing.T) {
	t.Parallel()
	plain := testConfig("https://api.mch.weixin.qq.com")
	sub := plain
	sub.SubMchID = "1900000109"
	own := sub
	own.SubAppID, own.SpAppID = own.AppID, "wxprovider000001"
	bare := prepayOrder
	bare.ExpiresAt, bare.Attach = time.Time{}, "附言"
	for _, cfg := range []Config{plain, sub, own} {
		for _, o := range []Order{prepayOrder, bare} {
			_, ours := newTestClient(t, cfg).prepayRequest(o)
			if diff := cmp.Diff(decoded(t, sdkBody(cfg, o)), decoded(t, ours)); diff != "" {
				t.Errorf("sub-merchant %q (-SDK +ours):\n%s", cfg.SubMchID, diff)
			}
		}
	}
}

func decoded(t *testing.T, body any) (out map[string]any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// BenchmarkPrepayBody compares the two.
func BenchmarkPrepayBody(b *testing.B) {
	cfg := testConfig("https://api.mch.weixin.qq.com")
	c := newTestClient(b, cfg)
	for name, body := range map[string]func() any{
		"ours": func() any { _, r := c.prepayRequest(prepayOrder); return r },
		"sdk":  func() any { return sdkBody(cfg, prepayOrder) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := json.Marshal(body()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
