package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// The kinds of file that companies hand over.
const (
	ImportRooms   = "rooms"   // 房产资料: rooms and who owns them
	ImportArrears = "arrears" // 历史欠费: opening arrears
	ImportTariffs = "tariffs" // 收费标准
	ImportMeters  = "meters"  // 抄表: meters and their readings
)

// ErrImportKind says that there is no such kind of file.
var ErrImportKind = models.Invalid("IMPORT_KIND", "不支持的导入类型，应为 rooms、arrears、tariffs 或 meters")

// File is a table to take in: a file on disk or an upload (a multipart.File is a
// ReaderAt). It is read several times and must not change meanwhile.
type File struct {
	Name    string // shown in messages; only its last element
	Content io.ReaderAt
	Size    int64 // bytes
}

// ImportResult is what a file has changed.
type ImportResult struct {
	Kind      string
	Read      int // rows of the table
	Added     int
	Changed   int
	Unchanged int
	Skipped   int        // rows that need no entry, such as arrears that are paid
	AmountFen models.Fen // outstanding principal added, of arrears
	// Warnings are oddities that stop nothing. At most 1000 are kept; WarningCount
	// counts all.
	Warnings     sheet.Mistakes
	WarningCount int
	Ignored      []string // columns of the file that nobody reads
}

// ImportFile is [Import] for a file on disk.
func ImportFile(ctx context.Context, db *store.DB, by models.Actor, kind, path string) (ImportResult, error) {
	name := filepath.Base(path)
	content, err := os.Open(path)
	if err != nil {
		return ImportResult{}, &sheet.FileError{File: name, Reason: "打不开", Err: err}
	}
	defer content.Close()
	info, err := content.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return ImportResult{}, &sheet.FileError{File: name, Reason: "打不开", Err: err}
	}
	return Import(ctx, db, by, kind, File{Name: name, Content: content, Size: info.Size()})
}

// Import takes a file in, all of it or nothing: a mistake anywhere changes
// nothing, and what changes does so in one transaction.
//
// The error is [sheet.Mistakes] with every mistake in the order of the file, a
// [*sheet.FileError] for a file that cannot be read, [ErrImportKind], or a fault
// of the database. The same file a second time finds everything unchanged.
//
// The file is read twice, as a stream. The first pass only looks and needs no
// transaction, so that a file with mistakes, or with nothing new, holds nobody
// up. The second looks again, inside the transaction, and writes. Both hold
// [batchRows] rows, and for each row of the file what finding rows that
// contradict each other takes: 28 bytes ([span]), 72 for meters ([chainLink]).
func Import(ctx context.Context, db *store.DB, by models.Actor, kind string, f File) (ImportResult, error) {
	f.Name = filepath.Base(f.Name)
	sum, err := fileSum(f)
	if err != nil {
		return ImportResult{}, err
	}
	look := &pass{tx: db.View(ctx), by: by, learned: newLearned()}
	if err := look.run(kind, f); err != nil {
		return look.result.nothingDone(), err
	}
	if look.result.Added+look.result.Changed == 0 {
		return look.result, nil
	}
	var result ImportResult
	err = db.Write(ctx, func(tx *store.Tx) error {
		write := &pass{tx: tx, by: by, write: true, learned: look.learned}
		err := write.run(kind, f)
		if result = write.result; err != nil {
			return err
		}
		if again, err := fileSum(f); err != nil || again != sum {
			return errors.Join(&sheet.FileError{File: f.Name, Reason: "在导入过程中被修改，请重新导入"}, err)
		}
		return office.KeepImport(tx, by, &office.Import{Kind: kind, FileName: shortName(f.Name), SHA256: sum, RowsRead: result.Read,
			RowsAdded: result.Added, RowsChanged: result.Changed, Warnings: result.WarningCount})
	})
	if err != nil {
		return result.nothingDone(), err
	}
	return result, nil
}

// nothingDone is the result beside an error: what would have been added was not.
func (r ImportResult) nothingDone() ImportResult {
	r.Added, r.Changed, r.Unchanged, r.Skipped, r.AmountFen = 0, 0, 0, 0, 0
	return r
}

// fileSum is the SHA-256 of the file: kept with the import, and the proof that
// both passes have read the same.
func fileSum(f File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f.Content, 0, f.Size)); err != nil {
		return "", &sheet.FileError{File: f.Name, Reason: "读取失败", Err: fmt.Errorf("hash file: %w", err)}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// shortName fits the column; names of uploads can be of any length.
func shortName(name string) string {
	if r := []rune(name); len(r) > 200 {
		return string(r[:200])
	}
	return name
}
