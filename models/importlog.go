package models

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
	CreatedAt   Time
}

// KeepImport notes a file taken in.
func (tx *Tx) KeepImport(by Actor, i *Import) error {
	i.ID, i.CreatedAt = NewID(), tx.Now
	if err := tx.create(i); err != nil {
		return err
	}
	return tx.Audit(by, "import."+i.Kind, "import", i.ID, map[string]any{"rows": i.RowsRead, "added": i.RowsAdded, "changed": i.RowsChanged})
}

// Imports gives the newest files.
func (tx *Tx) Imports(limit int) ([]Import, error) {
	var out []Import
	err := tx.g().Order("created_at DESC, id DESC").Limit(limit).Find(&out).Error
	return out, err
}
