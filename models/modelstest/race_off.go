//go:build !race

package modelstest

// RaceEnabled says that the race detector is on, which slows everything down tenfold.
const RaceEnabled = false
