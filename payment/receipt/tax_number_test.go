package receipt_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wuyepay/payment/receipt"
)

func TestTaxNumber(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"91350100M000100Y43": true, // the example of the standard
		"914403001922038216": true, "91330100799655058B": true, "9144030071526726XG": true,
		"91350100M000100Y44": false, "91350100M000100Y4": false, "91350100M000100Y430": false, "": false, "91350100m000100y43": false,
		"91350100O000100Y43": false, "91350100M000100Y4３": false, "000000000000000000": true, // what the digit alone cannot tell
	} {
		if receipt.ValidTaxNo(code) != want {
			t.Errorf("%q: %t", code, !want)
		}
	}
}

// One character typed wrong, or two neighbours swapped, is always found.
func TestTaxNumberFindsSlips(t *testing.T) {
	t.Parallel()
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	rapid.Check(t, func(rt *rapid.T) {
		body := rapid.StringOfN(rapid.RuneFrom([]rune(alphabet)), 17, 17, 17).Draw(rt, "body")
		code := ""
		for _, c := range alphabet {
			if receipt.ValidTaxNo(body + string(c)) {
				if code != "" {
					rt.Fatalf("two check digits for %s", body)
				}
				code = body + string(c)
			}
		}
		if code == "" {
			rt.Fatalf("no check digit for %s", body)
		}
		i, c := rapid.IntRange(0, 17).Draw(rt, "place"), rapid.RuneFrom([]rune(alphabet)).Draw(rt, "typed")
		if slip := code[:i] + string(c) + code[i+1:]; slip != code && receipt.ValidTaxNo(slip) {
			rt.Fatalf("%s for %s passes", slip, code)
		}
		if i < 16 && code[i] != code[i+1] {
			if slip := code[:i] + string(code[i+1]) + string(code[i]) + code[i+2:]; receipt.ValidTaxNo(slip) {
				rt.Fatalf("%s for %s passes", slip, code)
			}
		}
		if receipt.ValidTaxNo(strings.ToLower(code)) && strings.ToLower(code) != code {
			rt.Fatal("lower case passes")
		}
	})
}
