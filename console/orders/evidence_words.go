package orders

import (
	"strings"

	"wuyepay/console/words"
	"wuyepay/models/proof"
)

// evidenceWords are the kinds of evidence.
var evidenceWords = map[string]string{
	proof.EvidenceCallback: "微信通知", proof.EvidencePrepay: "预下单应答", proof.EvidenceQuery: "查询应答", proof.EvidenceClose: "关单应答",
	proof.EvidenceRefund: "退款应答", proof.EvidenceRefundQuery: "退款查询应答", proof.EvidenceTradeBill: "交易账单", proof.EvidenceFlowBill: "资金账单",
}

// verdictWords are what came of a piece of evidence.
var verdictWords = map[string]string{
	proof.VerdictBooked: "已入账", proof.VerdictSurplus: "已入账，有多付", proof.VerdictRepeat: "重复，未再入账", proof.VerdictBadSignature: "签名不符，已拒绝",
	proof.VerdictFailed: "处理失败，等微信重发", proof.VerdictAccepted: "微信已受理", proof.VerdictClosed: "微信已关单",
	proof.VerdictRefused: "微信拒绝", proof.VerdictDownloaded: "已下载", proof.VerdictRefunded: "已退款", proof.VerdictRefundMoved: "退款状态变化",
	proof.EventUnknownOrder: "我方无此订单", proof.EventMismatch: "与订单不符", proof.EventMalformed: "内容不完整",
	proof.EventNotSuccess: "不是支付成功的通知", proof.EventOtherPayment: "订单已由另一笔交易支付",
	proof.EventForeign: "其他业务的交易", proof.EventOther: "其他类型的通知",
}

// evidenceDetails are the reasons that are not among [words.EventDetails].
var evidenceDetails = map[string]string{
	"signature does not verify": "签名验证不通过", "signature headers missing": "缺少签名信息", "signature probe": "微信的签名探测，正常现象",
	"timestamp more than 5 minutes away": "时间戳相差超过五分钟", "timestamp is not a number": "时间戳无法识别", "unsupported signature type": "签名类型不支持",
	"signed by a public key that public_key_id does not name": "用未配置的微信支付公钥签名，请检查公钥设置", "body too large": "内容过长",
	"body too long or cut off": "内容过长或传输中断", "more attempts, only counted": "同一分钟内的其余尝试，只计数",
	"envelope is not the expected JSON": "格式无法识别", "unexpected event type": "未知的通知类型",
}

// evidenceTone returns the colour of a verdict, as Tabler calls it.
func evidenceTone(verdict string) string {
	switch verdict {
	case proof.VerdictBooked, proof.VerdictSurplus, proof.VerdictRefunded:
		return "green"
	case proof.VerdictRepeat, proof.VerdictAccepted, proof.VerdictClosed, proof.VerdictDownloaded, proof.VerdictRefundMoved:
		return "secondary"
	case proof.VerdictBadSignature, proof.VerdictFailed:
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
