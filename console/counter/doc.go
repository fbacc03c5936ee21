// Package counter has the pages of 收款台: finding a room, taking money, undoing a
// payment, closing a cashier's day, and the takings of a day over all channels.
//
// Whether money may be booked, and on which bills, is decided in package payment.
package counter
