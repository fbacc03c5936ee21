package receipts

import (
	"encoding/json"
	"errors"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// ReceiptCounter is the last number given in a series of receipts. Its row is locked
// until the end of the transaction that numbers.
type ReceiptCounter struct {
	CommunityID string
	SeriesYear  int
	LastSeq     int64
	UpdatedAt   models.Time
}

var counterTable = store.NewTable[ReceiptCounter]("receipt_counters")

// ReceiptSeries is a series of receipt numbers: those of a community and a year.
type ReceiptSeries struct {
	CommunityID string
	Year        int
}

// UnnumberedSeries returns the series, of this year and the year before, that have
// receipts without a number. A receipt of 31 December may get its number on 1 January:
// it still counts in the year before.
func UnnumberedSeries(tx *store.Tx) ([]ReceiptSeries, error) {
	var out []ReceiptSeries
	year := tx.Today().Year()
	for _, y := range []int{year - 1, year} {
		ids, err := store.Rows[string](tx, `SELECT c.id FROM communities c
			WHERE EXISTS (SELECT 1 FROM receipts r WHERE r.community_id = c.id AND r.series_year = ? AND r.seq IS NULL) ORDER BY c.id`, y)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			out = append(out, ReceiptSeries{CommunityID: id, Year: y})
		}
	}
	return out, nil
}

// LockReceiptSeries holds a series until the transaction ends and returns the last
// number given in it, 0 for a new series.
func LockReceiptSeries(tx *store.Tx, s ReceiptSeries) (last int64, err error) {
	const q = "SELECT last_seq FROM receipt_counters WHERE community_id = ? AND series_year = ?" + store.ForUpdate
	last, err = store.Row[int64](tx, q, s.CommunityID, s.Year)
	if !errors.Is(err, models.ErrNotFound) {
		return last, err
	}
	err = counterTable.Insert(tx, ReceiptCounter{CommunityID: s.CommunityID, SeriesYear: s.Year, UpdatedAt: tx.Now})
	if err != nil && tx.IsDuplicate(err) { // another process began the series just now
		return store.Row[int64](tx, q, s.CommunityID, s.Year)
	}
	return 0, err
}

// Unnumbered is a receipt without a number yet, with the names that will stand on it.
type Unnumbered struct {
	Receipt
	Room       estate.Room `gorm:"embedded;embeddedPrefix:r_"`
	Community  string
	OwnerName  string // empty: the bills name nobody
	BoundAs    string // role of the payer at the room; empty: not bound
	ShareID    string // the order was made by a share
	ShareUser  string // who shared
	ShareLabel string
	Cashier    string // who took the money at the desk
}

var unnumberedReceipts = "SELECT " + receiptTable.Of("p") + ", " + estate.RoomTable.As("r", "r_") + `, c.name AS community,
	COALESCE(o.name, '') AS owner_name, COALESCE(b.role, '') AS bound_as, COALESCE(s.id, '') AS share_id,
	COALESCE(s.user_id, '') AS share_user, COALESCE(s.label, '') AS share_label, COALESCE(d.staff_name, '') AS cashier
	FROM receipts p JOIN rooms r ON r.id = p.room_id JOIN communities c ON c.id = p.community_id LEFT JOIN owners o ON o.id = p.owner_id
	LEFT JOIN bindings b ON b.user_id = p.user_id AND b.room_id = p.room_id
	LEFT JOIN share_orders so ON so.order_no = p.order_no LEFT JOIN shares s ON s.id = so.share_id
	LEFT JOIN desk_entries d ON d.payment_id = p.payment_id
	WHERE p.community_id = ? AND p.series_year = ? AND p.seq IS NULL ORDER BY p.id LIMIT ?`

// UnnumberedReceipts returns the receipts of a series that have no number, oldest first.
// The series must be held ([LockReceiptSeries]): only under its lock all that was
// numbered before is in sight.
func UnnumberedReceipts(tx *store.Tx, s ReceiptSeries, limit int) ([]Unnumbered, error) {
	return store.Rows[Unnumbered](tx, unnumberedReceipts, s.CommunityID, s.Year, limit)
}

var numberReceipt = receiptTable.Update("seq, party_json, seal, numbered_at", "id = ? AND seq IS NULL").Hot()

// NumberReceipt writes the number of a receipt and the names that stand on it, and seals
// it.
func NumberReceipt(tx *store.Tx, r *Receipt, seq int64, party ReceiptParty) error {
	text, err := json.Marshal(party)
	if err != nil {
		return err
	}
	r.Seq, r.PartyJSON, r.NumberedAt = &seq, string(text), tx.Now
	r.Seal = tx.Vault().Mark("receipt", r.sealed())
	return numberReceipt.DeferGuarded(tx, r, r.ID)
}

var setCounter = counterTable.Update("last_seq, updated_at", "community_id = ? AND series_year = ? AND last_seq = ?")

// SetReceiptSeries keeps the last number given in a held series, where was is what
// [LockReceiptSeries] returned.
func SetReceiptSeries(tx *store.Tx, s ReceiptSeries, was, last int64) error {
	if was == last {
		return nil
	}
	return setCounter.One(tx, &ReceiptCounter{LastSeq: last, UpdatedAt: tx.Now}, s.CommunityID, s.Year, was)
}
