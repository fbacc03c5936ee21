package calc_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"wuyepay/billing/calc"
	"wuyepay/models"
)

func TestParseTiers(t *testing.T) {
	t.Parallel()
	const kept = "0-15:3.45;15-25:4.83;25-:5.83"
	for _, text := range []string{
		kept,
		"0-15:3.45;15-25:4.83;25-:5.83;",
		" 0 - 15 : 3.45 ; 15-25: 4.83 ;25- :5.83",
		"０－１５：３．４５；１５－２５：４．８３；２５－：５．８３",
		"0-15:3.45、15-25:4.83、25以上:5.83",
		"0~15：3.45，15～25：4.83，25及以上：5.83",
		"0至15吨:3.45元;15至25吨:4.83元/吨;25吨以上:5.83元/吨",
		"0-15m³:3.45元/m³;15-25m³:4.83元/m³;25-以上:5.83",
		"0-15=3.45;15-25=4.83;25-∞=5.83",
		"0.0-15.00:3.450;15-25:4.83;25-:5.83",
	} {
		got, err := calc.ParseTiers(text)
		if err != nil || got.String() != kept {
			t.Errorf("%q: have %q, %v", text, got, err)
		}
	}
	if got, err := calc.ParseTiers("0-:4"); err != nil || got.String() != "0-:4.00" {
		t.Errorf("one open tier: have %q, %v", got, err)
	}
}

func TestTiersThatCannotBeRight(t *testing.T) {
	t.Parallel()
	for text, code := range map[string]string{
		"":                              "TIERS_FORM",
		"3.45":                          "TIERS_FORM",
		"0-15:3.45 15-25:4.83 25-:5.83": "TIERS_FORM",
		"0-15:abc;15-:2":                "TIERS_FORM",
		"0-15:-1;15-:2":                 "TIERS_FORM",
		"-5-15:1;15-:2":                 "TIERS_FORM",
		"0-1,000:1;1000-:2":             "TIERS_FORM",
		"5-15:1;15-:2":                  "TIERS_START",
		"0-15:1;20-:2":                  "TIERS_JOIN", // a gap
		"0-15:1;10-:2":                  "TIERS_JOIN", // an overlap
		"0-15:1;15-15:2;15-:3":          "TIERS_JOIN",
		"0-15:1;15-10:2;10-:3":          "TIERS_JOIN",
		"0-15:1;15-25:2":                "TIERS_END",
		"0-:1;15-:2":                    "TIERS_END",
		"0-15:1;15-:10001":              "TIERS_PRICE",
		"0-15:1;15-:1.00001":            "TIERS_PRICE",
		"0-1:1;1-2:1;2-3:1;3-4:1;4-5:1;5-6:1;6-7:1;7-8:1;8-9:1;9-10:1;10-11:1;11-12:1;12-:1": "TIERS_FORM",
	} {
		got, err := calc.ParseTiers(text)
		refusal, ok := models.AsError(err)
		if !ok || refusal.Code != code {
			t.Errorf("%q: have %q, %v, want %s", text, got, err, code)
		}
	}
}

// Tiers of any kind cost what counting unit by unit costs, and survive their own
// spelling.
func TestTiersProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var tiers calc.Tiers
		at := int64(0)
		for n := rapid.IntRange(0, 5).Draw(t, "closed"); n > 0; n-- {
			to := at + rapid.Int64Range(1, 30).Draw(t, "width")
			tiers = append(tiers, calc.Tier{
				From: decimal.NewFromInt(at), To: decimal.NewNullDecimal(decimal.NewFromInt(to)), Price: drawPrice(t),
			})
			at = to
		}
		tiers = append(tiers, calc.Tier{From: decimal.NewFromInt(at), Price: drawPrice(t)})
		read, err := calc.ParseTiers(tiers.String())
		if err != nil || read.String() != tiers.String() {
			t.Fatalf("%s is read as %s, %v", tiers, read, err)
		}
		used := rapid.Int64Range(0, 200).Draw(t, "used")
		want := decimal.Zero
		for unit := int64(0); unit < used; unit++ {
			for _, tier := range tiers {
				if d := decimal.NewFromInt(unit); d.GreaterThanOrEqual(tier.From) && (!tier.To.Valid || d.LessThan(tier.To.Decimal)) {
					want = want.Add(tier.Price)
				}
			}
		}
		if got := read.Yuan(decimal.NewFromInt(used)); !got.Equal(want) {
			t.Fatalf("%d units at %s: have %s, want %s", used, tiers, got, want)
		}
	})
}

func drawPrice(t *rapid.T) decimal.Decimal {
	return decimal.New(rapid.Int64Range(0, 100_000).Draw(t, "price"), -4)
}
