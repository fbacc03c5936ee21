package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// States of a [ReadingWithdrawal]. A request is decided once.
const (
	WithdrawalRequested = "requested"
	WithdrawalApproved  = "approved"
	WithdrawalRefused   = "refused"
)

// ReadingWithdrawal is a 撤回读数: that somebody asked for a wrong reading not to count
// any more, why, and who decided. Decided is never who Asked.
//
// A withdrawn [Reading] names it and stays. The reading after it, which went on from it,
// is withdrawn with it and goes on from the one before: it is added again with another
// Previous. OpenKey is the reading until the request is decided, so that it is asked for
// once at a time.
type ReadingWithdrawal struct {
	ID        string
	ReadingID string
	MeterID   string
	RoomID    string
	Status    string
	OpenKey   *string
	Reason    string
	Asked     models.Actor `gorm:"embedded;embeddedPrefix:asked_"`
	Decided   models.Actor `gorm:"embedded;embeddedPrefix:decided_"` // without a kind: not decided yet
	DecidedAt models.Time
	Note      string // of who decided
	CreatedAt models.Time
	UpdatedAt models.Time
}

var withdrawalTable = store.NewTable[ReadingWithdrawal]("reading_withdrawals")

// ErrWithdrawalOpen says that somebody has asked for it already.
var ErrWithdrawalOpen = models.Refusal(models.KindConflict, "READING_WITHDRAWAL_OPEN", "已有人申请撤回这次读数，请等待审批")

// InsertWithdrawal adds a request and sets its id, state and times. It returns
// [ErrWithdrawalOpen] if one for the reading is open.
func InsertWithdrawal(tx *store.Tx, by models.Actor, w *ReadingWithdrawal) error {
	w.ID, w.Status, w.OpenKey, w.Asked, w.CreatedAt, w.UpdatedAt = models.NewID(), WithdrawalRequested, &w.ReadingID, by, tx.Now, tx.Now
	err := store.G[ReadingWithdrawal](tx).Create(tx.Context(), w)
	if err != nil && tx.IsDuplicate(err) {
		return ErrWithdrawalOpen
	}
	return err
}

// WithdrawalByID returns a withdrawal.
func WithdrawalByID(tx *store.Tx, id string) (ReadingWithdrawal, error) {
	return store.G[ReadingWithdrawal](tx).Where("id = ?", id).Take(tx.Context())
}

var sqlDecideWithdrawal = withdrawalTable.Update(
	"status, open_key, note, decided_kind, decided_id, decided_name, decided_at, updated_at", "id = ? AND status = 'requested'")

// DecideWithdrawal writes the decision, and reports whether the request was still open.
func DecideWithdrawal(tx *store.Tx, by models.Actor, w *ReadingWithdrawal, status, note string) (bool, error) {
	w.Status, w.OpenKey, w.Note, w.Decided, w.DecidedAt, w.UpdatedAt = status, nil, note, by, tx.Now, tx.Now
	return sqlDecideWithdrawal.Guarded(tx, w, w.ID)
}

// WithdrawalsOfMeters returns the withdrawals of the meters in any state, by meter, oldest
// first.
func WithdrawalsOfMeters(tx *store.Tx, meterIDs []string) (map[string][]ReadingWithdrawal, error) {
	list, err := store.RowsIn[ReadingWithdrawal](tx, meterIDs, nil, withdrawalTable.Select("WHERE meter_id (IN) ORDER BY meter_id, id"))
	return store.Group(list, func(w *ReadingWithdrawal) string { return w.MeterID }), err
}

// WithdrawalLine is a withdrawal with its reading, its meter and its room.
type WithdrawalLine struct {
	ReadingWithdrawal
	Reading Reading     `gorm:"embedded;embeddedPrefix:x_"`
	Meter   Meter       `gorm:"embedded;embeddedPrefix:m_"`
	Room    estate.Room `gorm:"embedded;embeddedPrefix:r_"`
}

// Withdrawals returns the withdrawals that the scope may see, newest first; with open,
// only those that wait for a decision.
func Withdrawals(tx *store.Tx, s office.Scope, open bool, limit int) ([]WithdrawalLine, error) {
	scope, args := s.And()
	if open {
		scope += " AND w.status = 'requested'"
	}
	return store.Rows[WithdrawalLine](tx, "SELECT "+withdrawalTable.Of("w")+", "+readingTable.As("x", "x_")+", "+meterTable.As("m", "m_")+
		", "+estate.RoomTable.As("r", "r_")+` FROM reading_withdrawals w JOIN readings x ON x.id = w.reading_id
		JOIN meters m ON m.id = w.meter_id JOIN rooms r ON r.id = w.room_id WHERE 1 = 1`+scope+" ORDER BY w.id DESC LIMIT ?",
		append(args, limit)...)
}

// WithdrawReading lets a reading count no more. It returns false if it was withdrawn
// before.
func WithdrawReading(tx *store.Tx, id, withdrawalID string) (bool, error) {
	return tx.ExecGuarded("UPDATE readings SET withdrawal_id = ? WHERE id = ? AND withdrawal_id = ''", withdrawalID, id)
}

// ReadingByID returns a reading, a withdrawn one as well.
func ReadingByID(tx *store.Tx, id string) (Reading, error) {
	return store.G[Reading](tx).Where("id = ?", id).Take(tx.Context())
}

// WithdrawnReadings returns the readings of the meters that were withdrawn, by meter,
// oldest first.
func WithdrawnReadings(tx *store.Tx, meterIDs []string) (map[string][]Reading, error) {
	list, err := store.RowsIn[Reading](tx, meterIDs, nil,
		readingTable.Select("WHERE meter_id (IN) AND withdrawal_id <> '' ORDER BY meter_id, read_on, id"))
	return store.Group(list, func(r *Reading) string { return r.MeterID }), err
}

// BillsOfReadings returns the bills, void ones left out, into which usage of the readings
// went, earliest first.
func BillsOfReadings(tx *store.Tx, readingIDs []string) ([]Bill, error) {
	return store.RowsIn[Bill](tx, readingIDs, nil, BillTable.Select(`WHERE status <> 'void' AND id IN (SELECT u.bill_id
		FROM meter_usages u WHERE u.bill_id <> '' AND u.reading_id (IN)) ORDER BY period_start, id`))
}

// ReleaseUsages takes back what withdrawn readings of a room and item counted without a
// bill. A credit of theirs waits no more. What came to nothing together with them waits
// for later usage again: of an estimate that was 12 too high and later usage of 12 that
// made up for it, the credit of 12 waits again when that usage is withdrawn.
func ReleaseUsages(tx *store.Tx, roomID, item string, readingIDs []string) error {
	settled := false
	usages, err := UsagesOfReadings(tx, readingIDs)
	if err != nil {
		return err
	}
	for _, id := range readingIDs {
		for _, u := range usages[id] {
			settled = settled || u.BillID == "" && !u.Waiting && u.Quantity != "0"
			if u.Waiting {
				if err := tx.ExecOne("UPDATE meter_usages SET waiting = 0 WHERE id = ? AND waiting = 1", u.ID); err != nil {
					return err
				}
			}
		}
	}
	if !settled {
		return nil
	}
	_, err = tx.Exec(`UPDATE meter_usages SET waiting = 1 WHERE room_id = ? AND item = ? AND bill_id = '' AND waiting = 0
		AND quantity <> '0' AND reading_id IN (SELECT id FROM readings WHERE withdrawal_id = '')`, roomID, item)
	return err
}
