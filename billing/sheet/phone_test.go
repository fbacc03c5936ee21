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
		{text, "+852 91234567", "", reasonPhone},
		{text, "+1 3800000003", "", reasonPhone},
		{text, "400-123-4567", "", reasonPhone},
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
