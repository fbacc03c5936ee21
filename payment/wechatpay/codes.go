package wechatpay

import "strings"

// The operations, as they appear in Error.Op.
const (
	opPrepay       = "prepay"
	opQuery        = "query"
	opClose        = "close"
	opRefund       = "refund"
	opQueryRefund  = "query refund"
	opNotify       = "notification"
	opTradeBill    = "trade bill"
	opFundFlowBill = "fund flow bill"
)

// oldSpelling maps error codes of older documents and of older gateways to today's spelling.
var oldSpelling = map[string]string{
	"ORDERPAID":           "ORDER_PAID",
	"ORDERCLOSED":         "ORDER_CLOSED",
	"ORDERNOTEXIST":       "ORDER_NOT_EXIST",
	"ORDER_NOT_EXISTS":    "ORDER_NOT_EXIST",
	"NOTENOUGH":           "NOT_ENOUGH",
	"RULELIMIT":           "RULE_LIMIT",
	"RATELIMIT_EXCEEDED":  "FREQUENCY_LIMITED",
	"RATELIMIT_EXCEED":    "FREQUENCY_LIMITED",
	"SYSTEMERROR":         "SYSTEM_ERROR",
	"USER_PAYING":         "USERPAYING",
	"RESOURCE_NOT_EXIST":  "RESOURCE_NOT_EXISTS",
	"NO_STATEMENT_EXISTS": "NO_STATEMENT_EXIST",
}

// canonicalCode returns today's spelling of a code.
func canonicalCode(code string) string {
	if today, ok := oldSpelling[code]; ok {
		return today
	}
	return code
}

// kindOfCode returns the kind of the codes that mean the same at every HTTP status and
// operation.
var kindOfCode = map[string]Kind{
	"ORDER_PAID":            ErrOrderPaid,
	"ORDER_CLOSED":          ErrOrderClosed,
	"ORDER_NOT_EXIST":       ErrOrderNotExist,
	"OUT_TRADE_NO_USED":     ErrParamsChanged,
	"FREQUENCY_LIMITED":     ErrRateLimited,
	"NO_STATEMENT_EXIST":    ErrNoStatement,
	"STATEMENT_CREATING":    ErrStatementCreating,
	"SYSTEM_ERROR":          ErrUnknown,
	"BANK_ERROR":            ErrUnknown,
	"SERVICE_UNAVAILABLE":   ErrUnknown,
	"USERPAYING":            ErrUnknown,
	"OPENID_MISMATCH":       ErrRefused, // 500 in the old table, but it is a definite answer
	"INVALID_TRANSACTIONID": ErrRefused,
}

// kindOfTail returns the kind of the numeric code at the end of a Request-ID
// ("<id>-<code>"). It is finer than the code in the body (pay.weixin.qq.com,
// wechatpay-skills error table).
func kindOfTail(requestID string) (Kind, bool) {
	i := strings.LastIndexByte(requestID, '-')
	if i < 0 {
		return "", false
	}
	switch requestID[i+1:] {
	case "268449538", "268498689":
		return ErrOrderPaid, true
	case "268447914":
		return ErrOrderClosed, true
	case "268498688":
		return ErrParamsChanged, true
	case "268512771":
		return ErrOrderNotExist, true
	case "268447840":
		return ErrRateLimited, true
	}
	return "", false
}
