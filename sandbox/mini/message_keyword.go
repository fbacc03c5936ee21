package mini

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// keywordForms are the values that a subscribe message allows for each type of keyword
// (developers.weixin.qq.com, 订阅消息参数值内容限制). A form is asked only about a value that is
// not empty and has no control characters.
var keywordForms = map[string]func(string) bool{
	"thing":  atMost(20),
	"number": fits(`^-?[0-9]+(\.[0-9]+)?$`, 32),
	"letter": fits(`^[A-Za-z]+$`, 32),
	"symbol": func(s string) bool {
		letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
		return utf8.RuneCountInString(s) <= 5 && !strings.ContainsFunc(s, letter)
	},
	"character_string": func(s string) bool {
		return len(s) <= 32 && !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
	},
	"time":         ranges(timeForm),
	"date":         ranges(dateForm),
	"amount":       fits(`^[¥￥$€£]?[0-9]{1,10}(\.[0-9]+)?元?$`, 20),
	"phone_number": fits(`^[0-9+()*# -]+$`, 17),
	"car_number":   atMost(8),
	"name": func(s string) bool {
		han := func(r rune) bool { return unicode.Is(unicode.Han, r) }
		if strings.ContainsFunc(s, han) {
			return utf8.RuneCountInString(s) <= 10
		}
		return utf8.RuneCountInString(s) <= 20
	},
	"phrase": fits(`^\p{Han}+$`, 5),
	"enum":   func(string) bool { return true }, // the sandbox has no configured values
}

// The forms of a clock time and of a date.
const (
	clockForm    = `([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?`
	calendarForm = `[0-9]{4}(年[0-9]{1,2}月[0-9]{1,2}日|-[0-9]{1,2}-[0-9]{1,2}|/[0-9]{1,2}/[0-9]{1,2}|\.[0-9]{1,2}\.[0-9]{1,2})`
)

// The forms of time and date keywords, and of the name of a keyword.
var (
	timeForm    = regexp.MustCompile(`^(` + calendarForm + ` ?)?` + clockForm + `$`)
	dateForm    = regexp.MustCompile(`^` + calendarForm + `( ?` + clockForm + `)?$`)
	keywordType = regexp.MustCompile(`^([a-z_]+?)[0-9]+$`)
)

// atMost counts characters, not bytes: a Chinese character is one.
func atMost(n int) func(string) bool {
	return func(s string) bool { return utf8.RuneCountInString(s) <= n }
}

// fits requires a form and at most n characters.
func fits(form string, n int) func(string) bool {
	re := regexp.MustCompile(form)
	return func(s string) bool { return utf8.RuneCountInString(s) <= n && re.MatchString(s) }
}

// ranges accepts one value, or two with ~ between.
func ranges(form *regexp.Regexp) func(string) bool {
	return func(s string) bool {
		from, to, two := strings.Cut(s, "~")
		return form.MatchString(strings.TrimSpace(from)) && (!two || form.MatchString(strings.TrimSpace(to)))
	}
}

// checkKeyword returns errcode 47003 in WeChat's words, or nil.
func checkKeyword(name, value string) *refusal {
	if strings.TrimSpace(value) == "" {
		return &refusal{47003, "argument invalid! data." + name + ".value is empty"}
	}
	m := keywordType.FindStringSubmatch(name)
	if m == nil || keywordForms[m[1]] == nil ||
		strings.ContainsFunc(value, unicode.IsControl) || !keywordForms[m[1]](value) {
		return &refusal{47003, "argument invalid! data." + name + ".value invalid"}
	}
	return nil
}
