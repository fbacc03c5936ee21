package office

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Import is a file that was taken in, whole. The rows of the file are not kept here.
type Import struct {
	ID          string
	Kind        string // rooms, arrears, tariffs, meters or holidays
	FileName    string
	SHA256      string `gorm:"column:sha256"`
	RowsRead    int
	RowsAdded   int
	RowsChanged int
	Warnings    int
	CreatedAt   models.Time
}

var _ = store.NewTable[Import]("imports")

// KeepImport notes a file that was taken in, with its line in the audit log. It sets
// CreatedAt, and ID unless it has the id of its [ImportRun].
func KeepImport(tx *store.Tx, by models.Actor, i *Import) error {
	if i.CreatedAt = tx.Now; i.ID == "" {
		i.ID = models.NewID()
	}
	if err := store.G[Import](tx).Create(tx.Context(), i); err != nil {
		return err
	}
	return Audit(tx, by, "import."+i.Kind, "import", i.ID,
		map[string]any{"rows": i.RowsRead, "added": i.RowsAdded, "changed": i.RowsChanged})
}

// Imports returns the newest files, the newest first, at most limit.
func Imports(tx *store.Tx, limit int) ([]Import, error) {
	return store.G[Import](tx).Order("created_at DESC, id DESC").Limit(limit).Find(tx.Context())
}
