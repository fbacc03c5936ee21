package sandbox

// orderNotExist answers for an order of somebody else just as for none.
func orderNotExist() *apiError {
	return &apiError{status: 404, code: "ORDER_NOT_EXIST", numeric: 268512771, message: "订单不存在"}
}

func merchantMismatch(field string) *apiError {
	e := paramError(field, nil, "与签名的商户号不一致")
	e.numeric = 268447843
	return e
}

func appNotBound() *apiError {
	return &apiError{status: 400, code: "APPID_MCHID_NOT_MATCH", numeric: 268445527, message: "appid和mchid不匹配，请检查后再试"}
}

func openIDMismatch() *apiError {
	return &apiError{status: 400, code: "PARAM_ERROR", numeric: 268435461, message: "appid和openid不匹配"}
}

// orderPaid uses the spelling ORDERPAID; the documents also have ORDER_PAID.
func orderPaid() *apiError {
	return &apiError{status: 400, code: "ORDERPAID", numeric: 268498689, message: "该订单已支付"}
}
