//go:build !race

package payment_test

// raceOn says that the race detector is at work, which slows the database down ten
// times.
const raceOn = false
