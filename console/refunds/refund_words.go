package refunds

import "wuyepay/models/money"

// originWords are where a refund comes from.
var originWords = map[string]string{money.RefundByStaff: "员工申请", money.RefundOfSurplus: "多付自动退回", money.RefundOfPrepaid: "退还预存"}

// refundChannelWords are the ways in which money goes back.
var refundChannelWords = map[string]string{money.ChannelWechat: "微信原路退回", money.ChannelHand: "人工退款"}

// afterWords are what becomes of the bills.
var afterWords = map[string]string{money.BillsOwed: "账单恢复为未缴，业主需重新缴纳", money.BillsCredited: "账单仍算已缴，退款由公司承担"}

// faultWords are why a refund is not moving, or was closed.
var faultWords = map[string]string{
	"": "", "UNKNOWN": "微信支付没有答复，系统会用同一退款单号重试", "FREQUENCY_LIMITED": "微信支付要求稍后再试，系统会自动重试", "NOT_ENOUGH": "商户号余额不足，请财务充值；系统会自动重试",
	"NO_AUTH": "商户号没有退款权限，请检查商户平台", "SIGN_ERROR": "签名未被接受，请检查商户密钥", "ACCOUNT_ERROR": "商户账户异常，请检查商户平台", "MCH_NOT_EXISTS": "商户号不存在，请检查设置",
	"ABNORMAL": "业主的银行卡已作废或冻结，须在微信商户平台处理异常退款", "CLOSED": "微信支付已关闭该退款", "GIVEN_UP": "已放弃", "MISMATCH": "微信的说法与我方不符，请看异常通知",
	"RESOURCE_NOT_EXISTS": "微信支付查不到这笔订单或退款", "USER_ACCOUNT_ABNORMAL": "业主的微信账户已注销或异常，不能原路退回", "INVALID_REQUEST": "微信支付不接受这笔退款（例如金额或期限不符）",
	"PARAM_ERROR": "微信支付不接受这笔退款的参数", "RULE_LIMIT": "微信支付的业务规则不允许", "REFUSED": "微信支付拒绝了这笔退款",
}
