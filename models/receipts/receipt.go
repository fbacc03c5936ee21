package receipts

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// States of a [Receipt].
const (
	ReceiptIssued = "issued"
	ReceiptVoid   = "void"
)

// Receipt is a receipt 收据 for a payment: what it paid, frozen as it was booked,
// in the transaction that booked it. It never changes after that, but for three
// things that happen to it once: it gets its number ([NumberReceipt]), together
// with the names that stand on it, and a refund makes it void ([VoidReceipt]);
// then the next version stands for what is left, if anything is.
//
// Numbers run without gaps in the series of a community and a year, from 1. Seq is
// nil until the number is given. AmountFen is the payment less RefundedFen, what
// was refunded of it before this version.
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
	SeriesYear    int
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
	VoidKind      string
	VoidID        string
	VoidName      string
}

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

// ReceiptSegment is a run of days with the same principal, both days included.
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
	Owner     string `json:"owner"`             // in full; mask it for whoever is not the owner
	PayerRole string `json:"payer_role"`        // by which the payer was bound to the room; share: by a link; empty: at the desk
	Payer     string `json:"payer,omitempty"`   // what the owner called the one who was to pay by a link
	Cashier   string `json:"cashier,omitempty"` // who took the money at the desk
}

// PayerShare is the payer's role of who paid by a link.
const PayerShare = "share"

// Number is how the number is written: year and eight digits; empty until given.
func (r *Receipt) Number() string {
	if r.Seq == nil {
		return ""
	}
	return fmt.Sprintf("%04d-%08d", r.SeriesYear, *r.Seq)
}

// Lines gives the frozen lines.
func (r *Receipt) Lines() (lines []ReceiptLine, err error) {
	if err = json.Unmarshal([]byte(r.LinesJSON), &lines); err != nil {
		err = fmt.Errorf("lines of receipt %s: %w", r.ID, err)
	}
	return lines, err
}

// Party gives who the receipt names; nobody before it is numbered.
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
	text, err := json.Marshal([]any{r.ID, r.PaymentID, r.CommunityID, r.RoomID, r.OwnerID, r.UserID, r.Channel, r.OrderNo, r.TransactionID, r.Number(), r.Version,
		r.ReplacesID, r.AmountFen, r.RefundedFen, r.PaidAt.UnixMilli(), r.LinesJSON, r.PartyJSON, r.Token, r.CreatedAt.UnixMilli(), r.NumberedAt.UnixMilli()})
	if err != nil { // texts and numbers
		panic(err)
	}
	return string(text)
}

// SealHolds tells whether a numbered receipt is as it was sealed: whoever changes it
// in the database alone cannot make the seal, which needs the data key.
func SealHolds(tx *store.Tx, r *Receipt) bool {
	return r.Seq == nil && r.Seal == "" || r.Seal == tx.Vault().Mark("receipt", r.sealed())
}

const receiptColumns = `id, payment_id, community_id, room_id, owner_id, user_id, channel, order_no, transaction_id, series_year, seq, version, replaces_id, status,
	amount_fen, refunded_fen, paid_at, lines_json, party_json, token, seal, created_at, numbered_at, voided_at, void_reason, void_kind, void_id, void_name`

func (r *Receipt) dest() []any {
	return []any{&r.ID, &r.PaymentID, &r.CommunityID, &r.RoomID, &r.OwnerID, &r.UserID, &r.Channel, &r.OrderNo, &r.TransactionID, &r.SeriesYear, &r.Seq, &r.Version,
		&r.ReplacesID, &r.Status, &r.AmountFen, &r.RefundedFen, &r.PaidAt, &r.LinesJSON, &r.PartyJSON, &r.Token, &r.Seal, &r.CreatedAt, &r.NumberedAt,
		&r.VoidedAt, &r.VoidReason, &r.VoidKind, &r.VoidID, &r.VoidName}
}

var sqlInsertReceipt = store.Hot(`INSERT INTO receipts (id, payment_id, community_id, room_id, owner_id, user_id, channel, order_no, transaction_id, series_year, version,
	replaces_id, status, amount_fen, refunded_fen, paid_at, lines_json, token, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`)

// ErrReceiptExists says that the payment has a receipt of this version.
var ErrReceiptExists = errors.New("models: the payment has a receipt of this version")

// InsertReceipt adds a receipt with its frozen lines, in one insert. It completes r:
// id, token, year of its series, status. The number comes later.
func InsertReceipt(tx *store.Tx, r *Receipt, lines []ReceiptLine) error {
	values, err := newReceipt(tx, r, lines)
	if err != nil {
		return err
	}
	_, err = tx.Exec(sqlInsertReceipt, values...)
	if err != nil && tx.IsDuplicate(err) {
		return ErrReceiptExists
	}
	return err
}

// InsertFirstReceipt is InsertReceipt for a payment of this transaction, which cannot
// have a receipt yet.
func InsertFirstReceipt(tx *store.Tx, r *Receipt, lines []ReceiptLine) error {
	values, err := newReceipt(tx, r, lines)
	if err != nil {
		return err
	}
	return tx.Defer(sqlInsertReceipt, values...)
}

func newReceipt(tx *store.Tx, r *Receipt, lines []ReceiptLine) ([]any, error) {
	text, err := json.Marshal(lines)
	r.ID, r.Token, r.SeriesYear, r.Status, r.LinesJSON, r.CreatedAt = models.NewID(), shortToken(), tx.Today().Year(), ReceiptIssued, string(text), tx.Now
	return []any{r.ID, r.PaymentID, r.CommunityID, r.RoomID, r.OwnerID, r.UserID, r.Channel, r.OrderNo, r.TransactionID, r.SeriesYear, r.Version,
		r.ReplacesID, r.Status, r.AmountFen, r.RefundedFen, r.PaidAt, r.LinesJSON, r.Token, r.CreatedAt}, err
}

// shortToken is 128 random bits, short enough for a code that is scanned.
func shortToken() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// ReceiptByID finds a receipt.
func ReceiptByID(tx *store.Tx, id string) (Receipt, error) {
	var r Receipt
	return r, tx.QueryRow(r.dest(), "SELECT "+receiptColumns+" FROM receipts WHERE id = ?", id)
}

// ReceiptsOfPayment gives the versions of a payment's receipt, the latest first.
func ReceiptsOfPayment(tx *store.Tx, paymentID string) ([]Receipt, error) {
	return receipts(tx, "SELECT "+receiptColumns+" FROM receipts WHERE payment_id = ? ORDER BY version DESC", paymentID)
}

// LockReceipt reads the latest version of a payment's receipt for a change;
// [models.ErrNotFound] if it has none.
func LockReceipt(tx *store.Tx, paymentID string) (Receipt, error) {
	list, err := receipts(tx, "SELECT "+receiptColumns+" FROM receipts WHERE payment_id = ? ORDER BY version DESC"+store.ForUpdate, paymentID)
	if err == nil && len(list) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return Receipt{}, err
	}
	return list[0], nil
}

func receipts(tx *store.Tx, query string, args ...any) ([]Receipt, error) {
	var out []Receipt
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, Receipt{})
		return scan(out[len(out)-1].dest()...)
	}, query, args...)
	return out, err
}

// VoidReceipt makes an issued receipt void; false if it was so already.
func VoidReceipt(tx *store.Tx, by models.Actor, r *Receipt, reason string) (bool, error) {
	ok, err := tx.ExecGuarded(`UPDATE receipts SET status = 'void', voided_at = ?, void_reason = ?, void_kind = ?, void_id = ?, void_name = ?
		WHERE id = ? AND status = 'issued'`, tx.Now, reason, by.Kind, by.ID, by.Name, r.ID)
	if err != nil || !ok {
		return ok, err
	}
	r.Status, r.VoidedAt, r.VoidReason, r.VoidKind, r.VoidID, r.VoidName = ReceiptVoid, tx.Now, reason, by.Kind, by.ID, by.Name
	return true, nil
}

// ReceiptsAfter gives receipts in order of their ids, beginning after one of them.
func ReceiptsAfter(tx *store.Tx, id string, limit int) ([]Receipt, error) {
	return receipts(tx, "SELECT "+receiptColumns+" FROM receipts WHERE id > ? ORDER BY id LIMIT ?", id, limit)
}

// ReceiptFilter chooses receipts for staff, newest first.
type ReceiptFilter struct {
	Scope  office.Scope
	Status string      // empty: all
	On     models.Date // day of issue; none: all
	Seq    int64       // of SeriesYear; 0: all
	Year   int
	After  string // id of the last one seen
	Limit  int
}

// ListedReceipt is a receipt with the room it is about.
type ListedReceipt struct {
	Receipt
	Room estate.Room
}

// ListedReceipts gives a page of receipts, newest first.
func ListedReceipts(tx *store.Tx, f ReceiptFilter) ([]ListedReceipt, error) {
	scope, args := f.Scope.And()
	q := "SELECT " + store.Prefixed("p", receiptColumns) + ", " + store.Prefixed("r", estate.RoomColumns) + " FROM receipts p JOIN rooms r ON r.id = p.room_id WHERE 1 = 1" + scope
	add := func(condition string, values ...any) { q, args = q+" AND "+condition, append(args, values...) }
	if f.Status != "" {
		add("p.status = ?", f.Status)
	}
	if !f.On.IsZero() {
		add("p.created_at >= ? AND p.created_at < ?", models.At(f.On.Start()), models.At((f.On + 1).Start()))
	}
	if f.Seq != 0 {
		add("p.seq = ? AND p.series_year = ?", f.Seq, f.Year)
	}
	if f.After != "" {
		add("p.id < ?", f.After)
	}
	var out []ListedReceipt
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, ListedReceipt{})
		l := &out[len(out)-1]
		return scan(append(l.Receipt.dest(), l.Room.Dest()...)...)
	}, q+" ORDER BY p.id DESC LIMIT ?", append(args, f.Limit)...)
	return out, err
}
