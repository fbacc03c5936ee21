package fees

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/store"
)

// Kinds of [BillingOddity].
const (
	OddHigh      = "high"       // the bill is three times the room's usual one or more
	OddBackwards = "backwards"  // a meter shows less than before
	OddNoReading = "no_reading" // a meter was not read in the period
	OddNoTariff  = "no_tariff"  // no tariff fits the room
	OddNoOwner   = "no_owner"   // nobody would owe the bill
	OddNoArea    = "no_area"    // charged by area, and the room has none
	OddGap       = "gap"        // days before the period that no bill covers
	OddGapBefore = "gap_before" // such days before the first period that was ever run
)

// BillingOddity is what staff should look at before a run is published. AmountFen is
// what the bill would be, UsualFen what it is mostly, both in fen.
type BillingOddity struct {
	ID        string
	RunID     string
	Kind      string
	RoomID    string
	Item      string
	AmountFen models.Fen
	UsualFen  models.Fen
	Detail    string
}

var oddityTable = store.NewTable[BillingOddity]("billing_oddities")

// InsertOddities keeps oddities of a run, and fills in their ids.
func InsertOddities(tx *store.Tx, list []BillingOddity) error {
	for i := range list {
		list[i].ID = models.NewID()
	}
	return oddityTable.Insert(tx, list...)
}

// OddityLine is an oddity with the room it is about.
type OddityLine struct {
	BillingOddity
	Room estate.Room `gorm:"embedded;embeddedPrefix:r_"`
}

var sqlOddities = "SELECT " + oddityTable.Of("o") + ", " + estate.RoomTable.As("r", "r_") +
	" FROM billing_oddities o JOIN rooms r ON r.id = o.room_id WHERE o.run_id = ?"

// OdditiesOfRun returns the oddities that a run has kept, by kind, up to limit; an
// empty kind is all of them.
func OdditiesOfRun(tx *store.Tx, runID, kind string, limit int) ([]OddityLine, error) {
	q, args := sqlOddities, []any{runID}
	if kind != "" {
		q, args = q+" AND o.kind = ?", append(args, kind)
	}
	return store.Rows[OddityLine](tx, q+" ORDER BY o.kind, o.id LIMIT ?", append(args, limit)...)
}
