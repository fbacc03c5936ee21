package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Accounts of the journal. A debit raises what people owe the company or what it
// holds; a credit raises what it owes or has earned.
const (
	AccountReceivable = "receivable"      // 应收: principal that owners owe
	AccountRevenue    = "revenue"         // 收入: principal billed
	AccountOpening    = "opening"         // 期初: arrears taken over by import
	AccountLateFee    = "late_fee_income" // 违约金收入, earned when it is paid
	AccountPrepaid    = "prepaid"         // 预存: owed to rooms
	AccountDiscount   = "discount_given"  // 优惠: principal given up by a discount
	AccountFormer     = "former_owner"    // 应退原业主: prepayment taken out of a room at a transfer, owed to who had paid it
	AccountSuspense   = "suspense"        // 待查款: taken by WeChat, of an unknown payer

	AccountRefunding = "refund_in_transit" // 退款在途: prepayment held by refunds under way
	AccountBorne     = "refund_borne"      // 公司承担: refunded, while the bills stay settled
	AccountByHand    = "refund_by_hand"    // 人工退款: paid back in cash or by transfer
)

// Accounts that money enters, each by its channel; see [MoneyAccounts].
const (
	AccountWechat = "wechat_clearing" // 微信待结算: taken by WeChat, not yet in the bank
	AccountCash   = "cash"            // 库存现金
	AccountCard   = "card_clearing"   // 刷卡待到账: taken by the card reader, not yet in the bank
	AccountBank   = "bank"            // 银行存款
	AccountAlipay = "alipay_clearing" // 支付宝待提现
	AccountCheque = "cheque_clearing" // 支票待兑付
)

// MoneyAccounts is the account that each channel's money enters. [ChannelOffset] has
// none: it moves no money.
var MoneyAccounts = map[string]string{
	ChannelWechat: AccountWechat, ChannelCash: AccountCash, ChannelCard: AccountCard, ChannelTransfer: AccountBank,
	ChannelAlipay: AccountAlipay, ChannelCheque: AccountCheque, ChannelCollection: AccountBank,
}

// Kinds of journal line: bills.
const (
	JournalOpening    = "bill_opening"    // arrears taken over by import
	JournalIssue      = "bill_issue"      // a bill issued
	JournalCorrection = "bill_correction" // principal up or down
	JournalDiscount   = "bill_discount"   // principal given up
	JournalVoid       = "bill_void"       // a bill taken back
	JournalCredit     = "bill_credit"     // money of a bill that turned out too high, to prepayment
)

// Kinds of journal line: payments and prepayment.
const (
	JournalPrincipal = "payment_principal" // settles principal
	JournalLateFee   = "payment_late_fee"  // settles late fee
	JournalTopup     = "prepaid_topup"     // paid in advance on purpose
	JournalSurplus   = "prepaid_surplus"   // paid for bills that needed no more
	JournalOffset    = "prepaid_offset"    // prepayment spent on a bill
	JournalFormer    = "prepaid_former"    // prepayment that a transfer leaves with the former owner
)

// Kinds of journal line: money that reconciliation found.
const (
	JournalFound        = "finding_surplus"  // to a room's prepayment
	JournalSuspense     = "finding_suspense" // to suspense
	JournalFromSuspense = "suspense_room"    // out of suspense, to a room's prepayment
)

// Kinds of journal line: refunds.
const (
	JournalRefund        = "refund"         // money of a bill that went back to the payer
	JournalRefundHold    = "refund_hold"    // prepayment that a refund holds
	JournalRefundRelease = "refund_release" // held prepayment that is free again: the refund was closed
	JournalRefundPrepaid = "refund_prepaid" // held prepayment that went back to the payer
	JournalRefundBorne   = "refund_borne"   // what the company pays of a bill instead
)

// Kinds of journal line by which a payment is undone: each mirrors a line of it.
const (
	JournalReversal        = "reversal_principal"
	JournalReversalLateFee = "reversal_late_fee"
	JournalReversalPrepaid = "reversal_prepaid"
)

// JournalLine is a balanced pair: the amount leaves the credit account and enters the
// debit account. Every fen that moves is in the journal. For example, 100 yuan of
// principal paid by WeChat are 10000 fen from [AccountReceivable] to [AccountWechat].
// BillID, PaymentID and Merchant are empty where the move has none.
type JournalLine struct {
	ID          string
	BookedAt    models.Time
	BookedOn    models.Date // the day of BookedAt
	Kind        string
	Debit       string
	Credit      string
	AmountFen   models.Fen // above zero
	CommunityID string
	RoomID      string
	BillID      string
	PaymentID   string
	Merchant    string
}

// TableName names the table for GORM.
func (JournalLine) TableName() string { return "journal" }

// A usual payment has eight lines at most; a billing run writes one a bill.
var journalTable = store.NewTable[JournalLine]("journal").Hot(8).HotFull()

// Journal adds lines, as of now; it sets ID, BookedAt and BookedOn. A line of zero is
// left out: nothing moved.
func Journal(tx *store.Tx, lines []JournalLine) error {
	rows := make([]JournalLine, 0, len(lines))
	today := tx.Today()
	for _, l := range lines {
		if l.AmountFen == 0 {
			continue
		}
		l.ID, l.BookedAt, l.BookedOn = models.NewID(), tx.Now, today
		rows = append(rows, l)
	}
	return journalTable.DeferInsert(tx, rows...)
}

// JournalOfRoom returns a room's lines of the journal, oldest first.
func JournalOfRoom(tx *store.Tx, roomID string) ([]JournalLine, error) {
	return store.G[JournalLine](tx).Where("room_id = ?", roomID).Order("booked_on, booked_at, id").Find(tx.Context())
}
