package calc

import (
	"errors"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Part is one room's part in a cost shared by many 公摊.
type Part struct {
	Key    string          // what names the room, such as its code; unique
	Weight decimal.Decimal // its area, or 1 to share by household
}

var (
	errShareTotal  = errors.New("billing: cost to share is negative")
	errShareWeight = errors.New("billing: negative weight of a share, or all weights 0")
	errShareKey    = errors.New("billing: a share twice")
)

// Share divides a total over the parts by weight, to the fen, so that the shares
// add up to the total exactly: everybody gets the whole fen of their part, and
// what is left goes fen by fen to the largest remainders. Equal remainders go by
// weight, then by key, so the order of the parts changes nobody's share. The
// shares come back in the order of the parts.
func Share(total models.Fen, parts []Part) ([]models.Fen, error) {
	if total < 0 {
		return nil, errShareTotal
	}
	sum := decimal.Zero
	keys := make(map[string]bool, len(parts))
	for _, p := range parts {
		if p.Weight.IsNegative() {
			return nil, errShareWeight
		}
		if keys[p.Key] {
			return nil, errShareKey
		}
		keys[p.Key] = true
		sum = sum.Add(p.Weight)
	}
	if sum.IsZero() {
		return nil, errShareWeight
	}
	shares, remainders := make([]models.Fen, len(parts)), make([]*big.Int, len(parts))
	left := total
	// All weights as integers at one scale: then floor and remainder are exact.
	scale := int32(0)
	for _, p := range parts {
		scale = max(scale, -p.Weight.Exponent())
	}
	divisor := sum.Shift(scale).BigInt()
	for i, p := range parts {
		product := new(big.Int).Mul(big.NewInt(int64(total)), p.Weight.Shift(scale).BigInt())
		floor, rest := new(big.Int).QuoRem(product, divisor, new(big.Int))
		shares[i], remainders[i] = models.Fen(floor.Int64()), rest // at most total
		left -= shares[i]
	}
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if c := remainders[b].Cmp(remainders[a]); c != 0 {
			return c
		}
		if c := parts[b].Weight.Cmp(parts[a].Weight); c != 0 {
			return c
		}
		return strings.Compare(parts[a].Key, parts[b].Key)
	})
	for _, i := range order[:int(left)] { // fewer are left than there are parts
		shares[i]++
	}
	return shares, nil
}
