package money

// Channels of money 收款方式, besides [ChannelWechat].
const (
	ChannelCash       = "cash"       // 现金
	ChannelCard       = "card"       // 银行卡, by a card reader
	ChannelTransfer   = "transfer"   // 银行转账
	ChannelAlipay     = "alipay"     // 支付宝
	ChannelCheque     = "cheque"     // 支票
	ChannelCollection = "collection" // 银行托收
	ChannelOffset     = "offset"     // 预存抵扣: no money comes in, a bill is paid from prepayment
)

// ChannelNames is what the channels are called, for owners and staff alike.
var ChannelNames = map[string]string{
	ChannelWechat: "微信支付", ChannelCash: "现金", ChannelCard: "银行卡", ChannelTransfer: "银行转账", ChannelAlipay: "支付宝", ChannelCheque: "支票",
	ChannelCollection: "银行托收", ChannelOffset: "预存抵扣",
}

// DeskChannels are those that a cashier enters, in the order in which they are
// shown.
var DeskChannels = []string{ChannelCash, ChannelCard, ChannelTransfer, ChannelAlipay, ChannelCheque}

// How we learned of a payment that did not come through WeChat Pay.
const (
	LearnedByDesk = "desk" // a cashier entered it
	LearnedByBank = "bank" // a bank's answer to a collection
)

// Accounts that money of the desk and of bank collection enters.
const (
	AccountCash   = "cash"            // 库存现金
	AccountCard   = "card_clearing"   // 刷卡待到账: taken by the card reader, not yet in the bank
	AccountBank   = "bank"            // 银行存款
	AccountAlipay = "alipay_clearing" // 支付宝待提现
	AccountCheque = "cheque_clearing" // 支票待兑付
)

// MoneyAccounts is the account that each channel's money enters.
var MoneyAccounts = map[string]string{
	ChannelWechat: AccountWechat, ChannelCash: AccountCash, ChannelCard: AccountCard, ChannelTransfer: AccountBank, ChannelAlipay: AccountAlipay,
	ChannelCheque: AccountCheque, ChannelCollection: AccountBank,
}

// Kinds of journal line by which a payment is undone: each mirrors a line of it.
const (
	JournalReversal        = "reversal_principal"
	JournalReversalLateFee = "reversal_late_fee"
	JournalReversalPrepaid = "reversal_prepaid"
)
