package money

// Channels of money 收款方式.
const (
	ChannelWechat     = "wechat"     // 微信支付
	ChannelCash       = "cash"       // 现金
	ChannelCard       = "card"       // 银行卡, by a card reader
	ChannelTransfer   = "transfer"   // 银行转账
	ChannelAlipay     = "alipay"     // 支付宝
	ChannelCheque     = "cheque"     // 支票
	ChannelCollection = "collection" // 银行托收
	ChannelOffset     = "offset"     // 预存抵扣: no money comes in, a bill is paid from prepayment
)

// ChannelHand is the channel of a refund that staff pay themselves, in cash or by
// transfer. No payment has it.
const ChannelHand = "hand"

// ChannelNames are the names of the channels, for owners and staff alike.
var ChannelNames = map[string]string{
	ChannelWechat: "微信支付", ChannelCash: "现金", ChannelCard: "银行卡", ChannelTransfer: "银行转账", ChannelAlipay: "支付宝", ChannelCheque: "支票",
	ChannelCollection: "银行托收", ChannelOffset: "预存抵扣",
}

// DeskChannels are the channels that a cashier may enter, in the order in which the
// desk offers them.
var DeskChannels = []string{ChannelCash, ChannelCard, ChannelTransfer, ChannelAlipay, ChannelCheque}

// Sources: how a payment, or the success of a refund, became known.
const (
	LearnedByCallback  = "callback"  // WeChat called
	LearnedByQuery     = "query"     // WeChat answered a question
	LearnedByReconcile = "reconcile" // WeChat's trade bill of the day before
	LearnedByStaff     = "staff"     // of a refund: staff paid it by hand
	LearnedByDesk      = "desk"      // a cashier entered it
	LearnedByBank      = "bank"      // a bank's answer to a collection
)
