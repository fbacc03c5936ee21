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

// Where a [Refund] comes from.
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

// ChannelHand is a refund that staff pay themselves, in cash or by transfer.
const ChannelHand = "hand"

// Refund is money of a payment that goes back. No is the out_refund_no; Request is
// what is sent to WeChat, as JSON, the same at every repeat. A refund by hand has no
// order and no payment. AmountFen is the sum of its lines, PrepaidFen that of those
// that come out of the room's prepayment.
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
	Channel       string
	AmountFen     models.Fen
	TotalFen      models.Fen // of the order
	PrepaidFen    models.Fen
	BillAfter     string
	Reason        string
	Status        string
	Part          *int    // which of the order's refunds, 1 to 50; none until it is sent
	FormKey       *string // unique: a form that is sent twice asks once
	RequestID     string  // of RefundOfPrepaid: the request that was approved
	RetryOf       string  // the closed refund that it stands in for
	Request       string
	RefundID      *string // WeChat's, unique
	Fault         string  // WeChat's code of the last refusal, or why it is not moving
	AskedKind     string
	AskedID       string
	AskedName     string
	DecidedKind   string
	DecidedID     string
	DecidedName   string
	Note          string // of the decision
	HandName      string // who paid it by hand
	HandNote      string
	Source        string // how its success was learned
	CreatedAt     models.Time
	DecidedAt     models.Time
	SentAt        models.Time // when it was first sent
	DoneAt        models.Time // WeChat's success_time
	DoneOn        models.Date
	BookedAt      models.Time
	Checks        int
	NextCheckAt   models.Time // real time
	UpdatedAt     models.Time
	AcceptedAt    models.Time // WeChat's create_time; read and written by refundbook.go alone
}

// RefundLine is a share of a payment that a refund gives back: of a bill, or of
// prepayment (BillID empty) for a fee item.
type RefundLine struct {
	RefundNo     string
	Number       int
	BillID       string
	Item         string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	PrepaidFen   models.Fen
}

// TotalFen is what the line gives back.
func (l RefundLine) TotalFen() models.Fen { return l.PrincipalFen + l.LateFeeFen + l.PrepaidFen }

// UnderWay tells whether money may be moving: the amount is held, and nothing else
// may touch what the refund takes away.
func (r *Refund) UnderWay() bool {
	return r.Status == RefundSending || r.Status == RefundProcessing || r.Status == RefundAbnormal
}

// Asked and Decided are who asked for the refund and who approved or rejected it.
func (r *Refund) Asked() models.Actor {
	return models.Actor{Kind: r.AskedKind, ID: r.AskedID, Name: r.AskedName}
}

// Decided is who approved or rejected the refund.
func (r *Refund) Decided() models.Actor {
	return models.Actor{Kind: r.DecidedKind, ID: r.DecidedID, Name: r.DecidedName}
}

const refundColumns = `no, order_no, payment_id, transaction_id, merchant, mch_id, sub_mch_id, community_id, room_id, user_id, origin, channel, amount_fen, total_fen,
	prepaid_fen, bill_after, reason, status, part, form_key, request_id, retry_of, request, refund_id, fault, asked_kind, asked_id, asked_name,
	decided_kind, decided_id, decided_name, note, hand_name, hand_note, source, created_at, decided_at, sent_at, done_at, done_on, booked_at,
	checks, next_check_at, updated_at`

func (r *Refund) dest() []any {
	return []any{&r.No, &r.OrderNo, &r.PaymentID, &r.TransactionID, &r.Merchant, &r.MchID, &r.SubMchID, &r.CommunityID, &r.RoomID, &r.UserID, &r.Origin, &r.Channel,
		&r.AmountFen, &r.TotalFen, &r.PrepaidFen, &r.BillAfter, &r.Reason, &r.Status, &r.Part, &r.FormKey, &r.RequestID, &r.RetryOf, &r.Request, &r.RefundID, &r.Fault,
		&r.AskedKind, &r.AskedID, &r.AskedName, &r.DecidedKind, &r.DecidedID, &r.DecidedName, &r.Note, &r.HandName, &r.HandNote, &r.Source,
		&r.CreatedAt, &r.DecidedAt, &r.SentAt, &r.DoneAt, &r.DoneOn, &r.BookedAt, &r.Checks, &r.NextCheckAt, &r.UpdatedAt}
}

func (r *Refund) values() []any {
	return []any{r.No, r.OrderNo, r.PaymentID, r.TransactionID, r.Merchant, r.MchID, r.SubMchID, r.CommunityID, r.RoomID, r.UserID, r.Origin, r.Channel,
		r.AmountFen, r.TotalFen, r.PrepaidFen, r.BillAfter, r.Reason, r.Status, r.Part, r.FormKey, r.RequestID, r.RetryOf, r.Request, r.RefundID, r.Fault,
		r.AskedKind, r.AskedID, r.AskedName, r.DecidedKind, r.DecidedID, r.DecidedName, r.Note, r.HandName, r.HandNote, r.Source,
		r.CreatedAt, r.DecidedAt, r.SentAt, r.DoneAt, r.DoneOn, r.BookedAt, r.Checks, r.NextCheckAt, r.UpdatedAt}
}

// ErrRefundExists says that the form was sent before.
var ErrRefundExists = models.Refusal(models.KindConflict, "REFUND_EXISTS", "该退款申请已提交")

// InsertRefund adds a refund with its lines; [ErrRefundExists] if its form was sent
// before.
func InsertRefund(tx *store.Tx, r *Refund, lines []RefundLine) error {
	r.CreatedAt, r.UpdatedAt = tx.Now, tx.Now
	_, err := tx.InsertRows(false, "refunds", refundColumns, [][]any{r.values()})
	if err != nil && tx.IsDuplicate(err) {
		return ErrRefundExists
	}
	if err != nil {
		return err
	}
	return insertRefundLines(tx, r.No, lines)
}

func insertRefundLines(tx *store.Tx, no string, lines []RefundLine) error {
	rows := make([][]any, len(lines))
	for i, l := range lines {
		rows[i] = []any{no, i + 1, l.BillID, l.Item, l.PrincipalFen, l.LateFeeFen, l.PrepaidFen}
	}
	_, err := tx.InsertRows(false, "refund_lines", "refund_no, number, bill_id, item, principal_fen, late_fee_fen, prepaid_fen", rows)
	return err
}

// ReplaceRefundLines puts other lines in the place of those of a refund that has
// not been sent.
func ReplaceRefundLines(tx *store.Tx, no string, lines []RefundLine) error {
	if _, err := tx.Exec("DELETE FROM refund_lines WHERE refund_no = ?", no); err != nil {
		return err
	}
	return insertRefundLines(tx, no, lines)
}

// LockRefund reads a refund for a change. Lock its order first.
func LockRefund(tx *store.Tx, no string) (Refund, error) {
	var r Refund
	return r, tx.QueryRow(r.dest(), "SELECT "+refundColumns+" FROM refunds WHERE no = ?"+store.ForUpdate, no)
}

// RefundByNo finds a refund.
func RefundByNo(tx *store.Tx, no string) (Refund, error) {
	var r Refund
	return r, tx.QueryRow(r.dest(), "SELECT "+refundColumns+" FROM refunds WHERE no = ?", no)
}

// RefundByForm finds the refund that a form has asked for.
func RefundByForm(tx *store.Tx, key string) (Refund, error) {
	var r Refund
	return r, tx.QueryRow(r.dest(), "SELECT "+refundColumns+" FROM refunds WHERE form_key = ?", key)
}

// SaveRefund moves a refund that was read with a lock: its state and all that may
// change about it. The guard is the state that was read.
func SaveRefund(tx *store.Tx, was string, r *Refund) error {
	r.UpdatedAt = tx.Now
	return tx.ExecOne(`UPDATE refunds SET status = ?, prepaid_fen = ?, part = ?, refund_id = ?, request = ?, fault = ?, decided_kind = ?, decided_id = ?, decided_name = ?, note = ?,
		hand_name = ?, hand_note = ?, source = ?, decided_at = ?, sent_at = ?, done_at = ?, done_on = ?, booked_at = ?, checks = ?, next_check_at = ?, updated_at = ?
		WHERE no = ? AND status = ?`,
		r.Status, r.PrepaidFen, r.Part, r.RefundID, r.Request, r.Fault, r.DecidedKind, r.DecidedID, r.DecidedName, r.Note, r.HandName, r.HandNote, r.Source,
		r.DecidedAt, r.SentAt, r.DoneAt, r.DoneOn, r.BookedAt, r.Checks, r.NextCheckAt, r.UpdatedAt, r.No, was)
}

// ConfirmRefundClosed notes that WeChat does not have a refund that was closed here:
// it need not be asked about again.
func ConfirmRefundClosed(tx *store.Tx, no string) error {
	_, err := tx.Exec("UPDATE refunds SET next_check_at = 0, updated_at = ? WHERE no = ? AND status = 'closed'", tx.Now, no)
	return err
}

// Doubtful tells whether a refund was closed here, but WeChat has not said so: a call
// may still have been on its way.
func (r *Refund) Doubtful() bool {
	return r.Status == RefundClosed && r.Channel != ChannelHand && r.Fault != RefundFaultClosed && !r.NextCheckAt.IsZero()
}

// RefundFaultClosed is the fault of a refund that WeChat itself has closed.
const RefundFaultClosed = "CLOSED"

// PostponeRefund notes that WeChat was asked about a refund, when to ask next and
// why it is not moving.
func PostponeRefund(tx *store.Tx, no, fault string, next models.Time) error {
	_, err := tx.Exec("UPDATE refunds SET checks = checks + 1, fault = ?, next_check_at = ?, updated_at = ? WHERE no = ?", fault, next, tx.Now, no)
	return err
}
