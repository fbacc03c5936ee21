package fees

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
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
	PeriodStart      models.Date
	PeriodEnd        models.Date
	IssuedOn         models.Date
	DueOn            models.Date
	Status           string
	PrincipalFen     models.Fen
	DiscountFen      models.Fen
	OpeningPaidFen   models.Fen
	PaidPrincipalFen models.Fen
	PaidLateFeeFen   models.Fen
	WaivedLateFeeFen models.Fen
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
	CreatedAt        models.Time
	UpdatedAt        models.Time
}

// OutstandingFen is the principal still owed.
func (b *Bill) OutstandingFen() models.Fen {
	if b.Status == BillVoid {
		return 0
	}
	return b.PrincipalFen - b.DiscountFen - b.PaidPrincipalFen
}

// LateRule is the rule the bill was issued with.
func (b *Bill) LateRule() (estate.LateRule, error) {
	return estate.ParseLateRule(b.LateRate, b.GraceDays, b.LateCap)
}

// SetLateRule freezes a rule into a new bill.
func (b *Bill) SetLateRule(r estate.LateRule) {
	b.LateRate, b.GraceDays, b.LateCap = r.Rate.String(), r.GraceDays, r.CapText()
}

const BillColumns = `id, community_id, room_id, owner_id, item, period_start, period_end, issued_on, due_on, status, principal_fen, discount_fen,
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

func Bills(tx *store.Tx, query string, args ...any) ([]Bill, error) {
	out := make([]Bill, 0, 8)
	var b Bill
	dest := b.dest() // once for all rows: every column is overwritten by the next
	err := tx.QueryRows(func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		out = append(out, b)
		return nil
	}, query, args...)
	return out, err
}

var sqlOpenBills = store.Hot("SELECT " + BillColumns + " FROM bills WHERE room_id = ? AND status IN ('unpaid','partial') ORDER BY due_on, period_start, id")

// OpenBills gives a room's unpaid and part-paid bills, earliest due first.
func OpenBills(tx *store.Tx, roomID string) ([]Bill, error) { return Bills(tx, sqlOpenBills, roomID) }

// OpenBillsOfRooms is OpenBills for several rooms in one statement.
func OpenBillsOfRooms(tx *store.Tx, roomIDs []string) ([]Bill, error) {
	if len(roomIDs) == 1 {
		return OpenBills(tx, roomIDs[0])
	}
	return Bills(tx, "SELECT "+BillColumns+" FROM bills WHERE room_id IN ("+store.Placeholders(len(roomIDs))+") AND status IN ('unpaid','partial') ORDER BY due_on, period_start, id", store.Args(roomIDs)...)
}

// BillFilter chooses bills of a room, newest due first.
type BillFilter struct {
	Status string // empty: all
	Year   int    // of the period's start; 0: all
	After  string // cursor: due date and id of the last bill seen
	Limit  int
	Sight  *estate.BillVisibility // only what a binding sees; nil: all of the room's
}

// BillsOfRoom gives a page of a room's bills, newest due first.
func BillsOfRoom(tx *store.Tx, roomID string, f BillFilter) ([]Bill, error) {
	q, args := "SELECT "+BillColumns+" FROM bills WHERE room_id = ?", []any{roomID}
	if f.Status != "" {
		q, args = q+" AND status = ?", append(args, f.Status)
	}
	if f.Year != 0 {
		q, args = q+" AND period_start BETWEEN ? AND ?", append(args, models.NewDate(f.Year, 1, 1), models.NewDate(f.Year, 12, 31))
	}
	if f.After != "" {
		due, id, _ := strings.Cut(f.After, "/")
		q, args = q+" AND (due_on < ? OR (due_on = ? AND id < ?))", append(args, due, due, id)
	}
	if f.Sight != nil {
		where, more := visible(*f.Sight, tx.Today())
		q, args = q+where, append(args, more...)
	}
	return Bills(tx, q+" ORDER BY due_on DESC, id DESC LIMIT ?", append(args, f.Limit)...)
}

// BillByID finds a bill.
func BillByID(tx *store.Tx, id string) (Bill, error) {
	list, err := Bills(tx, "SELECT "+BillColumns+" FROM bills WHERE id = ?", id)
	if err == nil && len(list) == 0 {
		err = models.ErrNotFound
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
		sqlLockBills[n] = store.Hot(lockBillsSQL(n))
	}
}

func lockBillsSQL(n int) string {
	return "SELECT " + BillColumns + " FROM bills WHERE id IN (" + store.Placeholders(n) + ") ORDER BY id" + store.ForUpdate
}

// LockBills reads bills for a change, in ascending order of id: all who lock
// several bills do it in this order and cannot deadlock. A bill that does not
// exist is missing in the answer.
func LockBills(tx *store.Tx, ids []string) ([]Bill, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q, ok := sqlLockBills[len(ids)]
	if !ok {
		q = lockBillsSQL(len(ids))
	}
	return Bills(tx, q, store.Args(ids)...)
}

func init() { store.HotFullInsert("bills", BillColumns) }

// InsertBills adds bills. With ignore, bills that exist already (the same room,
// item and period) are left as they are; the result is the number added.
func InsertBills(tx *store.Tx, bills []Bill, ignore bool) (int64, error) {
	rows := make([][]any, len(bills))
	for i := range bills {
		rows[i] = bills[i].values()
	}
	return tx.InsertRows(ignore, "bills", BillColumns, rows)
}

var sqlPayBill = store.Hot(`UPDATE bills SET status = ?, paid_principal_fen = paid_principal_fen + ?, paid_late_fee_fen = paid_late_fee_fen + ?, updated_at = ?
	WHERE id = ? AND status = ? AND paid_principal_fen = ? AND paid_late_fee_fen = ?`)

// PayBill moves a bill that was read with a lock: principal and late fee are
// added to what is paid, and the status becomes that given. The guard is the
// state that was read.
func PayBill(tx *store.Tx, b *Bill, status string, principal, lateFee models.Fen) error {
	err := tx.DeferGuarded(sqlPayBill, status, principal, lateFee, tx.Now, b.ID, b.Status, b.PaidPrincipalFen, b.PaidLateFeeFen)
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
	PeriodStart models.Date
	DueOn       models.Date
	KnownAt     models.Time
}

// SeenBy tells whether a binding sees these bills.
func (d OpenDue) SeenBy(s estate.BillVisibility, on models.Date) bool {
	return s.Sees(d.OwnerID, d.Item, d.PeriodStart, on)
}

// OpenDues gives the due days, up to a last one, on which the rooms have unpaid or
// part-paid bills that are neither disputed nor being paid in parts.
func OpenDues(tx *store.Tx, roomIDs []string, last models.Date) ([]OpenDue, error) {
	var out []OpenDue
	err := tx.QueryRows(func(scan func(...any) error) error {
		var d OpenDue
		if err := scan(&d.RoomID, &d.OwnerID, &d.Item, &d.PeriodStart, &d.DueOn, &d.KnownAt); err != nil {
			return err
		}
		out = append(out, d)
		return nil
	}, "SELECT room_id, owner_id, item, period_start, due_on, MAX(created_at) FROM bills WHERE room_id IN ("+store.Placeholders(len(roomIDs))+`) AND status IN ('unpaid','partial')
		AND due_on <= ? AND disputed = 0 AND (plan_id = '' OR plan_id NOT IN (SELECT id FROM plans WHERE status = 'active')) GROUP BY room_id, due_on, owner_id, item, period_start ORDER BY room_id, due_on`, append(store.Args(roomIDs), last)...)
	return out, err
}

// SettledBills gives bills that money has settled in part or in full, or whose late
// fee was waived, a page in order of id.
func SettledBills(tx *store.Tx, after string, limit int) ([]Bill, error) {
	return Bills(tx, "SELECT "+BillColumns+" FROM bills WHERE id > ? AND (status IN ('partial','paid') OR (waived_late_fee_fen > 0 AND status <> 'void')) ORDER BY id LIMIT ?", after, limit)
}

// SettledFen grows by what is settled of the bill, whether by money, waiver,
// discount or correction. Only differences of it mean something.
func (b *Bill) SettledFen() models.Fen {
	return b.PaidPrincipalFen + b.PaidLateFeeFen + b.WaivedLateFeeFen + b.DiscountFen - b.PrincipalFen
}

// BillsByIDs gives bills by their ids; one that does not exist is missing.
func BillsByIDs(tx *store.Tx, ids []string) (map[string]Bill, error) {
	out := make(map[string]Bill, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 500)
		list, err := Bills(tx, "SELECT "+BillColumns+" FROM bills WHERE id IN ("+store.Placeholders(n)+")", store.Args(ids[:n])...)
		if err != nil {
			return nil, err
		}
		for _, b := range list {
			out[b.ID] = b
		}
		ids = ids[n:]
	}
	return out, nil
}

// LiveBillsOfRoom gives the bills of a room that are not void and whose period
// ends on a day or later, or that name nobody who owes them, by id. In a
// transaction that changes them they come locked.
func LiveBillsOfRoom(tx *store.Tx, roomID string, endsFrom models.Date) ([]Bill, error) {
	var ids []string
	err := tx.QueryRows(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, "SELECT id FROM bills WHERE room_id = ? AND status <> 'void' AND (period_end >= ? OR owner_id = '') ORDER BY id", roomID, endsFrom)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	if tx.Locking() {
		return LockBills(tx, ids)
	}
	return Bills(tx, "SELECT "+BillColumns+" FROM bills WHERE id IN ("+store.Placeholders(len(ids))+") ORDER BY id", store.Args(ids)...)
}

// SetBillOwner writes who owes a bill that was read with a lock.
func SetBillOwner(tx *store.Tx, b *Bill, ownerID string) error {
	ok, err := tx.ExecGuarded("UPDATE bills SET owner_id = ?, updated_at = ? WHERE id = ? AND owner_id = ? AND status = ?", ownerID, tx.Now, b.ID, b.OwnerID, b.Status)
	if err == nil && !ok {
		err = estate.ErrBillMoved
	}
	if err == nil {
		b.OwnerID = ownerID
	}
	return err
}
