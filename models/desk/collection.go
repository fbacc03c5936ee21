package desk

import (
	"wuyepay/models"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// States of a [CollectionBatch].
const (
	CollectionMade      = "made"
	CollectionSent      = "sent"     // its file was given out; the bank may collect
	CollectionAnswered  = "answered" // every line is collected or refused
	CollectionCancelled = "cancelled"
)

// States of a [CollectionLine].
const (
	AskWaiting   = "waiting"
	AskPaid      = "paid"
	AskFailed    = "failed"
	AskCancelled = "cancelled"
)

// CollectionBatch is a batch of bank collection 托收批次: what rooms with an agreement
// owe of bills due by DueBy, frozen on the day the batch was made.
type CollectionBatch struct {
	ID           string
	CommunityID  string
	Number       string // TS20260310-1, unique in the community
	DueBy        models.Date
	Status       string
	LineCount    int
	AmountFen    models.Fen
	PaidCount    int
	PaidFen      models.Fen
	FailedCount  int
	FailedFen    models.Fen
	CollectedOn  models.Date
	AnswerSHA256 string `gorm:"column:answer_sha256"`
	MadeName     string
	ExportedName string
	AnsweredName string
	CreatedAt    models.Time
	ExportedAt   models.Time
	AnsweredAt   models.Time
	UpdatedAt    models.Time
}

// CollectionLine is what a batch asks of one account. Number is its place in the
// bank's file, from 1.
type CollectionLine struct {
	ID        string
	BatchID   string
	Number    int
	RoomID    string
	MandateID string
	AmountFen models.Fen
	Status    string
	Reason    string // of a failure, in the bank's words
	PaymentID string
	CreatedAt models.Time
	UpdatedAt models.Time
}

// TableName is the table.
func (CollectionLine) TableName() string { return "collection_lines" }

// CollectionBill is what a line collects of a bill. OpenBillID is the bill while the
// line waits, and unique.
type CollectionBill struct {
	LineID       string
	BillID       string
	PrincipalFen models.Fen
	LateFeeFen   models.Fen
	OpenBillID   *string
}

const batchColumns = `id, community_id, number, due_by, status, line_count, amount_fen, paid_count, paid_fen, failed_count, failed_fen, collected_on, answer_sha256,
	made_name, exported_name, answered_name, created_at, exported_at, answered_at, updated_at`

func (b *CollectionBatch) dest() []any {
	return []any{&b.ID, &b.CommunityID, &b.Number, &b.DueBy, &b.Status, &b.LineCount, &b.AmountFen, &b.PaidCount, &b.PaidFen, &b.FailedCount, &b.FailedFen, &b.CollectedOn,
		&b.AnswerSHA256, &b.MadeName, &b.ExportedName, &b.AnsweredName, &b.CreatedAt, &b.ExportedAt, &b.AnsweredAt, &b.UpdatedAt}
}

const collectionLineColumns = "id, batch_id, number, room_id, mandate_id, amount_fen, status, reason, payment_id, created_at, updated_at"

func (l *CollectionLine) dest() []any {
	return []any{&l.ID, &l.BatchID, &l.Number, &l.RoomID, &l.MandateID, &l.AmountFen, &l.Status, &l.Reason, &l.PaymentID, &l.CreatedAt, &l.UpdatedAt}
}

// ErrCollectionRace says that another batch took one of the bills at the same moment.
var ErrCollectionRace = models.Refusal(models.KindConflict, "BATCH_RACE", "另一位同事正在生成托收批次，请刷新后再试")

// InsertCollection adds a batch with its lines and their bills, which it holds.
func InsertCollection(tx *store.Tx, b *CollectionBatch, lines []CollectionLine, bills []CollectionBill) error {
	if err := tx.Create(b); err != nil {
		if tx.IsDuplicate(err) {
			return ErrCollectionRace
		}
		return err
	}
	rows := make([][]any, len(lines))
	for i, l := range lines {
		rows[i] = []any{l.ID, l.BatchID, l.Number, l.RoomID, l.MandateID, l.AmountFen, l.Status, l.Reason, l.PaymentID, l.CreatedAt, l.UpdatedAt}
	}
	if _, err := tx.InsertRows(false, "collection_lines", collectionLineColumns, rows); err != nil {
		return err
	}
	rows = make([][]any, len(bills))
	for i, c := range bills {
		rows[i] = []any{c.LineID, c.BillID, c.PrincipalFen, c.LateFeeFen, c.BillID}
	}
	_, err := tx.InsertRows(false, "collection_bills", "line_id, bill_id, principal_fen, late_fee_fen, open_bill_id", rows)
	if err != nil && tx.IsDuplicate(err) {
		return ErrCollectionRace
	}
	return err
}

// CollectableBills gives the unpaid and part-paid bills of rooms that are due by a
// day and that a bank may collect: not disputed, not being paid in parts, and not
// in another batch that waits.
func CollectableBills(tx *store.Tx, roomIDs []string, dueBy models.Date) ([]fees.Bill, error) {
	return store.RowsIn[fees.Bill](tx, roomIDs, nil, fees.BillTable.Select(`WHERE room_id (IN) AND status IN ('unpaid','partial')
		AND due_on <= ? AND disputed = 0 AND (plan_id = '' OR plan_id NOT IN (SELECT id FROM plans WHERE status = 'active'))
		AND id NOT IN (SELECT open_bill_id FROM collection_bills WHERE open_bill_id IS NOT NULL) ORDER BY room_id, due_on, id`), dueBy)
}

// CollectionsNumbered counts a community's batches whose number begins so.
func CollectionsNumbered(tx *store.Tx, communityID, prefix string) (int, error) {
	n := 0
	err := tx.QueryRow([]any{&n}, "SELECT COUNT(*) FROM collection_batches WHERE community_id = ? AND number LIKE ?", communityID, prefix+"%")
	return n, err
}

// CollectionByID finds a batch.
func CollectionByID(tx *store.Tx, id string) (b CollectionBatch, err error) {
	return b, tx.QueryRow(b.dest(), "SELECT "+batchColumns+" FROM collection_batches WHERE id = ?", id)
}

// LockCollection reads a batch for a change.
func LockCollection(tx *store.Tx, id string) (b CollectionBatch, err error) {
	return b, tx.QueryRow(b.dest(), "SELECT "+batchColumns+" FROM collection_batches WHERE id = ?"+store.ForUpdate, id)
}

// CollectionByNumber finds a batch of a community.
func CollectionByNumber(tx *store.Tx, communityID, number string) (b CollectionBatch, err error) {
	return b, tx.QueryRow(b.dest(), "SELECT "+batchColumns+" FROM collection_batches WHERE community_id = ? AND number = ?", communityID, number)
}

// CollectionAsks gives the lines of a batch in the order of its file.
func CollectionAsks(tx *store.Tx, batchID string) ([]CollectionLine, error) {
	var out []CollectionLine
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, CollectionLine{})
		return scan(out[len(out)-1].dest()...)
	}, "SELECT "+collectionLineColumns+" FROM collection_lines WHERE batch_id = ? ORDER BY number", batchID)
	return out, err
}

// LockCollectionAsk reads a line for a change.
func LockCollectionAsk(tx *store.Tx, id string) (l CollectionLine, err error) {
	return l, tx.QueryRow(l.dest(), "SELECT "+collectionLineColumns+" FROM collection_lines WHERE id = ?"+store.ForUpdate, id)
}

// CollectionBills gives what a line collects, by bill id.
func CollectionBills(tx *store.Tx, lineID string) ([]CollectionBill, error) {
	var out []CollectionBill
	err := tx.QueryRows(func(scan func(...any) error) error {
		out = append(out, CollectionBill{})
		c := &out[len(out)-1]
		return scan(&c.LineID, &c.BillID, &c.PrincipalFen, &c.LateFeeFen, &c.OpenBillID)
	}, "SELECT line_id, bill_id, principal_fen, late_fee_fen, open_bill_id FROM collection_bills WHERE line_id = ? ORDER BY bill_id", lineID)
	return out, err
}

// EndCollectionAsk moves a waiting line on and gives its bills free; false if it no
// longer waits.
func EndCollectionAsk(tx *store.Tx, l *CollectionLine) (bool, error) {
	ok, err := tx.ExecGuarded("UPDATE collection_lines SET status = ?, reason = ?, payment_id = ?, updated_at = ? WHERE id = ? AND status = 'waiting'", l.Status, l.Reason,
		l.PaymentID, tx.Now, l.ID)
	if err != nil || !ok {
		return ok, err
	}
	_, err = tx.Exec("UPDATE collection_bills SET open_bill_id = NULL WHERE line_id = ?", l.ID)
	return true, err
}

// CountCollectionAsk adds a line that has ended to the figures of its batch.
func CountCollectionAsk(tx *store.Tx, l *CollectionLine) error {
	paid, failed := 0, 0
	if l.Status == AskPaid {
		paid = 1
	} else {
		failed = 1
	}
	return tx.ExecOne(`UPDATE collection_batches SET paid_count = paid_count + ?, paid_fen = paid_fen + ?, failed_count = failed_count + ?, failed_fen = failed_fen + ?, updated_at = ?
		WHERE id = ? AND status = 'sent'`, paid, models.Fen(paid)*l.AmountFen, failed, models.Fen(failed)*l.AmountFen, tx.Now, l.BatchID)
}

// SendCollection notes that the file of a batch was given out, the first time.
func SendCollection(tx *store.Tx, id string, by models.Actor) (bool, error) {
	return tx.ExecGuarded("UPDATE collection_batches SET status = 'sent', exported_name = ?, exported_at = ?, updated_at = ? WHERE id = ? AND status = 'made'", by.Name, tx.Now, tx.Now, id)
}

// AnswerCollection ends a batch none of whose lines waits any more.
func AnswerCollection(tx *store.Tx, b *CollectionBatch) (bool, error) {
	return tx.ExecGuarded(`UPDATE collection_batches SET status = 'answered', collected_on = ?, answer_sha256 = ?, answered_name = ?, answered_at = ?, updated_at = ?
		WHERE id = ? AND status = 'sent' AND paid_count + failed_count = line_count`, b.CollectedOn, b.AnswerSHA256, b.AnsweredName, tx.Now, tx.Now, b.ID)
}

// CancelCollection takes back a batch that the bank was never asked for, and gives its
// bills free; false if it was given out.
func CancelCollection(tx *store.Tx, id string) (bool, error) {
	ok, err := tx.ExecGuarded("UPDATE collection_batches SET status = 'cancelled', updated_at = ? WHERE id = ? AND status = 'made'", tx.Now, id)
	if err != nil || !ok {
		return ok, err
	}
	if _, err = tx.Exec("UPDATE collection_bills SET open_bill_id = NULL WHERE line_id IN (SELECT id FROM collection_lines WHERE batch_id = ?)", id); err != nil {
		return ok, err
	}
	_, err = tx.Exec("UPDATE collection_lines SET status = 'cancelled', updated_at = ? WHERE batch_id = ? AND status = 'waiting'", tx.Now, id)
	return ok, err
}
