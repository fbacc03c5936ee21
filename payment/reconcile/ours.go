package reconcile

import (
	"hash/maphash"

	"wuyepay/models"
	"wuyepay/models/money"
)

// ownBook is our payments of a day by order number, as compact as it can be: a
// million of them are 40 MB in one piece, which the garbage collector does not walk.
// The numbers are not kept, but two hashes of each under seeds that are drawn at
// random and leave the process no more than the keys do: nobody can aim at a clash,
// and of a million numbers none is to be expected. SHA-256 instead would take a tenth
// of the whole reconciliation.
type ownBook struct {
	rows  []ownPayment
	index []uint32 // open addressing; 0 is free, else the place in rows plus one
}

// oursKey is the two hashes of an order number.
type oursKey [2]uint64

// ownPayment is a payment of ours. It is seen once a row of the bill agrees with it.
type ownPayment struct {
	key         oursKey
	transaction uint64
	amount      models.Fen
	seen        bool
}

// keySeeds are drawn when the process starts. No hash under them may be stored.
var keySeeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

func keyOf(orderNo string) oursKey {
	return oursKey{maphash.String(keySeeds[0], orderNo), maphash.String(keySeeds[1], orderNo)}
}

func transactionHash(id string) uint64 { return maphash.String(keySeeds[0], id) }

// add adds a payment. The index is made by build, after the last one.
func (b *ownBook) add(p money.PaidOrder) {
	b.rows = append(b.rows, ownPayment{key: keyOf(p.OrderNo), transaction: transactionHash(p.TransactionID), amount: p.AmountFen})
}

// build makes the index, at most half full, so that a free place ends every search. An
// order has one payment at most, by a unique key of the database.
func (b *ownBook) build() {
	size := 16
	for size < 2*len(b.rows) {
		size *= 2
	}
	b.index = make([]uint32, size)
	for i := range b.rows {
		b.index[b.place(b.rows[i].key)] = uint32(i) + 1
	}
}

// place returns where in the index a key is, or would be.
func (b *ownBook) place(key oursKey) uint64 {
	mask := uint64(len(b.index) - 1) //nolint:gosec // a power of two, at least 16
	at := key[1] & mask
	for b.index[at] != 0 && b.rows[b.index[at]-1].key != key {
		at = (at + 1) & mask
	}
	return at
}

// find returns the payment of an order, or nil. It must not be called before build.
func (b *ownBook) find(orderNo string) *ownPayment {
	n := b.index[b.place(keyOf(orderNo))]
	if n == 0 {
		return nil
	}
	return &b.rows[n-1]
}

// unseen returns the number of payments that no row of the bill agrees with.
func (b *ownBook) unseen() (n int) {
	for i := range b.rows {
		if !b.rows[i].seen {
			n++
		}
	}
	return n
}
