package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Accounts of the journal. A debit raises what people owe us or what we hold;
// a credit raises what we owe or have earned.
const (
	AccountReceivable = "receivable"      // 应收: principal owed by owners
	AccountRevenue    = "revenue"         // 收入: principal billed
	AccountOpening    = "opening"         // 期初: arrears taken over by import
	AccountLateFee    = "late_fee_income" // 违约金收入, earned when paid
	AccountPrepaid    = "prepaid"         // 预存: owed to rooms
	AccountDiscount   = "discount_given"  // 优惠: principal given up by a discount
	AccountFormer     = "former_owner"    // 应退原业主: prepayment taken out of a room at a transfer, owed to who had paid it
	AccountWechat     = "wechat_clearing" // 微信待结算: taken by WeChat, not yet in the bank
	AccountSuspense   = "suspense"        // 待查款: taken by WeChat, and not known whose it is

	AccountRefunding = "refund_in_transit" // 退款在途: prepayment held by refunds under way
	AccountBorne     = "refund_borne"      // 公司承担: refunded, and the bills stay settled
	AccountByHand    = "refund_by_hand"    // 人工退款: paid back in cash or by transfer
)

// Kinds of journal line.
const (
	JournalOpening   = "bill_opening"
	JournalIssue     = "bill_issue"
	JournalPrincipal = "payment_principal"
	JournalLateFee   = "payment_late_fee"
	JournalTopup     = "prepaid_topup"
	JournalSurplus   = "prepaid_surplus"
	JournalOffset    = "prepaid_offset"

	JournalCorrection = "bill_correction" // principal up or down
	JournalDiscount   = "bill_discount"   // principal given up
	JournalVoid       = "bill_void"       // a bill taken back
	JournalFormer     = "prepaid_former"  // prepayment that a transfer leaves with the former owner
	JournalCredit     = "bill_credit"     // money of a bill that turned out too high, to prepayment

	JournalFound         = "finding_surplus"  // money that reconciliation found, to a room's prepayment
	JournalSuspense      = "finding_suspense" // the same, to suspense
	JournalFromSuspense  = "suspense_room"    // out of suspense, to a room's prepayment
	JournalRefund        = "refund"           // money of a bill that went back to the payer
	JournalRefundHold    = "refund_hold"      // prepayment held by a refund
	JournalRefundRelease = "refund_release"   // held prepayment that is free again: the refund was closed
	JournalRefundPrepaid = "refund_prepaid"   // held prepayment that went back to the payer
	JournalRefundBorne   = "refund_borne"     // what the company pays of a bill instead
)

// JournalLine is a balanced pair: the amount leaves the credit account and enters
// the debit account. Every fen that moves is in the journal.
type JournalLine struct {
	ID          string
	BookedAt    models.Time
	BookedOn    models.Date
	Kind        string
	Debit       string
	Credit      string
	AmountFen   models.Fen
	CommunityID string
	RoomID      string
	BillID      string
	PaymentID   string
	Merchant    string
}

// TableName is the table.
func (JournalLine) TableName() string { return "journal" }

const journalColumns = "id, booked_at, booked_on, kind, debit, credit, amount_fen, community_id, room_id, bill_id, payment_id, merchant"

func init() {
	store.HotInserts("journal", journalColumns, 8)
	store.HotFullInsert("journal", journalColumns)
}

// Journal adds lines. A line of zero is left out: nothing moved.
func Journal(tx *store.Tx, lines []JournalLine) error {
	rows := make([][]any, 0, len(lines))
	today := tx.Today()
	for _, l := range lines {
		if l.AmountFen == 0 {
			continue
		}
		rows = append(rows, []any{models.NewID(), tx.Now, today, l.Kind, l.Debit, l.Credit, l.AmountFen, l.CommunityID, l.RoomID, l.BillID, l.PaymentID, l.Merchant})
	}
	return tx.DeferRows("journal", journalColumns, rows)
}

// JournalOfRoom gives a room's lines of the journal, oldest first.
func JournalOfRoom(tx *store.Tx, roomID string) ([]JournalLine, error) {
	var out []JournalLine
	err := tx.Gorm().Where("room_id = ?", roomID).Order("booked_on, booked_at, id").Find(&out).Error
	return out, err
}
