package models

import (
	"strings"

	"github.com/shopspring/decimal"
)

// RateText returns a daily rate of late fee as people write it: 0.003 is 3‰, 0.0005 is
// 0.5‰. Every page, paper and file that shows a rate to people uses it.
func RateText(rate decimal.Decimal) string { return rate.Shift(3).String() + "‰" }

// ShareText returns a share as people write it: 0.3 is 30%.
func ShareText(share decimal.Decimal) string { return share.Shift(2).String() + "%" }

// RateTextOf is [RateText] of a rate as a column keeps it. An empty text stays empty. A
// text that is no number is returned as it is, so that the reader sees what the books hold.
func RateTextOf(rate string) string { return textOf(rate, RateText) }

// ShareTextOf is [ShareText] of a share as a column keeps it, with the rules of
// [RateTextOf].
func ShareTextOf(share string) string { return textOf(share, ShareText) }

func textOf(kept string, text func(decimal.Decimal) string) string {
	d, err := decimal.NewFromString(kept)
	if err != nil {
		return kept
	}
	return text(d)
}

// ParseShare returns the number that was typed for a rate or a share: 3‰, 0.3% and 0.003
// are the same, also in full width. It returns false for a sign, an exponent or any other
// text.
func ParseShare(text string) (decimal.Decimal, bool) {
	text = HalfWidth(text)
	shift := int32(0)
	for _, unit := range []struct {
		sign  string
		shift int32
	}{{"‰", -3}, {"%", -2}} {
		if number, ok := strings.CutSuffix(text, unit.sign); ok {
			text, shift = number, unit.shift
			break
		}
	}
	if text == "" || len(text) > 24 || strings.Trim(text, "0123456789.") != "" {
		return decimal.Zero, false
	}
	d, err := decimal.NewFromString(text)
	return d.Shift(shift), err == nil
}
