package office

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"

	"wuyepay/models"
	"wuyepay/models/store"
)

// ImportPart is a part of a file as it was handed in, sealed: such files hold names and
// phone numbers.
type ImportPart struct {
	ImportID string
	Part     int
	Sealed   []byte
}

// ImportPartSize is how many bytes of a file one part holds; the last has fewer.
const ImportPartSize = 256 << 10

const importPartColumn = "import_parts.sealed"

var importPartTable = store.NewTable[ImportPart]("import_parts")

// InsertImportPart adds a part of a file.
func InsertImportPart(tx *store.Tx, importID string, part int, content []byte) error {
	return importPartTable.Insert(tx, ImportPart{importID, part, tx.Vault().Seal(importPartColumn, string(content))})
}

// ImportPartContent returns a part of a file.
func ImportPartContent(tx *store.Tx, importID string, part int) ([]byte, error) {
	p, err := importPartTable.Row(tx, "WHERE import_id = ? AND part = ?", importID, part)
	if err != nil {
		return nil, err
	}
	text, err := tx.Vault().Open(importPartColumn, p.Sealed)
	return []byte(text), err
}

// ImportBlock is what one step of an import has added and changed, sealed. Block 0 is
// what the second reading of the file must know of the first. RowsEnd is how many rows the
// import was through with after the block.
type ImportBlock struct {
	ImportID  string
	Block     int
	RowsEnd   int
	Sealed    []byte
	CreatedAt models.Time
}

const importBlockColumn = "import_blocks.sealed"

var importBlockTable = store.NewTable[ImportBlock]("import_blocks")

// InsertImportBlock adds a block, which may be any value that JSON can hold.
func InsertImportBlock(tx *store.Tx, importID string, block, rowsEnd int, content any) error {
	sealed, err := sealJSON(tx, importBlockColumn, content)
	if err != nil {
		return err
	}
	return importBlockTable.Insert(tx, ImportBlock{ImportID: importID, Block: block, RowsEnd: rowsEnd, Sealed: sealed, CreatedAt: tx.Now})
}

// ReadImportBlock reads a block into a pointer, or returns [models.ErrNotFound].
func ReadImportBlock(tx *store.Tx, importID string, block int, into any) error {
	b, err := importBlockTable.Row(tx, "WHERE import_id = ? AND block = ?", importID, block)
	if err != nil {
		return err
	}
	return openJSON(tx, importBlockColumn, b.Sealed, into)
}

// sealJSON returns a value as JSON, compressed and sealed.
func sealJSON(tx *store.Tx, column string, v any) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed) // it is written while payments wait
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(z).Encode(v); err != nil {
		return nil, fmt.Errorf("office: %s: %w", column, err)
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return tx.Vault().Seal(column, out.String()), nil
}

// openJSON reads what sealJSON returned.
func openJSON(tx *store.Tx, column string, sealed []byte, into any) error {
	text, err := tx.Vault().Open(column, sealed)
	if err != nil {
		return err
	}
	z, err := gzip.NewReader(bytes.NewReader([]byte(text)))
	if err != nil {
		return fmt.Errorf("office: %s: %w", column, err)
	}
	defer z.Close()
	if err := json.NewDecoder(z).Decode(into); err != nil && err != io.EOF {
		return fmt.Errorf("office: %s: %w", column, err)
	}
	return nil
}
