package office

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// States of an [ImportRun]. A file goes uploaded, checked, committing, done; one with
// mistakes ends as refused. A run that met a conflict while it wrote is undoing, and ends
// as refused. A run that is done can be taken back as a whole.
const (
	ImportUploaded   = "uploaded"    // handed in, not read yet
	ImportChecked    = "checked"     // read without a mistake: the preview waits for a decision
	ImportRefused    = "refused"     // nothing of it is in the books: Note or the rows say why
	ImportDiscarded  = "discarded"   // thrown away by a person
	ImportCommitting = "committing"  // being written, in steps
	ImportUndoing    = "undoing"     // what was written is being taken back, because of a conflict
	ImportDone       = "done"        // in the books, whole
	ImportTakingBack = "taking_back" // being taken back, in steps
	ImportTakenBack  = "taken_back"  // taken back
)

// ImportRun is a file that was handed in to be imported: what became of it, and how far
// it has come. The counts are those of the preview, and RowsRead is the sum of added,
// changed, unchanged, wrong and left out.
type ImportRun struct {
	ID        string
	Kind      string // rooms, arrears, tariffs, meters, ...
	FileName  string
	SHA256    string `gorm:"column:sha256"`
	SizeBytes int64
	Parts     int // of the file, as it is kept
	State     string
	Note      string       // why it is refused, or what was left when it was taken back
	Made      models.Actor `gorm:"embedded;embeddedPrefix:made_"`
	// QueuedAt is since when, in real time, it waits to be worked on; never, if it waits
	// for a person or has ended.
	QueuedAt models.Time

	RowsRead      int
	RowsAdded     int
	RowsChanged   int
	RowsUnchanged int
	RowsWrong     int
	RowsLeftOut   int
	Warnings      int
	AmountFen     models.Fen
	Sheets        string // names of those that were read
	Headings      string // of the columns that were read, a line each: the cells of a row are in this order
	Ignored       string // columns that belong to no field
	RowsDone      int    // rows that the step under way is through with

	Blocks    int          // of what it has changed, see [ImportBlock]
	Undone    int          // of these
	Kept      int          // rows that could not be taken back, because something stood on them by then
	Committed models.Actor `gorm:"embedded;embeddedPrefix:committed_"`
	// Asked asks that it be taken back, Back does it. Where money is concerned they are two
	// persons.
	Asked      models.Actor `gorm:"embedded;embeddedPrefix:asked_"`
	BackReason string
	Back       models.Actor `gorm:"embedded;embeddedPrefix:back_"`

	CreatedAt models.Time
	CheckedAt models.Time
	DoneAt    models.Time
	BackAt    models.Time
	PurgedAt  models.Time // since when the rows are gone; the file stays
	UpdatedAt models.Time
}

// Working reports whether the program has something to do about the run.
func (r ImportRun) Working() bool {
	switch r.State {
	case ImportUploaded, ImportCommitting, ImportUndoing, ImportTakingBack:
		return true
	}
	return false
}

var importRunTable = store.NewTable[ImportRun]("import_runs")

// InsertImportRun adds a run. It sets CreatedAt and UpdatedAt.
func InsertImportRun(tx *store.Tx, r *ImportRun) error {
	r.CreatedAt, r.UpdatedAt = tx.Now, tx.Now
	return importRunTable.Insert(tx, *r)
}

// ImportRunByID returns a run, or [models.ErrNotFound].
func ImportRunByID(tx *store.Tx, id string) (ImportRun, error) {
	return importRunTable.Row(tx, "WHERE id = ?", id)
}

// LockImportRun is [ImportRunByID] that holds the run until the transaction ends.
func LockImportRun(tx *store.Tx, id string) (ImportRun, error) {
	return importRunTable.Row(tx, "WHERE id = ?"+store.ForUpdate, id)
}

var sqlSaveImportRun = importRunTable.Update(`sha256, size_bytes, parts, state, note, queued_at, rows_read, rows_added,
	rows_changed, rows_unchanged, rows_wrong, rows_left_out, warnings, amount_fen, sheets, headings, ignored, rows_done,
	blocks, undone, kept, committed_kind, committed_id, committed_name, asked_kind, asked_id, asked_name, back_reason,
	back_kind, back_id, back_name, checked_at, done_at, back_at, purged_at, updated_at`,
	"id = ? AND state = ? AND blocks = ? AND undone = ?")

// SaveImportRun writes a run whose state and blocks are as in was. False means that
// somebody else has changed it meanwhile.
func SaveImportRun(tx *store.Tx, was ImportRun, now *ImportRun) (bool, error) {
	now.UpdatedAt = tx.Now
	if now.UpdatedAt == was.UpdatedAt { // an update that changes nothing would count no row
		now.UpdatedAt = models.At(was.UpdatedAt.Add(1e6))
	}
	return sqlSaveImportRun.Guarded(tx, now, was.ID, was.State, was.Blocks, was.Undone)
}

// SetImportProgress notes how many rows the step under way is through with.
func SetImportProgress(tx *store.Tx, id string, rows int) error {
	_, err := tx.Exec("UPDATE import_runs SET rows_done = ? WHERE id = ?", rows, id)
	return err
}

// NextImportRun returns the run that has waited longest to be worked on, or
// [models.ErrNotFound].
func NextImportRun(tx *store.Tx) (ImportRun, error) {
	return importRunTable.Row(tx, "WHERE queued_at > 0 ORDER BY queued_at, id LIMIT 1")
}

// ImportRunFilter chooses runs. Empty fields choose all.
type ImportRunFilter struct {
	Kind   string
	State  string
	Before string // id: older ones than this
}

// ImportRuns returns the newest runs first, at most limit.
func ImportRuns(tx *store.Tx, f ImportRunFilter, limit int) ([]ImportRun, error) {
	q := store.G[ImportRun](tx).Order("id DESC").Limit(limit)
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.Before != "" {
		q = q.Where("id < ?", f.Before)
	}
	return q.Find(tx.Context())
}

// Cursor is where a page of runs ends.
func (r ImportRun) Cursor() string { return r.ID }
