// Package desk keeps the money that comes in by other ways than WeChat Pay: at the desk
// of the property office, and by bank collection 托收.
//
// It owns six nouns. An entry is what a cashier noted of a payment: the voucher, the
// payer, the day. A group is one sum of a party over several rooms, with an entry for each.
// A day is one business day of one cashier and channel, which is closed
// with what was counted. A mandate is an owner's agreement that a bank may collect. A
// collection batch is one file to the bank, with a line for each account. Takings are
// what a day brought, for reports.
//
// It does not own the payment itself, its reversal and the journal (package money), the
// bills that are paid (package fees), and who may do what (package payment).
//
// Every date is a business day in Asia/Shanghai, and every amount is in fen:
//
//   - DeskEntry.DayOn is the day in whose closing the money is counted. It is also the
//     day on which it was paid, so that late fee ends there;
//   - PaymentReversal.DayOn is the first open day of the same cashier on or after the
//     entry's: for example, cash of 15 March is undone on 16 March if the 15th is closed;
//   - CollectionBatch.DueBy is the last due day of the bills in a batch, and CollectedOn
//     the day on which the bank took the money.
//
// States move one way, each by an update that names the state before:
//
//	day      open -> closed
//	mandate  active -> ended
//	batch    made -> sent -> answered        made -> cancelled
//	line     waiting -> paid | failed        waiting -> cancelled, with its batch
package desk
