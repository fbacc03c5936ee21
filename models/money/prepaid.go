package money

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Kinds of [PrepaidEntry].
const (
	PrepaidTopup   = "topup"   // paid in on purpose
	PrepaidSurplus = "surplus" // money for bills that were settled already
	PrepaidOffset  = "offset"  // spent on a bill
	PrepaidRefund  = "refund"  // given back, or owed to a former owner from then on
	PrepaidCredit  = "credit"  // paid for a bill that turned out too high
	PrepaidMoved   = "move"    // from one fee item to another; always two that add up to nothing
)

// PrepaidEntry is one move of a room's prepaid balance 预存; a positive amount adds to
// it. Item is the fee item that it is kept for; empty: general, for any item. The sum
// of a room's entries is its balance, and that of an item's entries the item's. For
// example, a top-up of 500 yuan for 水费 and an offset of −120 leave 380 for 水费.
type PrepaidEntry struct {
	ID        string
	RoomID    string
	Kind      string
	Item      string
	AmountFen models.Fen
	PaymentID string // the payment that brought the money, if it is known
	BillID    string // of an offset or a credit
	CreatedAt models.Time
}

// PrepaidBalance is a room's prepayment for one fee item, or for any (Item empty). It is
// never below zero.
type PrepaidBalance struct {
	ID        string
	RoomID    string
	Item      string
	AmountFen models.Fen
	CreatedAt models.Time
	UpdatedAt models.Time
}

// A payment moves one balance, or two: what was topped up and what is over.
var (
	prepaidEntryTable   = store.NewTable[PrepaidEntry]("prepaid_entries").Hot(1)
	prepaidBalanceTable = store.NewTable[PrepaidBalance]("prepaid_balances").Hot(1)
)

var (
	sqlMovePrepaid = store.Hot("UPDATE rooms SET prepaid_fen = prepaid_fen + ?, updated_at = ? WHERE id = ? AND prepaid_fen + ? >= 0")
	sqlMoveBalance = store.Hot(`UPDATE prepaid_balances SET amount_fen = amount_fen + ?, updated_at = ?
		WHERE room_id = ? AND item = ? AND amount_fen + ? >= 0`)
)

// ErrPrepaidShort says that a room's prepayment does not cover what is to be
// taken from it.
var ErrPrepaidShort = models.Refusal(models.KindConflict, "PREPAID_SHORT", "预存余额不足")

// MovePrepaid changes a room's general balance and keeps the entry; see
// [MovePrepaidOf].
func MovePrepaid(tx *store.Tx, roomID, kind string, amount models.Fen, paymentID, billID string) error {
	return MovePrepaidOf(tx, roomID, "", kind, amount, paymentID, billID)
}

// MovePrepaidOf changes a room's balance for a fee item (empty: general) and keeps the
// entry. A balance never falls below zero: then it fails with [ErrPrepaidShort], and the
// transaction must not be committed.
func MovePrepaidOf(tx *store.Tx, roomID, item, kind string, amount models.Fen, paymentID, billID string) error {
	// The room first: who has its row locked is alone with its balances.
	ok, err := tx.ExecGuarded(sqlMovePrepaid, amount, tx.Now, roomID, amount)
	if err == nil && !ok {
		err = ErrPrepaidShort
	}
	if err != nil {
		return err
	}
	return keepEntry(tx, PrepaidEntry{RoomID: roomID, Item: item, Kind: kind, AmountFen: amount, PaymentID: paymentID, BillID: billID})
}

// keepEntry moves the balance of the entry's item and keeps the entry. The room's row is
// locked.
func keepEntry(tx *store.Tx, e PrepaidEntry) error {
	ok, err := moveBalance(tx, e.RoomID, e.Item, e.AmountFen)
	if err == nil && !ok {
		err = ErrPrepaidShort
	}
	if err != nil {
		return err
	}
	e.ID, e.CreatedAt = models.NewID(), tx.Now
	return prepaidEntryTable.Insert(tx, e)
}

// moveBalance changes one balance of a room whose row is locked. It returns false if the
// balance would fall below zero.
func moveBalance(tx *store.Tx, roomID, item string, amount models.Fen) (bool, error) {
	ok, err := tx.ExecGuarded(sqlMoveBalance, amount, tx.Now, roomID, item, amount)
	if err != nil || ok || amount <= 0 {
		return ok, err
	}
	err = prepaidBalanceTable.Insert(tx, PrepaidBalance{
		ID: models.NewID(), RoomID: roomID, Item: item, AmountFen: amount, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	})
	return err == nil, err
}

// LockPrepaid returns a room's balance for a change, or [models.ErrNotFound] if there is
// no such room. Bills that are locked as well are locked first, unless they were made in
// the same transaction.
func LockPrepaid(tx *store.Tx, roomID string) (models.Fen, error) {
	return store.Row[models.Fen](tx, "SELECT prepaid_fen FROM rooms WHERE id = ?"+store.ForUpdate, roomID)
}

// PrepaidBalances returns the rooms' balances that are not zero, by room, the general
// one first.
func PrepaidBalances(tx *store.Tx, roomIDs []string) (map[string][]PrepaidBalance, error) {
	list, err := store.RowsIn[PrepaidBalance](tx, roomIDs, nil,
		prepaidBalanceTable.Select("WHERE amount_fen > 0 AND room_id (IN) ORDER BY room_id, item"))
	return store.Group(list, func(b *PrepaidBalance) string { return b.RoomID }), err
}

// RoomsThatPrepaid returns those of the rooms that have ever had prepayment.
func RoomsThatPrepaid(tx *store.Tx, roomIDs []string) ([]string, error) {
	return store.RowsIn[string](tx, roomIDs, nil, "SELECT DISTINCT room_id FROM prepaid_balances WHERE room_id (IN) ORDER BY room_id")
}

// PrepaidEntries returns a room's entries, newest first.
func PrepaidEntries(tx *store.Tx, roomID string, limit int) ([]PrepaidEntry, error) {
	return store.G[PrepaidEntry](tx).Where("room_id = ?", roomID).Order("created_at DESC, id DESC").Limit(limit).Find(tx.Context())
}

// PrepaidKnownOn returns the room's balance at the end of a day: the sum of the entries
// that were in the books by then.
func PrepaidKnownOn(tx *store.Tx, roomID string, day models.Date) (models.Fen, error) {
	return store.Row[models.Fen](tx, "SELECT COALESCE(SUM(amount_fen), 0) FROM prepaid_entries WHERE room_id = ? AND created_at < ?",
		roomID, models.At((day + 1).Start()))
}
