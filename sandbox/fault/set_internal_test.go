package fault

import "testing"

func TestFaultChancesRepeat(t *testing.T) {
	t.Parallel()
	run := func() (pattern string) {
		var fs Set
		fs.add(Fault{Kind: SystemError, Probability: 0.3, Seed: 42})
		for range 200 {
			mark := "."
			if fs.Strike(RoutePrepay, "main", nil) != nil {
				mark = "x"
			}
			pattern += mark
		}
		return pattern
	}
	first := run()
	if first != run() {
		t.Error("the same seed gave other chances")
	}
	var hits int
	for _, c := range first {
		if c == 'x' {
			hits++
		}
	}
	if hits < 30 || hits > 90 {
		t.Errorf("%d hits of 200 at 0.3", hits)
	}
}
