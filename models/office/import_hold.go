package office

import (
	"errors"

	"wuyepay/models"
	"wuyepay/models/store"
)

// ImportHold keeps everything else that takes the lock of a community out of it while an
// import writes to it, in many short transactions.
type ImportHold struct {
	CommunityID string
	ImportID    string
	CreatedAt   models.Time
}

var importHoldTable = store.NewTable[ImportHold]("import_holds")

// ErrImporting is the refusal to change a community that an import is writing to.
var ErrImporting = models.Refusal(models.KindConflict, "IMPORT_RUNNING", "该小区正在导入或撤回文件，请等它完成后再操作")

var sqlHoldOf = store.Hot(importHoldTable.Select("WHERE community_id = ?"))

// CheckImportHold refuses with [ErrImporting] if an import other than importID holds the
// community. The caller has the community's lock.
func CheckImportHold(tx *store.Tx, communityID, importID string) (held bool, err error) {
	h, err := store.Row[ImportHold](tx, sqlHoldOf, communityID)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	case h.ImportID != importID:
		return false, ErrImporting
	}
	return true, nil
}

// HoldForImport has an import hold a community. The caller has the community's lock and
// has asked [CheckImportHold].
func HoldForImport(tx *store.Tx, communityID, importID string) error {
	return importHoldTable.Insert(tx, ImportHold{communityID, importID, tx.Now})
}

// ReleaseImportHolds ends what an import holds.
func ReleaseImportHolds(tx *store.Tx, importID string) error {
	_, err := tx.Exec("DELETE FROM import_holds WHERE import_id = ?", importID)
	return err
}
