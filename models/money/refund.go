package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// States of a [Refund]:
//
//	 asked ──── rejected
//	   │ approved by another person (a surplus: at once, by the system)
//	   ▼
//	sending ──► processing ──► success
//	   │             │            ▲
//	   │             ├──► abnormal┤  the payer's account took it late, or staff paid by hand
//	   ▼             ▼            │
//	closed ◄─────────┴────────────┘  WeChat has refused or closed it: the amount is free again
//
// From sending on the amount, and its part of the room's prepayment, are held. The
// order of the moves may differ: WeChat's success may be the first thing that is
// heard of a refund whose sending timed out, and one that was closed here without
// WeChat's word may turn out to be under way, or paid, after all. Only success changes
// a bill.
const (
	RefundAsked      = "asked"
	RefundRejected   = "rejected"
	RefundSending    = "sending"    // approved; WeChat has not confirmed that it took it
	RefundProcessing = "processing" // taken by WeChat, on its way to the payer
	RefundSuccess    = "success"    // the payer has it
	RefundClosed     = "closed"     // it will never arrive; another may be asked for
	RefundAbnormal   = "abnormal"   // the payer's account cannot take it: staff act
)

// Origins of a [Refund].
const (
	RefundByStaff   = "staff"   // asked for by staff, from an order
	RefundOfSurplus = "surplus" // money for bills that were settled already, sent back by policy
	RefundOfPrepaid = "prepaid" // an approved request to give prepayment back
)

// What becomes of the bills when money for them goes back.
const (
	BillsOwed     = "owed"     // owed again, as if that money had never come
	BillsCredited = "credited" // they stay settled, and the company bears it
)

// RefundFaultClosed is the fault of a refund that WeChat itself has closed.
const RefundFaultClosed = "CLOSED"

// Refund is money of a payment that goes back. No is the out_refund_no at WeChat;
// Request is what is sent to WeChat, as JSON, the same at every repeat. A refund by hand
// has no order and no payment. AmountFen is the sum of its lines, PrepaidFen that of
// those that come out of the room's prepayment.
type Refund struct {
	No            string `gorm:"primaryKey"`
	OrderNo       string
	PaymentID     string
	TransactionID string
	Merchant      string
	MchID         string
	SubMchID      string
	CommunityID   string
	RoomID        string
	UserID        string // who paid, and gets it back
	Origin        string
	Channel       string // [ChannelWechat] or [ChannelHand]
	AmountFen     models.Fen
	TotalFen      models.Fen // of the order
	PrepaidFen    models.Fen
	BillAfter     string // [BillsOwed] or [BillsCredited]
	Reason        string
	Status        string
	Part          *int    // which of the order's refunds, 1 to 50; none until it is sent
	FormKey       *string // unique: a form that is sent twice asks once
	RequestID     string  // of RefundOfPrepaid: the request that was approved
	RetryOf       string  // the closed refund that it stands in for
	Request       string
	RefundID      *string      // WeChat's, unique
	Fault         string       // WeChat's code of the last refusal, or why it is not moving
	Asked         models.Actor `gorm:"embedded;embeddedPrefix:asked_"`
	Decided       models.Actor `gorm:"embedded;embeddedPrefix:decided_"` // who approved or rejected it
	Note          string       // of the decision
	HandName      string       // who paid it by hand
	HandNote      string
	Source        string // how its success became known: LearnedByCallback …
	CreatedAt     models.Time
	DecidedAt     models.Time
	SentAt        models.Time // when it was first sent
	DoneAt        models.Time // WeChat's success_time
	DoneOn        models.Date
	BookedAt      models.Time
	Checks        int
	NextCheckAt   models.Time // real time; never: WeChat need not be asked
	UpdatedAt     models.Time
	AcceptedAt    models.Time // WeChat's create_time; only [NoteRefundAccepted] writes it
}

var refundTable = store.NewTable[Refund]("refunds")

// UnderWay reports whether money may be moving: the amount is held, and nothing else
// may touch what the refund takes away.
func (r *Refund) UnderWay() bool {
	return r.Status == RefundSending || r.Status == RefundProcessing || r.Status == RefundAbnormal
}

// Doubtful reports whether a refund was closed here without WeChat's word: a call may
// still have been on its way.
func (r *Refund) Doubtful() bool {
	return r.Status == RefundClosed && r.Channel != ChannelHand && r.Fault != RefundFaultClosed && !r.NextCheckAt.IsZero()
}

// ErrRefundExists says that the form was sent before.
var ErrRefundExists = models.Refusal(models.KindConflict, "REFUND_EXISTS", "该退款申请已提交")

// InsertRefund adds a refund with its lines; it sets CreatedAt and UpdatedAt. It fails
// with [ErrRefundExists] if its form was sent before.
func InsertRefund(tx *store.Tx, r *Refund, lines []RefundLine) error {
	r.CreatedAt, r.UpdatedAt = tx.Now, tx.Now
	err := store.G[Refund](tx).Create(tx.Context(), r)
	if err != nil && tx.IsDuplicate(err) {
		return ErrRefundExists
	}
	if err != nil {
		return err
	}
	return insertRefundLines(tx, r.No, lines)
}

// LockRefund returns a refund for a change, or [models.ErrNotFound]. Its order is locked
// first.
func LockRefund(tx *store.Tx, no string) (Refund, error) {
	return refundTable.Row(tx, "WHERE no = ?"+store.ForUpdate, no)
}

// RefundByNo returns a refund, or [models.ErrNotFound].
func RefundByNo(tx *store.Tx, no string) (Refund, error) {
	return store.G[Refund](tx).Where("no = ?", no).Take(tx.Context())
}

// RefundByForm returns the refund that a form has asked for, or [models.ErrNotFound].
func RefundByForm(tx *store.Tx, key string) (Refund, error) {
	return store.G[Refund](tx).Where("form_key = ?", key).Take(tx.Context())
}

var saveRefund = refundTable.Update(`status, prepaid_fen, part, refund_id, request, fault,
	decided_kind, decided_id, decided_name, note, hand_name, hand_note,
	source, decided_at, sent_at, done_at, done_on, booked_at, checks, next_check_at, updated_at`, "no = ? AND status = ?")

// SaveRefund moves a refund that was read with a lock: its state and all that may
// change about it. The guard is the state that was read.
func SaveRefund(tx *store.Tx, was string, r *Refund) error {
	r.UpdatedAt = tx.Now
	return saveRefund.One(tx, r, r.No, was)
}

// ConfirmRefundClosed notes that WeChat does not have a refund that was closed here:
// it need not be asked about again.
func ConfirmRefundClosed(tx *store.Tx, no string) error {
	_, err := tx.Exec("UPDATE refunds SET next_check_at = 0, updated_at = ? WHERE no = ? AND status = 'closed'", tx.Now, no)
	return err
}

// PostponeRefund notes that WeChat was asked about a refund, when to ask next and
// why it is not moving. was is the state in which it was read: one that has moved since,
// by a callback for example, or is closed by WeChat's word, is left as it is.
func PostponeRefund(tx *store.Tx, no, was, fault string, next models.Time) error {
	_, err := tx.Exec(`UPDATE refunds SET checks = checks + 1, fault = ?, next_check_at = ?, updated_at = ?
		WHERE no = ? AND status = ? AND (status <> 'closed' OR next_check_at > 0 AND fault <> 'CLOSED')`, fault, next, tx.Now, no, was)
	return err
}
