package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// MeterUsage is what a reading counted, after its multiplier, and where it went: into
// a bill (BillID), or, where an estimate had been too high, into a credit that later
// usage takes up (Waiting). A usage with neither had nothing to bill.
//
// It counts unless its bill is void; a reading has at most one that counts. For
// example, the bill of March is voided and issued anew: the reading of 31 March then
// has two usages, one of the void bill and one of the new one. PeriodStart is the
// first day of the period whose run took it.
type MeterUsage struct {
	ID          string
	ReadingID   string
	RoomID      string
	Item        string
	PeriodStart models.Date
	Quantity    string
	BillID      string
	Waiting     bool
	CreatedAt   models.Time
}

var usageTable = store.NewTable[MeterUsage]("meter_usages")

// BillableReading is a reading that a billing run may count. Corrects reports whether
// the one before it was an estimate, which it settles.
type BillableReading struct {
	Reading
	Corrects bool
}

// sqlReadingsToBill finds readings by meter. Bases of the period come along: they
// count nothing, and show that the meter was read.
var sqlReadingsToBill = "SELECT " + readingTable.Of("r") + `, COALESCE((SELECT p.estimated FROM readings p
		WHERE p.meter_id = r.meter_id AND p.withdrawal_id = '' AND p.read_on < r.read_on ORDER BY p.read_on DESC LIMIT 1), 0) AS corrects
	FROM readings r JOIN meters m ON m.id = r.meter_id WHERE r.meter_id (IN) AND r.withdrawal_id = '' AND r.read_on <= ?
	AND NOT EXISTS (SELECT 1 FROM meter_usages u LEFT JOIN bills b ON b.id = u.bill_id
		WHERE u.reading_id = r.id AND (u.bill_id = '' OR b.status <> 'void'))
	AND (r.read_on >= ? OR (r.previous <> '' AND (
		EXISTS (SELECT 1 FROM meter_usages u JOIN bills b ON b.id = u.bill_id
			WHERE u.reading_id = r.id AND b.status = 'void' AND b.period_start = ?)
		OR EXISTS (SELECT 1 FROM bills b JOIN meter_usages u ON u.bill_id = b.id WHERE b.room_id = m.room_id AND b.item = m.item
			AND b.status <> 'void' AND b.period_start <= r.read_on AND b.period_end >= r.read_on))))
	ORDER BY r.meter_id, r.read_on`

// ReadingsToBill returns the readings that a run of the period first..last is to
// count, by meter, oldest first: those taken in it that nothing has counted yet; and
// of those taken before, the ones that came too late for the bill of their own
// period, and those of a bill of this period that was taken back.
//
// For example, in the run of April: a reading of 20 March that was typed after the
// bill of March was issued counts; one of 20 March in a room without a bill of March
// does not, it is for the run of March.
func ReadingsToBill(tx *store.Tx, meterIDs []string, first, last models.Date) (map[string][]BillableReading, error) {
	list, err := store.RowsIn[BillableReading](tx, meterIDs, nil, sqlReadingsToBill, last, first, first)
	return store.Group(list, func(r *BillableReading) string { return r.MeterID }), err
}

// WaitingUsages returns the credits of the rooms that later usage is to take up, by
// room.
func WaitingUsages(tx *store.Tx, roomIDs []string) (map[string][]MeterUsage, error) {
	return usages(tx, roomIDs, "room_id (IN) AND waiting = 1", func(u *MeterUsage) string { return u.RoomID })
}

// UsagesOfReadings returns what the readings counted, that of void bills included, by
// reading.
func UsagesOfReadings(tx *store.Tx, readingIDs []string) (map[string][]MeterUsage, error) {
	return usages(tx, readingIDs, "reading_id (IN)", func(u *MeterUsage) string { return u.ReadingID })
}

// UsagesOfBills returns what went into the bills, by bill.
func UsagesOfBills(tx *store.Tx, billIDs []string) (map[string][]MeterUsage, error) {
	return usages(tx, billIDs, "bill_id (IN)", func(u *MeterUsage) string { return u.BillID })
}

func usages(tx *store.Tx, ids []string, where string, key func(*MeterUsage) string) (map[string][]MeterUsage, error) {
	list, err := store.RowsIn[MeterUsage](tx, ids, nil, usageTable.Select("WHERE "+where+" ORDER BY id"))
	return store.Group(list, key), err
}

// InsertUsages adds usages.
func InsertUsages(tx *store.Tx, list []MeterUsage) error { return usageTable.Insert(tx, list...) }

// SettleUsages lets credits go into a bill; without a bill they are used up by later
// usage that came to nothing. A credit that is used up already is a fault: the caller
// has read them in the same transaction.
func SettleUsages(tx *store.Tx, list []MeterUsage, billID string) error {
	for _, u := range list {
		if err := tx.ExecOne("UPDATE meter_usages SET bill_id = ?, waiting = 0 WHERE id = ? AND waiting = 1", billID, u.ID); err != nil {
			return err
		}
	}
	return nil
}

// MeteredBillsAfter returns bills into which usage went, void ones left out, in
// ascending order of id, those after one of them.
func MeteredBillsAfter(tx *store.Tx, after string, limit int) ([]Bill, error) {
	return BillTable.Rows(tx, `WHERE id > ? AND status <> 'void' AND id IN (SELECT bill_id FROM meter_usages WHERE bill_id <> '')
		ORDER BY id LIMIT ?`, after, limit)
}
