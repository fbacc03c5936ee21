package estate

import (
	"fmt"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// LateRule is how late fee 违约金 grows: a daily rate on the principal that is still
// unpaid, after grace days, up to a share of the original principal. For example,
// with 3‰ and a grace of 3 days, 100 yuan due 15 January cost 0.30 yuan on 19
// January, which is day 1.
type LateRule struct {
	Rate      decimal.Decimal     // per day: 0.003 is 3‰
	GraceDays int                 // days after the due day without late fee
	Cap       decimal.NullDecimal // share of the principal: 1 is all of it; not valid: no cap
}

// DefaultLateRule returns the rule that a new community has: 3‰ a day, no grace, no
// cap.
func DefaultLateRule() LateRule { return LateRule{Rate: decimal.New(3, -3)} }

// CapText returns the cap as a column keeps it: empty means none.
func (r LateRule) CapText() string {
	if !r.Cap.Valid {
		return ""
	}
	return r.Cap.Decimal.String()
}

// Text returns the rule for people to read: 每日 3‰，宽限 3 天，上限 30%.
func (r LateRule) Text() string {
	if r.Rate.IsZero() {
		return "不收违约金"
	}
	text := "每日 " + models.RateText(r.Rate)
	if r.GraceDays > 0 {
		text += fmt.Sprintf("，宽限 %d 天", r.GraceDays)
	}
	if r.Cap.Valid {
		return text + "，上限为本金的 " + models.ShareText(r.Cap.Decimal)
	}
	return text + "，无上限"
}

// Equal reports whether two rules are the same, however their figures are written.
func (r LateRule) Equal(o LateRule) bool {
	return r.Rate.Equal(o.Rate) && r.GraceDays == o.GraceDays && r.Cap.Valid == o.Cap.Valid && r.Cap.Decimal.Equal(o.Cap.Decimal)
}

// MilderThan reports whether the rule never asks for more than another, of whatever
// principal and on whatever day: its rate is not higher, its grace not shorter and its
// cap not higher. A rule is milder than itself.
func (r LateRule) MilderThan(o LateRule) bool {
	if r.Rate.IsZero() {
		return true
	}
	capped := !o.Cap.Valid || r.Cap.Valid && !r.Cap.Decimal.GreaterThan(o.Cap.Decimal)
	return !r.Rate.GreaterThan(o.Rate) && r.GraceDays >= o.GraceDays && capped
}

// ParseLateRule returns the rule of three columns, as a community, a tariff and a bill
// keep it. An empty limit means no cap.
func ParseLateRule(rate string, grace int, limit string) (LateRule, error) {
	d, err := decimal.NewFromString(rate)
	if err != nil {
		return LateRule{}, err
	}
	r := LateRule{Rate: d, GraceDays: grace}
	if limit != "" {
		c, err := decimal.NewFromString(limit)
		if err != nil {
			return LateRule{}, err
		}
		r.Cap = decimal.NewNullDecimal(c)
	}
	return r, nil
}
