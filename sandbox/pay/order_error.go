package pay

import "wuyepay/sandbox/pay/apiv3"

// orderNotExist refuses an order of another merchant and one that does not exist alike.
func orderNotExist() *apiv3.Error {
	return &apiv3.Error{Status: 404, Code: "ORDER_NOT_EXIST", Numeric: 268512771, Message: "订单不存在"}
}

// merchantMismatch refuses a merchant other than the one who signed.
func merchantMismatch(field string) *apiv3.Error {
	e := apiv3.ParamError(field, nil, "与签名的商户号不一致")
	e.Numeric = 268447843
	return e
}

// appNotBound refuses an app that is not bound to the merchant.
func appNotBound() *apiv3.Error {
	return &apiv3.Error{Status: 400, Code: "APPID_MCHID_NOT_MATCH", Numeric: 268445527, Message: "appid和mchid不匹配，请检查后再试"}
}

// openIDMismatch refuses a payer whom the app does not know.
func openIDMismatch() *apiv3.Error {
	return &apiv3.Error{Status: 400, Code: "PARAM_ERROR", Numeric: 268435461, Message: "appid和openid不匹配"}
}

// orderPaid refuses an order that is paid. It uses the spelling ORDERPAID; the
// documents also have ORDER_PAID.
func orderPaid() *apiv3.Error {
	return &apiv3.Error{Status: 400, Code: "ORDERPAID", Numeric: 268498689, Message: "该订单已支付"}
}
