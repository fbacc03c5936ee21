package desk

import (
	"gorm.io/gorm/clause"

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

// CollectionBatch is a batch of bank collection 托收批次: what rooms with a mandate owe
// of bills due by DueBy, frozen on the day the batch was made. The paid and the failed
// figures grow while the answer of the bank is booked line by line; together they reach
// LineCount, and only then the batch is answered.
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
	AnswerSHA256 string `gorm:"column:answer_sha256"` // of the bank's file, so that it is booked once
	MadeName     string
	ExportedName string
	AnsweredName string
	CreatedAt    models.Time
	ExportedAt   models.Time
	AnsweredAt   models.Time
	UpdatedAt    models.Time
}

var batchTable = store.NewTable[CollectionBatch]("collection_batches")

// ErrCollectionRace says that another batch took one of the bills at the same moment.
var ErrCollectionRace = models.Refusal(models.KindConflict, "BATCH_RACE", "另一位同事正在生成托收批次，请刷新后再试")

// InsertCollection adds a batch with its lines and their bills, and holds the bills. It
// returns [ErrCollectionRace] if the number is taken or a bill is in another batch that
// the bank has not answered.
func InsertCollection(tx *store.Tx, b *CollectionBatch, lines []CollectionLine, bills []CollectionBill) error {
	if err := store.G[CollectionBatch](tx).Create(tx.Context(), b); err != nil {
		if tx.IsDuplicate(err) {
			return ErrCollectionRace
		}
		return err
	}
	if err := collectionLineTable.Insert(tx, lines...); err != nil {
		return err
	}
	held := make([]CollectionBill, len(bills))
	for i, c := range bills {
		held[i] = c
		held[i].OpenBillID = &held[i].BillID
	}
	err := collectionBillTable.Insert(tx, held...)
	if err != nil && tx.IsDuplicate(err) {
		return ErrCollectionRace
	}
	return err
}

// CollectableBills returns the unpaid and part-paid bills of rooms that are due by a
// day and that a bank may collect: not disputed, not being paid in parts, and not in
// another batch that waits for its answer.
func CollectableBills(tx *store.Tx, roomIDs []string, dueBy models.Date) ([]fees.Bill, error) {
	var out []fees.Bill
	err := store.InChunks(roomIDs, func(part []string) error {
		page, err := store.G[fees.Bill](tx).
			Where("room_id IN ? AND status IN ('unpaid','partial') AND due_on <= ? AND disputed = 0", part, dueBy).
			Where("(plan_id = '' OR plan_id NOT IN (SELECT id FROM plans WHERE status = 'active'))").
			Where("id NOT IN (SELECT open_bill_id FROM collection_bills WHERE open_bill_id IS NOT NULL)").
			Order("room_id, due_on, id").Find(tx.Context())
		out = append(out, page...)
		return err
	})
	return out, err
}

// CollectionsNumbered counts the batches of a community whose number begins with a
// prefix, for the next number: after TS20260310-1 comes TS20260310-2.
func CollectionsNumbered(tx *store.Tx, communityID, prefix string) (int, error) {
	n, err := store.G[CollectionBatch](tx).Where("community_id = ? AND number LIKE ?", communityID, prefix+"%").
		Count(tx.Context(), "*")
	return int(n), err
}

// CollectionByID returns a batch, or [models.ErrNotFound].
func CollectionByID(tx *store.Tx, id string) (CollectionBatch, error) {
	return store.G[CollectionBatch](tx).Where("id = ?", id).Take(tx.Context())
}

// LockCollection returns a batch for a change.
func LockCollection(tx *store.Tx, id string) (CollectionBatch, error) {
	return batchTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

// CollectionByNumber returns the batch of a community that the bank's answer names, or
// [models.ErrNotFound].
func CollectionByNumber(tx *store.Tx, communityID, number string) (CollectionBatch, error) {
	return store.G[CollectionBatch](tx).Where("community_id = ? AND number = ?", communityID, number).Take(tx.Context())
}

// SendCollection notes that the file of a batch was given out for the first time. It
// reports false if that has happened before, or the batch was cancelled.
func SendCollection(tx *store.Tx, id string, by models.Actor) (bool, error) {
	n, err := store.G[CollectionBatch](tx).Where("id = ? AND status = ?", id, CollectionMade).Set(clause.Assignments(map[string]any{
		"status": CollectionSent, "exported_name": by.Name, "exported_at": tx.Now, "updated_at": tx.Now})).Update(tx.Context())
	return n == 1, err
}

var answerBatch = batchTable.Update("status, collected_on, answer_sha256, answered_name, answered_at, updated_at",
	"id = ? AND status = 'sent' AND paid_count + failed_count = line_count")

// AnswerCollection ends a batch of which no line waits any more. It reports false if a
// line still waits.
func AnswerCollection(tx *store.Tx, b *CollectionBatch) (bool, error) {
	done := *b
	done.Status, done.AnsweredAt, done.UpdatedAt = CollectionAnswered, tx.Now, tx.Now
	return answerBatch.Guarded(tx, &done, b.ID)
}

// CancelCollection takes back a batch that the bank was never asked for, with its lines,
// and releases its bills. It reports false if the file was given out: the bank may have
// it, so the answer must come first.
func CancelCollection(tx *store.Tx, id string) (bool, error) {
	n, err := store.G[CollectionBatch](tx).Where("id = ? AND status = ?", id, CollectionMade).Set(clause.Assignments(map[string]any{
		"status": CollectionCancelled, "updated_at": tx.Now})).Update(tx.Context())
	if err != nil || n != 1 {
		return false, err
	}
	if _, err = store.G[CollectionBill](tx).Where("line_id IN (SELECT id FROM collection_lines WHERE batch_id = ?)", id).
		Update(tx.Context(), "open_bill_id", nil); err != nil {
		return true, err
	}
	_, err = store.G[CollectionLine](tx).Where("batch_id = ? AND status = ?", id, AskWaiting).Set(clause.Assignments(map[string]any{
		"status": AskCancelled, "updated_at": tx.Now})).Update(tx.Context())
	return true, err
}
