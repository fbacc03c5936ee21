// Package bank has the pages of 托收, the collection by banks: agreements, batches, the
// file for the bank and its answer.
//
// The columns of the files and what a line of an answer does are decided in package
// payment.
package bank
