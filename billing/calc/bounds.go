package calc

import "github.com/shopspring/decimal"

// Bounds limit a figure. A figure beyond them was mistyped, for example an area
// in square feet or a rate of 3 instead of 3‰.
type Bounds struct {
	Most   decimal.Decimal // the largest value allowed
	Places int32           // how many decimal places are allowed
	TooBig string          // message for a larger value, if the general one would not help
}

// Bounds of a room's area in ㎡, of a unit price, of the daily rate of late fee
// and of its cap as a share of the principal.
var (
	AreaBounds  = Bounds{Most: decimal.NewFromInt(1_000_000), Places: 2}
	PriceBounds = Bounds{Most: maxUnitPrice, Places: 4}
	RateBounds  = Bounds{Most: decimal.New(1, -2), Places: 8, TooBig: "日利率过高，千分之三应写成 0.003、3‰ 或 0.3%"}
	CapBounds   = Bounds{Most: decimal.NewFromInt(1), Places: 4, TooBig: "上限是应收金额的比例，三成应写成 0.3 或 30%"}
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
	ShareBounds    = Bounds{Most: decimal.NewFromInt(1), Places: 4, TooBig: "比例不能超过 1，七成应写成 0.7 或 70%"}
	DiscountBounds = Bounds{Most: decimal.New(5, -1), Places: 4, TooBig: "优惠比例过大：优惠 5% 应写成 0.05 或 5%，不是 0.95"}
	UnsoldBounds   = Bounds{Most: decimal.NewFromInt(2), Places: 4}
)
