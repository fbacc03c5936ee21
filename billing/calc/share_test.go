package calc_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"wuyepay/billing/calc"
	"wuyepay/models"
)

func TestShareExample(t *testing.T) {
	t.Parallel()
	got, err := calc.Share(100000, []calc.Part{{Key: "a", Weight: dec("95.37")}, {Key: "b", Weight: dec("137.52")},
		{Key: "c", Weight: dec("88.00")}, {Key: "d", Weight: dec("61.25")}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]models.Fen{24957, 35987, 23028, 16028}, got); diff != "" {
		t.Errorf("want (-), have (+):\n%s", diff)
	}
}

func TestShareByHousehold(t *testing.T) {
	t.Parallel()
	one := dec("1")
	got, err := calc.Share(100, []calc.Part{{Key: "c", Weight: one}, {Key: "a", Weight: one}, {Key: "b", Weight: one}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]models.Fen{33, 34, 33}, got); diff != "" { // the odd fen goes by key, not by place
		t.Errorf("want (-), have (+):\n%s", diff)
	}
}

func TestEqualRemaindersGoByWeight(t *testing.T) {
	t.Parallel()
	got, err := calc.Share(2, []calc.Part{{Key: "a", Weight: dec("1")}, {Key: "b", Weight: dec("3")}}) // 0.5 and 1.5
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]models.Fen{0, 2}, got); diff != "" {
		t.Errorf("want (-), have (+):\n%s", diff)
	}
}

func TestShareRefuses(t *testing.T) {
	t.Parallel()
	one := dec("1")
	for name, c := range map[string]struct {
		total models.Fen
		parts []calc.Part
	}{
		"negative total":  {-1, []calc.Part{{Key: "a", Weight: one}}},
		"negative weight": {1, []calc.Part{{Key: "a", Weight: dec("-1")}, {Key: "b", Weight: dec("3")}}},
		"no weight":       {1, []calc.Part{{Key: "a"}}},
		"nobody":          {1, nil},
		"a room twice":    {1, []calc.Part{{Key: "a", Weight: one}, {Key: "a", Weight: one}}},
	} {
		if got, err := calc.Share(c.total, c.parts); err == nil {
			t.Errorf("%s: no error, but %v", name, got)
		}
	}
}

func TestShareProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := models.Fen(rapid.Int64Range(0, int64(models.MaxFen)).Draw(t, "total"))
		n := rapid.IntRange(1, 60).Draw(t, "rooms")
		parts, sum := make([]calc.Part, n), decimal.Zero
		for i := range parts {
			// Few different weights, so that remainders are often equal.
			weight := decimal.New(rapid.Int64Range(0, 40).Draw(t, "weight"), rapid.Int32Range(-2, 1).Draw(t, "scale"))
			parts[i] = calc.Part{Key: string(rune('A' + i)), Weight: weight}
			sum = sum.Add(weight)
		}
		shares, err := calc.Share(total, parts)
		if sum.IsZero() {
			if err == nil {
				t.Fatal("shared by nothing")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		added, byKey := models.Fen(0), map[string]models.Fen{}
		for i, s := range shares {
			added += s
			byKey[parts[i].Key] = s
			exact := total.Yuan().Shift(2).Mul(parts[i].Weight).Div(sum)
			if s < 0 || exact.Sub(decimal.NewFromInt(int64(s))).Abs().GreaterThan(dec("1")) {
				t.Fatalf("share %d of exactly %s", s, exact)
			}
			if parts[i].Weight.IsZero() && s != 0 {
				t.Fatalf("a part without weight pays %d", s)
			}
		}
		if added != total {
			t.Fatalf("shares add up to %d, not %d", added, total)
		}
		shuffled := rapid.Permutation(parts).Draw(t, "order")
		again, err := calc.Share(total, shuffled)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range again {
			if byKey[shuffled[i].Key] != s {
				t.Fatalf("in another order %s pays %d, not %d", shuffled[i].Key, s, byKey[shuffled[i].Key])
			}
		}
	})
}
