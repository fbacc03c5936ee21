// Package core is what all parts of a sandbox share: the configuration, the business
// clock, the counters, the key file, and the goroutines that the end of the sandbox waits
// for. It also plays the faults that spoil a call on either host.
//
// It knows no order, no user and no message.
package core
