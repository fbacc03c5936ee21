package sheet

import (
	"regexp"
	"strings"
)

// Phone returns the digits of a phone number in mainland China: a mobile number
// of 11 digits, or a landline with its area code (010-12345678 is 01012345678).
// Spaces, dashes, brackets and the prefixes +86 and 0086 are dropped. If a cell
// has several numbers, the first valid one is returned. A blank cell returns ""
// and no mistake; the caller decides.
//
// A number cell of xlsx keeps all digits even if it is shown in scientific
// notation. As text, scientific notation is a mistake unless all eleven digits
// are there, because a wrong number would open the room to a stranger.
func (row *Row) Phone(key string) (string, *Mistake) {
	c, m := row.single(key)
	if m != nil {
		return "", m
	}
	if row.Blank(key) {
		return "", nil
	}
	phone, reason := parsePhone(c)
	if reason != "" {
		return "", row.Mistake(key, reason)
	}
	return phone, nil
}

var (
	mobileForm   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	landlineForm = regexp.MustCompile(`^(010|02\d|0[3-9]\d{2})\d{7,8}$`)
	scientific   = regexp.MustCompile(`^1(?:\.(\d+))?[eE]\+?10$`)
	phoneLetters = strings.NewReplacer("-", "", "(", "", ")", "", " ", "", "·", "")
)

// parsePhone returns the number, or the reason why there is none.
func parsePhone(c cell) (phone, reason string) {
	s := narrow(c.text)
	if c.kind == number {
		d, ok := excelNumber(c.text)
		if !ok || !d.IsInteger() {
			return "", reasonPhone
		}
		s = d.String()
	} else if p := scientific.FindStringSubmatch(s); p != nil {
		if len(p[1]) != 10 {
			return "", "手机号被存成了科学计数法，数字已经丢失，请重新填写"
		}
		s = "1" + p[1]
	}
	// Spaces may divide one number or separate several: try one number first.
	for _, split := range []func(rune) bool{isPhoneComma, func(r rune) bool { return r == ' ' || isPhoneComma(r) }} {
		for _, part := range strings.FieldsFunc(s, split) {
			if p := bareNumber(part); mobileForm.MatchString(p) || landlineForm.MatchString(p) {
				return p, ""
			}
		}
	}
	return "", reasonPhone
}

// reasonPhone is the mistake of a text that is no phone number.
const reasonPhone = "手机号应为 11 位数字"

// isPhoneComma reports whether a rune separates numbers in a cell.
func isPhoneComma(r rune) bool { return strings.ContainsRune("/、,;|", r) }

// bareNumber drops what people write around the digits.
func bareNumber(s string) string {
	s = phoneLetters.Replace(s)
	if rest, ok := strings.CutPrefix(s, "+"); ok {
		if !strings.HasPrefix(rest, "86") {
			return "" // another country
		}
		s = rest
	}
	s = strings.TrimPrefix(s, "0086")
	// Only a number that is too long otherwise has a country code: 86 may begin a landline without its zero.
	if len(s) > 11 && strings.HasPrefix(s, "86") {
		s = s[2:]
	}
	return s
}

// IsPhone reports whether digits are a phone number as [Row.Phone] returns it.
func IsPhone(digits string) bool {
	return mobileForm.MatchString(digits) || landlineForm.MatchString(digits)
}
