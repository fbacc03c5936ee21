package mini

import (
	"strings"
	"testing"
)

func TestKeywordForms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		ok          bool
	}{
		{"thing1", "3栋2单元1201室", true}, {"thing1", strings.Repeat("费", 21), false},
		{"thing1", "", false}, {"thing1", "a\nb", false},
		{"number3", "31", true}, {"number3", "31.5", true}, {"number3", "31天", false},
		{"letter1", "abc", true}, {"letter1", "ab1", false},
		{"symbol1", "+-", true}, {"symbol1", "a", false},
		{"character_string4", "PF2026-01|A", true}, {"character_string4", "订单", false},
		{"character_string4", strings.Repeat("1", 33), false},
		{"time3", "2026年3月15日 10:00", true}, {"time3", "10:00", true}, {"time3", "25:00", false},
		{"time3", "08:00~22:00", true}, {"time3", "2026-03-15", false},
		{"date4", "2026年3月15日", true}, {"date4", "2026-03-15", true}, {"date4", "三月十五", false},
		{"date4", "2026-03-15 10:00", true},
		{"amount2", "123.45元", true}, {"amount2", "¥123.45", true}, {"amount2", "12345678901", false}, {"amount2", "一百元", false},
		{"phone_number1", "+86-138-0000-0000", true}, {"phone_number1", "abc", false},
		{"car_number1", "粤A8Z888挂", true}, {"car_number1", "粤A12345678", false},
		{"name1", "欧阳娜娜", true}, {"name1", strings.Repeat("王", 11), false},
		{"phrase2", "已通过", true}, {"phrase2", "审核已经通过", false}, {"phrase2", "ok", false},
		{"unknown1", "x", false},
	}
	for _, test := range tests {
		if e := checkKeyword(test.name, test.value); (e == nil) != test.ok {
			t.Errorf("%s %q: %v, want ok %v", test.name, test.value, e, test.ok)
		}
	}
}
