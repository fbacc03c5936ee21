// Package papers has the pages of receipts and of requests for invoices.
//
// How a receipt looks on paper is drawn by package paper; what stands in it comes from
// package payment.
package papers
