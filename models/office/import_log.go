package office

import (
	"wuyepay/models"
	"wuyepay/models/store"
)

// Import is a file that was taken in.
type Import struct {
	ID          string
	Kind        string // rooms, arrears, tariffs or meters
	FileName    string
	SHA256      string `gorm:"column:sha256"`
	RowsRead    int
	RowsAdded   int
	RowsChanged int
	Warnings    int
	CreatedAt   models.Time
}

// KeepImport notes a file taken in.
func KeepImport(tx *store.Tx, by models.Actor, i *Import) error {
	i.ID, i.CreatedAt = models.NewID(), tx.Now
	if err := tx.Create(i); err != nil {
		return err
	}
	return Audit(tx, by, "import."+i.Kind, "import", i.ID, map[string]any{"rows": i.RowsRead, "added": i.RowsAdded, "changed": i.RowsChanged})
}

// Imports gives the newest files.
func Imports(tx *store.Tx, limit int) ([]Import, error) {
	var out []Import
	err := tx.Gorm().Order("created_at DESC, id DESC").Limit(limit).Find(&out).Error
	return out, err
}
