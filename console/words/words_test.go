package words

import (
	"testing"

	"wuyepay/models"
)

func TestYuan(t *testing.T) {
	t.Parallel()
	for fen, want := range map[models.Fen]string{0: "0.00", 1: "0.01", -1: "-0.01", 99999: "999.99", 100000: "1,000.00",
		-123456789: "-1,234,567.89",
		131003091:  "1,310,030.91", models.MaxFen: "1,000,000,000.00"} {
		if got := Yuan(fen); got != want {
			t.Errorf("%d fen: %s, want %s", fen, got, want)
		}
	}
}

// TestFeeYuan loses nothing of a fee in parts of a fen, and shows no more zeros
// than money has.
func TestFeeYuan(t *testing.T) {
	t.Parallel()
	for fen, want := range map[string]string{"0": "0.00", "66.012": "0.66012", "67": "0.67", "67.000": "0.67", "60": "0.60",
		"10935.988": "109.35988",
		"-5":        "-0.05", "123456789": "1,234,567.89", "": "—", "x": "—"} {
		if got := FeeYuan(fen); got != want {
			t.Errorf("%q: %s, want %s", fen, got, want)
		}
	}
}

func TestBasisText(t *testing.T) {
	t.Parallel()
	for kept, want := range map[string]string{
		`{"kind":"area","area":"137.52","price":"0.80","months":"1"}`: "建筑面积 137.52 ㎡ × 0.80 元/㎡·月 × 1 个月",
		`{"kind":"area","area":"95.37","price":"2.35","months":"0.6452","days":"20/31"}`: "建筑面积 95.37 ㎡ × 2.35 元/㎡·月 " +
			"× 0.6452 个月（不足整月按天：20/31）",
		`{"kind":"fixed","price":"300.00","months":"3"}`: "300.00 元/月 × 3 个月",
		`{"kind":"meter","usage":"12","multiplier":"1","previous":"88","value":"100","price":"3.45"}`: "用量 12（读数 100 − 上次 88） " +
			"× 3.45 元",
		`{"kind":"meter","usage":"2","multiplier":"40","previous":"1","value":"3","tiers":"0-15:1;15-:2"}`: "用量 2（读数 3 − 上次 1） " +
			"× 倍率 40 × 阶梯价 0–15：1 元，15 以上：2 元",
		`{"kind":"meter","meters":[{"serial":"A1","usage":"2","multiplier":"1","previous":"1","value":"3"},` +
			`{"serial":"B2","usage":"5","multiplier":"10","previous":"0","value":"5"}],"price":"3"}`: "表 A1：用量 2（读数 3 − 上次 1）；" +
			"表 B2：用量 5（读数 5 − 上次 0） × 倍率 10；3 元",
		`{"kind":"opening"}`: "系统启用前的欠费，按移交清单导入",
		`{"kind":"new"}`:     "计算依据：new",
		`{}`:                 "计算依据：—",
		``:                   "计算依据无法显示",
	} {
		if got := Basis(kept); got != want {
			t.Errorf("%s\n have %s\n want %s", kept, got, want)
		}
	}
}
