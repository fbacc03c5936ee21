package metering

import (
	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
)

// ChargeQuantity is what a quantity costs, the multipliers being in it already.
func ChargeQuantity(quantity, price decimal.Decimal, tiers calc.Tiers) (models.Fen, error) {
	if len(tiers) > 0 {
		return calc.MeteredTiers(quantity, calc.One, tiers)
	}
	return calc.Metered(quantity, calc.One, price)
}
