package console

import (
	"strings"

	"wuyepay/models"
)

var findingWords = map[string]string{
	models.FindingOnlyTheirs: "微信已收，我方未入账", models.FindingOnlyOurs: "我方已入账，微信没有", models.FindingAmount: "金额不一致",
	models.FindingUnknown: "微信有收款，我方无此订单", models.FindingRefund: "微信有退款，我方未登记", models.FindingDuplicate: "同一订单重复出现",
	models.FindingState:      "状态或归属不一致",
	models.FindingRefundOurs: "我方有退款，微信没有", models.FindingRefundAmount: "退款金额不一致", models.FindingRefundState: "退款状态不一致",
	models.FindingFee: "手续费与费率不符", models.FindingDay: "账单日期与支付日期不同",
	models.FindingFlowMissing: "交易账单有，资金账单没有", models.FindingFlowExtra: "资金账单有，交易账单没有", models.FindingFlowAmount: "资金账单金额不一致",
}

// causes say what is behind a kind of finding in most cases, and what to do.
var causes = map[string]string{
	models.FindingOnlyTheirs: "多半是微信的支付通知丢失或迟到。对账时已按微信账单自动补记入账，无需人工处理。",
	models.FindingOnlyOurs:   "多半是跨零点的交易落在相邻一天的账单里，或者商户号配置有变动。请先看前后一天的对账结果，再到微信商户平台查询该订单。",
	models.FindingAmount:     "微信收到的金额与订单不同，系统不会自动入账。请在微信商户平台核对该交易，并联系付款人。",
	models.FindingUnknown:    "该商户号可能还用于其他收款（线下收款码、其他系统），或者数据库不是下单时的那一个。请在微信商户平台核对来源。",
	models.FindingRefund:     "有人在微信商户平台手工退款，账单和预存没有相应调整。请核对退款原因并登记。",
	models.FindingDuplicate:  "微信账单中同一订单号出现了不止一次。请在微信商户平台核对是否重复扣款。",
	models.FindingState:      "交易状态、付款人、小程序或商户与订单不一致。请在微信商户平台核对该交易。",

	models.FindingRefundOurs:   "我方登记的退款在当天的微信账单里没有。多半是微信受理的日期不同，或者请求没有送达。请看前后一天的对账结果和该退款的状态。",
	models.FindingRefundAmount: "同一退款单号两边金额不同。请在微信商户平台核对这笔退款。",
	models.FindingRefundState:  "同一退款单号两边的状态或所属订单不同。账单生成后微信不再更新，退款可能在之后有了新的结果；请看该退款现在的状态。",
	models.FindingFee:          "账单上的手续费与“应结金额 × 费率”按微信规则取整后不同。多半是费率优惠、活动或调价；请对照微信商户平台的费率。",
	models.FindingDay:          "账单里的交易时间不在这一天，或者我方记录的支付日期是另一天。多半发生在零点前后；请看相邻一天的对账结果。",
	models.FindingFlowMissing:  "交易账单里的这笔钱没有出现在账户资金流水里。可能被冻结、分账或延迟结算，或者没有取得资金账单。请在微信商户平台的资金流水中核对。",
	models.FindingFlowExtra:    "账户资金流水里有交易账单没有的收付款。可能是退款关闭退回、前一天交易的补记，或该商户号的其他业务。请在微信商户平台核对。",
	models.FindingFlowAmount:   "账户实际变动与“应结金额减手续费”不同。可能手续费没有扣、重复扣，或有分账。请在微信商户平台的资金流水中核对。",
}

var resolutionWords = map[string]string{
	models.ResolutionOpen: "待处理", models.ResolutionSettled: "已补记入账", models.ResolutionSurplus: "已入账，转入房间预存", models.ResolutionGone: "后一次对账时已一致",
	models.ResolutionRoom: "已登记为多收款，存入房间预存", models.ResolutionSuspense: "已登记为待查款", models.ResolutionAccepted: "已说明原因并接受",
}

var askedWords = map[string]string{models.AskSurplus: "存入房间预存", models.AskSuspense: "登记为待查款"}

var flowWords = map[string]string{
	models.FlowCompared: "已逐笔核对", models.FlowNone: "微信当天没有资金账单", models.FlowPartner: "服务商模式，钱直接进子商户账户，不核对资金账单",
	models.FlowRefused: "微信不允许该商户下载资金账单", "": "没有核对资金账单",
}

// troubleWords are where something went wrong with a merchant.
var troubleWords = map[string]string{"callback": "支付通知", "bill": "下载账单", "query": "查询订单", "order": "下单"}

// sideWords turn what a side of the evidence says into Chinese; what WeChat wrote in
// Chinese stays as it is.
var sideWords = map[string]string{
	"SUCCESS": "支付成功", "REVOKED": "已撤销", "REFUND": "退款", "REFUND SUCCESS": "退款成功", "REFUND PROCESSING": "退款处理中", "REFUND FAIL": "退款失败",
	"REFUND CHANGE": "退款异常", "PROCESSING": "退款处理中", "CLOSED": "退款关闭", "ABNORMAL": "退款异常", "rate x amount": "按费率计算",
}

// sideWord is a state or a note of the evidence in Chinese.
func sideWord(text string) string {
	for _, words := range []map[string]string{sideWords, orderWords, learnedWords, eventDetails, flowWords} {
		if w, ok := words[text]; ok && text != "" {
			return w
		}
	}
	if n, ok := strings.CutSuffix(text, " rows"); ok {
		return "共 " + n + " 行"
	}
	return text
}

var eventWords = map[string]string{
	models.EventUnknownOrder: "我方无此订单", models.EventMismatch: "与订单不符", models.EventMalformed: "内容不完整",
	models.EventNotSuccess: "不是支付成功的通知", models.EventOtherPayment: "订单已由另一笔交易支付",
	models.EventUnknownRefund: "我方无此退款", models.EventRefundMismatch: "与退款不符", models.EventRefundState: "与退款的状态矛盾",
}

// eventHelp say what staff should do about a notification that settled nothing.
var eventHelp = map[string]string{
	models.EventUnknownOrder: "该商户号可能还用于其他收款，或者数据库不是下单时的那一个。",
	models.EventMismatch:     "金额、商户、小程序或付款人与订单不一致，系统没有入账，请在微信商户平台核对。",
	models.EventMalformed:    "微信的通知缺少交易号或支付时间，系统没有入账；对账时会再次核对。",
	models.EventNotSuccess:   "收到的是其他类型的通知，不代表收款。",
	models.EventOtherPayment: "可能重复付款，请核对两笔交易，必要时退款。",

	models.EventUnknownRefund:  "可能有人在微信商户平台直接退了款，系统没有入账，请核对。",
	models.EventRefundMismatch: "金额、商户、订单或微信退款单号与我方退款不一致，系统没有入账，请在微信商户平台核对。",
	models.EventRefundState:    "微信的说法与我方已确定的结果矛盾，系统没有改动，请在微信商户平台核对。",
}

// eventDetails are the texts of what did not match, in Chinese.
var eventDetails = map[string]string{
	"merchant differs from the order's": "商户号与订单不同", "sub-merchant differs from the order's": "子商户号与订单不同",
	"app differs from the order's": "小程序与订单不同", "amount differs from the order's": "金额与订单不同",
	"currency differs from the order's": "币种不是人民币", "payer differs from the order's": "付款人与下单人不同",
	"no such order": "没有这个订单号", "no transaction id": "缺少微信交易号", "no success time": "缺少支付时间",
	"no such refund": "没有这个退款单号", "amount differs from the refund's": "退款金额与我方退款不同", "order's amount differs from the refund's": "订单总金额不同",
	"merchant differs from the refund's": "商户号与退款不同", "sub-merchant differs from the refund's": "子商户号与退款不同", "order differs from the refund's": "订单号与退款不同",
	"transaction differs from the refund's": "微信交易号与退款不同", "refund id differs from the refund's": "微信退款单号与已知的不同", "no refund id": "缺少微信退款单号",
	"no such refund state": "微信给出的退款状态无法识别", "it was never sent": "我方从未发出该退款", "closed, but it had succeeded": "说已关闭，但此前已到账",
	"abnormal, but it had been closed": "说退款异常，但此前已关闭", "it was closed, and its amount has gone back otherwise": "此前已关闭，款项已另行退还",
	"it was closed, and its prepayment is spent": "此前已关闭，预存已被使用", "its bills no longer have the money": "账单上已没有这笔款项",
	"the order is paid by another transaction": "订单已由另一笔交易支付", "the transaction is booked already": "该交易已为其他订单入账",
}
