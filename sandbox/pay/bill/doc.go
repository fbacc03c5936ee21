// Package bill makes the trade bills and the fund flow of past days and serves their
// files.
//
// It keeps no money of its own: every line comes from the books of package pay.
package bill
