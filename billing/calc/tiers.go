package calc

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Tier is one step of a tiered price 阶梯: what is used above From and up to To
// costs Price. The last tier has no To.
type Tier struct {
	From  decimal.Decimal
	To    decimal.NullDecimal
	Price decimal.Decimal
}

// Tiers are the steps of a tiered price: the first begins at 0, each begins where
// the one before ends, the last is open.
type Tiers []Tier

// Bounds of what a tariff may say; beyond them something was mistyped.
var (
	maxUnitPrice = decimal.NewFromInt(10_000) // yuan a unit
	maxTierBound = decimal.NewFromInt(10_000_000)
)

// MaxTiers keeps the tiers inside their column; real ones have three or four.
const MaxTiers = 12

// tierUnits may stand behind a bound or in a price for each; they change nothing.
const tierUnits = `(?:吨|方|度|立方米|立方|m3|m³|㎥|kwh)?`

var (
	tierForm = regexp.MustCompile(`^(\d+(?:\.\d+)?)` + tierUnits + `(?:-(\d+(?:\.\d+)?)?` + tierUnits +
		`(?:以上)?|以上)[:=](\d+(?:\.\d+)?)(?:元(?:/` + tierUnits + `)?)?$`)
	// What people write for the signs that the form knows.
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

// ParseTiers reads 0-15:3.45;15-25:4.83;25-:5.83 and the harmless ways to write
// that: full-width signs, blanks, 、 between the tiers, 以上 for the open end. The
// error is a [models.Error] whose message says in Chinese what is wrong.
func ParseTiers(s string) (Tiers, error) {
	text := tierSigns.Replace(strings.ToLower(models.HalfWidth(s)))
	var out Tiers
	for part := range strings.SplitSeq(strings.Trim(text, ";"), ";") {
		m := tierForm.FindStringSubmatch(part)
		if m == nil || len(out) == MaxTiers || len(part) > 80 {
			return nil, errTierForm
		}
		// The form has let only plain digits through.
		t := Tier{From: decimal.RequireFromString(m[1]), Price: decimal.RequireFromString(m[3])}
		if m[2] != "" {
			t.To = decimal.NewNullDecimal(decimal.RequireFromString(m[2]))
		}
		out = append(out, t)
	}
	return out, out.Check()
}

// Check tells whether every quantity has exactly one price.
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

// String is the one spelling in which tiers are kept; ParseTiers reads it.
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

// Yuan is what a quantity costs, unrounded.
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
