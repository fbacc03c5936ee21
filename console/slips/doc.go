// Package slips has the pages of 有偿服务单, paid work for a room: drawing a slip, offering it
// to the owner, registering a signature on paper, and printing it. What owners do on their
// phones is in package handlers; the rules of both are in billing/issuing.
package slips
