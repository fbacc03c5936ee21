package intake

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"math"
	"slices"
	"strings"

	"wuyepay/models"
)

// rowKey is what a row is about, such as room and fee item, as a hash: 16 bytes
// whatever the texts, and no two by chance the same.
type rowKey [16]byte

// keyOf makes a key of texts, which hold no zero bytes.
func keyOf(parts ...string) rowKey {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return rowKey(sum[:16])
}

// span is what is remembered of a row to find rows of the same file that
// contradict it: 28 bytes. Rows about the same key must not share a day.
type span struct {
	key      rowKey
	from, to models.Date
	row      int32
}

// spans are the rows of a whole file.
type spans []span

// add remembers a row about a key and the days from..to.
func (s *spans) add(key rowKey, from, to models.Date, row int) {
	*s = append(*s, span{key, from, to, rowNumber(row)})
}

// rowNumber is the number of a row in four bytes; a table has 200,000 rows at most.
func rowNumber(row int) int32 {
	return int32(min(row, math.MaxInt32)) //nolint:gosec // bounded in the same line
}

// clashes calls found for each row that shares a day with a row before it in the
// file; same tells whether the days are all the same.
func (s spans) clashes(found func(row, earlier int32, same bool)) {
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
