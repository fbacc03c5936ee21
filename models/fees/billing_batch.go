package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// BillingBatch is a part of a [BillingRun]: the rooms after AfterKey up to LastKey,
// in order of their code keys; a last part with an empty LastKey goes to the end.
// Digest is over every bill that was previewed for them.
type BillingBatch struct {
	RunID        string
	Seq          int
	AfterKey     string
	LastKey      string
	Rooms        int
	Bills        int
	PrincipalFen models.Fen
	Digest       string
	Issued       bool
}

// InsertBatch adds a part to a draft.
func InsertBatch(tx *store.Tx, b BillingBatch) error {
	_, err := tx.Exec(`INSERT INTO billing_batches (run_id, seq, after_key, last_key, rooms, bills, principal_fen, digest, issued) VALUES (?,?,?,?,?,?,?,?,?)`,
		b.RunID, b.Seq, b.AfterKey, b.LastKey, b.Rooms, b.Bills, b.PrincipalFen, b.Digest, b.Issued)
	return err
}

// NextBatch gives the first part of a run that is not issued; [models.ErrNotFound] when
// all are.
func NextBatch(tx *store.Tx, runID string) (BillingBatch, error) {
	var b BillingBatch
	return b, tx.QueryRow([]any{&b.RunID, &b.Seq, &b.AfterKey, &b.LastKey, &b.Rooms, &b.Bills, &b.PrincipalFen, &b.Digest, &b.Issued},
		`SELECT run_id, seq, after_key, last_key, rooms, bills, principal_fen, digest, issued FROM billing_batches
		WHERE run_id = ? AND issued = 0 ORDER BY seq LIMIT 1`, runID)
}

// MarkBatchIssued notes that the bills of a part have been issued.
func MarkBatchIssued(tx *store.Tx, b BillingBatch) error {
	return tx.ExecOne("UPDATE billing_batches SET issued = 1 WHERE run_id = ? AND seq = ? AND issued = 0", b.RunID, b.Seq)
}

// DropDraft forgets what was previewed and not issued: the run is looked at anew
// from there.
func DropDraft(tx *store.Tx, runID string) error {
	if _, err := tx.Exec("DELETE FROM billing_batches WHERE run_id = ? AND issued = 0", runID); err != nil {
		return err
	}
	_, err := tx.Exec("DELETE FROM billing_oddities WHERE run_id = ?", runID)
	return err
}

// Kinds of [BillingOddity].
const (
	OddHigh      = "high"       // the bill is three times the room's usual one or more
	OddBackwards = "backwards"  // a meter shows less than before
	OddNoReading = "no_reading" // a meter was not read in the period
	OddNoTariff  = "no_tariff"  // no tariff fits the room
	OddNoOwner   = "no_owner"   // nobody would owe the bill
	OddNoArea    = "no_area"    // charged by area, and the room has none
)

// BillingOddity is what staff should look at before a run is published. AmountFen is
// what the bill would be, UsualFen what it is mostly.
type BillingOddity struct {
	ID        string
	RunID     string
	Kind      string
	RoomID    string
	Item      string
	AmountFen models.Fen
	UsualFen  models.Fen
	Detail    string
}

// InsertOddities keeps oddities of a run.
func InsertOddities(tx *store.Tx, list []BillingOddity) error {
	rows := make([][]any, len(list))
	for i, o := range list {
		rows[i] = []any{models.NewID(), o.RunID, o.Kind, o.RoomID, o.Item, o.AmountFen, o.UsualFen, o.Detail}
	}
	_, err := tx.InsertRows(false, "billing_oddities", "id, run_id, kind, room_id, item, amount_fen, usual_fen, detail", rows)
	return err
}

// OddityLine is an oddity with the room it is about.
type OddityLine struct {
	BillingOddity
	Room estate.Room
}

// OdditiesOfRun gives the oddities that a run has kept, by kind, up to limit.
func OdditiesOfRun(tx *store.Tx, runID, kind string, limit int) ([]OddityLine, error) {
	q, args := "SELECT o.id, o.run_id, o.kind, o.room_id, o.item, o.amount_fen, o.usual_fen, o.detail, "+store.Prefixed("r", estate.RoomColumns)+
		" FROM billing_oddities o JOIN rooms r ON r.id = o.room_id WHERE o.run_id = ?", []any{runID}
	if kind != "" {
		q, args = q+" AND o.kind = ?", append(args, kind)
	}
	var out []OddityLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, OddityLine{})
		l := &out[len(out)-1]
		return scan(append([]any{&l.ID, &l.RunID, &l.Kind, &l.RoomID, &l.Item, &l.AmountFen, &l.UsualFen, &l.Detail}, l.Room.Dest()...)...)
	}, q+" ORDER BY o.kind, o.id LIMIT ?", append(args, limit)...)
	return out, err
}

// IssuedUpTo is the key of the last room whose bills a run has issued, part by part
// from the first, and how many rooms that were.
func IssuedUpTo(tx *store.Tx, runID string) (lastKey string, rooms int, err error) {
	err = tx.QueryRow([]any{&lastKey, &rooms}, "SELECT COALESCE(MAX(last_key), ''), COALESCE(SUM(rooms), 0) FROM billing_batches WHERE run_id = ? AND issued = 1", runID)
	return lastKey, rooms, err
}
