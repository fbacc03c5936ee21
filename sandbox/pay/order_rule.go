package pay

import "wuyepay/sandbox/pay/apiv3"

// currencyRule is the rule of a currency.
var currencyRule = apiv3.Rule{Kind: apiv3.Text, OneOf: []string{"CNY"}}

// commonOrderRules returns the fields of a JSAPI order that the direct and the partner
// call share (pay.weixin.qq.com/doc/v3/merchant/4012791897).
func commonOrderRules() map[string]apiv3.Rule {
	return map[string]apiv3.Rule{
		"description":    apiv3.Required(apiv3.TextOf(127)),
		"out_trade_no":   apiv3.Required(apiv3.Matching(outTradeNoForm)),
		"time_expire":    {Kind: apiv3.Text, Max: 64, Check: validRFC3339},
		"attach":         apiv3.TextOf(128),
		"notify_url":     apiv3.Required(apiv3.Rule{Kind: apiv3.Text, Max: 255, Check: validNotifyURL}),
		"goods_tag":      apiv3.TextOf(32),
		"support_fapiao": {Kind: apiv3.Boolean},
		"limit_pay": apiv3.ListOf(4, apiv3.Rule{Kind: apiv3.Text,
			OneOf: []string{"no_balance", "no_credit", "no_debit", "balance_only"}}),
		"amount": apiv3.Required(apiv3.Object(map[string]apiv3.Rule{
			"total": apiv3.Required(apiv3.AtLeast(1)), "currency": currencyRule,
		})),
		"detail": apiv3.Object(map[string]apiv3.Rule{
			"cost_price": {Kind: apiv3.Integer}, "invoice_id": apiv3.TextOf(32),
			"goods_detail": apiv3.ListOf(0, apiv3.Object(map[string]apiv3.Rule{
				"merchant_goods_id": apiv3.Required(apiv3.TextOf(32)), "wechatpay_goods_id": apiv3.TextOf(32),
				"goods_name": apiv3.TextOf(256), "quantity": apiv3.Required(apiv3.AtLeast(1)),
				"unit_price": apiv3.Required(apiv3.AtLeast(0)),
			})),
		}),
		"scene_info": apiv3.Object(map[string]apiv3.Rule{
			"payer_client_ip": apiv3.Required(apiv3.TextOf(45)), "device_id": apiv3.TextOf(32),
			"store_info": apiv3.Object(map[string]apiv3.Rule{
				"id": apiv3.Required(apiv3.TextOf(32)), "name": apiv3.TextOf(256),
				"area_code": apiv3.TextOf(32), "address": apiv3.TextOf(512),
			}),
		}),
		"settle_info": apiv3.Object(map[string]apiv3.Rule{"profit_sharing": {Kind: apiv3.Boolean}}),
	}
}

// identityRule is the rule of a payer's real name.
var identityRule = apiv3.Object(map[string]apiv3.Rule{
	"type": apiv3.TextOf(32), "number": apiv3.TextOf(1024), "name": apiv3.TextOf(1024),
})

// directOrderRule is the body of the order call of a direct merchant.
var directOrderRule = func() apiv3.Rule {
	fields := commonOrderRules()
	fields["appid"] = apiv3.Required(apiv3.TextOf(32))
	fields["mchid"] = apiv3.Required(apiv3.TextOf(32))
	fields["payer"] = apiv3.Required(apiv3.Object(map[string]apiv3.Rule{
		"openid": apiv3.Required(apiv3.TextOf(128)), "identity": identityRule,
	}))
	return apiv3.Object(fields)
}()

// partnerOrderRule is the body of the order call of a provider.
var partnerOrderRule = func() apiv3.Rule {
	fields := commonOrderRules()
	fields["sp_appid"] = apiv3.Required(apiv3.TextOf(32))
	fields["sp_mchid"] = apiv3.Required(apiv3.TextOf(32))
	fields["sub_mchid"] = apiv3.Required(apiv3.TextOf(32))
	fields["sub_appid"] = apiv3.TextOf(32)
	fields["payer"] = apiv3.Required(apiv3.Object(map[string]apiv3.Rule{
		"sp_openid": apiv3.TextOf(128), "sub_openid": apiv3.TextOf(128), "identity": identityRule,
	}))
	return apiv3.Object(fields)
}()

// The bodies of the two close calls.
var (
	directCloseRule  = apiv3.Object(map[string]apiv3.Rule{"mchid": apiv3.Required(apiv3.TextOf(32))})
	partnerCloseRule = apiv3.Object(map[string]apiv3.Rule{
		"sp_mchid": apiv3.Required(apiv3.TextOf(32)), "sub_mchid": apiv3.Required(apiv3.TextOf(32)),
	})
)
