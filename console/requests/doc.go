// Package requests has the pages on which one person asks for something and another
// decides: waivers, corrections, voids, instalments, disputes and promises to pay.
//
// Who may decide what, and what an approval does, is decided in package billing. The
// refund of an order is asked for in package refunds.
package requests
