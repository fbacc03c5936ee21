package console

import (
	"encoding/json"
	"strings"

	"wuyepay/billing"
)

// basisText says in words how the principal of a bill was computed, from what was
// kept with it. A basis that is not understood says so rather than nothing.
func basisText(kept string) string {
	var b billing.Basis
	if err := json.Unmarshal([]byte(kept), &b); err != nil {
		return "计算依据无法显示"
	}
	switch b.Kind {
	case "area":
		return join("建筑面积 "+b.Area+" ㎡", b.Price+" 元/㎡·月", monthsText(b))
	case "fixed":
		return join(b.Price+" 元/月", monthsText(b))
	case "meter":
		return meterText(b)
	case "opening":
		return "系统启用前的欠费，按移交清单导入"
	}
	return "计算依据：" + orDash(b.Kind)
}

func join(factors ...string) string { return strings.Join(factors, " × ") }

func monthsText(b billing.Basis) string {
	text := b.Months + " 个月"
	if b.Days != "" {
		text += "（不足整月按天：" + b.Days + "）"
	}
	return text
}

func meterText(b billing.Basis) string {
	price := b.Price + " 元"
	if b.Tiers != "" {
		price = "阶梯价 " + tiersText(b.Tiers)
	}
	if len(b.Meters) == 0 {
		return join(readingText(b.Value, b.Previous, b.Usage), multiplierText(b.Multiplier)+price)
	}
	parts := make([]string, len(b.Meters))
	for i, m := range b.Meters {
		parts[i] = "表 " + m.Serial + "：" + strings.TrimSuffix(join(readingText(m.Value, m.Previous, m.Usage), multiplierText(m.Multiplier)), " × ")
	}
	return strings.Join(parts, "；") + "；" + price
}

func readingText(value, previous, usage string) string {
	if previous == "" {
		return "用量 " + usage
	}
	return "用量 " + usage + "（读数 " + value + " − 上次 " + previous + "）"
}

// multiplierText leaves a multiplier of one out.
func multiplierText(m string) string {
	if m == "" || m == "1" {
		return ""
	}
	return "倍率 " + m + " × "
}

// tiersText writes 0-15:3.45;15-:4.83 as 0–15：3.45 元，15 以上：4.83 元.
func tiersText(tiers string) string {
	parts := strings.Split(tiers, ";")
	for i, p := range parts {
		span, price, _ := strings.Cut(p, ":")
		if open, ok := strings.CutSuffix(span, "-"); ok {
			span = open + " 以上"
		}
		parts[i] = strings.Replace(span, "-", "–", 1) + "：" + price + " 元"
	}
	return strings.Join(parts, "，")
}
