package sheet

import "strings"

// unitWords are the units that follow figures in this field. 万元 is left out
// on purpose. It would have to multiply, and a figure read ten thousand times
// too small is worse than a mistake.
var unitWords = map[string]bool{
	"元": true, "圆": true, "元整": true, "块": true, "¥": true, "rmb": true,
	"m2": true, "m²": true, "㎡": true, "平方米": true, "平米": true, "平方": true, "平": true,
	"m3": true, "m³": true, "㎥": true, "立方米": true, "立方": true, "方": true, "吨": true, "t": true,
	"度": true, "kwh": true, "千瓦时": true,
	"日": true, "天": true, "月": true, "个月": true, "季": true, "季度": true, "半年": true, "年": true,
	"户": true, "间": true, "个": true, "位": true, "车位": true, "次": true, "辆": true, "倍": true,
}

// unitJoints are the signs that join units.
var unitJoints = strings.NewReplacer("·", "/", "・", "/", "•", "/", "*", "/", "×", "/", "每", "/")

// isUnit reports whether a text is a unit or several units joined: 元,
// 元/㎡·月, /日.
func isUnit(s string) bool {
	s = strings.TrimPrefix(unitJoints.Replace(strings.ToLower(squeeze(narrow(s)))), "/")
	for part := range strings.SplitSeq(s, "/") {
		if !unitWords[part] {
			return false
		}
	}
	return true
}

// isYuan reports whether a unit leaves an amount of money unchanged. A price
// per month is no amount.
func isYuan(unit string) bool {
	switch strings.ToLower(unit) {
	case "", "元", "圆", "元整", "块", "¥", "rmb":
		return true
	}
	return false
}

// isShare reports whether a unit is % or ‰.
func isShare(unit string) bool {
	return strings.HasPrefix(unit, "%") || strings.HasPrefix(unit, "‰")
}
