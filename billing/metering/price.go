package metering

import (
	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
)

// ChargeQuantity returns the price of a quantity, which includes the multipliers, by
// tiers if there are any, else at one price in yuan per unit. It is rounded to the fen
// once, at the end. A negative quantity is an error: a credit is carried forward, not
// charged.
func ChargeQuantity(quantity, price decimal.Decimal, tiers calc.Tiers) (models.Fen, error) {
	if len(tiers) > 0 {
		return calc.MeteredTiers(quantity, calc.One, tiers)
	}
	return calc.Metered(quantity, calc.One, price)
}
