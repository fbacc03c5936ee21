package issuing

import (
	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// SplitForTest charges a price (in ten-thousandths of a yuan a month) for some days
// in one, and in two parts cut after a day, the second at a share of 1.
func SplitForTest(price int64, first, cut, last models.Date) (whole, parts models.Fen, err error) {
	p := decimal.New(price, -4)
	if whole, err = calc.MonthsOf(first, last).Of(p); err != nil {
		return 0, 0, err
	}
	lived, vacant := splitVacant(calc.Days{From: first, To: last}, []estate.Vacancy{{FromOn: cut + 1, ToOn: last}})
	parts, err = lived.OfShared(p, vacant, calc.One)
	return whole, parts, err
}
