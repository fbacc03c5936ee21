package sheet

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestDecimal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind         kind
		cell         string
		want, reason string
	}{
		{text, "2.35", "2.35", ""},
		{text, " 2.35 元 ", "2.35", ""},
		{text, "2.35元/㎡·月", "2.35", ""},
		{text, "2.35元/平方米/月", "2.35", ""},
		{text, "2.35元每月", "2.35", ""},
		{text, "95.37㎡", "95.37", ""},
		{text, "95.37 m²", "95.37", ""},
		{text, "95.37M2", "95.37", ""},
		{text, "９５．３７平方米", "95.37", ""},
		{text, "1,234,567.80", "1234567.8", ""},
		{text, "１，２３４．５", "1234.5", ""},
		{text, "￥12.00", "12", ""},
		{text, "RMB 12", "12", ""},
		{text, "-88.5", "-88.5", ""},
		{text, "－88.5", "-88.5", ""},
		{text, "−¥88.5", "-88.5", ""},
		{text, "'-88.5", "-88.5", ""},
		{text, "+1", "1", ""},
		{text, ".5", "0.5", ""},
		{text, "3‰", "0.003", ""},
		{text, "0.3%", "0.003", ""},
		{text, "70％", "0.7", ""},
		{text, "3‰/日", "0.003", ""},
		{text, "1.5E-3", "0.0015", ""},
		{text, "248.63000000000002", "248.63000000000002", ""}, // text is exact
		{text, "0.00000000000000000001", "0.00000000000000000001", ""},
		{number, "248.63000000000002", "248.63", ""},
		{number, "0.30000000000000004", "0.3", ""},
		{number, "1310030.9099999999", "1310030.91", ""},
		{number, "1E-3", "0.001", ""},
		{number, "123456789012345", "123456789012345", ""},
		{number, "99999999999.990005", "99999999999.99", ""},
		{text, "", "", reasonBlank},
		{text, " 　", "", reasonBlank},
		{blank, "", "", reasonBlank},
		{broken, "#REF!", "", reasonBroken},
		{text, "#N/A", "", reasonBroken},
		{text, "#####", "", reasonBroken},
		{boolean, "TRUE", "", reasonNumber},
		{text, "一百二十", "", reasonNumber},
		{text, "1,23", "", reasonNumber},
		{text, "1,2345", "", reasonNumber},
		{text, "1.2.3", "", reasonNumber},
		{text, "12 34", "", reasonNumber},
		{text, "1-2", "", "数字后面有不认识的文字或单位"},
		{text, "5.", "", reasonNumber},
		{text, "--1", "", reasonNumber},
		{text, "+-1", "", reasonNumber},
		{text, "元", "", reasonNumber},
		{text, "(123.45)", "-123.45", ""}, {text, "(12", "", reasonNumber},
		{text, "2万元", "", "数字后面有不认识的文字或单位"},
		{text, "2.35元/", "", "数字后面有不认识的文字或单位"},
		{text, "NaN", "", reasonNumber},
		{text, "0x10", "", "数字后面有不认识的文字或单位"},
		{text, "1E999", "", "数字过长"},
		{text, "1E9999", "", "数字过长"},
		{text, "12345678901234567890123456789012345678901", "", "数字过长"},
	} {
		d, m := oneCell(c.kind, c.cell).Decimal("v")
		if got := reason(t, m); got != c.reason {
			t.Errorf("Decimal(%q): reason %q, want %q", c.cell, got, c.reason)
		} else if m == nil && d.String() != c.want {
			t.Errorf("Decimal(%q) = %s, want %s", c.cell, d, c.want)
		}
	}
}

func TestFen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind   kind
		cell   string
		want   int64
		reason string
	}{
		{text, "1310030.91", 131003091, ""},
		{text, "1,310,030.91元", 131003091, ""},
		{text, "¥0.01", 1, ""},
		{text, "100元整", 10000, ""},
		{text, "-0.01", -1, ""},
		{text, "12.300", 1230, ""},
		{text, "100000000000", 1e13, ""},
		{text, "-100,000,000,000.00", -1e13, ""},
		{number, "248.63000000000002", 24863, ""},
		{number, "1.1000000000000001", 110, ""},
		{number, "99999999999.990005", 9999999999999, ""},
		{text, "100000000000.01", 0, "金额过大"},
		{text, "0.001", 0, "金额最多两位小数"},
		{text, "248.63000000000002", 0, "金额最多两位小数"},
		{number, "0.125", 0, "金额最多两位小数"},
		{text, "5%", 0, "金额的单位应为元"},
		{text, "88㎡", 0, "金额的单位应为元"},
		{text, "2.35元/月", 0, "金额的单位应为元"},
		{text, "", 0, reasonBlank},
	} {
		fen, m := oneCell(c.kind, c.cell).Fen("v")
		if got := reason(t, m); got != c.reason || fen != c.want {
			t.Errorf("Fen(%q) = %d %q, want %d %q", c.cell, fen, got, c.want, c.reason)
		}
	}
}

func TestInt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind   kind
		cell   string
		want   int64
		reason string
	}{
		{number, "15", 15, ""}, {text, "15日", 15, ""}, {text, "838.0", 838, ""}, {text, "1,000", 1000, ""},
		{number, "15.000000000000002", 15, ""}, {text, "1000000000000000", 1e15, ""},
		{text, "1.5", 0, "应为整数"}, {text, "100%", 0, "应为整数"}, {text, "1000000000000001", 0, "数字过大"},
		{text, "十五", 0, reasonNumber}, {blank, "", 0, reasonBlank},
	} {
		n, m := oneCell(c.kind, c.cell).Int("v")
		if got := reason(t, m); got != c.reason || n != c.want {
			t.Errorf("Int(%q) = %d %q, want %d %q", c.cell, n, got, c.want, c.reason)
		}
	}
}

// Any amount in any harmless spelling reads back to the same fen.
func TestFenReadsEverySpelling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		fen := rapid.Int64Range(-1e13, 1e13).Draw(t, "fen")
		s := spell(t, decimal.New(fen, -2).StringFixed(2), []string{"", "元", " 元", "圆", "元整"})
		if got, m := oneCell(text, s).Fen("v"); m != nil || got != fen {
			t.Fatalf("Fen(%q) = %d, %v, want %d", s, got, m, fen)
		}
	})
}

// Any number in any harmless spelling reads back to the same number.
func TestDecimalReadsEverySpelling(t *testing.T) {
	t.Parallel()
	units := []string{"", "元", "元/㎡·月", "㎡", " m²", "平方米", "元/月", "吨", "度", "m³", "天"}
	rapid.Check(t, func(t *rapid.T) {
		want := decimal.New(rapid.Int64().Draw(t, "digits"), rapid.Int32Range(-8, 0).Draw(t, "scale"))
		s := spell(t, want.String(), units)
		if got, m := oneCell(text, s).Decimal("v"); m != nil || !got.Equal(want) {
			t.Fatalf("Decimal(%q) = %v, %v, want %v", s, got, m, want)
		}
		share := rapid.SampledFrom([]string{"%", "％", " %"}).Draw(t, "share")
		s = want.Shift(2).String() + share
		if got, m := oneCell(text, s).Decimal("v"); m != nil || !got.Equal(want) {
			t.Fatalf("Decimal(%q) = %v, %v, want %v", s, got, m, want)
		}
	})
}
