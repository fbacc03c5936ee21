// Package billingtest holds test tools for billing and for packages above it: files as a
// company would hand them over, a room whose owner may change, a room with meters, and
// random debts.
//
// Its types drive product code through the same operations that staff use. A helper that
// takes a testing.TB fails the test on an error; the others return it.
package billingtest
