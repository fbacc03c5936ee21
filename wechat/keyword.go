package wechat

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// chinaZone is the zone of the dates and times that people read.
var chinaZone = time.FixedZone("Asia/Shanghai", 8*60*60)

// FitKeyword returns a value that WeChat accepts for a keyword of a subscribe template.
// The type of a keyword is its name without the number (developers.weixin.qq.com,
// subscribeMessage.send, parameter limits). A text is cleaned and shortened at a
// character border. A value whose meaning would change by shortening (amount, number,
// date, time, phone, car) is brought into form. If that is impossible FitKeyword
// returns "", which Send refuses.
//
// For example, FitKeyword("amount2", "1,234.50") returns "1234.50", and
// FitKeyword("number3", "31天") returns "".
//
// Dates and times may be given as RFC 3339; they are written as Asia/Shanghai. An empty
// thing becomes 无.
func FitKeyword(name, value string) string {
	value = printable(value)
	switch keywordType(name) {
	case "number":
		return fitPattern(strings.ReplaceAll(value, ",", ""), numberPattern)
	case "letter":
		return keep(value, 32, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
	case "symbol":
		return keep(value, 5, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) })
	case "character_string":
		return keep(value, 32, func(r rune) bool { return r > ' ' && r < 0x7f })
	case "time":
		return fitTime(value)
	case "date":
		return fitDate(value)
	case "amount":
		return fitAmount(value)
	case "phone_number":
		return fitPattern(strings.ReplaceAll(value, " ", ""), phonePattern)
	case "car_number":
		return fitPattern(strings.ReplaceAll(value, " ", ""), carPattern)
	case "name":
		return fitName(value)
	case "phrase":
		return keep(value, 5, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	case "enum":
		return value
	}
	if value == "" {
		return "无"
	}
	return shorten(value, 20) // thing, and a type that is new: the most common limit
}

// keywordType returns the name without its number: thing1 -> thing.
func keywordType(name string) string { return strings.TrimRight(name, "0123456789") }

var (
	numberPattern = regexp.MustCompile(`^(?:[0-9]{1,32}|[0-9]{1,20}\.[0-9]{1,11})$`)
	phonePattern  = regexp.MustCompile(`^[0-9+*()#-]{3,17}$`)
	carPattern    = regexp.MustCompile(`^\p{Han}?[0-9A-Za-z]{4,7}\p{Han}?$`)
	amountPattern = regexp.MustCompile(`^([¥￥$€£]?)([0-9]{1,10})(?:\.([0-9]{1,2}))?(元?)$`)
	clockPattern  = regexp.MustCompile(`^(?:([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}([-/.])[0-9]{1,2}[-/.][0-9]{1,2}) )?` +
		`([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$`)
)

// printable drops what no keyword allows: control characters, line breaks, invisible
// marks, and characters of four bytes such as emoji. A rare surname becomes □, so that
// its place stays visible. Runs of blanks become one blank.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == utf8.RuneError:
			continue
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.In(r, unicode.C, unicode.Zl, unicode.Zp, unicode.Variation_Selector):
			continue
		case r > 0xffff && unicode.Is(unicode.Han, r):
			b.WriteRune('□')
		case r > 0xffff:
			continue
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// shorten cuts to limit characters and marks the cut.
func shorten(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}

// keep returns the first limit characters that are allowed.
func keep(s string, limit int, allowed func(rune) bool) string {
	var b strings.Builder
	for _, r := range s {
		if allowed(r) {
			b.WriteRune(r)
			if limit--; limit == 0 {
				break
			}
		}
	}
	return b.String()
}

func fitPattern(s string, p *regexp.Regexp) string {
	if p.MatchString(s) && utf8.RuneCountInString(s) <= 32 && (p != carPattern || utf8.RuneCountInString(s) <= 8) {
		return s
	}
	return ""
}

// fitName returns the first ten characters if there is Chinese among them, else the
// first twenty letters and symbols.
func fitName(s string) string {
	limit := 20
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) || r == '□' }) {
		limit = 10
	}
	return strings.TrimSpace(keep(s, limit, func(r rune) bool { return !unicode.IsDigit(r) && !unicode.IsNumber(r) }))
}

// fitAmount accepts ¥1,234.50, 1234.5元 and the like; it never rounds.
func fitAmount(s string) string {
	s = strings.NewReplacer(",", "", "，", "", " ", "").Replace(s)
	m := amountPattern.FindStringSubmatch(s)
	if m == nil || len(m[2])+len(m[3]) > 10 {
		return ""
	}
	return s
}

// fitTime returns a time of day, with its date if there is one, or a range of two
// joined by ~.
func fitTime(s string) string {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.In(chinaZone).Format("2006年1月2日 15:04")
	}
	from, to, isRange := strings.Cut(s, "~")
	if !isClock(strings.TrimSpace(from)) || isRange && !isClock(strings.TrimSpace(to)) {
		return ""
	}
	return s
}

// fitDate returns a real date, perhaps with a time of day.
func fitDate(s string) string {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.In(chinaZone).Format("2006年1月2日")
	}
	if isDay(s) {
		return s
	}
	if _, clock, ok := strings.Cut(s, " "); ok && isClock(s) && clock != "" {
		return s
	}
	return ""
}

// isClock reports whether a text is HH:mm[:ss], perhaps after a real date.
func isClock(s string) bool {
	m := clockPattern.FindStringSubmatch(s)
	return m != nil && (m[1] == "" || isDay(m[1]))
}

// isDay reports whether a text is a real date; 2026-02-30 is not.
func isDay(s string) bool {
	for _, layout := range []string{"2006年1月2日", "2006-1-2", "2006/1/2", "2006.1.2"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1000 {
			return true
		}
	}
	return false
}
