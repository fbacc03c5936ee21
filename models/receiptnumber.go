package models

import (
	"encoding/json"
	"errors"
)

// ReceiptCounter is the last number given in a series of receipts. Whoever numbers
// holds its row until the end of the transaction.
type ReceiptCounter struct {
	CommunityID string
	SeriesYear  int
	LastSeq     int64
	UpdatedAt   Time
}

// ReceiptSeries is a series of receipt numbers.
type ReceiptSeries struct {
	CommunityID string
	Year        int
}

// UnnumberedSeries gives the series, of this year and the year before, that have
// receipts without a number.
func (tx *Tx) UnnumberedSeries() ([]ReceiptSeries, error) {
	var out []ReceiptSeries
	year := tx.Today().Year()
	for _, y := range []int{year - 1, year} {
		err := tx.each(func(scan func(...any) error) error {
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
func (tx *Tx) LockReceiptSeries(s ReceiptSeries) (last int64, err error) {
	const q = "SELECT last_seq FROM receipt_counters WHERE community_id = ? AND series_year = ?" + forUpdate
	err = tx.one([]any{&last}, q, s.CommunityID, s.Year)
	if !errors.Is(err, ErrNotFound) {
		return last, err
	}
	_, err = tx.exec("INSERT INTO receipt_counters (community_id, series_year, last_seq, updated_at) VALUES (?,?,0,?)", s.CommunityID, s.Year, tx.Now)
	if err != nil && tx.isDuplicate(err) { // somebody else began the series just now
		err = tx.one([]any{&last}, q, s.CommunityID, s.Year)
	}
	return last, err
}

// Unnumbered is a receipt that waits for its number, with the names for it.
type Unnumbered struct {
	Receipt
	Room       Room
	Community  string
	OwnerName  string // empty: the bills name nobody
	BoundAs    string // role of the payer at the room; empty: not bound
	ShareID    string // the order was made by a share
	ShareUser  string // who shared
	ShareLabel string
	Cashier    string // who took the money at the desk
}

// Unnumbered gives the receipts of a series that have no number, oldest first. The
// series must be held ([Tx.LockReceiptSeries]): who holds it sees all that was
// numbered before.
func (tx *Tx) Unnumbered(s ReceiptSeries, limit int) ([]Unnumbered, error) {
	var out []Unnumbered
	err := tx.each(func(scan func(...any) error) error {
		var u Unnumbered
		err := scan(append(append(u.Receipt.dest(), u.Room.dest()...), &u.Community, &u.OwnerName, &u.BoundAs, &u.ShareID, &u.ShareUser, &u.ShareLabel, &u.Cashier)...)
		out = append(out, u)
		return err
	}, "SELECT "+prefixed("p", receiptColumns)+", "+prefixed("r", roomColumns)+`, c.name, COALESCE(o.name, ''), COALESCE(b.role, ''), COALESCE(s.id, ''),
		COALESCE(s.user_id, ''), COALESCE(s.label, ''), COALESCE(d.staff_name, '')
		FROM receipts p JOIN rooms r ON r.id = p.room_id JOIN communities c ON c.id = p.community_id LEFT JOIN owners o ON o.id = p.owner_id
		LEFT JOIN bindings b ON b.user_id = p.user_id AND b.room_id = p.room_id LEFT JOIN share_orders so ON so.order_no = p.order_no LEFT JOIN shares s ON s.id = so.share_id
		LEFT JOIN desk_entries d ON d.payment_id = p.payment_id
		WHERE p.community_id = ? AND p.series_year = ? AND p.seq IS NULL ORDER BY p.id LIMIT ?`, s.CommunityID, s.Year, limit)
	return out, err
}

var sqlNumberReceipt = hot("UPDATE receipts SET seq = ?, party_json = ?, seal = ?, numbered_at = ? WHERE id = ? AND seq IS NULL")

// NumberReceipt gives a receipt its number and the names that stand on it, and
// seals it.
func (tx *Tx) NumberReceipt(r *Receipt, seq int64, party ReceiptParty) error {
	text, err := json.Marshal(party)
	if err != nil {
		return err
	}
	r.Seq, r.PartyJSON, r.NumberedAt = &seq, string(text), tx.Now
	r.Seal = tx.db.vault.mark("receipt", r.sealed())
	return tx.laterMust(sqlNumberReceipt, seq, r.PartyJSON, r.Seal, r.NumberedAt, r.ID)
}

// SetReceiptSeries keeps the last number given in a held series.
func (tx *Tx) SetReceiptSeries(s ReceiptSeries, was, last int64) error {
	if was == last {
		return nil
	}
	return tx.must("UPDATE receipt_counters SET last_seq = ?, updated_at = ? WHERE community_id = ? AND series_year = ? AND last_seq = ?", last, tx.Now, s.CommunityID, s.Year, was)
}
