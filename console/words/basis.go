package words

import (
	"encoding/json"
	"strconv"
	"strings"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// Basis returns how the principal of a bill was computed, from the JSON that is kept with
// the bill. A basis that cannot be read says so.
func Basis(kept string) string {
	var b calc.Basis
	if err := json.Unmarshal([]byte(kept), &b); err != nil {
		return "计算依据无法显示"
	}
	switch b.Kind {
	case "area":
		return join("建筑面积 "+b.Area+" ㎡", b.Price+" 元/㎡·月", monthsText(b)) + sharesText(b)
	case "fixed":
		return join(b.Price+" 元/月", monthsText(b)) + sharesText(b)
	case "meter":
		return meterText(b)
	case "shared_area":
		return "公摊 " + b.Total + " 元（" + b.Reason + "），" + strconv.Itoa(b.Rooms) + " 户按面积分摊，本户 " + b.Area + " ㎡"
	case "shared_household":
		return "公摊 " + b.Total + " 元（" + b.Reason + "），" + strconv.Itoa(b.Rooms) + " 户按户分摊"
	case fees.ChargeOneOff:
		return "一次性收费：" + b.Reason
	case "slip":
		return slipText(b)
	case "opening":
		return "系统启用前的欠费，按移交清单导入"
	}
	return "计算依据：" + OrDash(b.Kind)
}

// slipText returns what a slip charged for.
func slipText(b calc.Basis) string {
	parts := make([]string, len(b.Lines))
	for i, l := range b.Lines {
		parts[i] = l.Name + " " + l.Quantity + " " + l.Unit + " × " + l.Price + " = " + l.Amount + " 元"
	}
	text := "有偿服务单 " + b.Slip + "（" + b.Reason + "）：" + strings.Join(parts, "；")
	if b.MoreLines > 0 {
		text += "；另有 " + strconv.Itoa(b.MoreLines) + " 行见服务单"
	}
	return text
}

// sharesText returns which part of the price was charged, or nothing for all of it.
func sharesText(b calc.Basis) string {
	text := ""
	if b.Share != "" {
		text += "，未售房按 " + models.ShareTextOf(b.Share) + " 收取"
	}
	if b.VacantMonths != "" {
		text += "，其中空置 " + b.VacantMonths + " 个月按 " + models.ShareTextOf(b.VacantShare) + " 收取"
	}
	return text
}

func join(factors ...string) string { return strings.Join(factors, " × ") }

func monthsText(b calc.Basis) string {
	text := b.Months + " 个月"
	if b.Days != "" {
		text += "（不足整月按天：" + b.Days + "）"
	}
	return text
}

func meterText(b calc.Basis) string {
	price := b.Price + " 元"
	if b.Tiers != "" {
		price = "阶梯价 " + Tiers(b.Tiers)
	}
	if b.Credit != "" {
		price += "；抵扣此前估抄多计的 " + strings.TrimPrefix(b.Credit, "-")
	}
	if len(b.Meters) == 0 {
		one := calc.MeterBasis{Usage: b.Usage, Previous: b.Previous, Value: b.Value, Rolled: b.Rolled, Estimated: b.Estimated,
			Corrects: b.Corrects}
		return join(readingText(one), multiplierText(b.Multiplier)+price)
	}
	parts := make([]string, len(b.Meters))
	for i, m := range b.Meters {
		parts[i] = "表 " + m.Serial + "：" + strings.TrimSuffix(join(readingText(m), multiplierText(m.Multiplier)), " × ")
	}
	return strings.Join(parts, "；") + "；" + price
}

// readingText returns a usage with its readings, and which of them were estimated.
func readingText(m calc.MeterBasis) string {
	if m.Previous == "" {
		return "用量 " + m.Usage
	}
	value, previous := m.Value, m.Previous
	if m.Estimated {
		value += " 估抄"
	}
	if m.Rolled != "" {
		value += " + 过零 " + m.Rolled
	}
	if m.Corrects {
		previous += " 估抄，本次多退少补"
	}
	return "用量 " + m.Usage + "（读数 " + value + " − 上次 " + previous + "）"
}

// multiplierText returns the multiplier as a factor, or nothing for one.
func multiplierText(m string) string {
	if m == "" || m == "1" {
		return ""
	}
	return "倍率 " + m + " × "
}

// Tiers returns the tiers 0-15:3.45;15-:4.83 as 0–15：3.45 元，15 以上：4.83 元.
func Tiers(tiers string) string {
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
