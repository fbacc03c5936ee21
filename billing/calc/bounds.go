package calc

import "github.com/shopspring/decimal"

// Bounds are what a figure may be; beyond them something was mistyped.
type Bounds struct {
	Most   decimal.Decimal
	Places int32
	TooBig string // the reason, where 数值过大 would help nobody
}

var (
	AreaBounds  = Bounds{Most: decimal.NewFromInt(1_000_000), Places: 2}
	PriceBounds = Bounds{Most: maxUnitPrice, Places: 4}
	RateBounds  = Bounds{Most: decimal.New(1, -2), Places: 8, TooBig: "日利率过高，千分之三应写成 0.003、3‰ 或 0.3%"}
	CapBounds   = Bounds{Most: decimal.NewFromInt(1), Places: 4, TooBig: "上限是应收金额的比例，三成应写成 0.3 或 30%"}
)

// Readings have at most four decimals and fit, shifted by those, into an int64.
const ReadingPlaces = 4

var (
	ReadingBounds    = Bounds{Most: decimal.NewFromInt(1_000_000_000), Places: ReadingPlaces}
	MultiplierBounds = Bounds{Most: decimal.NewFromInt(10_000), Places: 4}
)

var (
	ShareBounds    = Bounds{Most: decimal.NewFromInt(1), Places: 4, TooBig: "比例不能超过 1，七成应写成 0.7 或 70%"}
	DiscountBounds = Bounds{Most: decimal.New(5, -1), Places: 4, TooBig: "优惠比例过大：优惠 5% 应写成 0.05 或 5%，不是 0.95"}
	UnsoldBounds   = Bounds{Most: decimal.NewFromInt(2), Places: 4}
)
