package receipt

import "strings"

// taxAlphabet are the characters of a unified social credit code 统一社会信用代码, by
// their value (GB 32100-2015): I, O, Z, S and V are left out.
const taxAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ValidTaxNo reports whether a text is a unified social credit code, which is a
// company's tax number: 18 characters, the last one the check digit of the others
// (their values weighted by the powers of 3 modulo 31). Letters must be capitals. For
// example, 91350100M000100Y43, from the standard, is one.
//
// It does not prove that the company exists: eighteen zeros pass as well.
func ValidTaxNo(code string) bool {
	if len(code) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		value := strings.IndexByte(taxAlphabet, code[i])
		if value < 0 {
			return false
		}
		sum += value * weight
		weight = weight * 3 % 31
	}
	return strings.IndexByte(taxAlphabet, code[17]) == (31-sum%31)%31
}
