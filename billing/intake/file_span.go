package intake

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// rowKey identifies what a row is about, such as room and fee item, as a hash.
// It takes 16 bytes whatever the texts; two different keys are never equal in
// practice.
type rowKey [16]byte

// keyOf returns the key of texts, which contain no zero bytes.
func keyOf(parts ...string) rowKey {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return rowKey(sum[:16])
}

// span holds what must be remembered of a row to find rows of the same file
// that contradict it. It takes 28 bytes. Rows with the same key must not share
// a day.
type span struct {
	key      rowKey
	from, to models.Date
	row      int32 // the place of the row: sheet and number
}

// spans are the rows of a whole file, in its order until conflicts sorts them.
type spans []span

// add remembers a row with a key and the days from..to.
func (s *spans) add(key rowKey, from, to models.Date, row *sheet.Row) {
	*s = append(*s, span{key, from, to, row.Place()})
}

// conflicts calls found for each row that shares a day with an earlier row of
// the file. same reports whether the days are identical.
func (s spans) conflicts(found func(row, earlier int32, same bool)) {
	slices.SortFunc(s, func(a, b span) int {
		if c := bytes.Compare(a.key[:], b.key[:]); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.row, b.row))
	})
	var reach span // of the spans seen of this key, the one that ends last
	for i, x := range s {
		if i == 0 || x.key != reach.key {
			reach = x
			continue
		}
		if x.from <= reach.to {
			found(max(x.row, reach.row), min(x.row, reach.row), x.from == reach.from && x.to == reach.to)
		}
		if x.to > reach.to {
			reach = x
		}
	}
}
