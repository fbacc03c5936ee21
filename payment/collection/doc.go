// Package collection collects bills through a bank 托收: agreements of owners, batches
// with a file for the bank, and the bank's answer, which is taken in whole or not at
// all. Money that the bank has collected is booked like any other.
//
// It does not decide what is owed, and it sends nothing to a bank by itself: staff carry
// the file to the bank and its answer back.
//
// A batch is made, sent and answered, or made and cancelled. Amounts are frozen when it
// is made. From the export on only the bank's answer ends it, because the bank may have
// collected already. For example, a batch of 10 March that the bank collects on 12 March
// books the amounts of 10 March, and the two days between bear no late fee.
package collection
