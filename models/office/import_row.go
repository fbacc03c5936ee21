package office

import (
	"encoding/json"
	"fmt"

	"wuyepay/models"
	"wuyepay/models/store"
)

// Outcomes of a row of a file.
const (
	RowWrong     = "wrong"     // it has a mistake
	RowAdded     = "added"     // it is new
	RowChanged   = "changed"   // it changes what is there
	RowUnchanged = "unchanged" // the books have it already
	RowLeftOut   = "left_out"  // it needs no entry: a total, a footer, arrears that are paid
)

// ImportRow is a row of a file as a preview shows it. Seq orders the rows over all sheets.
type ImportRow struct {
	ImportID string
	Seq      int
	Sheet    string
	Number   int // as a spreadsheet program counts
	Outcome  string
	Sealed   []byte // [ImportCells]
}

// ImportCells is what a row holds, and what was found out about it.
type ImportCells struct {
	// Cells are the texts by column, in the order of the headings.
	Cells    []string       `json:"cells"`
	Mistakes []ImportNote   `json:"mistakes,omitempty"`
	Warnings []ImportNote   `json:"warnings,omitempty"`
	Changes  []ImportChange `json:"changes,omitempty"`
}

// ImportNote is a mistake or a warning about a cell. At is the place of the cell among those
// of the row, or -1.
type ImportNote struct {
	At     int    `json:"at"`
	Column string `json:"column"`         // its heading
	Cell   string `json:"cell,omitempty"` // such as H8; empty if the file does not have the column
	Reason string `json:"reason"`
}

// ImportChange is a field that a row changes. Old and New are empty where they are
// personal data that is not shown.
type ImportChange struct {
	Field string `json:"field"`
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
}

const importRowColumn = "import_rows.sealed"

var importRowTable = store.NewTable[ImportRow]("import_rows")

// Seal puts the cells into the row. A row is small, and is not compressed.
func (r *ImportRow) Seal(tx *store.Tx, c ImportCells) error {
	text, err := json.Marshal(c)
	if err == nil {
		r.Sealed = tx.Vault().Seal(importRowColumn, string(text))
	}
	return err
}

// Open returns the cells of the row.
func (r ImportRow) Open(tx *store.Tx) (c ImportCells, err error) {
	text, err := tx.Vault().Open(importRowColumn, r.Sealed)
	if err == nil {
		err = json.Unmarshal([]byte(text), &c)
	}
	if err != nil {
		return c, fmt.Errorf("office: row %d of import %s: %w", r.Seq, r.ImportID, err)
	}
	return c, nil
}

// InsertImportRows adds rows.
func InsertImportRows(tx *store.Tx, rows []ImportRow) error {
	return importRowTable.Insert(tx, rows...)
}

// ImportRows returns rows of an import in their order, those after a place, at most limit.
// An empty outcome chooses all.
func ImportRows(tx *store.Tx, importID, outcome string, after, limit int) ([]ImportRow, error) {
	if outcome == "" {
		return importRowTable.Rows(tx, "WHERE import_id = ? AND seq > ? ORDER BY seq LIMIT ?", importID, after, limit)
	}
	return importRowTable.Rows(tx, "WHERE import_id = ? AND outcome = ? AND seq > ? ORDER BY seq LIMIT ?", importID, outcome, after, limit)
}

// ImportRowsAt returns the rows at some places, by place.
func ImportRowsAt(tx *store.Tx, importID string, seqs []int) (map[int]ImportRow, error) {
	list, err := store.RowsIn[ImportRow](tx, seqs, []any{importID}, importRowTable.Select("WHERE import_id = ? AND seq (IN)"))
	return store.Index(list, func(r *ImportRow) int { return r.Seq }), err
}

var sqlSetImportRow = importRowTable.Update("outcome, sealed", "import_id = ? AND seq = ?")

// SetImportRow writes outcome and cells of a row.
func SetImportRow(tx *store.Tx, r ImportRow) error {
	_, err := tx.Exec(sqlSetImportRow.Query, r.Outcome, r.Sealed, r.ImportID, r.Seq)
	return err
}

// DropImportRows deletes rows of an import, at most limit, and returns how many it deleted.
func DropImportRows(tx *store.Tx, importID string, limit int) (int64, error) {
	rows, err := store.Rows[int](tx, "SELECT seq FROM import_rows WHERE import_id = ? ORDER BY seq LIMIT ?", importID, limit)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return tx.Exec("DELETE FROM import_rows WHERE import_id = ? AND seq <= ?", importID, rows[len(rows)-1])
}

// ImportRunsToPurge returns runs that ended before an instant and still have rows.
func ImportRunsToPurge(tx *store.Tx, before models.Time, limit int) ([]ImportRun, error) {
	return importRunTable.Rows(tx, `WHERE purged_at = 0 AND queued_at = 0 AND updated_at < ? ORDER BY id LIMIT ?`, before, limit)
}

// MarkImportPurged notes that the rows of a run are gone.
func MarkImportPurged(tx *store.Tx, id string) error {
	_, err := tx.Exec("UPDATE import_runs SET purged_at = ? WHERE id = ?", tx.Now, id)
	return err
}
