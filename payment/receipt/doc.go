// Package receipt issues receipts 收据 for what is booked, and takes requests for tax
// invoices 发票. A receipt is frozen in the transaction that books its payment, gets its
// number soon after, without gaps in the series of a community and a year, and is never
// changed: a refund or a reversal makes it void, and another stands for what is left.
//
// For example, a payment of 120.00 yuan gets receipt 2026-00000042. A refund of 20.00
// yuan makes it void, and 2026-00000057 stands for 100.00 yuan. The reversal of the whole
// payment makes it void with nothing in its place.
//
// It knows no payment service and asks WeChat nothing. Locks are taken in this order:
// order, bills, room, refund, receipt. Numbering locks the series, then receipts, so that
// it cannot deadlock with a booking; see docs/adr/0028.
package receipt
