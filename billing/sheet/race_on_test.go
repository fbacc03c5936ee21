//go:build race

package sheet

// raceOn is true under the race detector, whose shadow memory and slowness make measurements of either worthless.
const raceOn = true
