package reconciliation

import (
	"strings"

	"wuyepay/console/words"
	"wuyepay/models/proof"
)

// findingWords are the kinds of a difference.
var findingWords = map[string]string{
	proof.FindingOnlyTheirs: "微信已收，我方未入账", proof.FindingOnlyOurs: "我方已入账，微信没有", proof.FindingAmount: "金额不一致",
	proof.FindingUnknown: "微信有收款，我方无此订单", proof.FindingRefund: "微信有退款，我方未登记", proof.FindingDuplicate: "同一订单重复出现",
	proof.FindingState:      "状态或归属不一致",
	proof.FindingRefundOurs: "我方有退款，微信没有", proof.FindingRefundAmount: "退款金额不一致", proof.FindingRefundState: "退款状态不一致",
	proof.FindingFee: "手续费与费率不符", proof.FindingDay: "账单日期与支付日期不同",
	proof.FindingFlowMissing: "交易账单有，资金账单没有", proof.FindingFlowExtra: "资金账单有，交易账单没有", proof.FindingFlowAmount: "资金账单金额不一致",
}

// causes are what is behind a kind of difference in most cases, and what to do.
var causes = map[string]string{
	proof.FindingOnlyTheirs: "多半是微信的支付通知丢失或迟到。对账时已按微信账单自动补记入账，无需人工处理。",
	proof.FindingOnlyOurs:   "多半是跨零点的交易落在相邻一天的账单里，或者商户号配置有变动。请先看前后一天的对账结果，再到微信商户平台查询该订单。",
	proof.FindingAmount:     "微信收到的金额与订单不同，系统不会自动入账。请在微信商户平台核对该交易，并联系付款人。",
	proof.FindingUnknown:    "该商户号可能还用于其他收款（线下收款码、其他系统），或者数据库不是下单时的那一个。请在微信商户平台核对来源。",
	proof.FindingRefund:     "有人在微信商户平台手工退款，账单和预存没有相应调整。请核对退款原因并登记。",
	proof.FindingDuplicate:  "微信账单中同一订单号出现了不止一次。请在微信商户平台核对是否重复扣款。",
	proof.FindingState:      "交易状态、付款人、小程序或商户与订单不一致。请在微信商户平台核对该交易。",

	proof.FindingRefundOurs:   "我方登记的退款在当天的微信账单里没有。多半是微信受理的日期不同，或者请求没有送达。请看前后一天的对账结果和该退款的状态。",
	proof.FindingRefundAmount: "同一退款单号两边金额不同。请在微信商户平台核对这笔退款。",
	proof.FindingRefundState:  "同一退款单号两边的状态或所属订单不同。账单生成后微信不再更新，退款可能在之后有了新的结果；请看该退款现在的状态。",
	proof.FindingFee:          "账单上的手续费与“应结金额 × 费率”按微信规则取整后不同。多半是费率优惠、活动或调价；请对照微信商户平台的费率。",
	proof.FindingDay:          "账单里的交易时间不在这一天，或者我方记录的支付日期是另一天。多半发生在零点前后；请看相邻一天的对账结果。",
	proof.FindingFlowMissing:  "交易账单里的这笔钱没有出现在账户资金流水里。可能被冻结、分账或延迟结算，或者没有取得资金账单。请在微信商户平台的资金流水中核对。",
	proof.FindingFlowExtra:    "账户资金流水里有交易账单没有的收付款。可能是退款关闭退回、前一天交易的补记，或该商户号的其他业务。请在微信商户平台核对。",
	proof.FindingFlowAmount:   "账户实际变动与“应结金额减手续费”不同。可能手续费没有扣、重复扣，或有分账。请在微信商户平台的资金流水中核对。",
}

// resolutionWords are what has become of a difference.
var resolutionWords = map[string]string{
	proof.ResolutionOpen: "待处理", proof.ResolutionSettled: "已补记入账", proof.ResolutionSurplus: "已入账，转入房间预存",
	proof.ResolutionGone: "后一次对账时已一致",
	proof.ResolutionRoom: "已登记为多收款，存入房间预存", proof.ResolutionSuspense: "已登记为待查款", proof.ResolutionAccepted: "已说明原因并接受",
}

// askedWords are what can be asked for about a difference.
var askedWords = map[string]string{proof.AskSurplus: "存入房间预存", proof.AskSuspense: "登记为待查款"}

// flowWords are what has become of the fund-flow bill of a day.
var flowWords = map[string]string{
	proof.FlowCompared: "已逐笔核对", proof.FlowNone: "微信当天没有资金账单", proof.FlowPartner: "服务商模式，钱直接进子商户账户，不核对资金账单",
	proof.FlowRefused: "微信不允许该商户下载资金账单", "": "没有核对资金账单",
}

// troubleWords are the steps at which something went wrong with a merchant.
var troubleWords = map[string]string{"callback": "支付通知", "bill": "下载账单", "query": "查询订单", "order": "下单"}

// sideWords are the codes in the evidence of a side.
var sideWords = map[string]string{
	"SUCCESS": "支付成功", "REVOKED": "已撤销", "REFUND": "退款", "REFUND SUCCESS": "退款成功", "REFUND PROCESSING": "退款处理中", "REFUND FAIL": "退款失败",
	"REFUND CHANGE": "退款异常", "PROCESSING": "退款处理中", "CLOSED": "退款关闭", "ABNORMAL": "退款异常", "rate x amount": "按费率计算",
}

// sideWord returns the word of a state or a note in the evidence. What WeChat wrote in
// Chinese stays as it is.
func sideWord(text string) string {
	for _, known := range []map[string]string{sideWords, words.Orders, words.Learned, words.EventDetails, flowWords} {
		if w, ok := known[text]; ok && text != "" {
			return w
		}
	}
	if n, ok := strings.CutSuffix(text, " rows"); ok {
		return "共 " + n + " 行"
	}
	return text
}
