package sheet

import (
	"regexp"
	"strings"
)

// Phone returns the phone number of a cell in its one form, which [ParsePhone]
// explains. If a cell has several numbers, the first valid one is returned. A blank
// cell returns "" and no mistake; the caller decides.
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

// Forms of numbers without anything between the digits. Those of other countries begin
// with a plus.
var (
	mobileForm   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	landlineForm = regexp.MustCompile(`^(010|02\d|0[3-9]\d{2})\d{7,8}$`)
	serviceForm  = regexp.MustCompile(`^[48]00\d{7}$`)
	abroadForm   = regexp.MustCompile(`^\+[1-9]\d{7,14}$`)
	nearForm     = regexp.MustCompile(`^(852[2-9]\d{7}|853[268]\d{7}|8860?9\d{8})$`) // without the plus
	scientific   = regexp.MustCompile(`^1(?:\.(\d+))?[eE]\+?10$`)
	extension    = regexp.MustCompile(`(?i)^(.*\d)[-\s,;(]*(?:转接|转分机|转|分机|extension|ext\.?|[x#*-])[-\s:.号]*(\d{1,6})[)号]*$`)
	phoneLetters = strings.NewReplacer("-", "", "(", "", ")", "", " ", "", "·", "", ".", "", "\t", "")
)

// Forms of the numbers of some countries, by the code that they begin with.
var abroadForms = map[string]*regexp.Regexp{
	"+1":   regexp.MustCompile(`^\+1[2-9]\d{2}[2-9]\d{6}$`),
	"+852": regexp.MustCompile(`^\+852[2-9]\d{7}$`),
	"+853": regexp.MustCompile(`^\+853[268]\d{7}$`),
	"+886": regexp.MustCompile(`^\+886[2-9]\d{7,8}$`),
}

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
	if phone = firstPhone(s); phone == "" {
		return "", reasonPhone
	}
	return phone, ""
}

// reasonPhone is the mistake of a text that is no phone number.
const reasonPhone = "手机号应为 11 位数字"

// firstPhone returns the first number of a text; empty if it has none. Spaces may divide
// one number or separate several: one number is tried first.
func firstPhone(s string) string {
	for _, split := range []func(rune) bool{isPhoneComma, func(r rune) bool { return r == ' ' || isPhoneComma(r) }} {
		for _, part := range strings.FieldsFunc(s, split) {
			if p := onePhone(part); p != "" {
				return p
			}
		}
	}
	return ""
}

// isPhoneComma reports whether a rune separates numbers in a cell.
func isPhoneComma(r rune) bool { return strings.ContainsRune("/、,;|", r) }

// ParsePhone returns a phone number in its one form, and "" with ok false for a text that
// is none. The form is what numbers are stored, compared and found by:
//
//	13800000003      a mobile number of the mainland
//	01012345678      a landline with its area code
//	075512345678-801 with an extension 转 801
//	4001234567       a service number 400 or 800
//	+85291234567     any other, with the code of its country or region
//
// Spaces, dashes, brackets, full-width forms and the prefixes +86 and 0086 are dropped;
// 00852 is +852. The code of Hong Kong, Macau and Taiwan is also known without + where
// the number cannot be another. A text that holds several numbers is none.
func ParsePhone(text string) (phone string, ok bool) {
	phone = onePhone(narrow(text))
	return phone, phone != ""
}

// IsPhone reports whether a text is a phone number in the form of [ParsePhone].
func IsPhone(text string) bool {
	phone, ok := ParsePhone(text)
	return ok && phone == text
}

// onePhone returns the number that a narrow text is; empty if it is none.
func onePhone(s string) string {
	// Only a number at which a switchboard answers has extensions. They come first: without
	// the dash 0571-8765432-1 would be another number.
	if m := extension.FindStringSubmatch(s); m != nil {
		if p := barePhone(m[1]); landlineForm.MatchString(p) || serviceForm.MatchString(p) {
			return p + "-" + m[2]
		}
	}
	return barePhone(s)
}

// barePhone returns the number that a text without an extension is; empty if it is none.
func barePhone(s string) string {
	s = strings.TrimPrefix(phoneLetters.Replace(s), "'")
	if rest, ok := strings.CutPrefix(s, "00"); ok {
		s = "+" + rest
	}
	if rest, ok := strings.CutPrefix(s, "+86"); ok && !strings.HasPrefix(s, "+886") {
		return mainland(rest)
	}
	if strings.HasPrefix(s, "+") {
		return abroad(s)
	}
	if p := mainland(s); p != "" {
		return p
	}
	// 86 may begin a landline without its zero: only a number that is too long otherwise has a country code.
	if rest, ok := strings.CutPrefix(s, "86"); ok && len(s) > 11 {
		if p := mainland(rest); p != "" {
			return p
		}
	}
	if nearForm.MatchString(s) {
		return abroad("+" + s)
	}
	return ""
}

// mainland returns the number that digits are in the mainland; empty if they are none.
func mainland(digits string) string {
	if mobileForm.MatchString(digits) || landlineForm.MatchString(digits) || serviceForm.MatchString(digits) {
		return digits
	}
	return ""
}

// abroad returns a number that begins with a plus; empty if it cannot be one. The zero
// that some write between code and number, +886 0912, is dropped.
func abroad(s string) string {
	for code, form := range abroadForms {
		if !strings.HasPrefix(s, code) {
			continue
		}
		if code == "+886" {
			s = "+886" + strings.TrimPrefix(s[len(code):], "0")
		}
		if !form.MatchString(s) {
			return ""
		}
		return s
	}
	if !abroadForm.MatchString(s) {
		return ""
	}
	return s
}
