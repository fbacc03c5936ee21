package orders

import (
	"strings"

	"wuyepay/console/words"
	"wuyepay/models"
)

var evidenceWords = map[string]string{
	models.EvidenceCallback: "微信通知", models.EvidencePrepay: "预下单应答", models.EvidenceQuery: "查询应答", models.EvidenceClose: "关单应答",
	models.EvidenceRefund: "退款应答", models.EvidenceRefundQuery: "退款查询应答", models.EvidenceTradeBill: "交易账单", models.EvidenceFlowBill: "资金账单",
}

var verdictWords = map[string]string{
	models.VerdictBooked: "已入账", models.VerdictSurplus: "已入账，有多付", models.VerdictRepeat: "重复，未再入账", models.VerdictBadSignature: "签名不符，已拒绝",
	models.VerdictFailed: "处理失败，等微信重发", models.VerdictAccepted: "微信已受理", models.VerdictClosed: "微信已关单",
	models.VerdictRefused: "微信拒绝", models.VerdictDownloaded: "已下载", models.VerdictRefunded: "已退款", models.VerdictRefundMoved: "退款状态变化",
	models.EventUnknownOrder: "我方无此订单", models.EventMismatch: "与订单不符", models.EventMalformed: "内容不完整",
	models.EventNotSuccess: "不是支付成功的通知", models.EventOtherPayment: "订单已由另一笔交易支付",
}

// evidenceDetails are the short reasons that are not among eventDetails.
var evidenceDetails = map[string]string{
	"signature does not verify": "签名验证不通过", "signature headers missing": "缺少签名信息", "signature probe": "微信的签名探测，正常现象",
	"timestamp more than 5 minutes away": "时间戳相差超过五分钟", "timestamp is not a number": "时间戳无法识别", "unsupported signature type": "签名类型不支持",
	"signed by a public key that public_key_id does not name": "用未配置的微信支付公钥签名，请检查公钥设置", "body too large": "内容过长",
	"body too long or cut off": "内容过长或传输中断", "more attempts, only counted": "同一分钟内的其余尝试，只计数",
	"envelope is not the expected JSON": "格式无法识别", "unexpected event type": "未知的通知类型",
}

// evidenceTone is the colour of a verdict, as Tabler calls it.
func evidenceTone(verdict string) string {
	switch verdict {
	case models.VerdictBooked, models.VerdictSurplus, models.VerdictRefunded:
		return "green"
	case models.VerdictRepeat, models.VerdictAccepted, models.VerdictClosed, models.VerdictDownloaded, models.VerdictRefundMoved:
		return "secondary"
	case models.VerdictBadSignature, models.VerdictFailed:
		return "orange"
	}
	return "red"
}

func evidenceDetail(detail string) string {
	if w := evidenceDetails[detail]; w != "" {
		return w
	}
	if strings.Contains(detail, "SHA1 ") {
		return detail // a bill's day and hash
	}
	return words.Of(words.EventDetails, detail)
}
