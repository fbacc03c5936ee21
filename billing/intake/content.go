package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// MaxUpload is how many bytes a file may have that is handed in through a page or a call.
const MaxUpload = 32 << 20

// keptParts is how many parts of a file a reader holds in memory.
const keptParts = 8

// keptFile reads the file of a run as it is kept: sealed, in parts. It holds a few parts in
// memory, so that reading a file of any size takes the same. It is not safe for concurrent
// use.
type keptFile struct {
	tx    *store.Tx
	run   office.ImportRun
	parts []keptPart // the latest first
}

type keptPart struct {
	number  int
	content []byte
}

// ReadAt reads from the file as [io.ReaderAt] says.
func (k *keptFile) ReadAt(b []byte, off int64) (int, error) {
	n := 0
	for n < len(b) {
		if off >= k.run.SizeBytes {
			return n, io.EOF
		}
		part, err := k.part(int(off / office.ImportPartSize))
		if err != nil {
			return n, err
		}
		got := copy(b[n:], part[off%office.ImportPartSize:])
		n, off = n+got, off+int64(got)
	}
	return n, nil
}

func (k *keptFile) part(number int) ([]byte, error) {
	for i, p := range k.parts {
		if p.number == number {
			copy(k.parts[1:], k.parts[:i])
			k.parts[0] = p
			return p.content, nil
		}
	}
	content, err := office.ImportPartContent(k.tx, k.run.ID, number)
	if err != nil {
		return nil, fmt.Errorf("part %d of import %s: %w", number, k.run.ID, err)
	}
	if want := min(k.run.SizeBytes-int64(number)*office.ImportPartSize, office.ImportPartSize); int64(len(content)) != want {
		return nil, fmt.Errorf("part %d of import %s has %d bytes, want %d", number, k.run.ID, len(content), want)
	}
	if len(k.parts) < keptParts {
		k.parts = append(k.parts, keptPart{})
	}
	copy(k.parts[1:], k.parts)
	k.parts[0] = keptPart{number, content}
	return content, nil
}

// fileOf returns the file of a run.
func fileOf(tx *store.Tx, run office.ImportRun) File {
	return File{Name: run.FileName, Content: &keptFile{tx: tx, run: run}, Size: run.SizeBytes}
}

// WriteContent writes the file of a run as it was handed in.
func WriteContent(tx *store.Tx, run office.ImportRun, w io.Writer) error {
	_, err := io.Copy(w, io.NewSectionReader(&keptFile{tx: tx, run: run}, 0, run.SizeBytes))
	return err
}

// Upload keeps a file for an import and has it read: the run that it returns is uploaded,
// and a [Worker] makes the preview. The error is [ErrKind], or a [*sheet.FileError] for a
// file that is empty or too large.
func Upload(ctx context.Context, db *store.DB, by models.Actor, kind, name string, content io.Reader) (office.ImportRun, error) {
	run, err := keep(ctx, db, by, kind, name, io.LimitReader(content, MaxUpload+1), MaxUpload)
	if err != nil {
		return run, err
	}
	return run, change(ctx, db, &run, func(tx *store.Tx) error {
		run.QueuedAt = models.RealNow()
		return office.Audit(tx, by, "import.uploaded", "import", run.ID, map[string]any{"kind": kind, "bytes": run.SizeBytes})
	})
}

// keep stores a file in parts, a transaction each, so that a large one keeps nobody
// waiting. A run that was not completed is discarded.
func keep(ctx context.Context, db *store.DB, by models.Actor, kind, name string, content io.Reader, most int64) (office.ImportRun, error) {
	run := office.ImportRun{ID: models.NewID(), Kind: kind, FileName: shortName(filepath.Base(name)), State: office.ImportDiscarded,
		Made: by}
	if !knownKind(kind) {
		return run, ErrKind
	}
	sum := sha256.New()
	part := make([]byte, office.ImportPartSize)
	for {
		n, err := io.ReadFull(content, part)
		if n == 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
			break
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return run, &sheet.FileError{File: run.FileName, Reason: "读取失败", Err: err}
		}
		sum.Write(part[:n])
		if run.SizeBytes += int64(n); run.SizeBytes > most {
			return run, &sheet.FileError{File: run.FileName, Reason: fmt.Sprintf("文件超过 %d MB，请拆分后再导入", most>>20)}
		}
		err = db.Write(ctx, func(tx *store.Tx) error {
			if run.Parts == 0 {
				if err := office.InsertImportRun(tx, &run); err != nil {
					return err
				}
			}
			return office.InsertImportPart(tx, run.ID, run.Parts, part[:n])
		})
		if err != nil {
			return run, err
		}
		run.Parts++
	}
	if run.Parts == 0 {
		return run, &sheet.FileError{File: run.FileName, Reason: "文件是空的"}
	}
	return run, change(ctx, db, &run, func(*store.Tx) error {
		run.State, run.SHA256 = office.ImportUploaded, hex.EncodeToString(sum.Sum(nil))
		return nil
	})
}

// errLost means that somebody else has changed a run meanwhile: another replica, or a
// person who stopped it.
var errLost = errors.New("intake: the import was changed by somebody else")

// change changes a run in a transaction of its own. fn changes *run and writes what
// belongs to it; after an error run is as it was. The error is errLost if the run is not
// as run says any more.
func change(ctx context.Context, db *store.DB, run *office.ImportRun, fn func(tx *store.Tx) error) error {
	was := *run
	err := db.Write(ctx, func(tx *store.Tx) error {
		*run = was
		if err := fn(tx); err != nil {
			return err
		}
		return save(tx, was, run)
	})
	if err != nil {
		*run = was
	}
	return err
}

func save(tx *store.Tx, was office.ImportRun, run *office.ImportRun) error {
	ok, err := office.SaveImportRun(tx, was, run)
	if err == nil && !ok {
		err = errLost
	}
	return err
}
