// Package refunds has the pages of refunds: asking for one from an order, deciding it,
// and following it until the money has arrived.
//
// What can go back, and what that does to bills, is decided in package payment. The
// refund of prepayment is asked for in package rooms and appears here once approved.
package refunds
