package bill

import "testing"

func TestYuanText(t *testing.T) {
	t.Parallel()
	for fen, want := range map[int64]string{0: "0.00", 5: "0.05", -14: "-0.14", 12345: "123.45", -100: "-1.00"} {
		if got := YuanText(fen); got != want {
			t.Errorf("%d fen = %s, want %s", fen, got, want)
		}
	}
}
