package fees

import (
	"strings"

	"wuyepay/models"
	"wuyepay/models/store"
)

// MeterUsage is what a reading counted, after its multiplier, and where it went:
// into a bill (BillID), or, where an estimate had been too high, into a credit that
// waits for later usage (Waiting). Neither: there was nothing to bill. It counts
// unless its bill is void; a reading has at most one that counts. PeriodStart is the
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

const usageColumns = "id, reading_id, room_id, item, period_start, quantity, bill_id, waiting, created_at"

func (u *MeterUsage) dest() []any {
	return []any{&u.ID, &u.ReadingID, &u.RoomID, &u.Item, &u.PeriodStart, &u.Quantity, &u.BillID, &u.Waiting, &u.CreatedAt}
}

// BillableReading is a reading that a billing run may count. Corrects tells whether
// the one before it was an estimate, which it settles.
type BillableReading struct {
	Reading
	Corrects bool
}

// readingsToBill finds readings by meter. Bases of the period come along: they count
// nothing, and show that the meter was read.
var readingsToBill = "SELECT " + store.Prefixed("r", readingColumns) + `, COALESCE((SELECT p.estimated FROM readings p
		WHERE p.meter_id = r.meter_id AND p.read_on < r.read_on ORDER BY p.read_on DESC LIMIT 1), 0)
	FROM readings r JOIN meters m ON m.id = r.meter_id WHERE r.meter_id IN (@) AND r.read_on <= ?
	AND NOT EXISTS (SELECT 1 FROM meter_usages u LEFT JOIN bills b ON b.id = u.bill_id
		WHERE u.reading_id = r.id AND (u.bill_id = '' OR b.status <> 'void'))
	AND (r.read_on >= ? OR (r.previous <> '' AND (
		EXISTS (SELECT 1 FROM meter_usages u JOIN bills b ON b.id = u.bill_id
			WHERE u.reading_id = r.id AND b.status = 'void' AND b.period_start = ?)
		OR EXISTS (SELECT 1 FROM bills b JOIN meter_usages u ON u.bill_id = b.id WHERE b.room_id = m.room_id AND b.item = m.item
			AND b.status <> 'void' AND b.period_start <= r.read_on AND b.period_end >= r.read_on))))
	ORDER BY r.meter_id, r.read_on`

// ReadingsToBill gives the readings that a run of the period first..last is to
// count, by meter, oldest first: those taken in it that nothing has counted yet; and
// of those taken before, the ones that came too late for the bill of their own
// period, and those of a bill of this period that was taken back.
func ReadingsToBill(tx *store.Tx, meterIDs []string, first, last models.Date) (map[string][]BillableReading, error) {
	out := make(map[string][]BillableReading, len(meterIDs))
	for len(meterIDs) > 0 {
		n := min(len(meterIDs), 500)
		err := tx.QueryRows(func(scan func(...any) error) error {
			var r BillableReading
			if err := scan(append(r.dest(), &r.Corrects)...); err != nil {
				return err
			}
			out[r.MeterID] = append(out[r.MeterID], r)
			return nil
		}, strings.Replace(readingsToBill, "@", store.Placeholders(n), 1), append(store.Args(meterIDs[:n]), last, first, first)...)
		if err != nil {
			return nil, err
		}
		meterIDs = meterIDs[n:]
	}
	return out, nil
}

// WaitingUsages gives the credits of the rooms that wait for later usage, by room.
func WaitingUsages(tx *store.Tx, roomIDs []string) (map[string][]MeterUsage, error) {
	return usages(tx, "room_id IN ("+store.Placeholders(len(roomIDs))+") AND waiting = 1", func(u *MeterUsage) string { return u.RoomID }, store.Args(roomIDs)...)
}

// UsagesOfReadings gives what the readings counted, that of void bills included, by
// reading.
func UsagesOfReadings(tx *store.Tx, readingIDs []string) (map[string][]MeterUsage, error) {
	return usages(tx, "reading_id IN ("+store.Placeholders(len(readingIDs))+")", func(u *MeterUsage) string { return u.ReadingID }, store.Args(readingIDs)...)
}

// UsagesOfBills gives what went into the bills, by bill.
func UsagesOfBills(tx *store.Tx, billIDs []string) (map[string][]MeterUsage, error) {
	return usages(tx, "bill_id IN ("+store.Placeholders(len(billIDs))+")", func(u *MeterUsage) string { return u.BillID }, store.Args(billIDs)...)
}

func usages(tx *store.Tx, where string, key func(*MeterUsage) string, args ...any) (map[string][]MeterUsage, error) {
	out := map[string][]MeterUsage{}
	if len(args) == 0 {
		return out, nil
	}
	err := tx.QueryRows(func(scan func(...any) error) error {
		var u MeterUsage
		if err := scan(u.dest()...); err != nil {
			return err
		}
		out[key(&u)] = append(out[key(&u)], u)
		return nil
	}, "SELECT "+usageColumns+" FROM meter_usages WHERE "+where+" ORDER BY id", args...)
	return out, err
}

// InsertUsages adds usages.
func InsertUsages(tx *store.Tx, list []MeterUsage) error {
	rows := make([][]any, len(list))
	for i, u := range list {
		rows[i] = []any{u.ID, u.ReadingID, u.RoomID, u.Item, u.PeriodStart, u.Quantity, u.BillID, u.Waiting, u.CreatedAt}
	}
	_, err := tx.InsertRows(false, "meter_usages", usageColumns, rows)
	return err
}

// SettleUsages lets credits that waited go into a bill; without one they are used
// up by later usage that came to nothing.
func SettleUsages(tx *store.Tx, list []MeterUsage, billID string) error {
	for _, u := range list {
		if err := tx.ExecOne("UPDATE meter_usages SET bill_id = ?, waiting = 0 WHERE id = ? AND waiting = 1", billID, u.ID); err != nil {
			return err
		}
	}
	return nil
}

// MeteredBillsAfter gives bills into which usage went, void ones left out, in
// ascending order of id, beginning after one of them.
func MeteredBillsAfter(tx *store.Tx, after string, limit int) ([]Bill, error) {
	return Bills(tx, "SELECT "+BillColumns+" FROM bills WHERE id > ? AND status <> 'void' AND id IN (SELECT bill_id FROM meter_usages WHERE bill_id <> '') ORDER BY id LIMIT ?", after, limit)
}

// MetersAfter gives meters in ascending order of id, beginning after one of them.
func MetersAfter(tx *store.Tx, after string, limit int) ([]Meter, error) {
	var out []Meter
	err := tx.Gorm().Where("id > ?", after).Order("id").Limit(limit).Find(&out).Error
	return out, err
}
