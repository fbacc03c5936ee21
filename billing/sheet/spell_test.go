package sheet

import (
	"strings"

	"pgregory.net/rapid"
)

// spell writes a plain number as somebody might: separators, a currency sign, a unit, full-width forms, blanks.
func spell(t *rapid.T, plain string, units []string) string {
	sign, digits := "", plain
	if rest, ok := strings.CutPrefix(plain, "-"); ok {
		sign, digits = "-", rest
	}
	if rapid.Bool().Draw(t, "thousands") {
		whole, fraction, _ := strings.Cut(digits, ".")
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
		digits = strings.TrimSuffix(whole+"."+fraction, ".")
	}
	s := sign + rapid.SampledFrom([]string{"", "¥", "￥", "RMB "}).Draw(t, "currency") + digits
	s += rapid.SampledFrom(units).Draw(t, "unit")
	return around(t, widen(t, s))
}

// widen writes ASCII in its full-width form.
func widen(t *rapid.T, s string) string {
	if !rapid.Bool().Draw(t, "wide") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xFEE0
		}
		return r
	}, s)
}

// around adds what is not seen.
func around(t *rapid.T, s string) string {
	unseen := rapid.SampledFrom([]string{"", " ", "\t", "　", "\u00a0", "\u200b", "\r\n", "\ufeff"})
	return unseen.Draw(t, "before") + s + unseen.Draw(t, "after")
}
