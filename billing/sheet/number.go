package sheet

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// DecimalTo is Decimal for a column that takes a number of decimals. If the format of the
// cell shows fewer decimals than it has, the number that is shown counts where the column
// takes no more than these, and is a mistake otherwise.
func (row *Row) DecimalTo(key string, places int32) (decimal.Decimal, *Mistake) {
	d, _, reason, m := row.figure(key, places)
	if m == nil && reason != "" {
		m = row.Mistake(key, reason)
	}
	return d, m
}

// Decimal returns an area, a price, a rate or a reading. Units after the figure
// are dropped (2.35元/㎡·月), % and ‰ are computed (3‰ is 0.003), and thousands
// separators are accepted where they belong. A number cell of xlsx is an IEEE
// double and is read with 15 significant digits, as Excel shows it
// (248.63000000000002 is 248.63); text is exact. A blank cell is a mistake: ask
// Blank first if a value may be missing.
func (row *Row) Decimal(key string) (decimal.Decimal, *Mistake) {
	return row.DecimalTo(key, -1)
}

// Fen returns an amount of yuan as fen, exactly. More than two decimals (after
// the noise of a double is dropped) is a mistake, and so is a unit other than
// yuan, a share, or an amount beyond 10^13 fen. An amount that a formula has computed, and
// that no format rounds, is rounded to the fen. A dash is zero.
func (row *Row) Fen(key string) (int64, *Mistake) {
	if row.Dash(key) {
		return 0, nil
	}
	d, unit, reason, m := row.figure(key, 2)
	if c := row.cell(key); c.formula && c.kindOfFormat() == formatGeneral {
		d = d.Round(2)
	}
	switch {
	case m != nil:
		return 0, m
	case reason != "":
	case !isYuan(unit):
		reason = "金额的单位应为元"
	default:
		if d = d.Shift(2); !d.IsInteger() {
			reason = "金额最多两位小数"
		} else if d.Abs().GreaterThan(maxFen) {
			reason = "金额过大"
		}
	}
	if reason != "" {
		return 0, row.Mistake(key, reason)
	}
	return d.IntPart(), nil
}

// Int returns a whole number such as a day of the month or a number of days;
// 15.0 is 15. A number beyond 10^15, a share and a fraction are mistakes.
func (row *Row) Int(key string) (int64, *Mistake) {
	d, unit, reason, m := row.figure(key, 0)
	switch {
	case m != nil:
		return 0, m
	case reason != "":
	case isShare(unit) || !d.IsInteger():
		reason = "应为整数"
	case d.Abs().GreaterThan(maxInt):
		reason = "数字过大"
	}
	if reason != "" {
		return 0, row.Mistake(key, reason)
	}
	return d.IntPart(), nil
}

// maxFen and maxInt are far above any bill (10^13 fen are a hundred billion yuan). Many such numbers can be added in
// an int64.
var (
	maxFen = decimal.New(1, 13)
	maxInt = decimal.New(1, 15)
)

// figure returns a number and its unit; see seenFigure for places. reason is why a figure
// that is there is wrong.
func (row *Row) figure(key string, places int32) (d decimal.Decimal, unit, reason string, m *Mistake) {
	c, m := row.single(key)
	if m != nil {
		return d, "", "", m
	}
	if row.Blank(key) {
		return d, "", reasonBlank, nil
	}
	switch c.kind {
	case boolean:
		reason = reasonNumber
	case number:
		d, unit, reason = seenFigure(c, places)
	default:
		d, unit, reason = parseFigure(c.text)
	}
	return d, unit, reason, nil
}

// reasonNumber is the mistake of a text that is no number.
const reasonNumber = "不是数字"

// figureForm is sign, currency, sign, whole part, decimals, exponent, unit. Only one sign may be there.
var figureForm = regexp.MustCompile(
	`^([+-]?)(?:¥|[Rr][Mm][Bb]|[Cc][Nn][Yy])? ?([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?(.*)$`)

// parseFigure parses what a person or a program writes for a number. Its limits
// (40 digits, exponent 30) keep a short cell such as 1E999999999 from costing
// much.
func parseFigure(s string) (d decimal.Decimal, unit, reason string) {
	// A comma that does not part thousands stays in the rest, where it is refused: 1,23 may be meant as 1.23.
	s = narrow(s)
	// Accountants write an amount below zero in brackets.
	if inner, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inner, ")") && strings.Trim(inner, "0123456789.,)") == "" {
		s = "-" + strings.TrimSuffix(inner, ")")
	}
	part := figureForm.FindStringSubmatch(s)
	if part == nil || part[1] != "" && part[2] != "" || part[3] == "" && part[4] == "" {
		return d, "", reasonNumber
	}
	whole := strings.ReplaceAll(part[3], ",", "")
	exponent, _ := strconv.Atoi(part[5]) // "" is 0
	if len(whole)+len(part[4]) > 40 || exponent > 30 || exponent < -30 {
		return d, "", "数字过长"
	}
	if whole == "" {
		whole = "0"
	}
	d, err := decimal.NewFromString(strings.TrimSuffix(part[1]+part[2]+whole+"."+part[4], "."))
	if err != nil {
		return d, "", reasonNumber
	}
	unit = squeeze(part[6])
	share, rest := int32(0), unit
	switch {
	case strings.HasPrefix(unit, "%"):
		share, rest = -2, strings.TrimPrefix(unit, "%")
	case strings.HasPrefix(unit, "‰"):
		share, rest = -3, strings.TrimPrefix(unit, "‰")
	}
	if rest != "" && !isUnit(rest) {
		if rest[0] >= '0' && rest[0] <= '9' || rest[0] == ',' || rest[0] == '.' {
			return d, "", reasonNumber // 1,23 or 1.2.3 or 12 34
		}
		return d, "", "数字后面有不认识的文字或单位"
	}
	return d.Shift(int32(exponent) + share), unit, "" //nolint:gosec // the pattern allows three digits
}

// excelNumber parses the digits of a number cell.
func excelNumber(s string) (decimal.Decimal, bool) {
	d, unit, reason := parseFigure(s)
	return dropNoise(d), reason == "" && unit == ""
}

// dropNoise rounds to the 15 significant digits that a double represents
// exactly.
func dropNoise(d decimal.Decimal) decimal.Decimal {
	if over := d.NumDigits() - 15; over > 0 {
		return d.Round(-d.Exponent() - int32(over)) //nolint:gosec // a cell has at most some thousand digits
	}
	return d
}
