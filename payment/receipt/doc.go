// Package receipt issues receipts 收据 for what is booked, and takes requests for tax
// invoices 发票. A receipt is frozen in the transaction that books its payment, gets its
// number soon after, without gaps in the series of a community and a year, and is never
// changed: a refund or a reversal makes it void, and another stands for what is left.
//
// It knows no payment service and asks WeChat nothing.
package receipt
