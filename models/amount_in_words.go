package models

import "strings"

const capitalDigits = "零壹贰叁肆伍陆柒捌玖"

var capitalUnits = [...]string{"仟", "佰", "拾", ""}

// Capitals returns the amount in Chinese capitals 人民币大写, as a receipt names it so
// that no digit can be added: 壹佰贰拾玖元肆角玖分 is 129.49 yuan. An amount without fen
// ends in 整. Several zeros between digits are written as one 零: 10,005 yuan are
// 壹万零伍元整, and 1,000.05 yuan are 壹仟元零伍分. These are the rules of annex 1 of the
// Measures for Payment and Settlement (支付结算办法附一《正确填写票据和结算凭证的基本规定》).
// A receipt is never for less than nothing: a negative amount panics.
func (f Fen) Capitals() string {
	if f < 0 {
		panic("models: a negative amount in capitals: " + f.String())
	}
	yuan, jiao, fen := int64(f)/100, int64(f)/10%10, int64(f)%10
	var b strings.Builder
	if yuan > 0 {
		b.WriteString(capitalNumber(yuan) + "元")
	}
	switch {
	case jiao > 0:
		b.WriteString(capitalDigit(jiao) + "角")
	case fen > 0 && yuan > 0:
		b.WriteString("零")
	}
	switch {
	case fen > 0:
		b.WriteString(capitalDigit(fen) + "分")
	case yuan+jiao == 0:
		b.WriteString("零元整")
	default:
		b.WriteString("整")
	}
	return b.String()
}

// capitalDigit returns the character of a digit 0-9.
func capitalDigit(n int64) string { return string([]rune(capitalDigits)[n]) }

// capitalNumber returns a positive number in capitals. The part above 亿 is written as
// a number of its own, so that 10^12 becomes 壹万亿 without a rule for it.
func capitalNumber(n int64) string {
	for _, unit := range []struct {
		value int64
		word  string
	}{{100_000_000, "亿"}, {10_000, "万"}} {
		high, low := n/unit.value, n%unit.value
		if high == 0 {
			continue
		}
		text := capitalNumber(high) + unit.word
		if low == 0 {
			return text
		}
		if low < unit.value/10 { // a place between the two is empty
			text += "零"
		}
		return text + capitalNumber(low)
	}
	return capitalThousands(n)
}

// capitalThousands returns a number of up to four digits: 1010 is 壹仟零壹拾.
func capitalThousands(n int64) string {
	text, gap := "", false
	for i, place := range []int64{1000, 100, 10, 1} {
		d := n / place % 10
		if d == 0 {
			gap = text != ""
			continue
		}
		if gap {
			text += "零"
		}
		text, gap = text+capitalDigit(d)+capitalUnits[i], false
	}
	return text
}
