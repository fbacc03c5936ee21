package calc

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Tier is one step of a tiered price 阶梯. The quantity above From and up to To
// costs Price per unit. The last tier has no To.
type Tier struct {
	From  decimal.Decimal
	To    decimal.NullDecimal
	Price decimal.Decimal
}

// Tiers are the steps of a tiered price. The first begins at 0, each begins
// where the one before ends, and the last is open.
type Tiers []Tier

// Bounds of a tier; beyond them something was mistyped.
var (
	maxUnitPrice = decimal.NewFromInt(10_000) // yuan a unit
	maxTierBound = decimal.NewFromInt(10_000_000)
)

// MaxTiers is how many tiers fit into their column. Real prices have three or
// four.
const MaxTiers = 12

// tierUnits are units that may follow a bound or a price. They are ignored.
const tierUnits = `(?:吨|方|度|立方米|立方|m3|m³|㎥|kwh)?`

var (
	tierForm = regexp.MustCompile(`^(\d+(?:\.\d+)?)` + tierUnits + `(?:-(\d+(?:\.\d+)?)?` + tierUnits +
		`(?:以上)?|以上)[:=](\d+(?:\.\d+)?)(?:元(?:/` + tierUnits + `)?)?$`)
	// tierSigns maps what people write to the signs of tierForm.
	tierSigns = strings.NewReplacer("、", ";", ",", ";", "。", ";", "|", ";", "~", "-", "—", "-", "–", "-", "至", "-",
		"到", "-", "∞", "", "及以上", "以上")
)

var (
	errTierForm  = models.Invalid("TIERS_FORM", "阶梯应写成 0-15:3.45;15-25:4.83;25-:5.83 的样子")
	errTierStart = models.Invalid("TIERS_START", "阶梯的第一档应从 0 开始")
	errTierJoin  = models.Invalid("TIERS_JOIN", "阶梯的各档应首尾相接，不重叠也不留空")
	errTierEnd   = models.Invalid("TIERS_END", "阶梯的最后一档应没有上限，前面各档应有上限")
	errTierPrice = models.Invalid("TIERS_PRICE", "阶梯单价过大，或小数超过四位")
)

// ParseTiers parses 0-15:3.45;15-25:4.83;25-:5.83 and other spellings of it:
// full-width signs, spaces, 、 between the tiers, 以上 for the open end. The
// error is a [models.Error] whose message is Chinese and for the person who
// typed the text.
func ParseTiers(s string) (Tiers, error) {
	text := tierSigns.Replace(strings.ToLower(models.HalfWidth(s)))
	var out Tiers
	for part := range strings.SplitSeq(strings.Trim(text, ";"), ";") {
		m := tierForm.FindStringSubmatch(part)
		if m == nil || len(out) == MaxTiers || len(part) > 80 {
			return nil, errTierForm
		}
		// tierForm matches plain digits only, so these cannot panic.
		t := Tier{From: decimal.RequireFromString(m[1]), Price: decimal.RequireFromString(m[3])}
		if m[2] != "" {
			t.To = decimal.NewNullDecimal(decimal.RequireFromString(m[2]))
		}
		out = append(out, t)
	}
	return out, out.Check()
}

// Check returns nil if every quantity has exactly one price, else the refusal.
func (ts Tiers) Check() error {
	end := decimal.Zero
	for i, t := range ts {
		last := i == len(ts)-1
		switch {
		case i == 0 && !t.From.IsZero():
			return errTierStart
		case !t.From.Equal(end):
			return errTierJoin
		case t.To.Valid == last:
			return errTierEnd
		case !last && t.To.Decimal.LessThanOrEqual(t.From):
			return errTierJoin
		case t.Price.GreaterThan(maxUnitPrice) || t.Price.Exponent() < -4 || t.From.GreaterThan(maxTierBound):
			return errTierPrice
		}
		end = t.To.Decimal
	}
	return nil
}

// String returns the spelling in which tiers are stored; [ParseTiers] reads it
// back.
func (ts Tiers) String() string {
	parts := make([]string, len(ts))
	for i, t := range ts {
		to := ""
		if t.To.Valid {
			to = t.To.Decimal.String()
		}
		parts[i] = t.From.String() + "-" + to + ":" + FigureText(t.Price)
	}
	return strings.Join(parts, ";")
}

// Yuan returns the price of a quantity in yuan, unrounded. With the tiers of
// [ParseTiers], 20 units are 15 x 3.45 + 5 x 4.83 = 75.90.
func (ts Tiers) Yuan(quantity decimal.Decimal) decimal.Decimal {
	sum := decimal.Zero
	for _, t := range ts {
		upTo := quantity
		if t.To.Valid {
			upTo = decimal.Min(quantity, t.To.Decimal)
		}
		if upTo.GreaterThan(t.From) {
			sum = sum.Add(upTo.Sub(t.From).Mul(t.Price))
		}
	}
	return sum
}
