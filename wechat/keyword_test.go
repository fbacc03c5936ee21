package wechat

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFitKeyword(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, value, want string }{
		{"thing1", "3栋2单元1201", "3栋2单元1201"},
		{"thing1", "12345678901234567890", "12345678901234567890"},
		{"thing1", "物业费、公摊水费、公摊电费、车位管理费、垃圾清运费", "物业费、公摊水费、公摊电费、车位管理费…"},
		{"thing1", " 第一行\r\n第二行\t😀x ", "第一行 第二行 x"},
		{"thing1", "𠮷先生", "□先生"},
		{"thing1", "", "无"},
		{"thing1", "\x00\u200b\ufe0f", "无"},
		{"thing1", "坏\xff字", "坏字"},
		{"number3", "1,234", "1234"},
		{"number3", "12.50", "12.50"},
		{"number3", "十二", ""},
		{"number3", strings.Repeat("9", 33), ""},
		{"letter1", "ab-C 中1d", "abCd"},
		{"symbol1", "a★！?…—~", "★！?…—"},
		{"character_string4", "订单 01K9ABC|*_-", "01K9ABC|*_-"},
		{"character_string4", strings.Repeat("x", 40), strings.Repeat("x", 32)},
		{"time3", "2026-03-15T02:11:12Z", "2026年3月15日 10:11"},
		{"time3", "10:11", "10:11"},
		{"time3", "2026-03-15 10:11:12", "2026-03-15 10:11:12"},
		{"time3", "09:00~18:00", "09:00~18:00"},
		{"time3", "24:00", ""},
		{"time3", "2026-02-30 10:00", ""},
		{"date4", "2026-03-31", "2026-03-31"},
		{"date4", "2026年3月31日", "2026年3月31日"},
		{"date4", "2026年3月31日 10:11", "2026年3月31日 10:11"},
		{"date4", "2026-03-31T23:30:00Z", "2026年4月1日"},
		{"date4", "2026-02-30", ""},
		{"date4", "明天", ""},
		{"date4", "10:11", ""},
		{"amount2", "123.45元", "123.45元"},
		{"amount2", "¥1,234.50", "¥1234.50"},
		{"amount2", "99999999.99", "99999999.99"},
		{"amount2", "999999999.99", ""},
		{"amount2", "-1", ""},
		{"amount2", "1.234", ""},
		{"phone_number1", "+86 138 0013 8000", "+8613800138000"},
		{"phone_number1", "123456789012345678", ""},
		{"car_number1", "粤B12345", "粤B12345"},
		{"car_number1", "粤Z1234港", "粤Z1234港"},
		{"car_number1", "粤BD12345", "粤BD12345"},
		{"car_number1", "粤BD123456", ""},
		{"name1", "欧阳娜娜·买买提江阿不都", "欧阳娜娜·买买提江阿"},
		{"name1", "Alexander Hamilton Junior", "Alexander Hamilton J"},
		{"phrase2", "已通过，可以减免了", "已通过可以"},
		{"phrase2", "OK", ""},
		{"newtype9", strings.Repeat("字", 30), strings.Repeat("字", 19) + "…"},
	} {
		if got := FitKeyword(tt.name, tt.value); got != tt.want {
			t.Errorf("FitKeyword(%s, %q) = %q, want %q", tt.name, tt.value, got, tt.want)
		}
	}
}

// withinLimits is the published table, written apart from FitKeyword.
func withinLimits(kind, v string) bool {
	n := utf8.RuneCountInString(v)
	all := func(ok func(rune) bool) bool { return strings.IndexFunc(v, func(r rune) bool { return !ok(r) }) < 0 }
	han := func(r rune) bool { return r >= 0x2e80 && r <= 0xffff && unicode.Is(unicode.Han, r) }
	if !utf8.ValidString(v) || !all(func(r rune) bool { return r <= 0xffff && !unicode.IsControl(r) }) {
		return false
	}
	switch kind {
	case "thing":
		return n <= 20
	case "number":
		return n <= 32 && regexp.MustCompile(`^\d+(\.\d+)?$`).MatchString(v)
	case "letter":
		return n <= 32 && regexp.MustCompile(`^[A-Za-z]+$`).MatchString(v)
	case "symbol":
		return n <= 5 && all(func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsSpace(r) })
	case "character_string":
		return n <= 32 && all(func(r rune) bool { return r > 32 && r < 127 })
	case "time":
		for _, part := range strings.Split(v, "~") {
			part = strings.TrimSpace(part)
			clock := part[strings.LastIndex(part, " ")+1:]
			if _, err := time.Parse("15:04", clock); err != nil {
				if _, err := time.Parse("15:04:05", clock); err != nil {
					return false
				}
			}
		}
		return strings.Count(v, "~") <= 1
	case "date":
		return regexp.MustCompile(`^\d{4}(年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2})( \d{1,2}:\d\d(:\d\d)?)?$`).MatchString(v)
	case "amount":
		digits := len(regexp.MustCompile(`\D`).ReplaceAllString(v, ""))
		return digits <= 10 && regexp.MustCompile(`^[¥￥$€£]?\d+(\.\d+)?元?$`).MatchString(v)
	case "phone_number":
		return n <= 17 && all(func(r rune) bool { return !unicode.IsLetter(r) && r != ' ' })
	case "car_number":
		inner := strings.TrimFunc(v, han)
		return n <= 8 && regexp.MustCompile(`^[0-9A-Za-z]+$`).MatchString(inner)
	case "name":
		if strings.IndexFunc(v, han) >= 0 || strings.Contains(v, "□") {
			return n <= 10
		}
		return n <= 20 && all(func(r rune) bool { return !unicode.IsDigit(r) })
	case "phrase":
		return n <= 5 && all(han)
	}
	return false
}

func TestFitKeywordProperty(t *testing.T) {
	t.Parallel()
	kinds := []string{"thing", "number", "letter", "symbol", "character_string", "time",
		"date", "amount", "phone_number", "car_number", "name", "phrase"}
	likely := rapid.SampledFrom([]string{
		"2026-03-15", "2026-03-15T10:11:12+08:00", "2026年3月15日 10:11", "10:11~12:30", "¥1,234.50",
		"123.45元", "12.5", "粤B12345", "+86 13800138000", "𠮷野家", "😀", "已通过",
	})
	value := rapid.OneOf(rapid.String(), likely, rapid.StringMatching(`[0-9年月日:~.,¥元 粤A-Z\-]{0,40}`),
		rapid.Custom(func(t *rapid.T) string { return likely.Draw(t, "a") + rapid.String().Draw(t, "b") }))
	rapid.Check(t, func(t *rapid.T) {
		kind, v := rapid.SampledFrom(kinds).Draw(t, "kind"), value.Draw(t, "value")
		got := FitKeyword(kind+"1", v)
		if got != "" && !withinLimits(kind, got) {
			t.Fatalf("FitKeyword(%s, %q) = %q is beyond the limits", kind, v, got)
		}
		if kind == "thing" && got == "" {
			t.Fatalf("thing became empty from %q", v)
		}
		if again := FitKeyword(kind+"1", got); got != "" && again != got {
			t.Fatalf("fitting %q again gives %q", got, again)
		}
	})
}
