package fees

import (
	"gorm.io/gorm/clause"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Reading is what a meter showed on a day. A meter has one reading a day at most that
// counts. WithdrawalID names the [ReadingWithdrawal] that took a reading out; it is empty
// while the reading counts. The functions here return readings that count, unless their
// name says otherwise.
//
// What it counted is (Value - Previous + Rolled x 10^Digits) x Multiplier; a reading
// without Previous is a base and counts nothing. For example, a meter with four digits
// that went from 9998 to 0003 and was confirmed to have passed its last digit counted
// 3 - 9998 + 10000 = 5.
//
// Rolled is 1 where staff confirmed that the meter has passed its last digit since the
// reading before, and -1 where an estimate had claimed so and it had not. An Estimated
// one is settled by the next that is not; it is never edited. ByName is the member of
// staff who typed it; a file has none.
type Reading struct {
	ID         string
	MeterID    string
	ReadOn     models.Date
	Previous   string
	Value      string
	Multiplier string
	Rolled     int
	Estimated  bool
	Note       string
	ByName     string
	CreatedAt  models.Time

	WithdrawalID string
}

var readingTable = store.NewTable[Reading]("readings")

// ReadingsOfMeters returns the readings of the meters, oldest first.
func ReadingsOfMeters(tx *store.Tx, meterIDs []string) ([]Reading, error) {
	return store.RowsIn[Reading](tx, meterIDs, nil,
		readingTable.Select("WHERE meter_id (IN) AND withdrawal_id = '' ORDER BY meter_id, read_on"))
}

// ReadingsBetween returns the readings of the meters taken on the days from..to,
// by meter, oldest first.
func ReadingsBetween(tx *store.Tx, meterIDs []string, from, to models.Date) (map[string][]Reading, error) {
	list, err := store.RowsIn[Reading](tx, meterIDs, nil,
		readingTable.Select(
			"WHERE meter_id (IN) AND withdrawal_id = '' AND read_on BETWEEN ? AND ? ORDER BY meter_id, read_on"), from, to)
	return store.Group(list, func(r *Reading) string { return r.MeterID }), err
}

// InsertReadings adds readings.
func InsertReadings(tx *store.Tx, readings []Reading) error {
	return readingTable.Insert(tx, readings...)
}

// MarkEstimated notes of a reading that it was no true one; its figures stay as they
// are. It returns false if the reading was marked already.
func MarkEstimated(tx *store.Tx, id, note string) (bool, error) {
	mark := clause.Assignments(map[string]any{"estimated": true, "note": note})
	n, err := store.G[Reading](tx).Where("id = ? AND estimated = ?", id, false).Set(mark).Update(tx.Context())
	return n == 1, err
}
