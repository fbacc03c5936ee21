package fees

import (
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// States of a [ShadowRun].
const (
	ShadowReading   = "reading"   // its file is being read; a process that dies leaves it here
	ShadowComparing = "comparing" // it can go on at any time
	ShadowDone      = "done"
)

// ShadowRun is a 新旧系统对账: the bills of the old system for some months, held against
// what our tariffs and rooms come to. Nothing is booked by it. AtCommunity and AtRoom are
// how far it has got; RowsRead is the sum of RowsLeftOut and of TheirRows over its lines.
type ShadowRun struct {
	ID          string
	Status      string // ShadowReading …
	FileName    string
	SHA256      string `gorm:"column:sha256"`
	PeriodFrom  models.Date
	PeriodTo    models.Date
	RowsRead    int
	RowsLeftOut int // totals, and rows outside of the period
	LineCount   int
	TheirsFen   models.Fen // of all rows that are compared
	OursFen     models.Fen // over the same days
	AtCommunity string
	AtRoom      string // key of the code
	RoomsTotal  int
	RoomsDone   int
	MadeBy      models.Actor `gorm:"embedded;embeddedPrefix:made_"`
	CreatedAt   models.Time
	DoneAt      models.Time
	UpdatedAt   models.Time
}

// DiffFen returns theirs less ours.
func (r ShadowRun) DiffFen() models.Fen { return r.TheirsFen - r.OursFen }

var shadowRunTable = store.NewTable[ShadowRun]("shadow_runs")

// InsertShadowRun adds a run whose file is about to be read. It sets ID, Status, MadeBy and
// the times.
func InsertShadowRun(tx *store.Tx, by models.Actor, r *ShadowRun) error {
	r.ID, r.Status, r.MadeBy, r.CreatedAt, r.UpdatedAt = models.NewID(), ShadowReading, by, tx.Now, tx.Now
	if err := store.G[ShadowRun](tx).Create(tx.Context(), r); err != nil {
		return err
	}
	return office.Audit(tx, by, "shadow.started", "shadow", r.ID,
		map[string]any{"from_on": r.PeriodFrom.String(), "to_on": r.PeriodTo.String()})
}

var updateShadowRun = shadowRunTable.Update(
	`status, rows_read, rows_left_out, line_count, theirs_fen, ours_fen, at_community, at_room, rooms_total, rooms_done,
	done_at, updated_at`,
	"id = ? AND status = ? AND at_community = ? AND at_room = ?")

// MoveShadowRun writes a run as it stands after a step, and reports whether it was still
// where the step began: another process may have done the step meanwhile.
func MoveShadowRun(tx *store.Tx, before ShadowRun, r *ShadowRun) (bool, error) {
	r.UpdatedAt = tx.Now
	return updateShadowRun.Guarded(tx, r, before.ID, before.Status, before.AtCommunity, before.AtRoom)
}

// ShadowRunByID returns a run.
func ShadowRunByID(tx *store.Tx, id string) (ShadowRun, error) {
	return store.G[ShadowRun](tx).Where("id = ?", id).Take(tx.Context())
}

// ShadowRuns returns a page of runs, newest first. after is the id of the last one seen.
func ShadowRuns(tx *store.Tx, after string, limit int) ([]ShadowRun, error) {
	q := store.G[ShadowRun](tx).Order("id DESC").Limit(limit)
	if after != "" {
		q = q.Where("id < ?", after)
	}
	return q.Find(tx.Context())
}

// UnfinishedShadowRuns returns the runs that can go on, oldest first.
func UnfinishedShadowRuns(tx *store.Tx) ([]ShadowRun, error) {
	return store.G[ShadowRun](tx).Where("status = ?", ShadowComparing).Order("id").Find(tx.Context())
}

// ShadowRow is a row of the old system's file whose room we know, until it is compared.
type ShadowRow struct {
	RunID       string
	RoomID      string
	Place       int // sheet and row: unique in the file
	CommunityID string
	Sheet       string
	RowNo       int
	Item        string
	FromOn      models.Date
	ToOn        models.Date
	AmountFen   models.Fen
	Area        string // empty: the file does not say
	Price       string
	Quantity    string
	HasLate     bool // its remark speaks of late fee
}

var shadowRowTable = store.NewTable[ShadowRow]("shadow_rows")

// InsertShadowRows keeps rows of a file.
func InsertShadowRows(tx *store.Tx, rows []ShadowRow) error {
	return shadowRowTable.Insert(tx, rows...)
}

// ShadowRowsOf returns by room the rows of a run that are about some rooms, in the order of
// the file.
func ShadowRowsOf(tx *store.Tx, runID string, roomIDs []string) (map[string][]ShadowRow, error) {
	list, err := store.RowsIn[ShadowRow](tx, roomIDs, []any{runID},
		shadowRowTable.Select("WHERE run_id = ? AND room_id (IN) ORDER BY room_id, place"))
	return store.Group(list, func(r *ShadowRow) string { return r.RoomID }), err
}

// DropShadowRows removes the rows of a run that are about some rooms and were compared.
func DropShadowRows(tx *store.Tx, runID string, roomIDs []string) error {
	return store.InChunks(roomIDs, func(part []string) error {
		_, err := tx.Exec("DELETE FROM shadow_rows WHERE run_id = ? AND room_id IN ("+store.Placeholders(len(part))+")",
			append([]any{runID}, store.Args(part)...)...)
		return err
	})
}

// ShadowCommunities returns the communities of a run's rows, in order of their ids.
func ShadowCommunities(tx *store.Tx, runID string) ([]string, error) {
	return store.Rows[string](tx, "SELECT DISTINCT community_id FROM shadow_rows WHERE run_id = ? ORDER BY community_id", runID)
}
