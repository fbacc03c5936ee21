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
// fee of -500, a correction from 120 to 110 yuan a principal of -1000.
//
// EffectiveOn is the day from which it counts: for a waiver the day it was booked, for
// all others the day of the bill's issue, because they put right what was wrong from
// the beginning. BookedOn is the day it was done.
//
// A correction may also put the late-fee rule of the bill right, with a principal of 0. The
// rules are kept as rate;grace;cap: see [Bill.RuleText].
//
// Asked and Approved are two people, unless the program itself asked: the table
// refuses anything else. RequestID is the request that was approved; a discount and
// the voiding of a charge have none.
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
	RuleBefore   string // of a correction of the late-fee rule: the rule that the bill had
	RuleAfter    string // and the one that it has since; empty in all other entries
	Reason       string
	RequestID    string
	Asked        models.Actor `gorm:"embedded;embeddedPrefix:asked_"`
	Approved     models.Actor `gorm:"embedded;embeddedPrefix:approved_"`
	EffectiveOn  models.Date
	BookedOn     models.Date
	CreatedAt    models.Time
}

var entryTable = store.NewTable[BillEntry]("bill_entries")

// EntriesOf returns the entries of the bills, by bill id, oldest first.
func EntriesOf(tx *store.Tx, billIDs []string) (map[string][]BillEntry, error) {
	list, err := store.RowsIn[BillEntry](tx, billIDs, nil, entryTable.Select("WHERE bill_id (IN) ORDER BY bill_id, id"))
	return store.Group(list, func(e *BillEntry) string { return e.BillID }), err
}

// InsertBillEntries adds entries, and fills in their ids, BookedOn and CreatedAt.
func InsertBillEntries(tx *store.Tx, list []BillEntry) error {
	for i := range list {
		list[i].ID, list[i].BookedOn, list[i].CreatedAt = models.NewID(), tx.Today(), tx.Now
	}
	return entryTable.Insert(tx, list...)
}

var adjustBill = BillTable.Update(`status, principal_fen, discount_fen, waived_late_fee_fen, paid_principal_fen, paid_late_fee_fen,
	late_rate, grace_days, late_cap, void_seq, entry_count, updated_at`,
	"id = ? AND status = ? AND entry_count = ? AND paid_principal_fen = ? AND paid_late_fee_fen = ?")

// AdjustBill moves a bill that was read with a lock from was to now: its running
// totals, what is paid of it, and its status. The guard is the state that was read;
// that it does not hold is a fault.
func AdjustBill(tx *store.Tx, was, now *Bill) error {
	now.UpdatedAt = tx.Now
	return adjustBill.One(tx, now, was.ID, was.Status, was.EntryCount, was.PaidPrincipalFen, was.PaidLateFeeFen)
}

// NextVoidSeq returns the number that a bill of the same room, item and period takes
// when it is voided, so that another may be issued in its place: 1 for the first, 2
// for its replacement.
func NextVoidSeq(tx *store.Tx, b *Bill) (int, error) {
	return store.Row[int](tx, `SELECT COALESCE(MAX(void_seq), 0) + 1 FROM bills
		WHERE room_id = ? AND item = ? AND period_start = ? AND period_end = ?`,
		b.RoomID, b.Item, b.PeriodStart, b.PeriodEnd)
}

// BillsTakenBack returns those of the bills that were voided because the import that added
// them was taken back.
func BillsTakenBack(tx *store.Tx, billIDs []string) (map[string]bool, error) {
	out := map[string]bool{}
	return out, store.EachIn(tx, billIDs, func(id *string) error {
		out[*id] = true
		return nil
	}, nil, `SELECT bill_id FROM bill_entries WHERE bill_id (IN) AND kind = 'void' AND request_id IN (SELECT id FROM import_runs)`)
}
