//go:build race

package billing_test

// raceEnabled tells that the race detector is on, which slows all down tenfold.
const raceEnabled = true
