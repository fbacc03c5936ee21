package fees

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Causes of a [ShadowLine], in the order in which they are decided.
const (
	CauseExtra    = "extra"    // they bill what we do not
	CauseMissing  = "missing"  // we bill what they do not
	CauseEqual    = "equal"    // same amount, same days
	CauseCycle    = "cycle"    // the days are parted differently; the amounts may be equal
	CauseTwice    = "twice"    // they bill some days twice
	CauseArea     = "area"     // their area differs
	CausePrice    = "price"    // their price differs
	CauseUsage    = "usage"    // their usage differs
	CauseRounding = "rounding" // same figures, rounded otherwise
	CauseFirst    = "first"    // a part of a month is charged otherwise
	CauseVacancy  = "vacancy"  // the share of a vacant or unsold room
	CauseLateFee  = "late_fee" // their amount has late fee in it
	CauseUnknown  = "unknown"
)

// ShadowCauses lists the causes as pages show them.
var ShadowCauses = []string{
	CauseEqual, CauseArea, CausePrice, CauseUsage, CauseRounding, CauseFirst, CauseVacancy, CauseCycle, CauseLateFee, CauseTwice,
	CauseMissing, CauseExtra, CauseUnknown,
}

// ShadowLine is one comparison: the rows of the old system and our bills for a room, an item
// and some days. DiffFen is theirs less ours. Sheet and RowNo are the first of TheirRows;
// IssuedBills of OurBills are issued, the others are what a run would issue.
type ShadowLine struct {
	RunID       string
	Seq         int
	Community   string
	RoomID      string // empty: we have no such room
	RoomCode    string
	Item        string
	FromOn      models.Date
	ToOn        models.Date
	TheirRows   int
	Sheet       string
	RowNo       int
	OurBills    int
	IssuedBills int
	TheirsFen   models.Fen
	OursFen     models.Fen
	DiffFen     models.Fen
	Cause       string // CauseEqual …
	Explanation string // Chinese, for staff
}

var shadowLineTable = store.NewTable[ShadowLine]("shadow_lines")

// InsertShadowLines adds lines of a run.
func InsertShadowLines(tx *store.Tx, lines []ShadowLine) error {
	return shadowLineTable.Insert(tx, lines...)
}

// ShadowFilter chooses lines of a run, in their order. Empty fields choose all.
type ShadowFilter struct {
	RunID, Cause, Item string
	After              int // Seq of the last one seen
	Limit              int
}

// ShadowLines returns a page of lines.
func ShadowLines(tx *store.Tx, f ShadowFilter) ([]ShadowLine, error) {
	q := store.G[ShadowLine](tx).Where("run_id = ? AND seq > ?", f.RunID, f.After).Order("seq").Limit(f.Limit)
	if f.Cause != "" {
		q = q.Where("cause = ?", f.Cause)
	}
	if f.Item != "" {
		q = q.Where("item = ?", f.Item)
	}
	return q.Find(tx.Context())
}

// ShadowSum is what the lines of a run come to for a cause, or for a cause and an item.
type ShadowSum struct {
	Cause     string     `json:"cause"`
	Item      string     `json:"item,omitempty"`
	Lines     int        `json:"lines" gorm:"column:line_count"` // LINES is a word of MySQL
	TheirRows int        `json:"rows"`
	TheirsFen models.Fen `json:"theirs_fen"`
	OursFen   models.Fen `json:"ours_fen"`
	DiffFen   models.Fen `json:"diff_fen"`
}

const shadowSums = `COUNT(*) AS line_count, COALESCE(SUM(their_rows), 0) AS their_rows, COALESCE(SUM(theirs_fen), 0) AS theirs_fen,
	COALESCE(SUM(ours_fen), 0) AS ours_fen, COALESCE(SUM(diff_fen), 0) AS diff_fen FROM shadow_lines WHERE run_id = ?`

// ShadowSums returns what the lines of a run come to, by cause and item.
func ShadowSums(tx *store.Tx, runID string) ([]ShadowSum, error) {
	return store.Rows[ShadowSum](tx, "SELECT cause, item, "+shadowSums+" GROUP BY cause, item ORDER BY item, cause", runID)
}
