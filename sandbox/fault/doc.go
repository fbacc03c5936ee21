// Package fault has the faults that spoil calls and callbacks: their kinds, the routes
// that can show them, and the [Set] of those in force. The set decides which fault
// strikes a call.
//
// It does not spoil anything itself. What a fault does to a call is in the package that
// answers the call, or in core if both hosts do the same.
package fault
