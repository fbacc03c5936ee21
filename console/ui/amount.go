package ui

import (
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

var errAmount = models.Refusal(models.KindUnprocessable, "AMOUNT", "金额应为大于 0 的数字，最多两位小数，例如 500 或 500.00")

// TypedFen returns the amount in fen of what was typed in yuan: 500, 1,320.19 or 500元.
// It refuses signs, exponents and parts of a fen; the amount is never negative.
func TypedFen(s string) (models.Fen, error) {
	text := strings.TrimSuffix(models.DropThousands(models.HalfWidth(strings.TrimSpace(s))), "元")
	for _, r := range text {
		if (r < '0' || r > '9') && r != '.' { // no signs, no exponents
			return 0, errAmount
		}
	}
	d, err := decimal.NewFromString(text)
	if err != nil || len(text) > 20 || !d.Equal(d.Truncate(2)) {
		return 0, errAmount
	}
	fen, err := models.RoundFen(d)
	if err != nil {
		return 0, errAmount
	}
	return fen, nil
}

// ErrYuan is the refusal of [YuanField].
var ErrYuan = models.Invalid("AMOUNT", "金额不正确，请填写以元为单位的数字，最多两位小数")

// YuanField returns the amount in fen of a field in yuan. It is [TypedFen] with a refusal
// that fits a form of several amounts.
func YuanField(text string) (models.Fen, error) {
	d, err := decimal.NewFromString(strings.ReplaceAll(models.DropThousands(models.HalfWidth(strings.TrimSpace(text))), "元", ""))
	if err != nil || d.IsNegative() || !d.Equal(d.Truncate(2)) {
		return 0, ErrYuan
	}
	return models.RoundFen(d)
}

// WholeNumber returns the number in a field of a form. It returns none for a blank field
// and -1 for what is no number, which every check refuses.
func WholeNumber(text string, none int) int {
	if text == "" {
		return none
	}
	n := 0
	for _, r := range models.HalfWidth(text) {
		if r < '0' || r > '9' || n > 100_000 {
			return -1
		}
		n = n*10 + int(r-'0')
	}
	return n
}
