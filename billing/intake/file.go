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

// Kinds of file.
const (
	Rooms   = "rooms"   // 房产资料: rooms and their owners
	Arrears = "arrears" // 历史欠费: opening arrears
	Tariffs = "tariffs" // 收费标准
	Meters  = "meters"  // 抄表: meters and their readings
)

// ErrKind is the refusal of an unknown kind of file.
var ErrKind = models.Invalid("IMPORT_KIND", "不支持的导入类型，应为 rooms、arrears、tariffs 或 meters")

// File is a table to import: a file on disk or an upload (a multipart.File is
// an io.ReaderAt). It is read several times and must not change in between.
type File struct {
	// Name is shown in messages; only its last element is used.
	Name    string
	Content io.ReaderAt
	// Size is in bytes.
	Size int64
}

// Result holds what a file holds and what it has changed. Read is always the sum of Added,
// Changed, Unchanged, Wrong and LeftOut. With an error nothing was stored, and the counts
// say what the file would have changed; a file that cannot be read has none.
type Result struct {
	Kind string
	// Read is how many rows the sheets have below their headers, blank ones not counted.
	Read      int
	Added     int
	Changed   int
	Unchanged int
	// Wrong rows have at least one mistake.
	Wrong int
	// LeftOut rows need no entry: totals, footers, arrears that are paid, bills that were
	// voided since.
	LeftOut int
	// Stated are the amounts of all rows of arrears without mistakes, Taken those of the
	// rows that are added. They are zero for other kinds.
	Stated, Taken Sums
	// Sheets are the sheets that were read, Unread the others. A csv file is one sheet.
	Sheets []sheet.Table
	Unread []sheet.Unread
	// Passed are the rows that no table has seen, such as totals: at most 1000.
	Passed []sheet.LeftOut
	// Warnings are oddities that do not stop the import. At most 1000 are kept;
	// WarningCount counts all of them.
	Warnings     sheet.Mistakes
	WarningCount int
	// Ignored lists the columns of the file that belong to no field.
	Ignored []string
}

// ImportFile is [Import] for a file on disk.
func ImportFile(ctx context.Context, db *store.DB, by models.Actor, kind, path string) (Result, error) {
	name := filepath.Base(path)
	content, err := os.Open(path)
	if err != nil {
		return Result{}, &sheet.FileError{File: name, Reason: "打不开", Err: err}
	}
	defer content.Close()
	info, err := content.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return Result{}, &sheet.FileError{File: name, Reason: "打不开", Err: err}
	}
	return Import(ctx, db, by, kind, File{Name: name, Content: content, Size: info.Size()})
}

// Import imports a file as a whole or not at all. A mistake anywhere in the
// file changes nothing, and all changes are made in one transaction.
//
// The error is [sheet.Mistakes] with every mistake in the order of the file, a
// [*sheet.FileError] for a file that cannot be read, [ErrKind], or a fault of
// the database. Importing the same file again finds everything unchanged.
//
// The file is read twice, as a stream. The first pass only compares and needs
// no transaction, so that a file with mistakes, or with nothing new, blocks
// nobody. The second pass compares again, within the transaction, and writes.
// Both hold [batchRows] rows in memory. The first also holds, for each row of the
// file, what is needed to find rows that contradict each other: 28 bytes ([span]),
// 80 for meters ([chainLink]). Both hold five bytes for each row ([outcomes]).
func Import(ctx context.Context, db *store.DB, by models.Actor, kind string, f File) (Result, error) {
	f.Name = filepath.Base(f.Name)
	sum, err := fileSum(f)
	if err != nil {
		return Result{}, err
	}
	look := &pass{tx: db.View(ctx), by: by, first: newFirstPass()}
	if err := look.run(kind, f); err != nil {
		return look.result, err
	}
	if look.result.Added+look.result.Changed == 0 {
		return look.result, nil
	}
	var result Result
	err = db.Write(ctx, func(tx *store.Tx) error {
		write := &pass{tx: tx, by: by, write: true, first: look.first}
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
	return result, err
}

// fileSum returns the SHA-256 of the file. It is stored with the import, and
// proves that both passes read the same content.
func fileSum(f File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f.Content, 0, f.Size)); err != nil {
		return "", &sheet.FileError{File: f.Name, Reason: "读取失败", Err: fmt.Errorf("hash file: %w", err)}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// shortName cuts a name to the width of its column; uploads may have names of
// any length.
func shortName(name string) string {
	if r := []rune(name); len(r) > 200 {
		return string(r[:200])
	}
	return name
}
