package calc

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/models"
)

// Bounds limit a figure. A figure beyond them was mistyped, for example an area
// in square feet or a rate of 3 instead of 3‰.
type Bounds struct {
	Most   decimal.Decimal // the largest value allowed
	Places int32           // how many decimal places are allowed
	TooBig string          // message for a larger value, if the general one would not help
}

// Fault returns in Chinese why a figure is out of bounds, or nothing.
func (b Bounds) Fault(d decimal.Decimal) string {
	switch {
	case d.IsNegative():
		return "不能为负数"
	case d.GreaterThan(b.Most):
		if b.TooBig != "" {
			return b.TooBig
		}
		return "数值过大，最大 " + b.Most.String()
	case !d.Equal(d.Truncate(b.Places)):
		return fmt.Sprintf("最多 %d 位小数", b.Places)
	}
	return ""
}

// Figure returns the plain number that was typed, in any width, if it is within bounds.
func (b Bounds) Figure(text string) (decimal.Decimal, bool) {
	d, ok := b.Share(text)
	return d, ok && !strings.ContainsAny(models.HalfWidth(text), "%‰")
}

// Share returns the rate or share that was typed, with % or ‰ or without, if it is within
// bounds.
func (b Bounds) Share(text string) (decimal.Decimal, bool) {
	d, ok := models.ParseShare(text)
	return d, ok && b.Fault(d) == ""
}

// Range limits a whole number, both ends allowed.
type Range struct{ Least, Most int }

// Has reports whether the number is in the range.
func (r Range) Has(n int) bool { return n >= r.Least && n <= r.Most }

// Ranges of a tariff: the month in which the year of its cycles begins, the day of the
// month on which its bills are due, the days from issue to the due day, and the days of
// grace.
var (
	CycleStarts  = Range{1, 12}
	DueDays      = Range{1, 31}
	DueAfterDays = Range{0, 366}
	GraceDays    = Range{0, 366}
)

// How many characters the texts of a tariff have at most. Tiers fit with the rest into
// the basis of a bill.
const (
	MaxItem      = 40 // a fee item
	MaxKind      = 40 // a kind of room
	MaxTiersText = 300
)

// Bounds of a room's area in ㎡, of a unit price, of the daily rate of late fee
// and of its cap as a share of the principal.
var (
	AreaBounds  = Bounds{Most: decimal.NewFromInt(1_000_000), Places: 2}
	PriceBounds = Bounds{Most: maxUnitPrice, Places: 4}
	RateBounds  = Bounds{Most: decimal.New(1, -2), Places: 8, TooBig: "日利率过高，最高 10‰：千分之三应写成 3‰ 或 0.3%"}
	CapBounds   = Bounds{Most: decimal.NewFromInt(1), Places: 4, TooBig: "上限是应收金额的比例，三成应写成 30% 或 0.3"}
)

// ReadingPlaces is how many decimal places a reading has at most. A reading without its
// decimal point fits into an int64, which keeps its column exact.
const ReadingPlaces = 4

// Bounds of a reading and of a meter's multiplier 倍率.
var (
	ReadingBounds    = Bounds{Most: decimal.NewFromInt(1_000_000_000), Places: ReadingPlaces}
	MultiplierBounds = Bounds{Most: decimal.NewFromInt(10_000), Places: 4}
)

// Bounds of the share that a vacant room pays, of an early-payment discount,
// and of the share that an unsold room pays. An unsold room may pay more than
// the full price.
var (
	ShareBounds    = Bounds{Most: decimal.NewFromInt(1), Places: 4, TooBig: "比例不能超过 1，七成应写成 70% 或 0.7"}
	DiscountBounds = Bounds{Most: decimal.New(5, -1), Places: 4, TooBig: "优惠比例过大：优惠 5% 应写成 5% 或 0.05，不是 95%"}
	UnsoldBounds   = Bounds{Most: decimal.NewFromInt(2), Places: 4}
)
