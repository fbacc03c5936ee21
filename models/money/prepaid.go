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

// PrepaidEntry is one move of a room's prepaid balance 预存; positive adds to it.
// Item is the fee item that it is kept for; empty: general, for any item. The sum of
// a room's entries is its balance, and that of an item's entries the item's.
type PrepaidEntry struct {
	ID        string
	RoomID    string
	Kind      string
	Item      string
	AmountFen models.Fen
	PaymentID string
	BillID    string
	CreatedAt models.Time
}

// PrepaidBalance is a room's prepayment for one fee item, or for any (Item empty).
type PrepaidBalance struct {
	ID        string
	RoomID    string
	Item      string
	AmountFen models.Fen
	CreatedAt models.Time
	UpdatedAt models.Time
}

// PrepaidMove is that staff moved prepayment from one fee item to another.
type PrepaidMove struct {
	ID        string
	RoomID    string
	FromItem  string
	ToItem    string
	AmountFen models.Fen
	Reason    string
	ByName    string
	CreatedAt models.Time
}

var (
	sqlMovePrepaid   = store.Hot("UPDATE rooms SET prepaid_fen = prepaid_fen + ?, updated_at = ? WHERE id = ? AND prepaid_fen + ? >= 0")
	sqlMoveBalance   = store.Hot("UPDATE prepaid_balances SET amount_fen = amount_fen + ?, updated_at = ? WHERE room_id = ? AND item = ? AND amount_fen + ? >= 0")
	sqlInsertBalance = store.Hot("INSERT INTO prepaid_balances (id, room_id, item, amount_fen, created_at, updated_at) VALUES (?,?,?,?,?,?)")
	sqlInsertPrepaid = store.Hot("INSERT INTO prepaid_entries (id, room_id, kind, item, amount_fen, payment_id, bill_id, created_at) VALUES (?,?,?,?,?,?,?,?)")
)

// ErrPrepaidShort says that a room's prepayment does not cover what is to be
// taken from it.
var ErrPrepaidShort = models.Refusal(models.KindConflict, "PREPAID_SHORT", "预存余额不足")

// MovePrepaid changes a room's general balance and keeps the entry.
func MovePrepaid(tx *store.Tx, roomID, kind string, amount models.Fen, paymentID, billID string) error {
	return MovePrepaidOf(tx, roomID, "", kind, amount, paymentID, billID)
}

// MovePrepaidOf changes a room's balance for a fee item (empty: general) and keeps
// the entry. A balance never falls below zero: that gives [ErrPrepaidShort].
func MovePrepaidOf(tx *store.Tx, roomID, item, kind string, amount models.Fen, paymentID, billID string) error {
	// The room first: whoever has its row locked is alone with its balances.
	ok, err := tx.ExecGuarded(sqlMovePrepaid, amount, tx.Now, roomID, amount)
	if err == nil && ok {
		ok, err = moveBalance(tx, roomID, item, amount)
	}
	if err == nil && !ok {
		err = ErrPrepaidShort
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(sqlInsertPrepaid, models.NewID(), roomID, kind, item, amount, paymentID, billID, tx.Now)
	return err
}

// moveBalance changes one balance of a room whose row is locked; false if it would
// fall below zero.
func moveBalance(tx *store.Tx, roomID, item string, amount models.Fen) (bool, error) {
	ok, err := tx.ExecGuarded(sqlMoveBalance, amount, tx.Now, roomID, item, amount)
	if err != nil || ok || amount <= 0 {
		return ok, err
	}
	_, err = tx.Exec(sqlInsertBalance, models.NewID(), roomID, item, amount, tx.Now, tx.Now)
	return err == nil, err
}

// InsertPrepaidMove keeps that prepayment was moved between two items, with its two
// entries. The room's balance stays as it is.
func InsertPrepaidMove(tx *store.Tx, m PrepaidMove) error {
	if _, err := LockPrepaid(tx, m.RoomID); err != nil {
		return err
	}
	for _, x := range []struct {
		item   string
		amount models.Fen
	}{{m.FromItem, -m.AmountFen}, {m.ToItem, m.AmountFen}} {
		ok, err := moveBalance(tx, m.RoomID, x.item, x.amount)
		if err == nil && !ok {
			err = ErrPrepaidShort
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(sqlInsertPrepaid, models.NewID(), m.RoomID, PrepaidMoved, x.item, x.amount, "", "", tx.Now); err != nil {
			return err
		}
	}
	return tx.Create(&m)
}

// PrepaidBalances gives the rooms' balances that are not zero, by room, the general
// one first.
func PrepaidBalances(tx *store.Tx, roomIDs []string) (map[string][]PrepaidBalance, error) {
	out := map[string][]PrepaidBalance{}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var b PrepaidBalance
		if err := scan(&b.ID, &b.RoomID, &b.Item, &b.AmountFen, &b.CreatedAt, &b.UpdatedAt); err != nil {
			return err
		}
		out[b.RoomID] = append(out[b.RoomID], b)
		return nil
	}, "SELECT id, room_id, item, amount_fen, created_at, updated_at FROM prepaid_balances WHERE amount_fen > 0 AND room_id IN ("+store.Placeholders(len(roomIDs))+
		") ORDER BY room_id, item", store.Args(roomIDs)...)
	return out, err
}

// PrepaidMoves gives what was moved between items of a room, newest first.
func PrepaidMoves(tx *store.Tx, roomID string, limit int) ([]PrepaidMove, error) {
	var out []PrepaidMove
	err := tx.Gorm().Where("room_id = ?", roomID).Order("created_at DESC, id DESC").Limit(limit).Find(&out).Error
	return out, err
}

// PrepaidEntries gives a room's entries, newest first.
func PrepaidEntries(tx *store.Tx, roomID string, limit int) ([]PrepaidEntry, error) {
	var out []PrepaidEntry
	err := tx.Gorm().Where("room_id = ?", roomID).Order("created_at DESC, id DESC").Limit(limit).Find(&out).Error
	return out, err
}

// PrepaidKnownOn is the room's balance at the end of a day: the entries that were in
// the books by then.
func PrepaidKnownOn(tx *store.Tx, roomID string, day models.Date) (models.Fen, error) {
	var balance models.Fen
	return balance, tx.QueryRow([]any{&balance}, "SELECT COALESCE(SUM(amount_fen), 0) FROM prepaid_entries WHERE room_id = ? AND created_at < ?", roomID, models.At((day + 1).Start()))
}

// LockPrepaid reads a room's balance for a change. Whoever locks bills as well
// locks them first, unless they were made in the same transaction.
func LockPrepaid(tx *store.Tx, roomID string) (models.Fen, error) {
	var balance models.Fen
	return balance, tx.QueryRow([]any{&balance}, "SELECT prepaid_fen FROM rooms WHERE id = ?"+store.ForUpdate, roomID)
}

// RoomsThatPrepaid gives those of the rooms that have ever had prepayment.
func RoomsThatPrepaid(tx *store.Tx, roomIDs []string) ([]string, error) {
	var out []string
	err := tx.QueryRows(func(scan func(...any) error) error {
		var id string
		if err := scan(&id); err != nil {
			return err
		}
		out = append(out, id)
		return nil
	}, "SELECT DISTINCT room_id FROM prepaid_balances WHERE room_id IN ("+store.Placeholders(len(roomIDs))+") ORDER BY room_id", store.Args(roomIDs)...)
	return out, err
}
