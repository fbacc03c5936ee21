package receipts

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"wuyepay/models"
	"wuyepay/models/store"
)

// States of a [Receipt].
const (
	ReceiptIssued = "issued"
	ReceiptVoid   = "void"
)

// Receipt is a receipt 收据 for a payment: what it paid, frozen as it was booked, in the
// transaction that booked it. It never changes after that, but for two things that
// happen to it once each. It gets its number, together with the names that stand on it
// ([NumberReceipt]). A refund makes it void ([VoidReceipt]); then the next version
// stands for what is left, if anything is.
//
// Numbers run without gaps in the series of a community and a year, from 1. Seq is nil
// until the number is given. AmountFen is the payment less RefundedFen, what was
// refunded of it before this version: of 120.00 yuan of which 20.00 go back, version 1
// of 12000 fen is void and version 2 stands for 10000 fen with RefundedFen 2000.
type Receipt struct {
	ID            string
	PaymentID     string
	CommunityID   string
	RoomID        string
	OwnerID       string // who owes the bills it pays; empty: nobody is named
	UserID        string // who paid by phone; empty at the desk
	Channel       string
	OrderNo       string
	TransactionID string
	SeriesYear    int // year of the business day on which it was booked
	Seq           *int64
	Version       int // 1 for the first of a payment
	ReplacesID    string
	Status        string
	AmountFen     models.Fen
	RefundedFen   models.Fen
	PaidAt        models.Time
	LinesJSON     string // []ReceiptLine
	PartyJSON     string // ReceiptParty; empty until numbered
	Token         string // what the public page wants besides the id
	Seal          string // keyed hash of all that is frozen; empty until numbered
	CreatedAt     models.Time
	NumberedAt    models.Time
	VoidedAt      models.Time
	VoidReason    string
	VoidBy        models.Actor `gorm:"embedded;embeddedPrefix:void_"` // by whom it was made void
}

var receiptTable = store.NewTable[Receipt]("receipts").Hot(1)

// Kinds of [ReceiptLine].
const (
	ReceiptBill    = "bill"    // settled a bill, or part of it
	ReceiptPrepaid = "prepaid" // went to the room's prepayment on purpose
	ReceiptSurplus = "surplus" // went to prepayment because its bills were settled already
	ReceiptRefund  = "refund"  // what a refund took off that is on none of the other lines; negative
)

// ReceiptLine is a line of a receipt.
type ReceiptLine struct {
	Kind         string          `json:"kind"`
	BillID       string          `json:"bill_id,omitempty"`
	Item         string          `json:"item,omitempty"` // of prepayment: what it is kept for; empty: any
	PeriodStart  models.Date     `json:"period_start,omitempty"`
	PeriodEnd    models.Date     `json:"period_end,omitempty"`
	DueOn        models.Date     `json:"due_on,omitempty"`
	PrincipalFen models.Fen      `json:"principal_fen"` // of prepayment: the amount
	LateFeeFen   models.Fen      `json:"late_fee_fen"`
	Late         *ReceiptLateFee `json:"late,omitempty"` // how the late fee came about; nil without late fee
}

// TotalFen is what the line adds to the receipt.
func (l ReceiptLine) TotalFen() models.Fen { return l.PrincipalFen + l.LateFeeFen }

// ReceiptLateFee is how the late fee of a line was computed, as of the day from
// which the payment counts: accrued less waived less paid before is what was due.
type ReceiptLateFee struct {
	Rate       string           `json:"rate"` // per day
	GraceDays  int              `json:"grace_days"`
	CapShare   string           `json:"cap_share,omitempty"` // share of the principal; empty: no cap
	CapFen     models.Fen       `json:"cap_fen,omitempty"`
	AsOf       models.Date      `json:"as_of"`
	Segments   []ReceiptSegment `json:"segments"`
	AccruedFen models.Fen       `json:"accrued_fen"`
	WaivedFen  models.Fen       `json:"waived_fen,omitempty"`
	PaidFen    models.Fen       `json:"paid_fen,omitempty"` // before this payment
}

// ReceiptSegment is a run of days with the same principal, both days included: from
// 2026-01-16 to 2026-01-31 are 16 days.
type ReceiptSegment struct {
	From         models.Date `json:"from"`
	To           models.Date `json:"to"`
	Days         int         `json:"days"`
	PrincipalFen models.Fen  `json:"principal_fen"`
}

// ReceiptParty is who a receipt names, frozen when it is numbered.
type ReceiptParty struct {
	Title     string `json:"title"` // the company that took the money
	Community string `json:"community"`
	Room      string `json:"room"`
	RoomCode  string `json:"room_code"`
	Owner     string `json:"owner"`             // in full; masked for everybody but the owner
	PayerRole string `json:"payer_role"`        // by which the payer was bound to the room; [PayerShare]: by a link; empty: at the desk
	Payer     string `json:"payer,omitempty"`   // label that the owner gave the link
	Cashier   string `json:"cashier,omitempty"` // who took the money at the desk
}

// PayerShare is the payer's role where the payment was made by a link.
const PayerShare = "share"

// Number is how the number is written, year and eight digits: 2026-00000042. It is empty
// until the number is given.
func (r *Receipt) Number() string {
	if r.Seq == nil {
		return ""
	}
	return fmt.Sprintf("%04d-%08d", r.SeriesYear, *r.Seq)
}

// Lines returns the frozen lines.
func (r *Receipt) Lines() (lines []ReceiptLine, err error) {
	if err = json.Unmarshal([]byte(r.LinesJSON), &lines); err != nil {
		err = fmt.Errorf("lines of receipt %s: %w", r.ID, err)
	}
	return lines, err
}

// Party returns who the receipt names: nobody before it is numbered.
func (r *Receipt) Party() (p ReceiptParty, err error) {
	if r.PartyJSON == "" {
		return p, nil
	}
	if err = json.Unmarshal([]byte(r.PartyJSON), &p); err != nil {
		err = fmt.Errorf("parties of receipt %s: %w", r.ID, err)
	}
	return p, err
}

// sealed is all that never changes once a receipt has its number.
func (r *Receipt) sealed() string {
	text, err := json.Marshal([]any{r.ID, r.PaymentID, r.CommunityID, r.RoomID, r.OwnerID, r.UserID, r.Channel, r.OrderNo, r.TransactionID,
		r.Number(), r.Version, r.ReplacesID, r.AmountFen, r.RefundedFen, r.PaidAt.UnixMilli(), r.LinesJSON, r.PartyJSON, r.Token,
		r.CreatedAt.UnixMilli(), r.NumberedAt.UnixMilli()})
	if err != nil { // texts and numbers
		panic(err)
	}
	return string(text)
}

// SealHolds reports whether a numbered receipt is as it was sealed. A change in the
// database alone breaks the seal: to make another takes the data key.
func SealHolds(tx *store.Tx, r *Receipt) bool {
	return r.Seq == nil && r.Seal == "" || r.Seal == tx.Vault().Mark("receipt", r.sealed())
}

// ErrReceiptExists says that the payment has a receipt of this version.
var ErrReceiptExists = errors.New("receipts: the payment has a receipt of this version")

// InsertReceipt adds a receipt with its frozen lines, in one insert. It completes r: id,
// token, year of its series, status; the number comes later. It returns
// [ErrReceiptExists] if the payment has one of the same version.
func InsertReceipt(tx *store.Tx, r *Receipt, lines []ReceiptLine) error {
	if err := fillReceipt(tx, r, lines); err != nil {
		return err
	}
	err := receiptTable.Insert(tx, *r)
	if err != nil && tx.IsDuplicate(err) {
		return ErrReceiptExists
	}
	return err
}

// InsertFirstReceipt is InsertReceipt for a payment of this transaction, which cannot
// have a receipt yet.
func InsertFirstReceipt(tx *store.Tx, r *Receipt, lines []ReceiptLine) error {
	if err := fillReceipt(tx, r, lines); err != nil {
		return err
	}
	return receiptTable.DeferInsert(tx, *r)
}

// fillReceipt completes a new receipt. Nothing has happened to it, even if r began as a
// copy of the version before.
func fillReceipt(tx *store.Tx, r *Receipt, lines []ReceiptLine) error {
	text, err := json.Marshal(lines)
	r.ID, r.Token, r.SeriesYear = models.NewID(), shortToken(), tx.Today().Year()
	r.Status, r.LinesJSON, r.CreatedAt = ReceiptIssued, string(text), tx.Now
	r.Seq, r.PartyJSON, r.Seal, r.NumberedAt = nil, "", "", models.Time{}
	r.VoidedAt, r.VoidReason, r.VoidBy = models.Time{}, "", models.Actor{}
	return err
}

// shortToken is 128 random bits, short enough for a code that is scanned.
func shortToken() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// ReceiptByID returns a receipt, or [models.ErrNotFound].
func ReceiptByID(tx *store.Tx, id string) (Receipt, error) {
	return store.G[Receipt](tx).Where("id = ?", id).Take(tx.Context())
}

// ReceiptsOfPayment returns the versions of a payment's receipt, the latest first.
func ReceiptsOfPayment(tx *store.Tx, paymentID string) ([]Receipt, error) {
	return store.G[Receipt](tx).Where("payment_id = ?", paymentID).Order("version DESC").Find(tx.Context())
}

// LockReceipt returns the latest version of a payment's receipt for a change, or
// [models.ErrNotFound] if the payment was booked before there were receipts. It locks
// all versions, so that two refunds at once do not both replace the latest.
func LockReceipt(tx *store.Tx, paymentID string) (Receipt, error) {
	return receiptTable.Row(tx, "WHERE payment_id = ? ORDER BY version DESC"+store.ForUpdate, paymentID)
}

var voidReceipt = receiptTable.Update("status, voided_at, void_reason, void_kind, void_id, void_name", "id = ? AND status = 'issued'")

// VoidReceipt makes an issued receipt void. It reports false if it was void already.
func VoidReceipt(tx *store.Tx, by models.Actor, r *Receipt, reason string) (bool, error) {
	void := *r
	void.Status, void.VoidedAt, void.VoidReason, void.VoidBy = ReceiptVoid, tx.Now, reason, by
	ok, err := voidReceipt.Guarded(tx, &void, r.ID)
	if err == nil && ok {
		*r = void
	}
	return ok, err
}

// ReceiptsAfter returns receipts in order of their ids, from the one after id on: a walk
// over all of them that holds few at a time.
func ReceiptsAfter(tx *store.Tx, id string, limit int) ([]Receipt, error) {
	return store.G[Receipt](tx).Where("id > ?", id).Order("id").Limit(limit).Find(tx.Context())
}
