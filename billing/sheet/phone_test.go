package sheet

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestPhone(t *testing.T) {
	t.Parallel()
	const lost = "手机号被存成了科学计数法，数字已经丢失，请重新填写"
	for _, c := range []struct {
		kind         kind
		cell         string
		want, reason string
	}{
		{text, "13800000003", "13800000003", ""},
		{text, "138 0000 0003", "13800000003", ""},
		{text, "138-0000-0003", "13800000003", ""},
		{text, "１３８００００００００３", "", reasonPhone},
		{text, "１３８０００００００３", "13800000003", ""},
		{text, "+8613800000003", "13800000003", ""},
		{text, "'+86 138 0000 0003", "13800000003", ""},
		{text, "(+86)13800000003", "13800000003", ""},
		{text, "008613800000003", "13800000003", ""},
		{text, "8613800000003", "13800000003", ""},
		{number, "13800000003", "13800000003", ""},
		{number, "13800000003.0", "13800000003", ""},
		{number, "1.3800000003E+10", "13800000003", ""},
		{number, "1.38E+10", "13800000000", ""},
		{text, "1.3800000003E+10", "13800000003", ""},
		{text, "010-12345678", "01012345678", ""},
		{text, "0571 8765432", "05718765432", ""},
		{text, "+86 010-12345678", "01012345678", ""},
		{text, "13800000003/13900000003", "13800000003", ""},
		{text, "13800000003、13900000003", "13800000003", ""},
		{text, "1380000，13900000003", "13900000003", ""},
		{text, "13800000003 13900000003", "13800000003", ""},
		{text, "138 0000 0003；139 0000 0003", "13800000003", ""},
		{text, "", "", ""},
		{text, " 　", "", ""},
		{blank, "", "", ""},
		{text, "1.38E+10", "", lost},
		{text, "1380000", "", reasonPhone},
		{text, "138000000031", "", reasonPhone},
		{text, "12800000003", "", reasonPhone},
		{text, "013800000003", "", reasonPhone},
		{text, "+852 91234567", "+85291234567", ""},
		{text, "+852 9123 4567", "+85291234567", ""},
		{text, "（＋８５２）9123-4567", "+85291234567", ""},
		{text, "00852 91234567", "+85291234567", ""},
		{text, "852-9123 4567", "+85291234567", ""},
		{number, "85291234567", "+85291234567", ""},
		{text, "+853 6612 3456", "+85366123456", ""},
		{text, "0085366123456", "+85366123456", ""},
		{text, "853 66123456", "+85366123456", ""},
		{text, "+886 912 345 678", "+886912345678", ""},
		{text, "+886-0912-345-678", "+886912345678", ""},
		{text, "00886912345678", "+886912345678", ""},
		{text, "+886 2 2345 6789", "+886223456789", ""},
		{text, "+1 (212) 555-0123", "+12125550123", ""},
		{text, "001 212 555 0123", "+12125550123", ""},
		{text, "+44 20 7946 0958", "+442079460958", ""},
		{text, "+65 9123 4567", "+6591234567", ""},
		{text, "13800000003/+85291234567", "13800000003", ""},
		{text, "+852 91234567 / 13800000003", "+85291234567", ""},
		{text, "+852 9123", "", reasonPhone},
		{text, "+852 11234567", "", reasonPhone},
		{text, "+853 6612", "", reasonPhone},
		{text, "+86 1380000", "", reasonPhone},
		{text, "+1234", "", reasonPhone},
		{text, "+1234567890123456", "", reasonPhone},
		{text, "91234567", "", reasonPhone},
		{text, "+852 9123456A", "", reasonPhone},
		{text, "0755-1234567", "07551234567", ""},
		{text, "0755-12345678转801", "075512345678-801", ""},
		{text, "（0755）12345678 转 801", "075512345678-801", ""},
		{text, "0755-12345678-801", "075512345678-801", ""},
		{text, "0755-12345678 ext. 801", "075512345678-801", ""},
		{text, "0755-12345678（分机号：801）", "075512345678-801", ""},
		{text, "0755 12345678#801", "075512345678-801", ""},
		{text, "0571-8765432-1", "05718765432-1", ""},
		{text, "400-123-4567转2", "4001234567-2", ""},
		{text, "400 1234567", "4001234567", ""},
		{text, "800-820-1234", "8008201234", ""},
		{text, "4001234", "", reasonPhone},
		{text, "13800000003转1", "", reasonPhone},
		{text, "+1 3800000003", "", reasonPhone},
		{text, "400-123-4567", "4001234567", ""},
		{text, "12345678", "", reasonPhone},
		{text, "无", "", ""},
		{number, "1380000000.5", "", reasonPhone},
		{number, "1E+300", "", reasonPhone},
		{boolean, "TRUE", "", reasonPhone},
		{broken, "#REF!", "", reasonBroken},
	} {
		phone, m := oneCell(c.kind, c.cell).Phone("v")
		if got := reason(t, m); got != c.reason || phone != c.want {
			t.Errorf("Phone(%q) = %q %q, want %q %q", c.cell, phone, got, c.want, c.reason)
		}
	}
}

// Any mobile number in any harmless spelling reads back to its eleven digits.
func TestPhoneReadsEverySpelling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := fmt.Sprintf("1%d%09d", rapid.IntRange(3, 9).Draw(t, "network"), rapid.IntRange(0, 999999999).Draw(t, "rest"))
		gap := rapid.SampledFrom([]string{"", " ", "-", "　", "—"}).Draw(t, "gap")
		s := want[:3] + gap + want[3:7] + gap + want[7:]
		s = rapid.SampledFrom([]string{"", "+86", "+86 ", "0086", "(+86)", "86-"}).Draw(t, "country") + s
		s += rapid.SampledFrom([]string{"", "/", "、01012345678", ";13900000009", ",", " / 139 0000 0009"}).Draw(t, "second")
		s = around(t, widen(t, s))
		if got, m := oneCell(text, s).Phone("v"); m != nil || got != want {
			t.Fatalf("Phone(%q) = %q, %v, want %q", s, got, m, want)
		}
		float := want[:1] + "." + want[1:] + "E+10"
		if got, m := oneCell(number, float).Phone("v"); m != nil || got != want {
			t.Fatalf("Phone(%s) = %q, %v, want %q", float, got, m, want)
		}
	})
}

// A number in any harmless spelling has one form, which is its own form.
func TestParsePhoneOfEverySpelling(t *testing.T) {
	t.Parallel()
	forms := []struct{ country, digits string }{
		{"", "13800000003"}, {"", "01012345678"}, {"", "07551234567"}, {"", "4001234567"}, {"+852", "91234567"}, {"+853", "66123456"},
		{"+886", "912345678"}, {"+1", "2125550123"}, {"+44", "2079460958"}, {"+65", "91234567"},
	}
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom(forms).Draw(t, "number")
		s, gap := "", rapid.SampledFrom([]string{"", " ", "-", "　", "—", "\u200b", "\u00a0"}).Draw(t, "gap")
		for i, r := range form.digits {
			if i == 3 || i == 7 {
				s += gap
			}
			s += string(r)
		}
		switch {
		case form.country != "":
			s = rapid.SampledFrom([]string{form.country, form.country + " ", "00" + form.country[1:] + "-", "(" + form.country +
				")"}).Draw(t,
				"country") + s
		case form.digits[0] == '1':
			s = rapid.SampledFrom([]string{"", "+86", "+86 ", "0086", "(+86)", "86-"}).Draw(t, "country") + s
		}
		s = around(t, widen(t, s))
		want := form.country + form.digits
		if got, ok := ParsePhone(s); !ok || got != want || !IsPhone(got) {
			t.Fatalf("ParsePhone(%q) = %q, %t, want %q", s, got, ok, want)
		}
	})
}

func TestParsePhoneTakesOneNumber(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", " ", "13800000003/13900000003", "13800000003,", "13800000003 13900000003", "无", "1380000",
		"138000000031", "abc13800000003"} {
		if got, ok := ParsePhone(s); ok {
			t.Errorf("ParsePhone(%q) = %q", s, got)
		}
	}
}
