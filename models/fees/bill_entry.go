package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Kinds of [BillEntry].
const (
	EntryWaiver     = "waiver"     // 减免: late fee given up
	EntryCorrection = "correction" // 更正: a mistake in the principal put right
	EntryVoid       = "void"       // 作废: the bill taken back
	EntryDiscount   = "discount"   // 优惠: principal given up
)

// BillEntry is a change of a bill other than by money. PrincipalFen and LateFeeFen
// are what it adds to what the bill asks for, in fen: a waiver of 5 yuan has a late
// fee of -500. EffectiveOn is the day from which it counts: for a waiver the day it
// was booked, for all others the day of the bill's issue, because they put right
// what was wrong from the beginning. BookedOn is the day it was done.
//
// Entries only grow in number. What a bill shows of principal, discount and waived
// late fee is their running total, which [proof.Check] proves.
type BillEntry struct {
	ID           string
	BillID       string
	RoomID       string
	Kind         string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	Reason       string
	RequestID    string // of the request that was approved, or empty
	AskedKind    string // who asked: kind, id and name of an [models.Actor]
	AskedID      string
	AskedName    string
	ApprovedKind string // who approved: another person
	ApprovedID   string
	ApprovedName string
	EffectiveOn  models.Date
	BookedOn     models.Date
	CreatedAt    models.Time
}

const billEntryColumns = `id, bill_id, room_id, kind, principal_fen, late_fee_fen, reason, request_id, asked_kind, asked_id, asked_name,
	approved_kind, approved_id, approved_name, effective_on, booked_on, created_at`

func (e *BillEntry) dest() []any {
	return []any{&e.ID, &e.BillID, &e.RoomID, &e.Kind, &e.PrincipalFen, &e.LateFeeFen, &e.Reason, &e.RequestID, &e.AskedKind, &e.AskedID, &e.AskedName,
		&e.ApprovedKind, &e.ApprovedID, &e.ApprovedName, &e.EffectiveOn, &e.BookedOn, &e.CreatedAt}
}

// EntriesOf gives the entries of the bills, by bill id, oldest first.
func EntriesOf(tx *store.Tx, billIDs []string) (map[string][]BillEntry, error) {
	out := map[string][]BillEntry{}
	for len(billIDs) > 0 {
		n := min(len(billIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var e BillEntry
			if err := scan(e.dest()...); err != nil {
				return err
			}
			out[e.BillID] = append(out[e.BillID], e)
			return nil
		}, "SELECT "+billEntryColumns+" FROM bill_entries WHERE bill_id IN ("+store.Placeholders(n)+") ORDER BY bill_id, id", store.Args(billIDs[:n])...)
		if err != nil {
			return nil, err
		}
		billIDs = billIDs[n:]
	}
	return out, nil
}

// InsertBillEntries adds entries; id and times are filled in.
func InsertBillEntries(tx *store.Tx, list []BillEntry) error {
	rows := make([][]any, len(list))
	for i := range list {
		e := &list[i]
		e.ID, e.BookedOn, e.CreatedAt = models.NewID(), tx.Today(), tx.Now
		rows[i] = []any{e.ID, e.BillID, e.RoomID, e.Kind, e.PrincipalFen, e.LateFeeFen, e.Reason, e.RequestID, e.AskedKind, e.AskedID, e.AskedName,
			e.ApprovedKind, e.ApprovedID, e.ApprovedName, e.EffectiveOn, e.BookedOn, e.CreatedAt}
	}
	_, err := tx.InsertRows(false, "bill_entries", billEntryColumns, rows)
	return err
}

// AdjustBill moves a bill that was read with a lock from was to now: its running
// totals, what is paid of it, and its status. The guard is the state that was read.
func AdjustBill(tx *store.Tx, was, now *Bill) error {
	now.UpdatedAt = tx.Now
	return tx.ExecOne(`UPDATE bills SET status = ?, principal_fen = ?, discount_fen = ?, waived_late_fee_fen = ?, paid_principal_fen = ?, paid_late_fee_fen = ?,
		void_seq = ?, entry_count = ?, updated_at = ? WHERE id = ? AND status = ? AND entry_count = ? AND paid_principal_fen = ? AND paid_late_fee_fen = ?`,
		now.Status, now.PrincipalFen, now.DiscountFen, now.WaivedLateFeeFen, now.PaidPrincipalFen, now.PaidLateFeeFen, now.VoidSeq, now.EntryCount, now.UpdatedAt,
		was.ID, was.Status, was.EntryCount, was.PaidPrincipalFen, was.PaidLateFeeFen)
}

// NextVoidSeq is the number that a bill of the same room, item and period takes
// when it is voided, so that another may be issued in its place.
func NextVoidSeq(tx *store.Tx, b *Bill) (int, error) {
	n := 0
	err := tx.QueryRow([]any{&n}, "SELECT COALESCE(MAX(void_seq), 0) + 1 FROM bills WHERE room_id = ? AND item = ? AND period_start = ? AND period_end = ?",
		b.RoomID, b.Item, b.PeriodStart, b.PeriodEnd)
	return n, err
}

// BillsKnownOn gives all bills of a room that were in the books by the end of a
// day, void ones included, in the order in which arrears are shown.
func BillsKnownOn(tx *store.Tx, roomID string, day models.Date) ([]Bill, error) {
	return Bills(tx, "SELECT "+BillColumns+" FROM bills WHERE room_id = ? AND created_at < ? ORDER BY due_on, period_start, id", roomID, models.At((day + 1).Start()))
}
