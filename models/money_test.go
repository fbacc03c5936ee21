package models_test

import (
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"wuyepay/models"
)

func TestRoundFen(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		yuan string
		want models.Fen
	}{
		{"110.016", 11002}, {"1.005", 101}, {"1.0049999", 100}, {"0.004", 0}, {"0.005", 1}, {"-0.005", -1}, {"-1.0049", -100},
		{"1000000000", models.MaxFen}, {"-1000000000", -models.MaxFen}, {"1000000000.004", models.MaxFen},
	} {
		if have, err := models.RoundFen(decimal.RequireFromString(tt.yuan)); err != nil || have != tt.want {
			t.Errorf("%s yuan are %d fen, %v; want %d", tt.yuan, have, err, tt.want)
		}
	}
	for _, yuan := range []string{"1000000000.005", "-1000000000.01", "1e30"} {
		_, err := models.RoundFen(decimal.RequireFromString(yuan))
		if refusal, ok := models.AsError(err); !ok || refusal.Code != "AMOUNT_TOO_LARGE" {
			t.Errorf("%s yuan: %v", yuan, err)
		}
	}
}

// TestYuanAndBack has every amount equal itself after its way through yuan.
func TestYuanAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := models.Fen(rapid.Int64Range(-int64(models.MaxFen), int64(models.MaxFen)).Draw(t, "fen"))
		if have, err := models.RoundFen(f.Yuan()); err != nil || have != f {
			t.Errorf("%d fen are %s yuan, and %d fen, %v", f, f.Yuan(), have, err)
		}
		if d, err := decimal.NewFromString(f.String()); err != nil || !d.Equal(f.Yuan()) {
			t.Errorf("%d fen are written as %s", f, f)
		}
	})
}

func TestFen(t *testing.T) {
	t.Parallel()
	for f, text := range map[models.Fen]string{0: "0.00", 5: "0.05", -5: "-0.05", 11002: "110.02", 100: "1.00"} {
		if f.String() != text {
			t.Errorf("%d fen are written as %s, want %s", f, f, text)
		}
	}
	if sum := models.Fen(1).Plus(2, -5, 10); sum != 8 || models.Fen(1).Plus() != 1 {
		t.Errorf("1+2-5+10 = %d", sum)
	}
	if models.Fen(3).Min(5) != 3 || models.Fen(5).Min(3) != 3 {
		t.Error("the smaller of 3 and 5 is 3")
	}
	for _, sum := range [][]models.Fen{{math.MaxInt64, 1}, {math.MinInt64, -1}, {1, 2, math.MaxInt64}} {
		if !panics(func() { sum[0].Plus(sum[1:]...) }) {
			t.Errorf("the sum of %v does not panic", sum)
		}
	}
}

func panics(fn func()) (did bool) {
	defer func() { did = recover() != nil }()
	fn()
	return false
}
