package models_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wuyepay/models"
)

func TestCapitals(t *testing.T) {
	t.Parallel()
	for fen, want := range map[models.Fen]string{
		0: "零元整", 1: "壹分", 10: "壹角整", 11: "壹角壹分", 100: "壹元整", 101: "壹元零壹分", 110: "壹元壹角整", 111: "壹元壹角壹分",
		1000: "壹拾元整", 1500: "壹拾伍元整", 10000: "壹佰元整", 10005: "壹佰元零伍分", 10100: "壹佰零壹元整", 11000: "壹佰壹拾元整",
		12949: "壹佰贰拾玖元肆角玖分", 140950: "壹仟肆佰零玖元伍角整", 600714: "陆仟零柒元壹角肆分", 168032: "壹仟陆佰捌拾元叁角贰分",
		1640902: "壹万陆仟肆佰零玖元零贰分", 32504: "叁佰贰拾伍元零肆分", 10700053: "壹拾万柒仟元伍角叁分", 1000001: "壹万元零壹分",
		1000100: "壹万零壹元整", 10050000: "壹拾万零伍佰元整", 100000000: "壹佰万元整", 100000000_00: "壹亿元整", 100000001_00: "壹亿零壹元整",
		100010001_00: "壹亿零壹万零壹元整", 110000000_00: "壹亿壹仟万元整", 1000000000000_00: "壹万亿元整", 1000100000000_00: "壹万零壹亿元整",
		1234567890123456: "壹拾贰万叁仟肆佰伍拾陆亿柒仟捌佰玖拾万壹仟贰佰叁拾肆元伍角陆分",
		models.MaxFen:    "壹拾亿元整",
		math.MaxInt64:    "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分",
	} {
		if have := fen.Capitals(); have != want {
			t.Errorf("%d: %s, want %s", fen, have, want)
		}
	}
}

// readCapitals reads an amount in capitals back, by the meaning of its words alone.
func readCapitals(text string) models.Fen {
	text = strings.TrimSuffix(text, "整")
	yuan, rest, ok := strings.Cut(text, "元")
	if !ok {
		yuan, rest = "", text
	}
	fen := number(yuan) * 100
	if jiao, after, ok := strings.Cut(rest, "角"); ok {
		fen, rest = fen+number(jiao)*10, after
	}
	return models.Fen(fen + number(strings.TrimSuffix(rest, "分")))
}

func number(text string) int64 {
	for _, unit := range []struct {
		word  string
		value int64
	}{{"亿", 1e8}, {"万", 1e4}, {"仟", 1000}, {"佰", 100}, {"拾", 10}} {
		if i := strings.LastIndex(text, unit.word); i >= 0 {
			return number(text[:i])*unit.value + number(text[i+len(unit.word):])
		}
	}
	text = strings.ReplaceAll(text, "零", "")
	if text == "" {
		return 0
	}
	return int64(strings.Index("零壹贰叁肆伍陆柒捌玖", text) / len("零"))
}

// Whatever the amount: read back it is the same, no two zeros stand together, and
// none before a unit.
func TestCapitalsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		fen := models.Fen(rapid.OneOf(rapid.Int64Range(0, 1_000_000), rapid.Int64Range(0, math.MaxInt64),
			rapid.Custom(func(g *rapid.T) int64 { // many zeros
				n := int64(0)
				for range rapid.IntRange(1, 18).Draw(g, "digits") {
					n *= 10
					if rapid.IntRange(0, 3).Draw(g, "zero") == 0 {
						n += rapid.Int64Range(1, 9).Draw(g, "digit")
					}
				}
				return n
			})).Draw(rt, "fen"))
		text := fen.Capitals()
		if have := readCapitals(text); have != fen {
			rt.Fatalf("%d is %s, which reads %d", fen, text, have)
		}
		for _, bad := range []string{"零零", "零万", "零亿", "零仟", "零佰", "零拾", "零角", "零分", "整整"} {
			if strings.Contains(text, bad) {
				rt.Fatalf("%d is %s", fen, text)
			}
		}
		if fen != 0 && (strings.Contains(text, "零元") || strings.HasPrefix(text, "零")) {
			rt.Fatalf("%d is %s", fen, text)
		}
		if strings.HasSuffix(text, "分") == strings.HasSuffix(text, "整") {
			rt.Fatalf("%d is %s", fen, text)
		}
	})
}

func TestNegativeCapitals(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a negative amount was written")
		}
	}()
	_ = models.Fen(-1).Capitals()
}
