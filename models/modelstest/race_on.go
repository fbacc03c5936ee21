//go:build race

package modelstest

import (
	"flag"

	_ "pgregory.net/rapid" // registers the flag
)

// RaceEnabled says that the race detector is on, which slows everything down tenfold.
const RaceEnabled = true

// The race detector looks for races, which the first rounds of random books show as
// well as the hundredth; arithmetic is proven without it.
func init() {
	if err := flag.Set("rapid.checks", "10"); err != nil {
		panic(err)
	}
}
