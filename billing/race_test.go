//go:build race

package billing_test

import "flag"

// raceEnabled tells that the race detector is on, which slows all down tenfold.
const raceEnabled = true

// The race detector looks for races, which the first rounds of random books show as
// well as the hundredth; arithmetic is proven without it.
func init() {
	if err := flag.Set("rapid.checks", "10"); err != nil {
		panic(err)
	}
}
