// Package collection collects bills through a bank 托收: agreements of owners, batches
// with a file for the bank, and the bank's answer, which is taken in whole or not at
// all. Money that the bank has collected is booked like any other.
//
// It does not decide what is owed, and it sends nothing to a bank by itself.
package collection
