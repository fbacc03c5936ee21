package models

// Kinds of [PrepaidEntry].
const (
	PrepaidTopup   = "topup"   // paid in on purpose
	PrepaidSurplus = "surplus" // money for bills that were settled already
	PrepaidOffset  = "offset"  // spent on a bill
	PrepaidRefund  = "refund"  // given back
)

// PrepaidEntry is one move of a room's prepaid balance 预存; positive adds to it.
// The sum of a room's entries is its balance.
type PrepaidEntry struct {
	ID        string
	RoomID    string
	Kind      string
	AmountFen Fen
	PaymentID string
	BillID    string
	CreatedAt Time
}

var (
	sqlMovePrepaid   = hot("UPDATE rooms SET prepaid_fen = prepaid_fen + ?, updated_at = ? WHERE id = ? AND prepaid_fen + ? >= 0")
	sqlInsertPrepaid = hot("INSERT INTO prepaid_entries (id, room_id, kind, amount_fen, payment_id, bill_id, created_at) VALUES (?,?,?,?,?,?,?)")
)

// ErrPrepaidShort says that a room's prepayment does not cover what is to be
// taken from it.
var ErrPrepaidShort = Refusal(KindConflict, "PREPAID_SHORT", "预存余额不足")

// MovePrepaid changes a room's balance and keeps the entry.
func (tx *Tx) MovePrepaid(roomID, kind string, amount Fen, paymentID, billID string) error {
	ok, err := tx.guarded(sqlMovePrepaid, amount, tx.Now, roomID, amount)
	if err != nil {
		return err
	}
	if !ok {
		return ErrPrepaidShort
	}
	_, err = tx.exec(sqlInsertPrepaid, NewID(), roomID, kind, amount, paymentID, billID, tx.Now)
	return err
}

// PrepaidEntries gives a room's entries, newest first.
func (tx *Tx) PrepaidEntries(roomID string, limit int) ([]PrepaidEntry, error) {
	var out []PrepaidEntry
	err := tx.g().Where("room_id = ?", roomID).Order("created_at DESC, id DESC").Limit(limit).Find(&out).Error
	return out, err
}

// LockPrepaid reads a room's balance for a change. Whoever locks bills as well
// locks them first, unless they were made in the same transaction.
func (tx *Tx) LockPrepaid(roomID string) (Fen, error) {
	var balance Fen
	return balance, tx.one([]any{&balance}, "SELECT prepaid_fen FROM rooms WHERE id = ?"+forUpdate, roomID)
}
