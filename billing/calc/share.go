package calc

import (
	"errors"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Part is one room's part of a cost that many rooms share 公摊.
type Part struct {
	Key    string          // names the room, such as its code; unique
	Weight decimal.Decimal // its area, or 1 to share by household
}

var (
	errShareTotal  = errors.New("billing: cost to share is negative")
	errShareWeight = errors.New("billing: negative weight of a share, or all weights 0")
	errShareKey    = errors.New("billing: a share twice")
)

// Share divides a total over the parts by weight, so that the shares add up to
// the total to the fen. Each part gets the whole fen of its exact share; the
// remaining fen go one by one to the largest remainders. Equal remainders are
// ordered by weight, then by key, so that the order of the parts does not
// change a share. For example, 10.00 yuan over three equal rooms is 3.34, 3.33
// and 3.33. The shares are returned in the order of the parts.
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
	// Integers of one scale make quotient and remainder exact.
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
	for _, i := range order[:int(left)] { // fewer fen remain than there are parts
		shares[i]++
	}
	return shares, nil
}
