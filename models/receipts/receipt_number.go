package receipts

import (
	"encoding/json"
	"errors"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// ReceiptCounter is the last number given in a series of receipts. Whoever numbers
// holds its row until the end of the transaction.
type ReceiptCounter struct {
	CommunityID string
	SeriesYear  int
	LastSeq     int64
	UpdatedAt   models.Time
}

// ReceiptSeries is a series of receipt numbers.
type ReceiptSeries struct {
	CommunityID string
	Year        int
}

// UnnumberedSeries gives the series, of this year and the year before, that have
// receipts without a number.
func UnnumberedSeries(tx *store.Tx) ([]ReceiptSeries, error) {
	var out []ReceiptSeries
	year := tx.Today().Year()
	for _, y := range []int{year - 1, year} {
		err := tx.QueryRows(func(scan func(...any) error) error {
			s := ReceiptSeries{Year: y}
			if err := scan(&s.CommunityID); err != nil {
				return err
			}
			out = append(out, s)
			return nil
		}, `SELECT c.id FROM communities c WHERE EXISTS (SELECT 1 FROM receipts r WHERE r.community_id = c.id AND r.series_year = ? AND r.seq IS NULL) ORDER BY c.id`, y)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// LockReceiptSeries holds a series until the transaction ends and gives the last
// number given in it.
func LockReceiptSeries(tx *store.Tx, s ReceiptSeries) (last int64, err error) {
	const q = "SELECT last_seq FROM receipt_counters WHERE community_id = ? AND series_year = ?" + store.ForUpdate
	err = tx.QueryRow([]any{&last}, q, s.CommunityID, s.Year)
	if !errors.Is(err, models.ErrNotFound) {
		return last, err
	}
	_, err = tx.Exec("INSERT INTO receipt_counters (community_id, series_year, last_seq, updated_at) VALUES (?,?,0,?)", s.CommunityID, s.Year, tx.Now)
	if err != nil && tx.IsDuplicate(err) { // somebody else began the series just now
		err = tx.QueryRow([]any{&last}, q, s.CommunityID, s.Year)
	}
	return last, err
}

// Unnumbered is a receipt that waits for its number, with the names for it.
type Unnumbered struct {
	Receipt
	Room       estate.Room
	Community  string
	OwnerName  string // empty: the bills name nobody
	BoundAs    string // role of the payer at the room; empty: not bound
	ShareID    string // the order was made by a share
	ShareUser  string // who shared
	ShareLabel string
	Cashier    string // who took the money at the desk
}

// UnnumberedReceipts gives the receipts of a series that have no number, oldest first. The
// series must be held ([LockReceiptSeries]): who holds it sees all that was
// numbered before.
func UnnumberedReceipts(tx *store.Tx, s ReceiptSeries, limit int) ([]Unnumbered, error) {
	var out []Unnumbered
	err := tx.QueryRows(func(scan func(...any) error) error {
		var u Unnumbered
		err := scan(append(append(u.Receipt.dest(), u.Room.Dest()...), &u.Community, &u.OwnerName, &u.BoundAs, &u.ShareID, &u.ShareUser, &u.ShareLabel, &u.Cashier)...)
		out = append(out, u)
		return err
	}, "SELECT "+store.Prefixed("p", receiptColumns)+", "+store.Prefixed("r", estate.RoomColumns)+`, c.name, COALESCE(o.name, ''), COALESCE(b.role, ''), COALESCE(s.id, ''),
		COALESCE(s.user_id, ''), COALESCE(s.label, ''), COALESCE(d.staff_name, '')
		FROM receipts p JOIN rooms r ON r.id = p.room_id JOIN communities c ON c.id = p.community_id LEFT JOIN owners o ON o.id = p.owner_id
		LEFT JOIN bindings b ON b.user_id = p.user_id AND b.room_id = p.room_id LEFT JOIN share_orders so ON so.order_no = p.order_no LEFT JOIN shares s ON s.id = so.share_id
		LEFT JOIN desk_entries d ON d.payment_id = p.payment_id
		WHERE p.community_id = ? AND p.series_year = ? AND p.seq IS NULL ORDER BY p.id LIMIT ?`, s.CommunityID, s.Year, limit)
	return out, err
}

var sqlNumberReceipt = store.Hot("UPDATE receipts SET seq = ?, party_json = ?, seal = ?, numbered_at = ? WHERE id = ? AND seq IS NULL")

// NumberReceipt gives a receipt its number and the names that stand on it, and
// seals it.
func NumberReceipt(tx *store.Tx, r *Receipt, seq int64, party ReceiptParty) error {
	text, err := json.Marshal(party)
	if err != nil {
		return err
	}
	r.Seq, r.PartyJSON, r.NumberedAt = &seq, string(text), tx.Now
	r.Seal = tx.Vault().Mark("receipt", r.sealed())
	return tx.DeferGuarded(sqlNumberReceipt, seq, r.PartyJSON, r.Seal, r.NumberedAt, r.ID)
}

// SetReceiptSeries keeps the last number given in a held series.
func SetReceiptSeries(tx *store.Tx, s ReceiptSeries, was, last int64) error {
	if was == last {
		return nil
	}
	return tx.ExecOne("UPDATE receipt_counters SET last_seq = ?, updated_at = ? WHERE community_id = ? AND series_year = ? AND last_seq = ?", last, tx.Now, s.CommunityID, s.Year, was)
}
