package models

import (
	"strings"
)

// States of a [Bill]. A bill is paid when neither principal nor late fee is owed.
const (
	BillUnpaid  = "unpaid"
	BillPartial = "partial"
	BillPaid    = "paid"
	BillVoid    = "void"
)

// Where a bill came from.
const (
	SourceImport = "import" // opening arrears of a file
	SourceRun    = "run"    // a billing run
	SourceShared = "shared" // a shared cost
	SourceOneOff = "one_off"
)

// Bill is one room x fee item x period. Amounts are fen. The late-fee rule is
// frozen at issue: a new tariff never changes an issued bill. OpeningPaidFen is
// what had been paid before the bill was imported; it is part of
// PaidPrincipalFen and late fee never accrues on it.
type Bill struct {
	ID               string
	CommunityID      string
	RoomID           string
	OwnerID          string
	Item             string
	PeriodStart      Date
	PeriodEnd        Date
	IssuedOn         Date
	DueOn            Date
	Status           string
	PrincipalFen     Fen
	DiscountFen      Fen
	OpeningPaidFen   Fen
	PaidPrincipalFen Fen
	PaidLateFeeFen   Fen
	WaivedLateFeeFen Fen
	LateRate         string
	GraceDays        int
	LateCap          string
	Basis            string // JSON: how the principal was computed
	TariffID         string
	Source           string
	BatchID          string // what issued it: a billing run or a charge; empty for imports
	Disputed         bool
	VoidSeq          int
	EntryCount       int    // number of its [BillEntry] rows; 0: nothing but money ever changed it
	PlanID           string // the last instalment plan it was put into, or empty
	CreatedAt        Time
	UpdatedAt        Time
}

// OutstandingFen is the principal still owed.
func (b *Bill) OutstandingFen() Fen {
	if b.Status == BillVoid {
		return 0
	}
	return b.PrincipalFen - b.DiscountFen - b.PaidPrincipalFen
}

// LateRule is the rule the bill was issued with.
func (b *Bill) LateRule() (LateRule, error) { return lateRule(b.LateRate, b.GraceDays, b.LateCap) }

// SetLateRule freezes a rule into a new bill.
func (b *Bill) SetLateRule(r LateRule) {
	b.LateRate, b.GraceDays, b.LateCap = r.Rate.String(), r.GraceDays, r.capText()
}

const billColumns = `id, community_id, room_id, owner_id, item, period_start, period_end, issued_on, due_on, status, principal_fen, discount_fen,
	opening_paid_fen, paid_principal_fen, paid_late_fee_fen, waived_late_fee_fen, late_rate, grace_days, late_cap, basis, tariff_id, source, batch_id, disputed,
	void_seq, entry_count, plan_id, created_at, updated_at`

func (b *Bill) dest() []any {
	return []any{&b.ID, &b.CommunityID, &b.RoomID, &b.OwnerID, &b.Item, &b.PeriodStart, &b.PeriodEnd, &b.IssuedOn, &b.DueOn, &b.Status,
		&b.PrincipalFen, &b.DiscountFen, &b.OpeningPaidFen, &b.PaidPrincipalFen, &b.PaidLateFeeFen, &b.WaivedLateFeeFen,
		&b.LateRate, &b.GraceDays, &b.LateCap, &b.Basis, &b.TariffID, &b.Source, &b.BatchID, &b.Disputed, &b.VoidSeq, &b.EntryCount, &b.PlanID, &b.CreatedAt, &b.UpdatedAt}
}

func (b *Bill) values() []any {
	return []any{b.ID, b.CommunityID, b.RoomID, b.OwnerID, b.Item, b.PeriodStart, b.PeriodEnd, b.IssuedOn, b.DueOn, b.Status,
		b.PrincipalFen, b.DiscountFen, b.OpeningPaidFen, b.PaidPrincipalFen, b.PaidLateFeeFen, b.WaivedLateFeeFen,
		b.LateRate, b.GraceDays, b.LateCap, b.Basis, b.TariffID, b.Source, b.BatchID, b.Disputed, b.VoidSeq, b.EntryCount, b.PlanID, b.CreatedAt, b.UpdatedAt}
}

func (tx *Tx) bills(query string, args ...any) ([]Bill, error) {
	out := make([]Bill, 0, 8)
	var b Bill
	dest := b.dest() // once for all rows: every column is overwritten by the next
	err := tx.each(func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		out = append(out, b)
		return nil
	}, query, args...)
	return out, err
}

var sqlOpenBills = hot("SELECT " + billColumns + " FROM bills WHERE room_id = ? AND status IN ('unpaid','partial') ORDER BY due_on, period_start, id")

// OpenBills gives a room's unpaid and part-paid bills, earliest due first.
func (tx *Tx) OpenBills(roomID string) ([]Bill, error) { return tx.bills(sqlOpenBills, roomID) }

// OpenBillsOfRooms is OpenBills for several rooms in one statement.
func (tx *Tx) OpenBillsOfRooms(roomIDs []string) ([]Bill, error) {
	if len(roomIDs) == 1 {
		return tx.OpenBills(roomIDs[0])
	}
	return tx.bills("SELECT "+billColumns+" FROM bills WHERE room_id IN ("+marks(len(roomIDs))+") AND status IN ('unpaid','partial') ORDER BY due_on, period_start, id", anys(roomIDs)...)
}

// BillFilter chooses bills of a room, newest due first.
type BillFilter struct {
	Status string // empty: all
	Year   int    // of the period's start; 0: all
	After  string // cursor: due date and id of the last bill seen
	Limit  int
	Sight  *Sight // only what a binding sees; nil: all of the room's
}

// BillsOfRoom gives a page of a room's bills, newest due first.
func (tx *Tx) BillsOfRoom(roomID string, f BillFilter) ([]Bill, error) {
	q, args := "SELECT "+billColumns+" FROM bills WHERE room_id = ?", []any{roomID}
	if f.Status != "" {
		q, args = q+" AND status = ?", append(args, f.Status)
	}
	if f.Year != 0 {
		q, args = q+" AND period_start BETWEEN ? AND ?", append(args, NewDate(f.Year, 1, 1), NewDate(f.Year, 12, 31))
	}
	if f.After != "" {
		due, id, _ := strings.Cut(f.After, "/")
		q, args = q+" AND (due_on < ? OR (due_on = ? AND id < ?))", append(args, due, due, id)
	}
	if f.Sight != nil {
		where, more := f.Sight.where(tx.Today())
		q, args = q+where, append(args, more...)
	}
	return tx.bills(q+" ORDER BY due_on DESC, id DESC LIMIT ?", append(args, f.Limit)...)
}

// BillByID finds a bill.
func (tx *Tx) BillByID(id string) (Bill, error) {
	list, err := tx.bills("SELECT "+billColumns+" FROM bills WHERE id = ?", id)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Bill{}, err
	}
	return list[0], nil
}

var sqlLockBills = map[int]string{}

// The number of bills in one payment is mostly small: those statements are
// prepared.
func init() {
	for n := 1; n <= 24; n++ {
		sqlLockBills[n] = hot(lockBillsSQL(n))
	}
}

func lockBillsSQL(n int) string {
	return "SELECT " + billColumns + " FROM bills WHERE id IN (" + marks(n) + ") ORDER BY id" + forUpdate
}

// LockBills reads bills for a change, in ascending order of id: all who lock
// several bills do it in this order and cannot deadlock. A bill that does not
// exist is missing in the answer.
func (tx *Tx) LockBills(ids []string) ([]Bill, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q, ok := sqlLockBills[len(ids)]
	if !ok {
		q = lockBillsSQL(len(ids))
	}
	return tx.bills(q, anys(ids)...)
}

func init() { hotFullInsert("bills", billColumns) }

// InsertBills adds bills. With ignore, bills that exist already (the same room,
// item and period) are left as they are; the result is the number added.
func (tx *Tx) InsertBills(bills []Bill, ignore bool) (int64, error) {
	rows := make([][]any, len(bills))
	for i := range bills {
		rows[i] = bills[i].values()
	}
	return tx.insertRows(ignore, "bills", billColumns, rows)
}

var sqlPayBill = hot(`UPDATE bills SET status = ?, paid_principal_fen = paid_principal_fen + ?, paid_late_fee_fen = paid_late_fee_fen + ?, updated_at = ?
	WHERE id = ? AND status = ? AND paid_principal_fen = ? AND paid_late_fee_fen = ?`)

// PayBill moves a bill that was read with a lock: principal and late fee are
// added to what is paid, and the status becomes that given. The guard is the
// state that was read.
func (tx *Tx) PayBill(b *Bill, status string, principal, lateFee Fen) error {
	err := tx.laterMust(sqlPayBill, status, principal, lateFee, tx.Now, b.ID, b.Status, b.PaidPrincipalFen, b.PaidLateFeeFen)
	if err != nil {
		return err
	}
	b.Status = status
	b.PaidPrincipalFen += principal
	b.PaidLateFeeFen += lateFee
	b.UpdatedAt = tx.Now
	return nil
}

// OpenDue is that a room has unpaid bills of an owner and item due on a day.
// KnownAt is when the newest of them came into the books.
type OpenDue struct {
	RoomID      string
	OwnerID     string
	Item        string
	PeriodStart Date
	DueOn       Date
	KnownAt     Time
}

// SeenBy tells whether a binding sees these bills.
func (d OpenDue) SeenBy(s Sight, on Date) bool { return s.sees(d.OwnerID, d.Item, d.PeriodStart, on) }

// OpenDues gives the due days, up to a last one, on which the rooms have unpaid or
// part-paid bills that are neither disputed nor being paid in parts.
func (tx *Tx) OpenDues(roomIDs []string, last Date) ([]OpenDue, error) {
	var out []OpenDue
	err := tx.each(func(scan func(...any) error) error {
		var d OpenDue
		if err := scan(&d.RoomID, &d.OwnerID, &d.Item, &d.PeriodStart, &d.DueOn, &d.KnownAt); err != nil {
			return err
		}
		out = append(out, d)
		return nil
	}, "SELECT room_id, owner_id, item, period_start, due_on, MAX(created_at) FROM bills WHERE room_id IN ("+marks(len(roomIDs))+`) AND status IN ('unpaid','partial')
		AND due_on <= ? AND disputed = 0 AND (plan_id = '' OR plan_id NOT IN (SELECT id FROM plans WHERE status = 'active')) GROUP BY room_id, due_on, owner_id, item, period_start ORDER BY room_id, due_on`, append(anys(roomIDs), last)...)
	return out, err
}

// SettledBills gives bills that money has settled in part or in full, or whose late
// fee was waived, a page in order of id.
func (tx *Tx) SettledBills(after string, limit int) ([]Bill, error) {
	return tx.bills("SELECT "+billColumns+" FROM bills WHERE id > ? AND (status IN ('partial','paid') OR (waived_late_fee_fen > 0 AND status <> 'void')) ORDER BY id LIMIT ?", after, limit)
}
