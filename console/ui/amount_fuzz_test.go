package ui

import "testing"

// FuzzTypedFen checks that any text is refused or is an amount that is read the same again.
func FuzzTypedFen(f *testing.F) {
	for _, s := range []string{"500", "1,320.19", "５００元", ".5", "12.", "-1", "1e3", "", "0.001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fen, err := TypedFen(s)
		if err != nil {
			return
		}
		if again, err := TypedFen(fen.String()); fen < 0 || err != nil || again != fen {
			t.Fatalf("%q: %d, read again %d, %v", s, fen, again, err)
		}
	})
}
