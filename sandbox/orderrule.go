package sandbox

var currencyRule = rule{kind: text, oneOf: []string{"CNY"}}

// commonOrderRules are the fields of a JSAPI order that both the direct and
// the partner call know (pay.weixin.qq.com/doc/v3/merchant/4012791897).
func commonOrderRules() map[string]rule {
	return map[string]rule{
		"description":    required(textOf(127)),
		"out_trade_no":   required(matching(outTradeNoForm)),
		"time_expire":    {kind: text, max: 64, check: validRFC3339},
		"attach":         textOf(128),
		"notify_url":     required(rule{kind: text, max: 255, check: validNotifyURL}),
		"goods_tag":      textOf(32),
		"support_fapiao": {kind: boolean},
		"limit_pay": listOf(4, rule{kind: text,
			oneOf: []string{"no_balance", "no_credit", "no_debit", "balance_only"}}),
		"amount": required(object(map[string]rule{
			"total": required(atLeast(1)), "currency": currencyRule,
		})),
		"detail": object(map[string]rule{
			"cost_price": {kind: integer}, "invoice_id": textOf(32),
			"goods_detail": listOf(0, object(map[string]rule{
				"merchant_goods_id": required(textOf(32)), "wechatpay_goods_id": textOf(32),
				"goods_name": textOf(256), "quantity": required(atLeast(1)),
				"unit_price": required(atLeast(0)),
			})),
		}),
		"scene_info": object(map[string]rule{
			"payer_client_ip": required(textOf(45)), "device_id": textOf(32),
			"store_info": object(map[string]rule{
				"id": required(textOf(32)), "name": textOf(256),
				"area_code": textOf(32), "address": textOf(512),
			}),
		}),
		"settle_info": object(map[string]rule{"profit_sharing": {kind: boolean}}),
	}
}

var identityRule = object(map[string]rule{
	"type": textOf(32), "number": textOf(1024), "name": textOf(1024),
})

var directOrderRule = func() rule {
	fields := commonOrderRules()
	fields["appid"] = required(textOf(32))
	fields["mchid"] = required(textOf(32))
	fields["payer"] = required(object(map[string]rule{
		"openid": required(textOf(128)), "identity": identityRule,
	}))
	return object(fields)
}()

var partnerOrderRule = func() rule {
	fields := commonOrderRules()
	fields["sp_appid"] = required(textOf(32))
	fields["sp_mchid"] = required(textOf(32))
	fields["sub_mchid"] = required(textOf(32))
	fields["sub_appid"] = textOf(32)
	fields["payer"] = required(object(map[string]rule{
		"sp_openid": textOf(128), "sub_openid": textOf(128), "identity": identityRule,
	}))
	return object(fields)
}()

var (
	directCloseRule  = object(map[string]rule{"mchid": required(textOf(32))})
	partnerCloseRule = object(map[string]rule{
		"sp_mchid": required(textOf(32)), "sub_mchid": required(textOf(32)),
	})
)
